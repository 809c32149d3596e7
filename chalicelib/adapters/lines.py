"""Lines in DynamoDB: which there are, and which incident holds each."""

import random
from datetime import datetime, timedelta
from typing import Any

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import UpdateError

from chalicelib.adapters.fault_codes import code_of
from chalicelib.adapters.tables import Named, Patience, Table
from chalicelib.domain.lines import STALE_AFTER, URL_LIFE, Lease, Line
from chalicelib.settings import settings

KIND = "line"
TRIES = 3
KNOWN_FOR = timedelta(minutes=5)


class LineItem(Table):
    """A line and who holds it, in the desk's table."""

    class Meta(Patience):
        table_name = Named("desk_table")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()
    leased_to = UnicodeAttribute(null=True)
    renewed_at = UnicodeAttribute(null=True)
    rests_until = UnicodeAttribute(null=True)


class NoLineFree(LookupError):
    """Every line tried is taken or rests."""


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


def lease(incident_id: str, *, now: datetime) -> Line:
    """Take a free line for an incident with one conditional write; raises `NoLineFree` after three tries."""
    lines = sorted(known(now=now), key=lambda line: (_taken_until.get(line.id, now), random.random()))  # noqa: S311
    for line in lines[:TRIES]:
        if _take(line, incident_id, now):
            _taken_until.pop(line.id, None)
            return line
        _taken_until[line.id] = now + URL_LIFE
    raise NoLineFree


def lease_sparing(incident_id: str, spared: int, *, now: datetime) -> Line:
    """Take a line only while more than `spared` are free; raises `NoLineFree`.

    Looked at before and again after, so of two at once both may give back, and the spared are never taken.
    """
    if _free(now) <= spared:
        raise NoLineFree
    line = lease(incident_id, now=now)
    if _free(now) < spared:
        _update(line.id, [LineItem.leased_to.remove()], LineItem.leased_to == incident_id)
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
    actions = [
        LineItem.leased_to.remove(),
        LineItem.renewed_at.remove(),
        LineItem.rests_until.set(_stamp(now + URL_LIFE)),
    ]
    return _update(line_id, actions, LineItem.leased_to == incident_id)


def _take(line: Line, incident_id: str, now: datetime) -> bool:
    rested = LineItem.rests_until.does_not_exist() | (LineItem.rests_until <= _stamp(now))
    stale = LineItem.renewed_at <= _stamp(now - STALE_AFTER)
    actions = [LineItem.leased_to.set(incident_id), LineItem.renewed_at.set(_stamp(now))]
    return _update(line.id, actions, (LineItem.leased_to.does_not_exist() & rested) | stale)


def _update(line_id: str, actions: list[Any], condition: Any) -> bool:
    try:
        LineItem(KIND, line_id).update(actions, condition=LineItem.body.exists() & condition)
    except UpdateError as fault:
        if code_of(fault) != "ConditionalCheckFailedException":
            raise
        return False
    return True


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
