"""Takes out of an incident's partition what erasing, or the end of its time, leaves no right to.

All of it is safe to repeat and goes on where it broke off: what is gone already costs its reading alone.
Entries stay byte for byte; only the personal values beside them go, with their salts.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.adapters.tables import (
    HEAD,
    NOW,
    FragmentItem,
    IncidentItem,
    MarkerItem,
    MediaItem,
    PartItem,
    TrackItem,
    fragment_part,
    marker_part,
    track_part,
)
from chalicelib.domain.erasing import Copy, staying
from chalicelib.domain.timeline import Entry, Personal
from chalicelib.domain.upload import Media, MediaState

FILES = ("media#", "a-still#", "b-still#")
ENTRIES = "entry#"
NEVER_CAME = (MediaState.AWAITING, MediaState.LAPSED)


def words(incident_id: str) -> None:
    """Erase the personal values beside the entries, but for those of whom the bureau sent and told."""
    for item in PartItem.query(incident_id, PartItem.part.startswith(ENTRIES), consistent_read=True):
        if item.personal:
            left = _left(item)
            action = PartItem.personal.set(left) if left else PartItem.personal.remove()
            if left != item.personal:
                item.update([action], condition=PartItem.incident_id.exists())


def files(incident_id: str, *, at: datetime) -> None:
    """Say of every file that it was erased; the record of one that never came goes."""
    for prefix in FILES:
        for item in MediaItem.query(incident_id, MediaItem.part.startswith(prefix), consistent_read=True):
            media: Media = item.body
            if media.state in NEVER_CAME:
                item.delete()
            elif media.erased_at is None:
                gone = replace(media, erased_at=at, evidence_version=None, request_digest="")
                item.update([MediaItem.body.set(gone)], condition=MediaItem.incident_id.exists())


def recording(incident_id: str, *, at: datetime) -> None:
    """Say of every fragment that it was erased."""
    parts = FragmentItem.part.startswith(fragment_part(0)[:-6])
    for item in FragmentItem.query(incident_id, parts, consistent_read=True):
        if item.body.erased_at is None:
            gone = replace(item.body, erased_at=at, evidence_version="")
            item.update([FragmentItem.body.set(gone)], condition=FragmentItem.incident_id.exists())


def track(incident_id: str) -> None:
    """Erase where the caller went."""
    with TrackItem.batch_write() as batch:
        for item in TrackItem.query(incident_id, TrackItem.part.between(track_part(0), NOW)):
            batch.delete(item)


def markers(incident_id: str) -> None:
    """Erase the digests of what was asked; a retry of any of it finds the incident closed."""
    with MarkerItem.batch_write() as batch:
        for item in MarkerItem.query(incident_id, MarkerItem.part.startswith(marker_part(""))):
            batch.delete(item)


def copies(incident_id: str, number: str) -> Iterator[Copy]:
    """The copies that were taken, by the timeline."""
    for item in PartItem.query(incident_id, PartItem.part.startswith(ENTRIES), consistent_read=True):
        if '"evidence.exported"' in (item.body or ""):
            entry = msgspec.json.decode((item.body or "").encode(), type=Entry)
            yield Copy(
                incident_id=incident_id,
                number=number,
                seq=entry.seq,
                by=entry.actor.id,
                at=entry.at,
                manifest_sha256=entry.details["manifest_sha256"],
            )


def leave_index(incident_id: str) -> None:
    """Have the incident no longer found by its citizen."""
    IncidentItem(incident_id=incident_id, part=HEAD).update(
        [IncidentItem.citizen_id.remove()], condition=IncidentItem.version.exists()
    )


def _left(item: PartItem) -> str | None:
    """The personal values of an entry that stay, as text; None when none do, or the entry is unreadable."""
    try:
        kind = msgspec.json.decode((item.body or "").encode(), type=Entry).kind
        held = msgspec.json.decode((item.personal or "").encode(), type=Personal)
    except msgspec.DecodeError:
        return None
    stays = staying(kind, frozenset(held))
    return (
        msgspec.json.encode({name: held[name] for name in held if name in stays}).decode() if stays else None
    )
