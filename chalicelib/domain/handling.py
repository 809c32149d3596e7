"""What a call-taker does with an incident, each step a pure function from an incident to its change.

Every step returns a `Change`, or `None` when it would change nothing: consoles retry over poor links,
and a retry must neither restart a clock nor stand twice on the record.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.allowance import spend
from chalicelib.domain.incident import (
    LIVE,
    Change,
    Contact,
    Disposition,
    FormerOwner,
    Incident,
    Place,
    Status,
    move,
    must_not_be_erased,
)
from chalicelib.domain.judging import marked_false
from chalicelib.domain.position import Point
from chalicelib.domain.refusals import (
    AlreadyAnswered,
    CallbackForbidden,
    LinkNeeded,
    LinkToItself,
    NotYours,
    StepRefused,
    ToldNeeded,
)
from chalicelib.domain.standing import FalseKind, Marking

FALSE = (Disposition.FALSE_REPORT, Disposition.HARASSMENT)
OUTSTANDING = (Status.WAITING, Status.ABANDONED)


def answer(incident: Incident, *, call_taker_id: str, at: datetime) -> Change | None:
    """Give the incident to one call-taker; raises `AlreadyAnswered` naming the holder.

    One already sent out, whose owner went silent, changes hands without changing its status.
    """
    if incident.call_taker_id == call_taker_id:
        return None
    if incident.call_taker_id is not None:
        raise AlreadyAnswered("another call-taker holds it", call_taker_id=incident.call_taker_id)
    _must_be_open(incident)
    answered = incident
    if incident.status in OUTSTANDING:
        answered = move(incident, Status.ANSWERED)
    answered = _owned(answered, call_taker_id, at)
    return Change(incident=answered, kind="incident.answered")


def release(incident: Incident, *, owner_id: str, at: datetime, why: str) -> Change | None:
    """Put the incident back so that it rings everyone; nothing if `owner_id` no longer owns it."""
    if incident.call_taker_id != owner_id or not incident.is_open:
        return None
    back = move(incident, Status.WAITING) if incident.status is Status.ANSWERED else incident
    released = replace(
        back,
        call_taker_id=None,
        owned_since=None,
        former_owner=FormerOwner(call_taker_id=owner_id, until=at),
        rings_at=at,
    )
    return Change(incident=released, kind="incident.released", details={"why": why, "from": owner_id})


def take(incident: Incident, *, call_taker_id: str, at: datetime, reason: str) -> Change | None:
    """Take the incident over from whoever holds it, on the record."""
    if incident.call_taker_id == call_taker_id:
        return None
    _must_be_open(incident)
    taken = move(incident, Status.ANSWERED) if incident.status in OUTSTANDING else incident
    taken = _owned(taken, call_taker_id, at)
    details = {"from": incident.call_taker_id}
    return Change(incident=taken, kind="incident.taken", details=details, personal={"reason": reason})


def classify(incident: Incident, *, priority: int, type_code: str, summary: str | None) -> Change | None:
    """Set how urgent it is (1 highest to 4) and what it is."""
    _must_be_open(incident)
    classified = replace(incident, priority=priority, type_code=type_code, summary=summary)
    if classified == incident:
        return None
    details: dict[str, object] = {"priority": priority, "type_code": type_code}
    personal: dict[str, object] = {"summary": summary} if summary else {}
    return Change(incident=classified, kind="incident.classified", details=details, personal=personal)


def confirm_place(incident: Incident, *, words: str, point: Point | None) -> Change | None:
    """Correct where it happens; a point not given keeps the one there was."""
    _must_be_open(incident)
    before = incident.place or Place()
    place = replace(before, words=words, point=point or before.point, confirmed=True)
    if place == before:
        return None
    personal: dict[str, object] = {"place": words}
    if point is not None:
        personal["point"] = {"lat": point.lat, "lng": point.lng}
    return Change(incident=replace(incident, place=place), kind="place.confirmed", personal=personal)


def name_place(incident: Incident, *, near: str) -> Change | None:
    """Add the gazetteer's words for where the citizen is."""
    before = incident.place or Place()
    if not near or before.near == near:
        return None
    place = replace(before, near=near)
    return Change(incident=replace(incident, place=place), kind="place.named", personal={"near": near})


def give_phone(incident: Incident, *, phone: str, verified: bool) -> Change | None:
    """Take the number a citizen gives after she filed without one; one she filed with is not replaced."""
    if not incident.is_open or incident.phone is not None:
        return None
    flags = [flag for flag in incident.flags if flag != "phone-missing"]
    flags += [] if verified else ["phone-unverified"]
    reached = replace(incident, phone=phone, phone_verified=verified, flags=tuple(flags))
    return Change(
        incident=reached, kind="phone.given", details={"verified": verified}, personal={"phone": phone}
    )


def ring_booked(incident: Incident, *, at: datetime) -> Change | None:
    """Have a booked call-back ring: its hour has come."""
    if incident.booked_for is None or incident.booked_for > at or not incident.is_open:
        return None
    ringing = replace(incident, booked_for=None, was_booked=True, rings_at=at)
    return Change(incident=ringing, kind="incident.rang", details={"booked_for": incident.booked_for})


def note(incident: Incident, *, text: str) -> Change:
    """Write down what only staff may read, also after closing; raises `StepRefused` once she was erased."""
    must_not_be_erased(incident)
    return Change(incident=incident, kind="note.written", personal={"text": text})


def write_to_citizen(incident: Incident, *, text: str) -> Change:
    """Send the citizen a message in the app."""
    _must_be_open(incident)
    return Change(
        incident=replace(incident, unread=False),
        kind="message.sent",
        details={"to": "citizen"},
        personal={"text": text},
    )


def hear_from_citizen(incident: Incident, *, text: str, at: datetime, flags: Iterable[str] = ()) -> Change:
    """Take a message from the citizen; after closing it belongs into a linked incident instead.

    Raises `TooManyMessages` or `ReportFull` beyond what one report may hold.
    """
    _must_be_open(incident)
    details: dict[str, object] = {"to": "police", "flags": list(flags)}
    heard = replace(spend(incident, text, at=at), unread=True)
    return Change(incident=heard, kind="message.sent", details=details, personal={"text": text})


def record_callback(incident: Incident, *, result: str, override_reason: str | None) -> Change:
    """Record a call-back; one that could endanger the citizen needs a reason, and then shows the number."""
    _must_be_open(incident)
    details: dict[str, object] = {"result": result}
    personal: dict[str, object] = {}
    if incident.contact is Contact.APP_ONLY:
        if not (override_reason or incident.callback_overridden):
            raise CallbackForbidden("this citizen must not be rung", contact=incident.contact)
        if override_reason:
            personal["override_reason"] = override_reason
            incident = replace(incident, callback_overridden=True)
    return Change(incident=incident, kind="callback.made", details=details, personal=personal)


def link(incident: Incident, *, to: str) -> Change | None:
    """Say that the incident belongs to another."""
    if to == incident.id:
        raise LinkToItself("an incident is not linked to itself")
    if incident.linked_to == to:
        return None
    return Change(incident=replace(incident, linked_to=to), kind="incident.linked", details={"to": to})


def hold_link(incident: Incident, *, other_id: str) -> Change | None:
    """Say on an incident that another was linked to it; saying it again says nothing new."""
    if other_id in incident.linked_from:
        return None
    held = replace(incident, linked_from=(*incident.linked_from, other_id))
    return Change(incident=held, kind="incident.linked", details={"from": other_id})


def close(
    incident: Incident,
    *,
    disposition: Disposition,
    note: str | None,
    told: dict[str, object] | None,
    at: datetime,
    by: str = "",
) -> Change:
    """End the incident; its links die with it. Raises what a disposition still lacks.

    One that ends as false or as harassment is marked so, and its evidence is frozen.
    """
    if disposition is Disposition.OUT_OF_AREA and told is None:
        raise ToldNeeded("say which force was told, when and by whom")
    if disposition is Disposition.DUPLICATE and incident.linked_to is None:
        raise LinkNeeded("link it to the incident it repeats first")
    details: dict[str, object] = {"disposition": disposition, "live": incident.mode in LIVE}
    closed = move(incident, Status.CLOSED, disposition=disposition, closed_at=at, unread=False)
    if disposition in FALSE and incident.marking is None:
        kind = FalseKind(disposition)
        closed = marked_false(closed, Marking(kind=kind, reason=note or "", marked_by=by, marked_at=at))
    said = {"note": note or None, "told": told}
    personal: dict[str, object] = {name: value for name, value in said.items() if value is not None}
    return Change(incident=closed, kind="incident.closed", details=details, personal=personal)


def must_be_worked_by(incident: Incident, *, staff_id: str, commands: bool) -> None:
    """Raise `NotYours` unless this person owns the incident or is a commander."""
    if incident.call_taker_id == staff_id or commands:
        return
    raise NotYours("take it over first", call_taker_id=incident.call_taker_id)


def continued(incident: Incident, *, by: str) -> Change | None:
    """Say on a closed incident which one goes on with it."""
    if incident.continued_by == by:
        return None
    going_on = replace(incident, continued_by=by)
    return Change(incident=going_on, kind="incident.continued", details={"to": by})


def _owned(incident: Incident, call_taker_id: str, at: datetime) -> Incident:
    before = incident.call_taker_id
    return replace(
        incident,
        call_taker_id=call_taker_id,
        owned_since=at,
        former_owner=FormerOwner(call_taker_id=before, until=at) if before else incident.former_owner,
        answered_at=incident.answered_at or at,
        unread=False,
    )


def _must_be_open(incident: Incident) -> None:
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
