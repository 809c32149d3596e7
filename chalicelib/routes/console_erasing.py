"""The console: legal holds on evidence, and the erasing of a citizen."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.adapters import erasures
from chalicelib.adapters.incidents import Changed
from chalicelib.domain.card import Card, card_of
from chalicelib.domain.erasing import Erasure
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
from chalicelib.workflows.erase_citizen import ask_erasure

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


@console_erasing.route("/console/erasures", methods=["GET"], authorizer=staff)
@contract(console_erasing, query=ListAsked, gives=ErasureList, groups=ERASERS)
def list_erasures(call: Call[None]) -> ErasureList:
    """The erasures asked for, how far each is, and which copies are out of its reach."""
    items, cursor = erasures.page(call.query.cursor)
    return ErasureList(items=items, cursor=cursor)


def _held(changed: Changed) -> HoldView:
    incident = changed.incident
    return HoldView(incident=card_of(incident), hold=incident.hold, frozen=incident.frozen, seq=changed.seq)
