"""Lines in DynamoDB: which there are, which incident holds each, and which one a citizen has.

Of all her reports one holds a line at a time, the newest that asks (decision 35).
"""

import random
import time
from datetime import datetime, timedelta
from typing import Any

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.fault_codes import code_of
from chalicelib.adapters.tables import Named, Patience, Table
from chalicelib.adapters.transacting import FAILED, refusals
from chalicelib.domain.incident import Incident
from chalicelib.domain.lines import STALE_AFTER, URL_LIFE, Lease, Line
from chalicelib.domain.refusals import IncidentChanged
from chalicelib.settings import settings

KIND = "line"
TRIES = 3
KNOWN_FOR = timedelta(minutes=5)
CONFLICTS = 8
ONLY = "-"
OWN_LIFE = timedelta(days=7)


class LineItem(Table):
    """A line and who holds it, in the desk's table."""

    class Meta(Patience):
        table_name = Named("desk_table")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()
    leased_to = UnicodeAttribute(null=True)
    citizen_id = UnicodeAttribute(null=True)
    renewed_at = UnicodeAttribute(null=True)
    rests_until = UnicodeAttribute(null=True)


class OwnLineItem(Table):
    """Which line a citizen has and for which of her incidents; once it was released, until when it rests.

    It leads to the line and decides nothing alone: who holds a line stands on the line.
    """

    class Meta(Patience):
        table_name = Named("desk_table")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    line_id = UnicodeAttribute()
    incident_id = UnicodeAttribute()
    filed_at = UnicodeAttribute()
    rests_until = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()


class NoLineFree(LookupError):
    """Every line tried is taken or rests, or a newer report of the same citizen has hers."""


class _HasOne(Exception):
    """This citizen has a line already, or had one a moment ago."""


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    lines: list[Line]
    until: datetime


_known: dict[str, _Known] = {}
_taken_until: dict[str, datetime] = {}
"""What this process learnt from refused leases: only an order in which to try, never an answer."""


def provide(line: Line) -> None:
    """Write a provisioned line down, leaving whoever holds it."""
    LineItem(KIND, line.id).update([LineItem.body.set(msgspec.json.encode(line).decode())])


def known(*, now: datetime) -> list[Line]:
    """The lines there are, read again every five minutes."""
    table = settings().desk_table
    if table not in _known or _known[table].until <= now:
        lines = [_line(item) for item in LineItem.query(KIND)]
        _known[table] = _Known(lines=lines, until=now + KNOWN_FOR)
    return _known[table].lines


def lease(incident: Incident, *, now: datetime) -> Line:
    """Take a line for an incident, in one request when the first guess is free and its citizen has none.

    The line she has goes over to her newest report. Raises `NoLineFree` after three tries, or when it is a
    newer report that has it.
    """
    lines = sorted(known(now=now), key=lambda line: (_taken_until.get(line.id, now), random.random()))  # noqa: S311
    has_none = OwnLineItem.kind.does_not_exist() | (OwnLineItem.rests_until <= _stamp(now))
    try:
        return _first_free(lines[:TRIES], incident, has_none, now)
    except _HasOne:
        return _own(incident, lines[:TRIES], now)


def lease_sparing(incident: Incident, spared: int, *, now: datetime) -> Line:
    """Take a line only while more than `spared` are free; raises `NoLineFree`.

    Looked at before and again after, so of two at once both may give back, and the spared are never taken.
    """
    if _free(now) <= spared:
        raise NoLineFree
    line = lease(incident, now=now)
    if _free(now) < spared:
        _let_go(line.id, incident.id, [LineItem.leased_to.remove()], rests_until=now)
        raise NoLineFree
    return line


def leases() -> list[Lease]:
    """Who holds what, strongly consistent; one request for all lines."""
    return [_lease(item) for item in LineItem.query(KIND, consistent_read=True)]


def held_by(incident_id: str, *, now: datetime) -> Line | None:
    """The line an incident holds, or None."""
    for item in LineItem.query(KIND, consistent_read=True):
        if item.leased_to == incident_id and not _lease(item).is_free(now):
            return _line(item)
    return None


def renew(line_id: str, incident_id: str, *, now: datetime) -> bool:
    """Say that the incident's call goes on; False when the line is another's by now."""
    held = LineItem.leased_to == incident_id
    return _update(line_id, [LineItem.renewed_at.set(_stamp(now))], held)


def release(line_id: str, incident_id: str, *, now: datetime) -> bool:
    """Give the line back; it rests until no address signed for it can be alive."""
    rests_until = now + URL_LIFE
    actions = [
        LineItem.leased_to.remove(),
        LineItem.renewed_at.remove(),
        LineItem.rests_until.set(_stamp(rests_until)),
    ]
    return _let_go(line_id, incident_id, actions, rests_until=rests_until)


def _first_free(lines: list[Line], incident: Incident, hers: Any, now: datetime) -> Line:
    """The first of these lines that is free, taken; `hers` is what must hold of the line she has."""
    rested = LineItem.rests_until.does_not_exist() | (LineItem.rests_until <= _stamp(now))
    stale = LineItem.renewed_at <= _stamp(now - STALE_AFTER)
    for line in lines:
        if _take(line.id, incident, (LineItem.leased_to.does_not_exist() & rested) | stale, hers, now):
            _taken_until.pop(line.id, None)
            return line
        _taken_until[line.id] = now + URL_LIFE
    raise NoLineFree


def _own(incident: Incident, others: list[Line], now: datetime) -> Line:
    """The line its citizen has, taken over for this incident; one of the others when hers went to somebody.

    A line that rests from her own call goes back to her at once: what was signed for it was for her.
    """
    has, item = _what_she_has(incident.citizen_id)
    as_read = (OwnLineItem.line_id == has.line_id) & (OwnLineItem.incident_id == has.incident_id)
    try:
        if item is None or item.citizen_id != incident.citizen_id:
            return _first_free(others, incident, as_read, now)
        if item.leased_to is not None and not _lease(item).is_free(now):
            if has.incident_id == incident.id and renew(item.id, incident.id, now=now):
                return _line(item)
            if _stamp(incident.created_at) <= has.filed_at:
                raise NoLineFree
        still_hers = LineItem.citizen_id == incident.citizen_id
        if _take(item.id, incident, still_hers, as_read, now):
            return _line(item)
    except _HasOne as fault:
        raise NoLineFree from fault
    raise NoLineFree


def _what_she_has(citizen_id: str) -> tuple[OwnLineItem, LineItem | None]:
    """What leads to a citizen's line, and the line itself as it stands; raises `NoLineFree`."""
    try:
        has = OwnLineItem.get(_kind_of(citizen_id), ONLY, consistent_read=True)
    except DoesNotExist as fault:
        raise NoLineFree from fault
    try:
        return has, LineItem.get(KIND, has.line_id, consistent_read=True)
    except DoesNotExist:
        return has, None


def _take(line_id: str, incident: Incident, unheld: Any, hers: Any, now: datetime) -> bool:
    """Write down that an incident has a line and its citizen no other, both or neither.

    False when the line is another's; raises `_HasOne` when `hers` does not hold.
    """

    def write(transaction: TransactWrite) -> None:
        own = OwnLineItem(kind=_kind_of(incident.citizen_id), id=ONLY)
        transaction.update(own, _hers(line_id, incident, now), condition=hers)
        actions: list[Action] = [
            LineItem.leased_to.set(incident.id),
            LineItem.citizen_id.set(incident.citizen_id),
            LineItem.renewed_at.set(_stamp(now)),
        ]
        condition = LineItem.body.exists() & unheld
        transaction.update(LineItem(KIND, line_id), actions, condition=condition)

    try:
        failed = refusals(write)
    except IncidentChanged as fault:
        raise NoLineFree from fault
    if failed[:1] == [FAILED]:
        raise _HasOne
    return not failed


def _let_go(line_id: str, incident_id: str, actions: list[Any], *, rests_until: datetime) -> bool:
    """Take a line from the incident that holds it, then say until when it stands to its citizen.

    Dies it in between, her next report finds the line free and takes it all the same.
    """
    item = LineItem(KIND, line_id)
    if not _changed(item, actions, LineItem.leased_to == incident_id):
        return False
    if item.citizen_id is not None:
        own = OwnLineItem(kind=_kind_of(item.citizen_id), id=ONLY)
        actions = [OwnLineItem.rests_until.set(_stamp(rests_until))]
        _changed(own, actions, OwnLineItem.incident_id == incident_id)
    return True


def _update(line_id: str, actions: list[Any], condition: Any) -> bool:
    return _changed(LineItem(KIND, line_id), actions, LineItem.body.exists() & condition)


def _changed(item: LineItem | OwnLineItem, actions: list[Any], condition: Any) -> bool:
    """Whether the condition held; a write that met a transaction is tried again."""
    for attempt in range(CONFLICTS):
        try:
            item.update(actions, condition=condition)
        except UpdateError as fault:
            code = code_of(fault)
            if code == "ConditionalCheckFailedException":
                return False
            if code != "TransactionConflictException" or attempt == CONFLICTS - 1:
                raise
            time.sleep(random.uniform(0, 0.005 * 2**attempt))  # noqa: S311
            continue
        return True
    return False


def _hers(line_id: str, incident: Incident, now: datetime) -> list[Action]:
    """What is written down of the line she has from now on."""
    return [
        OwnLineItem.line_id.set(line_id),
        OwnLineItem.incident_id.set(incident.id),
        OwnLineItem.filed_at.set(_stamp(incident.created_at)),
        OwnLineItem.expires_at.set(int((now + OWN_LIFE).timestamp())),
        OwnLineItem.rests_until.remove(),
    ]


def _kind_of(citizen_id: str) -> str:
    return f"line-of#{citizen_id}"


def _free(now: datetime) -> int:
    return sum(lease.is_free(now) for lease in leases())


def _line(item: LineItem) -> Line:
    return msgspec.json.decode(item.body, type=Line)


def _lease(item: LineItem) -> Lease:
    return Lease(
        line_id=item.id,
        incident_id=item.leased_to,
        renewed_at=_moment(item.renewed_at),
        rests_until=_moment(item.rests_until),
    )


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
