"""The evidence of an incident: the manifest, page by page, and the record of a copy taken."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.adapters import digests, media, recording
from chalicelib.domain.incident import Disposition, Incident, Mode, Recording, Status
from chalicelib.domain.looks import Look
from chalicelib.domain.media import MediaKind
from chalicelib.domain.recording import Fragment
from chalicelib.domain.refusals import CursorInvalid, IncidentChanged, IncidentNotFound, NotYours
from chalicelib.domain.staff import Group
from chalicelib.domain.timeline import Entry, Personal
from chalicelib.domain.tracks import TrackPoint
from chalicelib.domain.upload import Media, MediaState
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.views import View
from chalicelib.workflows.read_evidence import Evidence, open_evidence, record_export

evidence = Blueprint(__name__)

READERS = (Group.CALL_TAKER, Group.COMMANDER, Group.SPECIALIST)

Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$", max_length=64)]


class EvidenceAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the reader stands."""

    cursor: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class CopyTaken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The SHA-256 of the manifest of a copy, and how many entries it has."""

    manifest_sha256: Sha256
    count: Annotated[int, msgspec.Meta(ge=1, le=99_999_999)]


class EvidenceIncident(View, frozen=True, kw_only=True):
    """What names the incident; the rest is told by its timeline."""

    id: str
    number: str
    mode: Mode
    status: Status
    created_at: datetime
    closed_at: datetime | None
    disposition: Disposition | None
    frozen: bool
    recording: Recording


class EvidenceEntry(View, frozen=True, kw_only=True):
    """An entry as it was hashed, and the personal values beside it with their salts.

    Of values that were erased, or are covered while an open incident hides its number, the digest remains.
    """

    entry: Entry
    personal: Personal


class EvidenceFile(View, frozen=True, kw_only=True):
    """A picture or a video with what proves it; `url` is None for a file nobody may see."""

    media_id: str
    kind: MediaKind
    state: MediaState
    content_type: str
    size_bytes: int
    sha256: str
    asked_at: datetime
    checked_at: datetime | None
    evidence_version: str | None
    refused_because: str | None
    replaced_at: datetime | None
    url: str | None


class EvidenceFragment(View, frozen=True, kw_only=True):
    """A recorded fragment with what proves it; `url` is None for one that was erased."""

    seq: int
    sha256: str
    size_bytes: int
    started_at: datetime
    duration_ms: int
    kept_at: datetime
    evidence_version: str
    url: str | None


class EvidenceDigest(View, frozen=True, kw_only=True):
    """The digest of a day that names this incident."""

    day: date
    sha256: str
    url: str


class EvidenceView(View, frozen=True, kw_only=True):
    """A page of the manifest. `count` and `head` hold for all its pages: they end the timeline shown."""

    incident: EvidenceIncident
    count: int
    head: str
    timeline: list[EvidenceEntry]
    media: list[EvidenceFile]
    recording: list[EvidenceFragment]
    positions: list[TrackPoint]
    looks: list[Look]
    digests: list[EvidenceDigest]
    cursor: str | None


class CopyView(View, frozen=True, kw_only=True):
    """The entry that tells of a copy."""

    seq: int


@evidence.route("/console/incidents/{incident_id}/evidence", methods=["GET"], authorizer=staff)
@contract(
    evidence,
    query=EvidenceAsked,
    gives=EvidenceView,
    refuses=(CursorInvalid, IncidentChanged, IncidentNotFound, NotYours),
    groups=READERS,
)
def read_evidence(call: Call[None], incident_id: str) -> EvidenceView:
    """The evidence manifest, page by page; opening it is on the record."""
    return _view(open_evidence(call.staff, incident_id, call.query.cursor, now=call.now))


@evidence.route(
    "/console/incidents/{incident_id}/evidence/copies", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    evidence,
    takes=CopyTaken,
    gives=CopyView,
    status=201,
    refuses=(IncidentChanged, IncidentNotFound, NotYours),
    groups=READERS,
    keyed=True,
)
def note_copy(call: Call[CopyTaken], incident_id: str) -> CopyView:
    """Put on record that a copy was taken, by its manifest's hash."""
    changed = record_export(
        call.staff,
        incident_id,
        manifest_sha256=call.body.manifest_sha256,
        count=call.body.count,
        asked=call.asked(call.staff.username, "evidence-copy", incident_id),
        now=call.now,
    )
    return CopyView(seq=changed.seq)


def _view(found: Evidence) -> EvidenceView:
    page = found.page
    return EvidenceView(
        incident=_named(found.incident),
        count=found.count,
        head=found.head,
        timeline=[EvidenceEntry(entry=one.entry, personal=one.personal) for one in page.entries],
        media=[_file(one) for one in page.media],
        recording=[_fragment(one) for one in page.fragments],
        positions=page.points,
        looks=page.looks,
        digests=[
            EvidenceDigest(day=one.day, sha256=one.sha256, url=digests.view_url(one)) for one in found.digests
        ],
        cursor=found.cursor,
    )


def _named(incident: Incident) -> EvidenceIncident:
    return EvidenceIncident(**{name: getattr(incident, name) for name in EvidenceIncident.__struct_fields__})


def _file(one: Media) -> EvidenceFile:
    own = {name: getattr(one, name) for name in EvidenceFile.__struct_fields__ if name != "url"}
    return EvidenceFile(url=media.view_url(one), **own)


def _fragment(one: Fragment) -> EvidenceFragment:
    own = {name: getattr(one, name) for name in EvidenceFragment.__struct_fields__ if name != "url"}
    return EvidenceFragment(url=recording.view_url(one), **own)
