"""Keep a picture that staff took of a live call, as evidence like any other file."""

from datetime import datetime

import msgspec

from chalicelib.adapters import incidents, uploads
from chalicelib.adapters.media import UploadForm, upload_form
from chalicelib.adapters.secrets import citizen_secret
from chalicelib.domain import handling
from chalicelib.domain.asked import derived_id, new_id, request_digest
from chalicelib.domain.media import MediaKind
from chalicelib.domain.staff import Staff
from chalicelib.domain.upload import Media, must_be_taken


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """What the picture will be; `sha256` in hex."""

    content_type: str
    size_bytes: int
    sha256: str


class SnapshotUpload(msgspec.Struct, frozen=True, kw_only=True):
    """The file asked for, and the signed form to send it with."""

    media: Media
    form: UploadForm


def take_snapshot(
    incident_id: str, snapshot: Snapshot, *, staff: Staff, key: str | None, now: datetime
) -> SnapshotUpload:
    """Sign the upload of a snapshot. Raises `NotYours`, `MediaTypeRefused`, `MediaTooLarge`, `KeyReused`."""
    must_be_taken(MediaKind.SNAPSHOT, snapshot.content_type, snapshot.size_bytes)
    incident = incidents.get(incident_id)
    handling.must_be_worked_by(incident, staff_id=staff.username, commands=staff.commands)
    made = derived_id(citizen_secret(), "snapshot", incident_id, staff.username, key) if key else new_id()
    media = Media(
        media_id=made,
        incident_id=incident_id,
        kind=MediaKind.SNAPSHOT,
        content_type=snapshot.content_type,
        size_bytes=snapshot.size_bytes,
        sha256=snapshot.sha256,
        asked_at=now,
        request_digest=request_digest(msgspec.json.encode(snapshot)),
    )
    taken = uploads.ask(media)
    return SnapshotUpload(media=taken, form=upload_form(taken, now=now))
