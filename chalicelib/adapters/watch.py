"""What the staff watches, in DynamoDB: each entry in its list, and again under what it is looked up by.

A look-up asks for one number, one WeChat id, or one stretch of cells: its cost does not grow with the lists.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.tables import Named, Patience, StructAttribute, Table, transactions
from chalicelib.domain.cells import Stretch, cells_of, stretches_of
from chalicelib.domain.refusals import KeyReused
from chalicelib.domain.sensitivity import Numbers, Where
from chalicelib.domain.watching import KeyPerson, KeyPlace, Placed, PublishedEvent

PAGE = 100
PERSONS = "persons"
PLACES = "places"
EVENTS = "events"

Entry = KeyPerson | KeyPlace | PublishedEvent
E = TypeVar("E", KeyPerson, KeyPlace, PublishedEvent)

_LIST: dict[type[Entry], str] = {KeyPerson: PERSONS, KeyPlace: PLACES, PublishedEvent: EVENTS}


class WatchItem(Table):
    """One entry, in its list or under a key it is found by; `digest` is of the request that made it."""

    class Meta(Patience):
        table_name = Named("watch_table")

    key = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    body = StructAttribute(Entry)
    digest = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)


def add(entry: E, *, digest: str) -> E:
    """Put an entry on its list and under its keys, all or nothing, in one request.

    The same id asked for again with the same digest answers with the entry that stands; raises `KeyReused`
    when it was asked for with another.
    """
    main, *keys = _items(entry, digest)
    try:
        with TransactWrite(connection=transactions()) as transaction:
            transaction.save(main, condition=WatchItem.id.does_not_exist())
            for item in keys:
                transaction.save(item)
    except TransactWriteError as fault:
        return _added_before(entry, digest, fault)
    return entry


def remove(kind: type[Entry], entry_id: str) -> None:
    """Take an entry off its list and from under its keys; one that is not there is off already."""
    try:
        entry = WatchItem.get(_LIST[kind], entry_id, consistent_read=True).body
    except DoesNotExist:
        return
    with TransactWrite(connection=transactions()) as transaction:
        for item in _items(entry, None):
            transaction.delete(item)


def listed(kind: type[E], *, after: str | None, now: datetime) -> tuple[list[E], str | None]:
    """One page of a list without what has expired, and the id to go on from."""
    beyond = WatchItem.id > after if after else None
    page = WatchItem.query(_LIST[kind], beyond, limit=PAGE, page_size=PAGE)
    items = list(page)
    entries = [item.body for item in items if item.body.counts(now)]
    return entries, items[-1].id if page.last_evaluated_key else None


def persons(who: Numbers) -> list[KeyPerson]:
    """Every entry under one of these numbers or this WeChat id, expired ones too; a request for each."""
    keys = [_phone_key(phone) for phone in who.phones]
    if who.openid is not None:
        keys.append(_openid_key(who.openid))
    return [item.body for key in keys for item in WatchItem.query(key, consistent_read=True)]


def placed_near(places: Iterable[Where]) -> list[Placed]:
    """Every place and event that may be near these points, expired ones too.

    What is asked for depends on the points and their accuracy alone: three to ten stretches a point.
    """
    asked = sorted({stretch for place in places for stretch in stretches_of(place.bounds)})
    found = {item.body.id: item.body for stretch in asked for item in _in_stretch(stretch)}
    return [found[key] for key in sorted(found)]


def _in_stretch(stretch: Stretch) -> Iterable[WatchItem]:
    first, last = _column(stretch.first), _column(stretch.last)
    within = WatchItem.id.between(f"{first}#", f"{last}#~")
    return WatchItem.query(_row_key(stretch.level, stretch.row), within, consistent_read=True)


def _items(entry: Entry, digest: str | None) -> list[WatchItem]:
    expires_at = int(entry.expires_at.timestamp()) if entry.expires_at else None
    return [
        WatchItem(key=key, id=sort, body=entry, digest=digest, expires_at=expires_at)
        for key, sort in [(_LIST[type(entry)], entry.id), *_keys(entry)]
    ]


def _keys(entry: Entry) -> list[tuple[str, str]]:
    """Under what an entry is looked up: hash and sort key of each item."""
    if isinstance(entry, KeyPerson):
        keys = [_phone_key(entry.phone)] if entry.phone else []
        return [(key, entry.id) for key in (*keys, *([_openid_key(entry.openid)] if entry.openid else []))]
    return [
        (_row_key(cell.level, cell.row), f"{_column(cell.column)}#{entry.id}")
        for cell in cells_of(entry.area.bounds)
    ]


def _phone_key(phone: str) -> str:
    return f"phone#{phone}"


def _openid_key(openid: str) -> str:
    return f"openid#{openid}"


def _row_key(level: int, row: int) -> str:
    return f"row#{level}#{row:05d}"


def _column(column: int) -> str:
    """Five digits keep the order of columns as text: the finest grid has 18,000."""
    return f"{column:05d}"


def _added_before(entry: E, digest: str, fault: TransactWriteError) -> E:
    try:
        item = WatchItem.get(_LIST[type(entry)], entry.id, consistent_read=True)
    except DoesNotExist:
        raise fault from None
    if item.digest != digest:
        raise KeyReused("the key was used for another entry") from fault
    before: E = item.body
    return before
