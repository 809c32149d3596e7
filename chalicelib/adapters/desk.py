"""The command centre's own things in DynamoDB: units, seats, officers' links."""

from datetime import datetime
from typing import Any, TypeVar

import msgspec
from pynamodb.exceptions import DoesNotExist, PutError

from chalicelib.adapters.tables import DeskItem
from chalicelib.domain.desk import OfficerLink, Seat, SeatState, Unit
from chalicelib.domain.refusals import IncidentChanged, LinkNotFound, UnitNotFound

UNIT = "unit"
SEAT = "seat"
ONLY = "-"
PAGE = 100

T = TypeVar("T")


def units(after: str | None) -> tuple[list[Unit], str | None]:
    """One page of the units, and the id to go on from."""
    beyond = DeskItem.id > after if after else None
    page = DeskItem.query(UNIT, beyond, limit=PAGE, page_size=PAGE)
    found = [_read(item, Unit) for item in page]
    return found, found[-1].id if page.last_evaluated_key else None


def unit(unit_id: str) -> Unit:
    """One unit; raises `UnitNotFound`."""
    try:
        return _read(DeskItem.get(UNIT, unit_id, consistent_read=True), Unit)
    except DoesNotExist as fault:
        raise UnitNotFound("no such unit") from fault


def put_unit(unit: Unit) -> None:
    """Store a unit under its id; the same one again changes nothing."""
    _item(UNIT, unit.id, unit).save()


def delete_unit(unit_id: str) -> None:
    """Take a unit off the list; one that is not there is off it already."""
    DeskItem(UNIT, unit_id).delete()


def seat(username: str) -> Seat | None:
    """The seat of a member of staff, or None before its console first spoke."""
    try:
        item = DeskItem.get(SEAT, username, consistent_read=True)
    except DoesNotExist:
        return None
    state = SeatState(item.body) if item.body else SeatState.READY
    seen_at = datetime.fromisoformat(item.seen_at) if item.seen_at else None
    return Seat(username=username, state=state, seen_at=seen_at)


def set_seat(seat: Seat, *, now: datetime) -> None:
    """Store a seat's state; saying it is also a sign of life."""
    DeskItem(SEAT, seat.username).update(
        [DeskItem.body.set(seat.state.value), DeskItem.seen_at.set(now.isoformat())]
    )


def see_seat(username: str, *, now: datetime) -> None:
    """Store a sign of life from a seat's console, whatever its state."""
    DeskItem(SEAT, username).update([DeskItem.seen_at.set(now.isoformat())])


def put_link(link: OfficerLink) -> None:
    """Store a new link."""
    _item(_link_kind(link.token_digest), ONLY, link).save()


def link(token_digest: str) -> OfficerLink:
    """The link of a token's digest, strongly consistent; raises `LinkNotFound`."""
    try:
        return _read(DeskItem.get(_link_kind(token_digest), ONLY, consistent_read=True), OfficerLink)
    except DoesNotExist as fault:
        raise LinkNotFound("no such link") from fault


def change_link(before: OfficerLink, **fields: Any) -> OfficerLink:
    """Change a link if it still is as it was read; raises `IncidentChanged`.

    So of two devices one is bound, and each wrong try counts, however many come at once.
    """
    after = msgspec.structs.replace(before, **fields)
    item = _item(_link_kind(before.token_digest), ONLY, after)
    try:
        item.save(condition=DeskItem.body == _text(before))
    except PutError as fault:
        if fault.cause_response_code != "ConditionalCheckFailedException":
            raise
        raise IncidentChanged("somebody else opened the link at this moment; try again") from fault
    return after


def _link_kind(token_digest: str) -> str:
    return f"link#{token_digest}"


def _item(kind: str, key: str, body: Unit | OfficerLink) -> DeskItem:
    return DeskItem(kind=kind, id=key, body=_text(body))


def _text(body: Unit | OfficerLink) -> str:
    return msgspec.json.encode(body).decode()


def _read(item: Any, kind: type[T]) -> T:
    return msgspec.json.decode(item.body, type=kind)
