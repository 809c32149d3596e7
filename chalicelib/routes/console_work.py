"""The console: what a call-taker does with an incident."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib.adapters.county import type_codes
from chalicelib.adapters.incidents import Changed
from chalicelib.adapters.signaling import Join
from chalicelib.domain.card import Card, card_of
from chalicelib.domain.hits import Verdict
from chalicelib.domain.incident import Disposition
from chalicelib.domain.position import Crs, Point, gcj02_to_wgs84
from chalicelib.domain.refusals import (
    AlreadyAnswered,
    BodyInvalid,
    CallbackForbidden,
    DispatchNotFound,
    HitNotFound,
    IncidentChanged,
    IncidentNotFound,
    LinkNeeded,
    LinkToItself,
    NotTransferred,
    NotYours,
    StepRefused,
    ToldNeeded,
    UnitNotFound,
)
from chalicelib.domain.staff import Group
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import ANY, INCIDENT_ID, Call, Nothing, contract
from chalicelib.routes.views import View
from chalicelib.workflows import send_officer, work_incident
from chalicelib.workflows.work_incident import Work

console_work = Blueprint(__name__)

ANSWERERS = (Group.CALL_TAKER, Group.COMMANDER)
WORKERS = (Group.CALL_TAKER, Group.COMMANDER, Group.SPECIALIST)
"""A specialist works what was transferred to her and she took over; ownership is asked for each time."""

MINE = (IncidentNotFound, NotYours, StepRefused, IncidentChanged)

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


class Reasoned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why."""

    reason: Words


class Classified(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How urgent (1 highest to 4) and what; the code is one of the bureau's."""

    priority: Annotated[int, msgspec.Meta(ge=1, le=4)]
    type_code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    summary: Annotated[str, msgspec.Meta(max_length=500)] | None = None


class PointSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point on a map."""

    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lng: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    crs: Crs = Crs.WGS84


class PlaceConfirmed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it happens, in words and perhaps as a point."""

    place: Words
    point: PointSent | None = None


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note or a message."""

    text: Text


class Reader(StrEnum):
    """Who reads a message."""

    CITIZEN = "citizen"
    OFFICERS = "officers"


class MessageWritten(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message to the citizen, or to the officers sent out."""

    text: Text
    to: Reader = Reader.CITIZEN


class Dispatched(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which unit, and a word to it."""

    unit_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    note: Annotated[str, msgspec.Meta(max_length=500)] | None = None


class CallbackResult(StrEnum):
    """What came of ringing back; `attempting` is said before, to be shown a hidden number."""

    ATTEMPTING = "attempting"
    REACHED = "reached"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    WRONG_NUMBER = "wrong_number"


class Callback(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call-back; one that could endanger the citizen needs a reason."""

    result: CallbackResult
    override_reason: Words | None = None


class VerdictSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hit by its id, and whether it is what it seems."""

    hit: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    verdict: Verdict


class Linked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The incident it belongs to."""

    to: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which other force was told, by whom, when."""

    force: Words
    by: Words
    at: Annotated[datetime, msgspec.Meta(tz=True)]


class Closed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How it ended."""

    disposition: Disposition
    note: Annotated[str, msgspec.Meta(max_length=2000)] | None = None
    told: Told | None = None


class Done(View, frozen=True, kw_only=True):
    """The incident's card after the work, and the number of the entry that tells of it."""

    incident: Card
    seq: int


class Answered(Done, frozen=True, kw_only=True):
    """With the hub's way into the call, when the incident holds a line."""

    call: Join | None


@console_work.route(
    "/console/incidents/{incident_id}/answer", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    console_work,
    takes=Nothing,
    gives=Answered,
    refuses=(IncidentNotFound, AlreadyAnswered, StepRefused, IncidentChanged),
    groups=ANSWERERS,
)
def answer(call: Call[Nothing], incident_id: str) -> Answered:
    """Give a waiting incident to the signed-in call-taker; the same one again changes nothing."""
    answered = work_incident.answer_incident(_work(call, incident_id))
    changed = answered.changed
    return Answered(incident=card_of(changed.incident), seq=changed.seq, call=answered.join)


@console_work.route(
    "/console/incidents/{incident_id}/release", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(console_work, takes=Nothing, gives=Done, refuses=MINE, groups=WORKERS)
def release(call: Call[Nothing], incident_id: str) -> Done:
    """Put it back: it rings everyone."""
    return _done(work_incident.release_incident(_work(call, incident_id)))


@console_work.route(
    "/console/incidents/{incident_id}/take", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    console_work,
    takes=Reasoned,
    gives=Done,
    refuses=(IncidentNotFound, NotTransferred, StepRefused, IncidentChanged),
    groups=WORKERS,
)
def take(call: Call[Reasoned], incident_id: str) -> Done:
    """Take it over from whoever holds it."""
    return _done(work_incident.take_incident(_work(call, incident_id), reason=call.body.reason))


@console_work.route(
    "/console/incidents/{incident_id}/classify", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(console_work, takes=Classified, gives=Done, refuses=MINE, groups=WORKERS)
def classify(call: Call[Classified], incident_id: str) -> Done:
    """Set priority, kind and summary."""
    body = call.body
    if body.type_code not in {kind.code for kind in type_codes()}:
        raise BodyInvalid("not one of the bureau's kinds", field="type_code")
    work = _work(call, incident_id)
    return _done(
        work_incident.classify_incident(
            work, priority=body.priority, type_code=body.type_code, summary=body.summary
        )
    )


@console_work.route(
    "/console/incidents/{incident_id}/place", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(console_work, takes=PlaceConfirmed, gives=Done, refuses=MINE, groups=WORKERS)
def place(call: Call[PlaceConfirmed], incident_id: str) -> Done:
    """Correct where it happens."""
    point = _point(call.body.point) if call.body.point else None
    return _done(work_incident.confirm_place(_work(call, incident_id), words=call.body.place, point=point))


@console_work.route(
    "/console/incidents/{incident_id}/notes", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    console_work,
    takes=Written,
    keyed=True,
    gives=Done,
    status=201,
    refuses=(IncidentNotFound, StepRefused, IncidentChanged),
    groups=WORKERS,
)
def note(call: Call[Written], incident_id: str) -> Done:
    """Write what only staff may read."""
    return _done(work_incident.write_note(_work(call, incident_id, "note"), text=call.body.text))


@console_work.route(
    "/console/incidents/{incident_id}/messages", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    console_work, takes=MessageWritten, keyed=True, gives=Done, status=201, refuses=MINE, groups=WORKERS
)
def message(call: Call[MessageWritten], incident_id: str) -> Done:
    """Write to the citizen's app, or to the officers' pages."""
    work = _work(call, incident_id, "message")
    if call.body.to is Reader.OFFICERS:
        return _done(work_incident.write_to_officers(work, text=call.body.text))
    return _done(work_incident.write_to_citizen(work, text=call.body.text))


@console_work.route(
    "/console/incidents/{incident_id}/dispatch", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    console_work,
    takes=Dispatched,
    keyed=True,
    gives=Done,
    status=201,
    refuses=(*MINE, UnitNotFound),
    groups=WORKERS,
)
def dispatch(call: Call[Dispatched], incident_id: str) -> Done:
    """Send a unit's officer out; the text with the link follows."""
    changed = send_officer.send_officer(
        incident_id,
        call.body.unit_id,
        call.body.note or None,
        staff=call.staff,
        asked=call.asked(call.staff.username, "dispatch"),
        now=call.now,
    )
    return _done(changed)


@console_work.route(
    "/console/incidents/{incident_id}/dispatches/{dispatch_id}/resend",
    methods=["POST"],
    authorizer=staff,
    content_types=ANY,
)
@contract(console_work, takes=Nothing, gives=Done, refuses=(*MINE, DispatchNotFound), groups=WORKERS)
def resend(call: Call[Nothing], incident_id: str, dispatch_id: str) -> Done:
    """Have a fresh link texted; the old one ends."""
    return _done(send_officer.send_link_again(incident_id, dispatch_id, staff=call.staff, now=call.now))


@console_work.route(
    "/console/incidents/{incident_id}/dispatches/{dispatch_id}/revoke",
    methods=["POST"],
    authorizer=staff,
    content_types=ANY,
)
@contract(console_work, takes=Reasoned, gives=Done, refuses=(*MINE, DispatchNotFound), groups=WORKERS)
def revoke(call: Call[Reasoned], incident_id: str, dispatch_id: str) -> Done:
    """Call an officer back; the link is dead at once."""
    reason = call.body.reason
    return _done(
        send_officer.call_officer_back(incident_id, dispatch_id, reason, staff=call.staff, now=call.now)
    )


@console_work.route(
    "/console/incidents/{incident_id}/callback", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(console_work, takes=Callback, gives=Done, refuses=(*MINE, CallbackForbidden), groups=WORKERS)
def callback(call: Call[Callback], incident_id: str) -> Done:
    """Record a call-back."""
    body = call.body
    work = _work(call, incident_id)
    return _done(
        work_incident.record_callback(work, result=body.result, override_reason=body.override_reason)
    )


@console_work.route(
    "/console/incidents/{incident_id}/verdict", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(console_work, takes=VerdictSent, gives=Done, refuses=(*MINE, HitNotFound), groups=WORKERS)
def judge(call: Call[VerdictSent], incident_id: str) -> Done:
    """Say whether a hit is what it seems: `confirmed` or `dismissed`."""
    work = _work(call, incident_id)
    return _done(work_incident.judge_hit(work, hit_id=call.body.hit, verdict=call.body.verdict))


@console_work.route(
    "/console/incidents/{incident_id}/link", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(console_work, takes=Linked, gives=Done, refuses=(*MINE, LinkToItself), groups=WORKERS)
def link(call: Call[Linked], incident_id: str) -> Done:
    """Say that it belongs to another incident."""
    if not INCIDENT_ID.fullmatch(call.body.to):
        raise IncidentNotFound("no such incident")
    return _done(work_incident.link_incident(_work(call, incident_id), to=call.body.to))


@console_work.route(
    "/console/incidents/{incident_id}/close", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(console_work, takes=Closed, gives=Done, refuses=(*MINE, ToldNeeded, LinkNeeded), groups=WORKERS)
def close(call: Call[Closed], incident_id: str) -> Done:
    """End it with how it ended."""
    body = call.body
    told: dict[str, Any] | None = msgspec.to_builtins(body.told) if body.told else None
    work = _work(call, incident_id)
    return _done(
        work_incident.close_incident(work, disposition=body.disposition, note=body.note or None, told=told)
    )


def _work(call: Call[Any], incident_id: str, what: str = "") -> Work:
    asked = call.asked(call.staff.username, what) if what else None
    return Work(incident_id=incident_id, staff=call.staff, at=call.now, asked=asked)


def _done(changed: Changed) -> Done:
    return Done(incident=card_of(changed.incident), seq=changed.seq)


def _point(sent: PointSent) -> Point:
    if sent.crs is Crs.GCJ02:
        return gcj02_to_wgs84(sent.lat, sent.lng)
    return Point(lat=sent.lat, lng=sent.lng)
