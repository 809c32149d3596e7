"""The command centre's own things in DynamoDB: units, seats, the links texted to people."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
from pynamodb.exceptions import DoesNotExist, PutError
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.fault_codes import only_conditions
from chalicelib.adapters.tables import DeskItem
from chalicelib.adapters.transacting import refusals
from chalicelib.adapters.turns import readable
from chalicelib.domain.asked import Asked, new_id
from chalicelib.domain.desk import Department, Seat, SeatState, Unit
from chalicelib.domain.link import Link, OfficerLink, digest_of
from chalicelib.domain.refusals import (
    DepartmentNotFound,
    IncidentChanged,
    KeyReused,
    LinkNotFound,
    UnitNotFound,
)
from chalicelib.domain.staff import Staff

UNIT = "unit"
DEPARTMENT = "department"
SEAT = "seat"
ONLY = "-"
PAGE = 100

CLAIMED_FOR = timedelta(seconds=60)
ASKED_FOR = timedelta(days=7)

T = TypeVar("T")
L = TypeVar("L", bound=Link)


def units(after: str | None) -> tuple[list[Unit], str | None]:
    """One page of the units, and the id to go on from."""
    return _page(UNIT, Unit, after)


def unit(unit_id: str) -> Unit:
    """One unit; raises `UnitNotFound`."""
    try:
        return _read(DeskItem.get(UNIT, unit_id, consistent_read=True), Unit)
    except DoesNotExist as fault:
        raise UnitNotFound("no such unit") from fault


def put_unit(unit: Unit, *, asked: Asked | None, now: datetime) -> None:
    """Put a unit on the list; a request sent again changes nothing. Raises `KeyReused`."""
    add_once(_item(UNIT, unit.id, unit), asked=asked, now=now)


def delete_unit(unit_id: str) -> None:
    """Take a unit off the list; one that is not there is off it already."""
    DeskItem(UNIT, unit_id).delete()


def departments(after: str | None) -> tuple[list[Department], str | None]:
    """One page of the departments, and the id to go on from."""
    return _page(DEPARTMENT, Department, after)


def department(department_id: str) -> Department:
    """One department; raises `DepartmentNotFound`."""
    try:
        return _read(DeskItem.get(DEPARTMENT, department_id, consistent_read=True), Department)
    except DoesNotExist as fault:
        raise DepartmentNotFound("no such department") from fault


def put_department(department: Department, *, asked: Asked | None, now: datetime) -> None:
    """Put a department on the list; a request sent again changes nothing. Raises `KeyReused`."""
    add_once(_item(DEPARTMENT, department.id, department), asked=asked, now=now)


def delete_department(department_id: str) -> None:
    """Take a department off the list; one that is not there is off it already."""
    DeskItem(DEPARTMENT, department_id).delete()


def add_once(item: DeskItem, *, asked: Asked | None, now: datetime) -> None:
    """Store an item with the digest of the request that made it, both or neither.

    The same request again stores nothing, also when the item was taken off its list since. Raises
    `KeyReused` for another request with its key, or `IncidentChanged`.
    """
    if asked is None:
        item.save()
        return
    marker = DeskItem(kind=f"asked#{asked.marker}", id=ONLY, body=asked.digest)
    marker.expires_at = int((now + ASKED_FOR).timestamp())

    def write(transaction: TransactWrite) -> None:
        transaction.save(item)
        transaction.save(marker, condition=DeskItem.kind.does_not_exist())

    if refusals(write):
        _must_be_the_same(asked)


def _must_be_the_same(asked: Asked) -> None:
    marker = DeskItem.get(f"asked#{asked.marker}", ONLY, consistent_read=True)
    if marker.body != asked.digest:
        raise KeyReused("the key was used for another entry")


def seat(username: str) -> Seat | None:
    """The seat of a member of staff, or None before its console first spoke."""
    try:
        item = DeskItem.get(SEAT, username, consistent_read=True)
    except DoesNotExist:
        return None
    state = SeatState(item.body) if item.body else SeatState.READY
    seen_at = datetime.fromisoformat(item.seen_at) if item.seen_at else None
    return Seat(username=username, state=state, seen_at=seen_at, department_id=item.department_id)


def department_of(staff: Staff) -> str | None:
    """The department a specialist's seat names; None for who answers, whose department decides nothing."""
    own = None if staff.answers else seat(staff.username)
    return own.department_id if own else None


def set_seat(seat: Seat, *, now: datetime) -> None:
    """Store a seat's state; saying it is also a sign of life."""
    DeskItem(SEAT, seat.username).update(
        [
            DeskItem.body.set(seat.state.value),
            DeskItem.seen_at.set(now.isoformat()),
            DeskItem.department_id.set(seat.department_id)
            if seat.department_id
            else DeskItem.department_id.remove(),
        ]
    )


def see_seat(username: str, *, now: datetime) -> None:
    """Store a sign of life from a seat's console, whatever its state."""
    DeskItem(SEAT, username).update([DeskItem.seen_at.set(now.isoformat())])


def put_link(link: Link) -> None:
    """Store a new link; one that stands already is left as it is, with the device it is bound to."""
    item = _item(_link_kind(type(link), link.token_digest), ONLY, link)
    try:
        item.save(condition=DeskItem.kind.does_not_exist())
    except PutError as fault:
        only_conditions(fault)


def link(token: str, of: type[L]) -> L:
    """The link of a token, strongly consistent; raises `LinkNotFound`."""
    return _link(digest_of(token), of)


def change_link(before: L, **fields: Any) -> L:
    """Change a link if it still is as it was read; raises `IncidentChanged`.

    So of two devices one is bound, and each wrong try counts, however many come at once.
    """
    after = msgspec.structs.replace(before, **fields)
    item = _item(_link_kind(type(before), before.token_digest), ONLY, after)
    try:
        item.save(condition=DeskItem.body == _text(before))
    except PutError as fault:
        only_conditions(fault)
        raise IncidentChanged("somebody else opened the link at this moment; try again") from fault
    return after


def bind_link(link: Link, device_key: str) -> None:
    """Give a link to the device that opened it; raises `IncidentChanged` when another did at this moment.

    Where this very device has it by now, a write was made again whose first answer was lost.
    """
    device_digest = digest_of(device_key)
    try:
        change_link(link, device_digest=device_digest)
    except IncidentChanged:
        if _link(link.token_digest, type(link)).device_digest != device_digest:
            raise


def count_wrong_digits(link: Link) -> int:
    """Take a try from a link, with the last one the link; how many are left."""
    left = max(link.tries_left - 1, 0)
    change_link(link, tries_left=left, revoked=left == 0)
    return left


def claim(work: str, *, now: datetime) -> bool:
    """Take a piece of work that only one may do at a time; False while another has it.

    Who took it and did not finish within a minute is taken for lost. The claim bears a mark of its own, by
    which it is known when it was made twice because the first answer was lost.
    """
    mark = new_id()
    item = DeskItem(kind=f"claim#{work}", id=ONLY, seen_at=now.isoformat(), body=mark)
    item.expires_at = int((now + timedelta(days=1)).timestamp())
    free = DeskItem.kind.does_not_exist() | (DeskItem.seen_at < (now - CLAIMED_FOR).isoformat())
    try:
        item.save(condition=free)
    except PutError as fault:
        only_conditions(fault)
        return _has_claim(work, mark)
    return True


def _has_claim(work: str, mark: str) -> bool:
    try:
        return DeskItem.get(f"claim#{work}", ONLY, consistent_read=True).body == mark
    except DoesNotExist:
        return False


def drop_claim(work: str) -> None:
    """Let another take the work at once."""
    DeskItem(f"claim#{work}", ONLY).delete()


def _link(token_digest: str, of: type[L]) -> L:
    try:
        return _read(DeskItem.get(_link_kind(of, token_digest), ONLY, consistent_read=True), of)
    except DoesNotExist as fault:
        raise LinkNotFound("no such link") from fault


def _link_kind(of: type[Link], token_digest: str) -> str:
    return f"link#{token_digest}" if of is OfficerLink else f"alert-link#{token_digest}"


def _item(kind: str, key: str, body: Unit | Department | Link) -> DeskItem:
    return DeskItem(kind=kind, id=key, body=_text(body))


def _text(body: Unit | Department | Link) -> str:
    return msgspec.json.encode(body).decode()


def _read(item: Any, kind: type[T]) -> T:
    return msgspec.json.decode(item.body or "", type=kind)


def _page(kind: str, body: type[T], after: str | None) -> tuple[list[T], str | None]:
    beyond = DeskItem.id > after if after else None
    page = DeskItem.query(kind, beyond, limit=PAGE, page_size=PAGE)
    items = list(page)
    found = readable(items, lambda item: _read(item, body), kind=kind)
    return list(found), items[-1].id if page.last_evaluated_key else None
