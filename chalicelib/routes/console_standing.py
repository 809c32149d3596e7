"""The console: reports marked as false, their review, and citizens' standing."""

from datetime import datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint, Response

from chalicelib.adapters import standings
from chalicelib.adapters.incidents import Changed
from chalicelib.domain.card import Card, card_of
from chalicelib.domain.citizen import Standing
from chalicelib.domain.refusals import (
    BodyInvalid,
    EvidenceOfAnother,
    IncidentChanged,
    IncidentNotFound,
    MarkedByYourself,
    NotYours,
    ReviewNotFound,
    StandingNotFound,
    StepRefused,
)
from chalicelib.domain.staff import Group
from chalicelib.domain.standing import FalseKind, Review, StandingChange
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import ANY, Call, Nothing, contract
from chalicelib.routes.views import View
from chalicelib.workflows import change_standing, work_incident
from chalicelib.workflows.change_standing import Decision
from chalicelib.workflows.work_incident import Work

console_standing = Blueprint(__name__)

WORKERS = (Group.CALL_TAKER, Group.COMMANDER, Group.SPECIALIST)
READERS = (Group.CALL_TAKER, Group.COMMANDER)
REVIEWERS = (Group.COMMANDER,)

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


class MarkedFalse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the report is, and why."""

    kind: FalseKind
    reason: Words


class StandingSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A decision; the reason is shown to the citizen, and the incident is the evidence."""

    citizen_id: Id
    grade: Standing
    reason: Words
    incident_id: Id
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class Dismissal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why nothing was found."""

    reason: Words


class LiftAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is lifted."""

    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


class StandingAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose, and where to go on."""

    citizen_id: Id | None = None
    cursor: Id | None = None


class ListAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to go on in a list."""

    cursor: Id | None = None


class StandingView(View, frozen=True, kw_only=True):
    """A change of standing, and whether it is in force."""

    standing: StandingChange
    in_force: bool


class StandingList(View, frozen=True, kw_only=True):
    """A page of changes of standing, newest first."""

    items: list[StandingView]
    cursor: str | None


class ReviewList(View, frozen=True, kw_only=True):
    """A page of what waits for review."""

    items: list[Review]
    cursor: str | None


class Marked(View, frozen=True, kw_only=True):
    """The incident's card after it, and the number of the entry that tells of it."""

    incident: Card
    seq: int


@console_standing.route(
    "/console/incidents/{incident_id}/false-report", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    console_standing,
    takes=MarkedFalse,
    gives=Marked,
    refuses=(IncidentNotFound, NotYours, StepRefused, IncidentChanged),
    groups=WORKERS,
)
def mark_false(call: Call[MarkedFalse], incident_id: str) -> Marked:
    """Mark a report as false or as harassment: the evidence is frozen, and a commander reviews it."""
    body = call.body
    changed = change_standing.mark_false(
        incident_id, kind=body.kind, reason=body.reason, staff=call.staff, now=call.now
    )
    return _marked(changed)


@console_standing.route(
    "/console/incidents/{incident_id}/grant-live", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    console_standing,
    takes=Nothing,
    gives=Marked,
    refuses=(IncidentNotFound, NotYours, StepRefused, IncidentChanged),
    groups=WORKERS,
)
def grant_live(call: Call[Nothing], incident_id: str) -> Marked:
    """Give a citizen whose live calls are withheld this one."""
    work = Work(incident_id=incident_id, staff=call.staff, at=call.now)
    return _marked(work_incident.grant_live(work))


@console_standing.route("/console/standing", methods=["GET"], authorizer=staff)
@contract(console_standing, query=StandingAsked, gives=StandingList, groups=READERS)
def list_standing(call: Call[None]) -> StandingList:
    """Changes of standing, all or one citizen's, newest first."""
    changes, cursor = standings.page(call.query.citizen_id, call.query.cursor)
    shown = [StandingView(standing=one, in_force=one.holds_at(call.now)) for one in changes]
    return StandingList(items=shown, cursor=cursor)


@console_standing.route("/console/standing", methods=["POST"], authorizer=staff, content_types=ANY)
@contract(
    console_standing,
    takes=StandingSent,
    keyed=True,
    gives=StandingChange,
    status=201,
    refuses=(IncidentNotFound, EvidenceOfAnother, MarkedByYourself, BodyInvalid, IncidentChanged),
    groups=REVIEWERS,
)
def decide_standing(call: Call[StandingSent]) -> StandingChange:
    """Decide a citizen's standing, as its reviewer."""
    decision = msgspec.convert(call.body, Decision, from_attributes=True)
    asked = call.asked(call.staff.username, "standing")
    return change_standing.change_standing(decision, staff=call.staff, asked=asked, now=call.now)


@console_standing.route("/console/standing/{standing_id}", methods=["DELETE"], authorizer=staff)
@contract(
    console_standing,
    query=LiftAsked,
    status=204,
    refuses=(StandingNotFound, IncidentChanged),
    groups=REVIEWERS,
)
def lift_standing(call: Call[None], standing_id: str) -> Response:
    """Lift a change of standing before its time; `?reason=` says why."""
    change_standing.lift_standing(standing_id, reason=call.query.reason, staff=call.staff, now=call.now)
    return Response(body="", status_code=204)


@console_standing.route("/console/reviews", methods=["GET"], authorizer=staff)
@contract(console_standing, query=ListAsked, gives=ReviewList, groups=REVIEWERS)
def list_reviews(call: Call[None]) -> ReviewList:
    """What was marked as false and waits for review."""
    items, cursor = standings.reviews(call.query.cursor)
    return ReviewList(items=items, cursor=cursor)


@console_standing.route(
    "/console/reviews/{incident_id}/dismiss", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    console_standing,
    takes=Dismissal,
    gives=Marked,
    refuses=(IncidentNotFound, ReviewNotFound, MarkedByYourself, IncidentChanged),
    groups=REVIEWERS,
)
def dismiss_review(call: Call[Dismissal], incident_id: str) -> Marked:
    """Find nothing in a marking; the citizen's standing stays as it is."""
    return _marked(
        change_standing.dismiss_review(incident_id, reason=call.body.reason, staff=call.staff, now=call.now)
    )


def _marked(changed: Changed) -> Marked:
    return Marked(incident=card_of(changed.incident), seq=changed.seq)
