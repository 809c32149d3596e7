"""The daily digest 日摘要: the heads of all timelines that changed on a day, chained to the digest before.

It stands in the locked bucket. A timeline whose tail was cut, or that was written anew, no longer has the
entry that a digest names. A day is one of Beijing's, by the moment the table's stream brought the change:
what comes late stands in the next digest, and is in none before.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec

from chalicelib.domain.asked import BEIJING
from chalicelib.domain.canonical import canonical
from chalicelib.domain.timeline import GENESIS

FORMAT = "instant110-digest-1"
SETTLED_AFTER = timedelta(minutes=10)
"""How long after midnight a day takes no more heads: clocks of functions differ by less."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """How long an incident's chain was, and the hash of its last entry then."""

    incident_id: str
    count: int
    head: str


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A digest that was written: the SHA-256 of its bytes, and the version of the object."""

    day: date
    sha256: str
    version: str


def day_of(at: datetime) -> date:
    """The day in Beijing."""
    return at.astimezone(BEIJING).date()


def days_due(last: date | None, *, now: datetime) -> list[date]:
    """The days whose digests are still to be written, oldest first; before the first one, yesterday alone."""
    yesterday = day_of(now - SETTLED_AFTER) - timedelta(days=1)
    first = last + timedelta(days=1) if last else yesterday
    return [first + timedelta(days=n) for n in range((yesterday - first).days + 1)]


def write_digest(day: date, heads: Iterable[Head], *, previous: Written | None) -> bytes:
    """The digest as it is stored: canonical JSON, the heads by their incident."""
    rows = sorted([one.incident_id, one.count, one.head] for one in heads)
    link = previous.sha256 if previous else GENESIS
    return canonical({"day": day.isoformat(), "format": FORMAT, "heads": rows, "previous": link})


def sha256_of(content: bytes) -> str:
    """The SHA-256 of a digest in hex, which the next one names."""
    return hashlib.sha256(content).hexdigest()
