"""The timeline of an incident: who did what and when, each entry holding the hash of the one before.

What is personal stands apart; the entry keeps a salted digest, so that erasing leaves the chain verifiable.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

import msgspec

from chalicelib.domain.canonical import canonical, plain

GENESIS = "0" * 64
_SALT = re.compile(r"[0-9a-f]{32}")  # 128 bits


class Role(StrEnum):
    """Who can act on an incident."""

    CITIZEN = "citizen"
    CALL_TAKER = "call_taker"
    COMMANDER = "commander"
    SPECIALIST = "specialist"
    OFFICER = "officer"
    ADMIN = "admin"
    SYSTEM = "system"


class Actor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who did it: the role, and an id that says nothing personal by itself."""

    role: Role
    id: str


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that happened to an incident.

    `seq` counts from 1. `kind` reads like `report.filed`. `details` is plain JSON and never personal.
    `digests` has the salted digest of each personal value by name; `previous` and `hash` are SHA-256 in hex.
    """

    incident_id: str
    seq: int
    at: datetime
    kind: str
    actor: Actor
    details: dict[str, Any]
    digests: dict[str, str]
    previous: str
    hash: str


class PersonalValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A personal value, apart from its entry: plain JSON, and a salt of 128 random bits in hex."""

    value: Any
    salt: str


Personal = dict[str, PersonalValue]


class FaultKind(StrEnum):
    """What can be wrong with a chain."""

    CHANGED = "changed"  # the entry is not the one its hash was made of
    UNLINKED = "unlinked"  # the entry does not continue the one before it
    MISSING = "missing"  # entries from `seq` on are not there, later ones are
    OUT_OF_ORDER = "out_of_order"  # the entry stands behind one that came after it, or twice
    CUT_TAIL = "cut_tail"  # the entries from `seq` on, up to the last, are not there
    SURPLUS = "surplus"  # there are entries behind the last one that the incident knows
    HEAD_DIFFERS = "head_differs"  # the last entry is not the one that the incident names
    WRONG_INCIDENT = "wrong_incident"
    UNREADABLE = "unreadable"  # what stands under this number is no entry
    MISPLACED = "misplaced"  # the entry stands under another number than its own
    PERSONAL_CHANGED = "personal_changed"
    PERSONAL_UNKNOWN = "personal_unknown"  # a value stands by the entry that the entry knows nothing of


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with a chain: the number of the entry and, for a personal value, its name."""

    kind: FaultKind
    seq: int
    name: str = ""


class EntryUnreadable(ValueError):
    """Stored bytes that `write_entry` did not write."""


def seal(
    *,
    incident_id: str,
    previous: Entry | tuple[int, str] | None,
    at: datetime,
    kind: str,
    actor: Actor,
    details: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    salt_source: Callable[[], str] = lambda: secrets.token_hex(16),
) -> tuple[Entry, Personal]:
    """Make the next entry of a chain, and the personal values that are stored apart from it.

    `previous` is the last entry, or the incident's count and head, or None for the first. `details` and
    `personal` may hold structs, enums and datetimes; they come back as the plain JSON that was hashed.
    Raises ValueError when `at` has no zone, when a number is not finite or `previous` is of another incident.
    """
    if at.tzinfo is None:
        raise ValueError("an entry's time needs a zone")
    count, head = _end_of_chain(previous, incident_id)
    apart = {
        name: PersonalValue(value=plain(value), salt=salt_source())
        for name, value in (personal or {}).items()
    }
    entry = Entry(
        incident_id=incident_id,
        seq=count + 1,
        at=at.astimezone(UTC),
        kind=plain(kind),
        actor=actor,
        details=plain(dict(details or {})),
        digests={name: digest_of(value) for name, value in apart.items()},
        previous=head,
        hash="",
    )
    return msgspec.structs.replace(entry, hash=hash_of(entry)), apart


def hash_of(entry: Entry) -> str:
    """The SHA-256, in hex, of the entry's canonical JSON without its own `hash`."""
    fields = msgspec.structs.asdict(entry)
    del fields["hash"]
    return hashlib.sha256(canonical(fields)).hexdigest()


def digest_of(personal: PersonalValue) -> str:
    """The HMAC-SHA-256, in hex, of the value's canonical JSON under its salt.

    Raises ValueError when the salt is not 32 hex digits.
    """
    if not _SALT.fullmatch(personal.salt):
        raise ValueError("a salt is 32 hex digits")
    return hmac.new(bytes.fromhex(personal.salt), canonical(personal.value), hashlib.sha256).hexdigest()


def write_entry(entry: Entry) -> bytes:
    """The entry as it is stored: its canonical JSON."""
    return canonical(entry)


def read_entry(content: bytes) -> Entry:
    """The entry that `write_entry` wrote.

    Raises `EntryUnreadable` for anything else, even another spelling of the same entry: with it, no byte of
    a stored entry can be changed unseen.
    """
    try:
        entry = msgspec.json.decode(content, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise EntryUnreadable(str(fault)) from fault
    if write_entry(entry) != content:
        raise EntryUnreadable("not the canonical spelling of an entry")
    return entry


def check_chain(
    entries: Sequence[Entry], *, count: int, head: str, incident_id: str | None = None
) -> list[Fault]:
    """Name everything wrong with a chain, in the order it was read; an empty list is a whole chain.

    `count` and `head` are what the incident holds: how many entries there are and the hash of the last.
    Without `incident_id` the first entry tells whose chain it is.
    """
    whose = incident_id or next((entry.incident_id for entry in entries), None)
    faults = [fault for entry in entries for fault in _faults_of_one(entry, whose)]
    faults += [
        Fault(kind=FaultKind.OUT_OF_ORDER, seq=after.seq)
        for before, after in pairwise(entries)
        if after.seq <= before.seq
    ]
    by_seq = {entry.seq: entry for entry in entries}
    faults += _gaps([by_seq[seq] for seq in sorted(by_seq)])
    return faults + _end(max(by_seq, default=0), count) + _head(by_seq.get(count), count, head)


def check_personal(entry: Entry, personal: Personal) -> list[Fault]:
    """Name the personal values that are not those the entry was made with; erased (absent) ones are fine."""
    return [
        Fault(kind=kind, seq=entry.seq, name=name)
        for name, value in sorted(personal.items())
        if (kind := _fault_of_value(entry.digests.get(name), value))
    ]


def _end_of_chain(previous: Entry | tuple[int, str] | None, incident_id: str) -> tuple[int, str]:
    if not isinstance(previous, Entry):
        return previous or (0, GENESIS)
    if previous.incident_id != incident_id:
        raise ValueError("a chain belongs to one incident")
    return previous.seq, previous.hash


def _faults_of_one(entry: Entry, incident_id: str | None) -> Iterator[Fault]:
    if entry.incident_id != incident_id:
        yield Fault(kind=FaultKind.WRONG_INCIDENT, seq=entry.seq)
    if hash_of(entry) != entry.hash:
        yield Fault(kind=FaultKind.CHANGED, seq=entry.seq)


def _gaps(ordered: list[Entry]) -> Iterator[Fault]:
    """What is wrong between neighbours, from the start of the chain on."""
    seq, link = 0, GENESIS
    for entry in ordered:
        if entry.seq != seq + 1:
            yield Fault(kind=FaultKind.MISSING, seq=seq + 1)
        elif entry.previous != link:
            yield Fault(kind=FaultKind.UNLINKED, seq=entry.seq)
        seq, link = entry.seq, entry.hash


def _end(last_seq: int, count: int) -> list[Fault]:
    if last_seq < count:
        return [Fault(kind=FaultKind.CUT_TAIL, seq=last_seq + 1)]
    return [Fault(kind=FaultKind.SURPLUS, seq=count + 1)] if last_seq > count else []


def _head(last: Entry | None, count: int, head: str) -> list[Fault]:
    """A missing last entry is named by `_end` already; without any, the head is the genesis."""
    named = last.hash if last else (GENESIS if count == 0 else head)
    return [] if named == head else [Fault(kind=FaultKind.HEAD_DIFFERS, seq=count)]


def _fault_of_value(digest: str | None, personal: PersonalValue) -> FaultKind | None:
    if digest is None:
        return FaultKind.PERSONAL_UNKNOWN
    try:
        return None if digest_of(personal) == digest else FaultKind.PERSONAL_CHANGED
    except ValueError:
        return FaultKind.PERSONAL_CHANGED
