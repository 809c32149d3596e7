"""The console: the duty roster 值班表 of the commanders who get the texts, and the texts' links."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint, Response

from chalicelib.adapters import county, duty
from chalicelib.adapters.secrets import citizen_secret
from chalicelib.domain.asked import derived_id
from chalicelib.domain.card import Card, card_of
from chalicelib.domain.duty import Gap, Shift, checked
from chalicelib.domain.phone import read_phone
from chalicelib.domain.refusals import (
    IncidentChanged,
    IncidentNotFound,
    LinkNotFound,
    PhoneInvalid,
    ShiftInvalid,
    StepRefused,
)
from chalicelib.domain.staff import Group, Staff
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.views import View
from chalicelib.workflows.note_deed import note_deed
from chalicelib.workflows.revoke_alert import revoke_alert

console_duty = Blueprint(__name__)

READERS = (Group.CALL_TAKER, Group.COMMANDER, Group.SPECIALIST, Group.ADMIN)
KEEPERS = (Group.COMMANDER, Group.ADMIN)
COMMANDERS = (Group.COMMANDER,)

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class DutyAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to go on in the roster, and how many days to look ahead for gaps."""

    cursor: Annotated[str, msgspec.Meta(max_length=80)] | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=31)] = 7


class ShiftSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shift: a post and not a person, the number to text, from when to when."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"\S")]
    phone: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    starts_at: Moment = msgspec.field(name="from")
    ends_at: Moment = msgspec.field(name="to")
    order: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1


class RevokeAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a text's link and code are ended."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


class ShiftView(View, frozen=True, kw_only=True):
    """A shift; the number is None for those who do not keep the roster."""

    id: str
    name: str
    phone: str | None
    starts_at: datetime = msgspec.field(name="from")
    ends_at: datetime = msgspec.field(name="to")
    order: int


class StandingNumberView(View, frozen=True, kw_only=True):
    """Who stands behind the roster; the number is None for those who do not keep it."""

    name: str
    phone: str | None


class GapView(View, frozen=True, kw_only=True):
    """A time in which nobody is on duty."""

    starts_at: datetime = msgspec.field(name="from")
    ends_at: datetime = msgspec.field(name="to")


class AlertRevoked(View, frozen=True, kw_only=True):
    """The incident's card after a text's link was ended, and the number of the entry that tells of it."""

    incident: Card
    seq: int


class Roster(View, frozen=True, kw_only=True):
    """A page of the shifts that have not ended; who is on duty now; when nobody is; who stands behind."""

    items: list[ShiftView]
    cursor: str | None
    on_duty: list[ShiftView]
    gaps: list[GapView]
    fallback: StandingNumberView | None


@console_duty.route("/console/duty", methods=["GET"], authorizer=staff)
@contract(console_duty, query=DutyAsked, gives=Roster, groups=READERS)
def read_roster(call: Call[None]) -> Roster:
    """Who is on duty, now and later, and when nobody is."""
    items, cursor = duty.shifts(call.query.cursor, now=call.now)
    keeps = not call.staff.groups.isdisjoint(KEEPERS)
    return Roster(
        items=[_view(shift, keeps) for shift in items],
        cursor=cursor,
        on_duty=[_view(shift, keeps) for shift in duty.on_duty(call.now)],
        gaps=[_gap(gap) for gap in duty.gaps(call.now, call.query.days)],
        fallback=_fallback(keeps),
    )


@console_duty.route("/console/duty", methods=["POST"], authorizer=staff, content_types=ANY)
@contract(
    console_duty,
    takes=ShiftSent,
    keyed=True,
    gives=ShiftView,
    status=201,
    refuses=(PhoneInvalid, ShiftInvalid, IncidentChanged),
    groups=KEEPERS,
)
def add_shift(call: Call[ShiftSent]) -> ShiftView:
    """Put a shift on the roster; shifts may overlap, and the lower `order` is texted first."""
    sent = call.body
    starts_at = _in_utc(sent.starts_at)
    shift = Shift(
        id=duty.shift_id(starts_at, _suffix(call.staff, call.key)),
        name=sent.name,
        phone=read_phone(sent.phone),
        starts_at=starts_at,
        ends_at=_in_utc(sent.ends_at),
        order=sent.order,
    )
    duty.put(checked(shift), asked=call.asked(call.staff.username, "shift"), now=call.now)
    note_deed(call.staff, "shift.added", shift.id, now=call.now)
    return _view(shift, True)


@console_duty.route("/console/duty/{shift_id}", methods=["DELETE"], authorizer=staff)
@contract(console_duty, status=204, groups=KEEPERS)
def remove_shift(call: Call[None], shift_id: str) -> Response:
    """Take a shift off the roster; whom it was texted to stays on record."""
    note_deed(call.staff, "shift.removed", shift_id, now=call.now)
    duty.delete(shift_id)
    return Response(body="", status_code=204)


@console_duty.route(
    "/console/incidents/{incident_id}/alerts/{alert_id}/revoke",
    methods=["POST"],
    authorizer=staff,
    content_types=ANY,
)
@contract(
    console_duty,
    takes=RevokeAsked,
    gives=AlertRevoked,
    refuses=(IncidentNotFound, LinkNotFound, StepRefused, IncidentChanged),
    groups=COMMANDERS,
)
def revoke_text(call: Call[RevokeAsked], incident_id: str, alert_id: str) -> AlertRevoked:
    """End a commander's link and code; the next one is told at once."""
    changed = revoke_alert(incident_id, alert_id, call.body.reason, staff=call.staff, now=call.now)
    return AlertRevoked(incident=card_of(changed.incident), seq=changed.seq)


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as fault:
        raise ShiftInvalid("at the end of time nobody is on duty") from fault


def _suffix(keeper: Staff, key: str | None) -> str | None:
    return derived_id(citizen_secret(), "shift", keeper.username, key) if key else None


def _view(shift: Shift, keeps: bool) -> ShiftView:
    return ShiftView(
        id=shift.id,
        name=shift.name,
        phone=shift.phone if keeps else None,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        order=shift.order,
    )


def _gap(gap: Gap) -> GapView:
    return GapView(starts_at=gap.starts_at, ends_at=gap.ends_at)


def _fallback(keeps: bool) -> StandingNumberView | None:
    standing = county.fallback()
    if standing is None:
        return None
    return StandingNumberView(name=standing.name, phone=standing.phone if keeps else None)
