"""What was reported lately, by citizen, by number and by spot, in the table of what is watched; it expires.

A request looks at `SEEN` reports of one citizen, number or cell at most: the oldest of the time asked for.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.tables import Named, Patience, StructAttribute, Table
from chalicelib.domain.cells import square_of, squares_around
from chalicelib.domain.repeats import Reported

KEPT = timedelta(hours=3)
SEEN = 100


class ReportedItem(Table):
    """One report under one key, sorted by its time."""

    class Meta(Patience):
        table_name = Named("watch_table")

    key = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    body = StructAttribute(Reported)
    expires_at = NumberAttribute()


def keep(one: Reported) -> None:
    """Put a report under all its keys, in one request; again it is the same items."""
    expires_at = int((one.at + KEPT).timestamp())
    with ReportedItem.batch_write() as batch:
        for key in _keys(one):
            sort = _sort(one.at, one.incident_id)
            batch.save(ReportedItem(key=key, id=sort, body=one, expires_at=expires_at))


def forget(one: Reported) -> None:
    """Take a report from under every key it was kept under, or may have been. Safe to repeat."""
    sort = _sort(one.at, one.incident_id)
    with ReportedItem.batch_write() as batch:
        for key in _keys(one):
            batch.delete(ReportedItem(key, sort))


def kept(citizen_id: str, incident_id: str, at: datetime) -> Reported | None:
    """A report as it was last kept, or None once it expired."""
    try:
        found: Reported = ReportedItem.get(_citizen_key(citizen_id), _sort(at, incident_id)).body
    except DoesNotExist:
        return None
    return found


def of_same(one: Reported, *, window: timedelta) -> list[Reported]:
    """Reports of the same citizen or number within the time before and after this one; a request for each."""
    keys = [_citizen_key(one.citizen_id), *(_phone_key(phone) for phone in one.phones)]
    return _within(keys, one, window)


def near(one: Reported, *, radius_m: float, window: timedelta) -> list[Reported]:
    """Reports of cells within a radius, in the time before and after.

    Some six requests a point in Shandong for 500 m, and sixteen at most anywhere: none for one near a pole.
    """
    keys = {_cell_key(square) for point in one.points for square in squares_around(point, radius_m)}
    return _within(sorted(keys), one, window)


def _within(keys: Iterable[str], one: Reported, window: timedelta) -> list[Reported]:
    span = ReportedItem.id.between(_sort(one.at - window, ""), _sort(one.at + window, "~"))
    found = {
        item.body.incident_id: item.body
        for key in keys
        for item in ReportedItem.query(key, span, limit=SEEN, page_size=SEEN, consistent_read=True)
    }
    found.pop(one.incident_id, None)
    return sorted(found.values(), key=lambda other: other.order)


def _keys(one: Reported) -> list[str]:
    cells = {_cell_key(square_of(point)) for point in one.points}
    return [_citizen_key(one.citizen_id), *map(_phone_key, dict.fromkeys(one.phones)), *sorted(cells)]


def _citizen_key(citizen_id: str) -> str:
    return f"by-citizen#{citizen_id}"


def _phone_key(phone: str) -> str:
    return f"by-phone#{phone}"


def _cell_key(square: tuple[int, int]) -> str:
    return f"by-cell#{square[0]:05d}#{square[1]:05d}"


def _sort(at: datetime, last: str) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}#{last}"
