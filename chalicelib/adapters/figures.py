"""The figures in DynamoDB: counters by day, and beside them what each incident has added so far.

A counter moves only in the transaction that also writes down for which state of the incident it did, so each
state counts once, however often and in whatever order it is told of (docs/decisions/0021).
"""

import random
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.fault_codes import Lost, lost_race
from chalicelib.adapters.tables import CitizenItem, Named, Patience, Table, transactions
from chalicelib.domain.counting import SLOT, Counts, changes, slot_of
from chalicelib.domain.refusals import IncidentChanged

DAY = "day"
SLOTS = "slot"
TOTAL = "total"
ONLY = "-"
DAY_SHARDS = 4
TOTAL_SHARDS = 16
"""Two transactions that meet on one item refuse one another; so one day's counters stand in several items."""

TRIES = 12
CITIZEN_TRIES = 4
SLOT_LIFE = timedelta(days=2)
REGISTERED = "registered"


class TallyItem(Table):
    """Counters of one day, five minutes or all time; every number beside the key and expiry is one."""

    class Meta(Patience):
        table_name = Named("figures_table")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    expires_at = NumberAttribute(null=True)
    counts: Mapping[str, int]

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> "TallyItem":
        """The item with its counters, whatever they are called."""
        item = super().from_raw_data(data)
        named = {name: value["N"] for name, value in data.items() if "N" in value and name != "expires_at"}
        item.counts = {name: int(count) for name, count in named.items()}
        return item


class CountedItem(Table):
    """What one incident has added so far, and for which version of it."""

    class Meta(Patience):
        table_name = Named("figures_table")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    version = NumberAttribute()
    body = UnicodeAttribute()


def count(incident_id: str, *, version: int, before: Counts, after: Counts) -> bool:
    """Have the counters hold what this version of an incident adds; False when a newer one was counted.

    `before` is what the version before it added: where that stands as counted, this is one request. Where it
    does not, because changes were missed or told of twice, what was counted is read and corrected.
    """
    old, known = _text(before), _same(before, version)
    for attempt in range(TRIES):
        if _added(incident_id, version, changes(_counts(old), after), after, known):
            return True
        counted = _counted(incident_id)
        if counted is not None and counted.version >= version:
            return False
        old, known = (counted.body, _untouched(counted)) if counted else (_text({}), _absent())
        time.sleep(random.uniform(0, 0.005 * 2 ** min(attempt, 5)))  # noqa: S311
    raise IncidentChanged("its figures are being counted by others; try again")


def count_citizen(citizen_id: str, *, since: datetime, day: str) -> bool:
    """Count a citizen on the day she registered, once; False when she was, or others were first."""
    shard = crc32(citizen_id.encode())
    on_day = _tally(f"{day}#{REGISTERED}-{shard % DAY_SHARDS}")
    in_all = TallyItem(TOTAL, f"{REGISTERED}#{shard % TOTAL_SHARDS:02d}")

    def write(transaction: TransactWrite) -> None:
        citizen = CitizenItem(citizen_id)
        mark: list[Action] = [CitizenItem.counted_at.set(since.isoformat())]
        transaction.update(citizen, mark, condition=CitizenItem.counted_at.does_not_exist())
        for item in (on_day, in_all):
            transaction.update(item, [_add(REGISTERED, 1)])

    for attempt in range(CITIZEN_TRIES):
        if (done := _stored(write)) is not None:
            return done
        time.sleep(random.uniform(0, 0.005 * 2**attempt))  # noqa: S311
    return False


def days(first: date, last: date) -> dict[date, dict[str, int]]:
    """What was counted on each day of a span, in one query; days without anything are missing."""
    beyond = f"{last.isoformat()}~"
    found: dict[date, dict[str, int]] = {}
    for item in TallyItem.query(DAY, TallyItem.id.between(first.isoformat(), beyond)):
        day = found.setdefault(date.fromisoformat(item.id.partition("#")[0]), {})
        _sum_into(day, item.counts)
    return found


def last_hour(now: datetime) -> dict[str, int]:
    """What was counted in the five minutes of `now` and the twelve before them; one query."""
    first, last = slot_of(now - 12 * SLOT), slot_of(now)
    beyond = TallyItem.id.between(first.partition("/")[2], f"{last.partition('/')[2]}~")
    found: dict[str, int] = {}
    for item in TallyItem.query(SLOTS, beyond):
        _sum_into(found, item.counts)
    return found


def registered_in_all() -> int:
    """How many citizens have ever registered and been counted; one query."""
    return sum(item.counts.get(REGISTERED, 0) for item in TallyItem.query(TOTAL))


def _added(incident_id: str, version: int, added: Counts, after: Counts, known: Condition) -> bool:
    def write(transaction: TransactWrite) -> None:
        counted = CountedItem(_kind(incident_id), ONLY, version=version, body=_text(after))
        transaction.save(counted, condition=known)
        for place, counts in added.items():
            transaction.update(_place(place, incident_id), _actions(place, counts))

    return bool(_stored(write))


def _stored(write: Callable[[TransactWrite], None]) -> bool | None:
    """True when it was stored, False when a condition did not hold, None when another was writing there."""
    try:
        with TransactWrite(connection=transactions()) as transaction:
            write(transaction)
    except TransactWriteError as fault:
        return False if lost_race(fault) is Lost.TO_WHAT_STANDS else None
    return True


def _counted(incident_id: str) -> CountedItem | None:
    try:
        return CountedItem.get(_kind(incident_id), ONLY, consistent_read=True)
    except DoesNotExist:
        return None


def _kind(incident_id: str) -> str:
    return f"incident#{incident_id}"


def _place(place: str, incident_id: str) -> TallyItem:
    kind, _, at = place.partition("/")
    return TallyItem(kind, f"{at}#{crc32(incident_id.encode()) % DAY_SHARDS}")


def _actions(place: str, counts: Mapping[str, int]) -> list[Action]:
    actions: list[Action] = [_add(name, count) for name, count in counts.items()]
    kind, _, at = place.partition("/")
    if kind == SLOTS:
        ends = datetime.strptime(at, "%Y-%m-%dT%H:%M%z") + SLOT_LIFE
        actions.append(TallyItem.expires_at.set(int(ends.timestamp())))
    return actions


def _tally(key: str) -> TallyItem:
    kind, _, at = key.partition("/")
    return TallyItem(kind, at)


def _add(name: str, count: int) -> Action:
    return Path(name).add(count)


def _same(before: Counts, version: int) -> Condition:
    """That what was counted last is what the version before this one added."""
    if not before:
        return _absent()
    same: Condition = CountedItem.body == _text(before)
    older: Condition = CountedItem.version < version
    both: Condition = same & older
    return both


def _absent() -> Condition:
    return CountedItem.kind.does_not_exist()


def _untouched(counted: CountedItem) -> Condition:
    untouched: Condition = CountedItem.version == counted.version
    return untouched


def _text(counts: Counts) -> str:
    return msgspec.json.encode(counts, order="sorted").decode()


def _counts(text: str) -> Counts:
    return msgspec.json.decode(text, type=dict[str, dict[str, int]])


def _sum_into(whole: dict[str, int], part: Mapping[str, int]) -> None:
    for name, number in part.items():
        whole[name] = whole.get(name, 0) + number
