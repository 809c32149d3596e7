"""The console: legal holds on evidence, and the erasing of a citizen."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.adapters import erasures
from chalicelib.adapters.incidents import Changed
from chalicelib.domain.asked import read_number
from chalicelib.domain.card import Card, card_of
from chalicelib.domain.erasing import Erasure, Obstacle
from chalicelib.domain.incident import Hold
from chalicelib.domain.refusals import (
    CitizenUnknown,
    ErasureRefused,
    IncidentChanged,
    IncidentNotFound,
    StepRefused,
)
from chalicelib.domain.staff import Group
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.views import View
from chalicelib.workflows import hold_evidence
from chalicelib.workflows.erase_citizen import Preview, ask_erasure, preview_erasing

console_erasing = Blueprint(__name__)

HOLDERS = (Group.COMMANDER,)
ERASERS = (Group.ADMIN,)

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


class HoldSaid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a hold is placed."""

    reason: Words


class ReleaseAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a hold is released; in the address, for a body of a DELETE is dropped by some on its way."""

    reason: Words


class ErasureAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a citizen is erased: on which paper, never who she is, for it outlives her."""

    reason: Words


class WhoseAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number of an incident as somebody typed it."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class ListAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to go on in a list."""

    cursor: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None


class HoldView(View, frozen=True, kw_only=True):
    """The incident after it: its hold, whether it is frozen besides, and the entry that tells of it."""

    incident: Card
    hold: Hold | None
    frozen: bool
    seq: int


class ErasureView(View, frozen=True, kw_only=True):
    """How far an erasure is; `copies` are those whose holders must be told."""

    erasure: Erasure


class WhoseView(View, frozen=True, kw_only=True):
    """Whose an incident is, how many she has, and what stands in the way of erasing her, `at` which.

    `left` is whether there is anything of hers to erase.
    """

    citizen_id: str
    number: str
    incidents: int
    left: bool
    because: Obstacle | None
    at: list[str]
    erasure: Erasure | None


class WhoseList(View, frozen=True, kw_only=True):
    """Nothing when no incident has the number."""

    items: list[WhoseView]
    cursor: str | None = None


class ErasureList(View, frozen=True, kw_only=True):
    """A page of erasures."""

    items: list[Erasure]
    cursor: str | None


@console_erasing.route(
    "/console/incidents/{incident_id}/hold", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    console_erasing,
    takes=HoldSaid,
    gives=HoldView,
    refuses=(IncidentNotFound, StepRefused, IncidentChanged),
    groups=HOLDERS,
)
def place_hold(call: Call[HoldSaid], incident_id: str) -> HoldView:
    """Place a legal hold: nothing of the incident is erased or ends until it is released."""
    return _held(
        hold_evidence.place_hold(incident_id, reason=call.body.reason, staff=call.staff, now=call.now)
    )


@console_erasing.route("/console/incidents/{incident_id}/hold", methods=["DELETE"], authorizer=staff)
@contract(
    console_erasing,
    query=ReleaseAsked,
    gives=HoldView,
    refuses=(IncidentNotFound, StepRefused, IncidentChanged),
    groups=HOLDERS,
)
def release_hold(call: Call[None], incident_id: str) -> HoldView:
    """Release it, and the freeze of a marked report that was reviewed; `?reason=` says why."""
    return _held(
        hold_evidence.release_hold(incident_id, reason=call.query.reason, staff=call.staff, now=call.now)
    )


@console_erasing.route(
    "/console/citizens/{citizen_id}/erase", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    console_erasing,
    takes=ErasureAsked,
    gives=ErasureView,
    status=202,
    refuses=(CitizenUnknown, ErasureRefused),
    groups=ERASERS,
)
def erase_citizen(call: Call[ErasureAsked], citizen_id: str) -> ErasureView:
    """Have a citizen be erased, or go on with one that was stopped; it is done within minutes."""
    return ErasureView(
        erasure=ask_erasure(citizen_id, reason=call.body.reason, staff=call.staff, now=call.now)
    )


@console_erasing.route("/console/citizens", methods=["GET"], authorizer=staff)
@contract(console_erasing, query=WhoseAsked, gives=WhoseList, groups=ERASERS)
def preview_erasure(call: Call[None]) -> WhoseList:
    """Whose the incident of a number is, and what erasing her would meet; nothing about her."""
    number = read_number(call.query.number)
    found = preview_erasing(number, now=call.now) if number else []
    return WhoseList(items=[_whose(one) for one in found])


@console_erasing.route("/console/erasures", methods=["GET"], authorizer=staff)
@contract(console_erasing, query=ListAsked, gives=ErasureList, groups=ERASERS)
def list_erasures(call: Call[None]) -> ErasureList:
    """The erasures asked for, how far each is, and which copies are out of its reach."""
    items, cursor = erasures.page(call.query.cursor)
    return ErasureList(items=items, cursor=cursor)


def _whose(one: Preview) -> WhoseView:
    return WhoseView(
        citizen_id=one.citizen_id,
        number=one.number,
        incidents=one.ahead.incidents,
        left=one.left,
        because=one.ahead.because,
        at=[incident.number for incident in one.ahead.where],
        erasure=one.erasure,
    )


def _held(changed: Changed) -> HoldView:
    incident = changed.incident
    return HoldView(incident=card_of(incident), hold=incident.hold, frozen=incident.frozen, seq=changed.seq)
