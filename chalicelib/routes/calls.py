"""The live call of an incident: a fresh way in for citizen and hub, signs that it goes on, its end."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint, Response

from chalicelib.adapters.signaling import Join
from chalicelib.domain.card import Card, card_of
from chalicelib.domain.refusals import (
    IncidentChanged,
    IncidentNotFound,
    LiveWithheld,
    MediaTooLarge,
    MediaTypeRefused,
    NoLine,
    NotLive,
    NotYours,
    StepRefused,
)
from chalicelib.domain.staff import Group
from chalicelib.routes.authorizers import citizen, staff
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.filing import Filed, filed
from chalicelib.routes.views import UploadAllowed, View, upload_allowed
from chalicelib.workflows.keep_call import (
    exit_quickly,
    hang_up,
    join_as_citizen,
    join_as_staff,
    keep_line,
    listen_in,
)
from chalicelib.workflows.take_snapshot import Snapshot, take_snapshot

calls = Blueprint(__name__)

WORKERS = (Group.CALL_TAKER, Group.COMMANDER, Group.SPECIALIST)


class Joined(View, frozen=True, kw_only=True):
    """The way into a call."""

    call: Join


class Listening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the commander is about to speak, or only listens."""

    speak: bool = False


class SnapshotAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the picture will be; `sha256` of its bytes in hex."""

    content_type: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    size_bytes: Annotated[int, msgspec.Meta(ge=1)]
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$", max_length=64)]


class Heard(View, frozen=True, kw_only=True):
    """The incident's card."""

    incident: Card


@calls.route("/reports/{incident_id}/call", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(calls, gives=Joined, refuses=(IncidentNotFound, NotLive, LiveWithheld, NoLine, IncidentChanged))
def join_own_call(call: Call[None], incident_id: str) -> Joined:
    """A fresh way into one's own call, after a drop or when no line was free before."""
    return Joined(call=join_as_citizen(call.citizen_id, incident_id, now=call.now))


@calls.route("/reports/{incident_id}/call", methods=["PUT"], authorizer=citizen, content_types=ANY)
@contract(calls, status=204, refuses=(IncidentNotFound, NoLine))
def keep_own_call(call: Call[None], incident_id: str) -> Response:
    """Say that the page is still there, at least once a minute; 409 when the line is gone: join again."""
    if not keep_line(call.citizen_id, incident_id, now=call.now):
        raise NoLine("the line went to another call; join again")
    return Response(body="", status_code=204)


@calls.route("/reports/{incident_id}/hangup", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(calls, gives=Filed, refuses=(IncidentNotFound, IncidentChanged))
def end_own_call(call: Call[None], incident_id: str) -> Filed:
    """End the citizen's side; the incident stays."""
    return filed(hang_up(call.citizen_id, incident_id, now=call.now))


@calls.route("/reports/{incident_id}/quick-exit", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(calls, gives=Filed, refuses=(IncidentNotFound, IncidentChanged))
def leave_quickly(call: Call[None], incident_id: str) -> Filed:
    """The phone had to be blanked: the report stays, as urgent as can be, and nothing rings or texts her."""
    return filed(exit_quickly(call.citizen_id, incident_id, now=call.now))


@calls.route("/console/incidents/{incident_id}/call", methods=["POST"], authorizer=staff, content_types=ANY)
@contract(
    calls, gives=Joined, refuses=(IncidentNotFound, NotLive, LiveWithheld, NoLine, NotYours), groups=WORKERS
)
def join_call(call: Call[None], incident_id: str) -> Joined:
    """The hub's way in for the owner; a third's for a commander or the specialist who took the transfer."""
    return Joined(call=join_as_staff(call.staff, incident_id, now=call.now))


@calls.route(
    "/console/incidents/{incident_id}/snapshots", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    calls,
    takes=SnapshotAsked,
    keyed=True,
    gives=UploadAllowed,
    status=201,
    refuses=(IncidentNotFound, NotYours, MediaTypeRefused, MediaTooLarge, IncidentChanged),
    groups=WORKERS,
)
def ask_snapshot(call: Call[SnapshotAsked], incident_id: str) -> UploadAllowed:
    """Ask to keep a picture of the call as evidence."""
    snapshot = msgspec.convert(call.body, Snapshot, from_attributes=True)
    upload = take_snapshot(incident_id, snapshot, staff=call.staff, key=call.key, now=call.now)
    return upload_allowed(upload.media, upload.form)


@calls.route("/console/incidents/{incident_id}/listen", methods=["POST"], authorizer=staff, content_types=ANY)
@contract(
    calls,
    takes=Listening,
    gives=Heard,
    refuses=(IncidentNotFound, StepRefused, IncidentChanged),
    groups=(Group.COMMANDER,),
)
def listen(call: Call[Listening], incident_id: str) -> Heard:
    """Put on record that a commander listens in, or is about to speak."""
    incident = listen_in(call.staff, incident_id, speaks=call.body.speak, now=call.now)
    return Heard(incident=card_of(incident))
