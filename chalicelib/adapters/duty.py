"""The duty roster in DynamoDB: one item a shift, sorted by its beginning, so one query finds who is on."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from chalicelib.adapters import desk
from chalicelib.adapters.county import fallback
from chalicelib.adapters.tables import DeskItem
from chalicelib.adapters.turns import readable
from chalicelib.domain import duty
from chalicelib.domain.asked import Asked, new_id
from chalicelib.domain.duty import LONGEST, Recipient, Shift

KIND = "duty"
PAGE = 100
MOST = 1000
"""As many shifts as are looked through for gaps."""


def shift_id(starts_at: datetime, suffix: str | None = None) -> str:
    """The id of a shift, which is its key too: the moment it begins, and what tells it from others then."""
    return f"{_stamp(starts_at)}-{suffix or new_id()}"


def put(shift: Shift, *, asked: Asked | None, now: datetime) -> None:
    """Put a shift on the roster; a request sent again changes nothing. Raises `KeyReused`."""
    item = DeskItem(kind=KIND, id=shift.id, body=msgspec.json.encode(shift).decode())
    desk.add_once(item, asked=asked, now=now)


def delete(shift_id: str) -> None:
    """Take a shift off the roster; one that is not there is off it already."""
    DeskItem(KIND, shift_id).delete()


def shifts(after: str | None, *, now: datetime) -> tuple[list[Shift], str | None]:
    """One page of the shifts that have not ended, and the id to go on from."""
    beyond = DeskItem.id > (after or _stamp(now - LONGEST))
    page = DeskItem.query(KIND, beyond, limit=PAGE, page_size=PAGE)
    found = list(page)
    items = [shift for shift in _readable(found) if shift.ends_at > now]
    return items, found[-1].id if page.last_evaluated_key else None


def on_duty(at: datetime) -> list[Shift]:
    """Who is on duty: one query over the shifts that began within the longest a shift may be."""
    return duty.on_duty(_between(at - LONGEST, at), at)


def ladder(at: datetime) -> list[Recipient]:
    """Whom to text, one after another, the standing number last."""
    return duty.recipients(_between(at - LONGEST, at), at, fallback())


def gaps(now: datetime, days: int) -> list[duty.Gap]:
    """When nobody is on duty within the next days."""
    until = now + timedelta(days=days)
    return duty.gaps(_between(now - LONGEST, until), now, until)


def _between(start: datetime, end: datetime) -> list[Shift]:
    keys = DeskItem.id.between(_stamp(start), _stamp(end + timedelta(seconds=1)))
    return _readable(DeskItem.query(KIND, keys, limit=MOST, consistent_read=True))


def _readable(items: Iterable[DeskItem]) -> list[Shift]:
    """A shift that cannot be read must keep no commander from being texted."""
    return list(readable(items, lambda item: msgspec.json.decode(item.body or "", type=Shift), kind=KIND))


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
