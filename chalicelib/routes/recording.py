"""The recording of a call: one fragment in, and the list to play it from."""

from datetime import datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.adapters import incidents, lines, recording
from chalicelib.domain.incident import Incident, Recording
from chalicelib.domain.looks import Looked
from chalicelib.domain.recording import LIMIT_BYTES, CopyState
from chalicelib.domain.refusals import (
    BodyInvalid,
    BodyTooLarge,
    FragmentDiffers,
    IncidentChanged,
    IncidentNotFound,
    NotYours,
    StepRefused,
)
from chalicelib.domain.staff import Group
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import Call, contract
from chalicelib.routes.views import View
from chalicelib.workflows.let_read import let_read
from chalicelib.workflows.note_look import note_look
from chalicelib.workflows.record_call import Piece, Recorded, keep_fragment

recordings = Blueprint(__name__)

WORKERS = (Group.CALL_TAKER, Group.COMMANDER, Group.SPECIALIST)
PAGE = 100
LAST_SEQ = 999_999


class FragmentSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the fragment began, and how long it is."""

    started_at: Annotated[datetime, msgspec.Meta(tz=True)]
    duration_ms: Annotated[int, msgspec.Meta(ge=1, le=60_000)]


class RecordingAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which fragment on, and whether to watch it live."""

    after: Annotated[int, msgspec.Meta(ge=0, le=LAST_SEQ)] = 0
    live: bool = False


class FragmentView(View, frozen=True, kw_only=True):
    """A fragment with a short-lived address of its original, None for one that was erased."""

    seq: int
    sha256: str
    size_bytes: int
    started_at: datetime
    duration_ms: int
    copy: CopyState
    url: str | None


class RecordingView(View, frozen=True, kw_only=True):
    """A page of fragments, and how far the recording is: the next number to send is one above the highest.

    `live_url` is an HLS playlist from the call's beginning on, where it was asked for and there is one: the
    incident holds a line whose stream has something to play.
    """

    items: list[FragmentView]
    cursor: int | None
    recording: Recording
    live_url: str | None


@recordings.route(
    "/console/incidents/{incident_id}/recording/{seq}",
    methods=["PUT"],
    authorizer=staff,
    content_types=[recording.CONTENT_TYPE],
)
@contract(
    recordings,
    query=FragmentSent,
    gives=Recorded,
    refuses=(
        BodyTooLarge,
        FragmentDiffers,
        IncidentChanged,
        IncidentNotFound,
        NotYours,
        StepRefused,
    ),
    groups=WORKERS,
    limit_bytes=LIMIT_BYTES,
    content_type=recording.CONTENT_TYPE,
)
def put_fragment(call: Call[None], incident_id: str, seq: str) -> Recorded:
    """Keep one recorded fragment; the same one again is answered as before."""
    if not seq.isascii() or not seq.isdigit() or not 1 <= int(seq[:7]) <= LAST_SEQ:
        raise BodyInvalid("fragments are numbered from 1", field="seq")
    piece = Piece(
        seq=int(seq),
        started_at=call.query.started_at,
        duration_ms=call.query.duration_ms,
        content=call.raw,
    )
    return keep_fragment(call.staff, incident_id, piece, now=call.now)


@recordings.route("/console/incidents/{incident_id}/recording", methods=["GET"], authorizer=staff)
@contract(recordings, query=RecordingAsked, gives=RecordingView, refuses=(IncidentNotFound,), groups=WORKERS)
def list_fragments(call: Call[None], incident_id: str) -> RecordingView:
    """The fragments kept, a hundred a page."""
    let_read(call.staff, incident_id)
    incident = incidents.get(incident_id)
    page = recording.after(incident_id, call.query.after, limit=PAGE)
    if page or call.query.live:
        note_look(call.staff.actor(), incident_id, Looked.RECORDING, now=call.now)
    return RecordingView(
        items=[
            FragmentView(
                seq=one.seq,
                sha256=one.sha256,
                size_bytes=one.size_bytes,
                started_at=one.started_at,
                duration_ms=one.duration_ms,
                copy=one.copy,
                url=recording.view_url(one),
            )
            for one in page
        ],
        cursor=page[-1].seq if len(page) == PAGE else None,
        recording=incident.recording,
        live_url=_live_url(incident, now=call.now) if call.query.live else None,
    )


def _live_url(incident: Incident, *, now: datetime) -> str | None:
    line = lines.held_by(incident.id, now=now)
    return recording.hls_url(line, since=incident.created_at) if line else None
