"""One incident of the copies: its chain, head, indexes, citizen, and the live one it is the past of."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from pynamodb.exceptions import DoesNotExist, QueryError

from chalicelib.adapters import citizens, incidents
from chalicelib.adapters.fault_codes import code_of
from chalicelib.adapters.tables import HEAD, ByCitizen, EntryItem, FeedItem, IncidentItem, entry_part
from chalicelib.domain.card import Card, card_of
from chalicelib.domain.digests import Head
from chalicelib.domain.incident import Incident
from chalicelib.domain.refusals import CitizenNotFound, IncidentNotFound
from chalicelib.domain.timeline import Entry, EntryUnreadable, read_entry
from chalicelib.workflows.check_timeline import check_timeline

SHOWN = ("number", "mode", "status", "priority", "created_at", "rings_at", "call_taker_id")
"""What of a card must be as the incident says; the rest may have been written by an older release."""


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as the copies have it, with what is wrong with it."""

    incident: Incident
    entries: tuple[Entry, ...]
    faults: tuple[str, ...]


def copied(incident_id: str) -> Copied:
    """Read an incident of the copies and check all that it says of itself. Raises `IncidentNotFound`."""
    stored = incidents.as_stored(incident_id)
    chain = [f"{one.kind} at entry {one.seq} {one.name}".rstrip() for one in check_timeline(incident_id)]
    return Copied(
        incident=stored.incident,
        entries=tuple(_readable(stored.entries)),
        faults=(*chain, *_of_item(stored.incident), *_of_citizen(stored.incident)),
    )


def last_change(incident_id: str) -> tuple[int, datetime] | None:
    """How many changes an incident has and when the last was, on the tables that are read, or None."""
    try:
        version = incidents.get(incident_id).version
        entry: Entry = EntryItem.get(incident_id, entry_part(version), consistent_read=True).body
    except (IncidentNotFound, DoesNotExist, EntryUnreadable, msgspec.DecodeError):
        return None
    return version, entry.at


def digest_faults(one: Copied, heads: tuple[Head, ...]) -> Iterator[str]:
    """Where a daily digest names another entry than the timeline has, or one that it has not."""
    hashes = {entry.seq: entry.hash for entry in one.entries}
    for head in heads:
        if head.incident_id == one.incident.id and hashes.get(head.count) != head.head:
            yield f"a daily digest names another entry {head.count}"


def live_faults(then: Incident) -> Iterator[str]:
    """Where an incident of the copies is not the past of that on the tables that are read, the live ones."""
    try:
        now = incidents.read(then.id, after=then.version - 1)
    except IncidentNotFound:
        yield "the live table has no such incident"
        return
    first = now.entries[0].entry if now.entries else None
    if first is None or (first.seq, first.hash) != (then.version, then.head):
        yield f"the live timeline does not go on from its entry {then.version}"
    yield from _of_card(then, is_open=now.incident.is_open)


def _readable(stored: list[incidents.StoredEntry]) -> Iterator[Entry]:
    """The entries that can be read; `check_timeline` names the others."""
    for one in stored:
        try:
            yield read_entry((one.body or "").encode())
        except EntryUnreadable:
            continue


def _of_item(incident: Incident) -> Iterator[str]:
    """What the item's own attributes and the indexes made of them do not agree with."""
    item: Any = IncidentItem.get(incident.id, HEAD, consistent_read=True)
    if (int(item.version), item.citizen_id) != (incident.version, incident.citizen_id):
        yield "its attributes are not its body's"
    at = ByCitizen.filed_at == item.filed_at
    if not _found(incident.id, IncidentItem.by_citizen.query(incident.citizen_id, at)):
        yield "the index by_citizen does not find it"
    owner = incident.call_taker_id if incident.is_open else None
    if owner and not _found(incident.id, IncidentItem.by_owner.query(owner)):
        yield "the index by_owner does not find it"
    number = item.incident_number  # None of what was filed before there was this index.
    if number and not _found(incident.id, IncidentItem.by_number.query(number)):
        yield "the index by_number does not find it"


def _found(incident_id: str, asked: Iterable[Any]) -> bool:
    """Whether an index finds an incident; one that is not there finds nothing."""
    try:
        return incident_id in [one.incident_id for one in asked]
    except QueryError as fault:
        if code_of(fault) not in ("ValidationException", "ResourceNotFoundException"):
            raise
        return False


def _of_citizen(incident: Incident) -> Iterator[str]:
    """Its citizen is on the copies too, unless she was erased."""
    if incident.erased_at is None:
        try:
            citizens.get(incident.citizen_id)
        except CitizenNotFound:
            yield "its citizen is missing"


def _of_card(incident: Incident, *, is_open: bool) -> Iterator[str]:
    """The feed's card is of this state or a later one. A closed incident's is forgotten after two days."""
    try:
        card = msgspec.json.decode(FeedItem.get(incident.id).body, type=Card)
    except DoesNotExist:
        if is_open:
            yield "the feed has no card of it, though it is open"
        return
    made = card_of(incident)
    if card.version < incident.version:
        yield f"the feed's card is of version {card.version}, before {incident.version}"
    elif card.version == incident.version:
        other = [name for name in SHOWN if getattr(card, name) != getattr(made, name)]
        if other:
            yield f"the feed's card says otherwise: {', '.join(other)}"
