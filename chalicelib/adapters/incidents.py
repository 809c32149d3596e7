"""Incidents with their timelines in DynamoDB: the one place that stores them, always both or neither."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.adapters import tracks
from chalicelib.adapters.fault_codes import lost_race
from chalicelib.adapters.tables import (
    HEAD,
    EntryItem,
    IncidentItem,
    MarkerItem,
    PartItem,
    entry_part,
    marker_part,
    transactions,
)
from chalicelib.adapters.transacting import refusals
from chalicelib.domain.asked import Asked
from chalicelib.domain.incident import Change, Incident
from chalicelib.domain.refusals import IncidentChanged, IncidentNotFound, KeyReused, Refusal
from chalicelib.domain.timeline import Actor, Entry, Personal, seal
from chalicelib.domain.upload import Media
from chalicelib.telemetry import log

TRIES = 12
MARKER_LIFE = timedelta(days=7)

ENTRIES_AT_ONCE = 5000
"""Of one look. An hour of recorded call is 1,800, and Lambda answers with six megabytes at most."""

LAST = 99_999_999
"""The highest number that an entry's key can hold."""

Step = Callable[[Incident], Change | None]


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """An incident after a change, and the number of the entry that tells of it."""

    incident: Incident
    seq: int


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with the personal values that stand apart from it."""

    entry: Entry
    personal: Personal


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """An incident with its media and the entries asked for, all of one moment or newer."""

    incident: Incident
    entries: list[Written]
    media: list[Media]

    def read_up_to(self, after: int) -> int:
        """The number up to which none of the entries above `after` is missing: the `after` of the next look.

        A query is no snapshot: the incident may be newer than the entries that were read with it.
        """
        for written in self.entries:
            if written.entry.seq != after + 1:
                break
            after += 1
        return after


class StoredEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A timeline entry as the table has it, readable or not."""

    part: str
    body: str | None
    personal: str | None


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """An incident with all its entries as the table has them, in the order of their keys."""

    incident: Incident
    entries: list[StoredEntry]


class Together(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored in one transaction with a change: actions on the incident's item, and other items."""

    actions: Sequence[Action] = ()
    write: Callable[[TransactWrite], None] | None = None


class _Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Who changes an incident, when, under which request's key, and what goes with it."""

    actor: Actor
    at: datetime
    asked: Asked | None
    together: Together | None


class _Conflict(Exception):
    """Another writer stored first, or the marker stands already."""


def file(incident: Incident, first: Change, *, actor: Actor) -> Incident:
    """Store a new incident with its first entry and the beginning of its track, in one request.

    Filing the same id again answers with the incident as it stands now; raises `KeyReused` when it was
    filed with another body. A put whose answer was lost and that the client repeated is the same case, and of
    two first tries of one key at the same moment the later one.
    """
    sealed, entry_item = _seal(incident, first, actor=actor, at=incident.created_at)

    def write(transaction: TransactWrite) -> None:
        transaction.save(_item(sealed), condition=IncidentItem.incident_id.does_not_exist())
        transaction.save(entry_item)
        transaction.save(tracks.beginning(sealed))

    return _filed_before(incident) if refusals(write) else sealed


def get(incident_id: str) -> Incident:
    """The incident as it stands now, strongly consistent; raises `IncidentNotFound`."""
    try:
        item = IncidentItem.get(incident_id, HEAD, consistent_read=True)
    except DoesNotExist as fault:
        raise IncidentNotFound("no such incident") from fault
    incident: Incident = item.body
    return incident


def get_many(incident_ids: Iterable[str]) -> list[Incident]:
    """Those of up to a hundred incidents that are there, in no order; one request at most."""
    keys = [(incident_id, HEAD) for incident_id in dict.fromkeys(incident_ids)]
    return [item.body for item in IncidentItem.batch_get(keys)] if keys else []


def change(
    incident_id: str,
    step: Step,
    *,
    actor: Actor,
    at: datetime,
    asked: Asked | None = None,
    together: Together | None = None,
) -> Changed:
    """Read, let `step` decide, and store the result with its entry; the loser of a race reads again.

    A request with a key that was done before answers with what it did then, whatever `step` would say
    now. Raises `IncidentNotFound`, `KeyReused`, what `step` raises, or `IncidentChanged` when others
    were first a dozen times.
    """
    for attempt in range(TRIES):
        before = get(incident_id)
        try:
            change = step(before)
        except Refusal:
            done = _done_before(before, asked)
            if done is None:
                raise
            return done
        if change is None:
            return Changed(incident=before, seq=before.version)
        try:
            return _store(before, change, _Asking(actor=actor, at=at, asked=asked, together=together))
        except _Conflict:
            done = _done_before(before, asked)
            if done is not None:
                return done
            time.sleep(random.uniform(0, 0.005 * 2 ** min(attempt, 5)))  # noqa: S311
    raise IncidentChanged("the incident is being changed by others; try again")


def read(incident_id: str, *, after: int = 0) -> Record:
    """The incident, its media, and its entries with a number above `after`; raises `IncidentNotFound`.

    Of so many entries that they are `ENTRIES_AT_ONCE` there are more: ask again after the last.
    """
    heads: list[Incident] = []
    entries: list[Written] = []
    media: list[Media] = []
    for item in _parts(incident_id, after=after):
        body = (item.body or "").encode()
        if item.part == HEAD:
            heads.append(msgspec.json.decode(body, type=Incident))
        elif item.part.startswith("entry#"):
            entries += _written(item)
        elif item.part.startswith("media#"):
            media.append(msgspec.json.decode(body, type=Media))
    if not heads:
        raise IncidentNotFound("no such incident")
    media.sort(key=lambda one: one.asked_at)
    return Record(incident=heads[0], entries=entries, media=media)


def as_stored(incident_id: str) -> Stored:
    """The incident and its entries byte for byte, of one moment.

    Raises `IncidentNotFound`, or `IncidentChanged` when others keep writing while it is read.
    """
    for _ in range(TRIES):
        before = get(incident_id)
        items = PartItem.query(incident_id, PartItem.part.startswith("entry#"), consistent_read=True)
        entries = [StoredEntry(part=item.part, body=item.body, personal=item.personal) for item in items]
        if get(incident_id).version == before.version:
            return Stored(incident=before, entries=entries)
    raise IncidentChanged("the incident is being changed by others; try again")


def filed_by(citizen_id: str, *, cursor: dict[str, Any] | None, limit: int) -> tuple[list[Incident], Any]:
    """One page of a citizen's own incidents, newest first, and the key to go on from."""
    page = IncidentItem.by_citizen.query(
        citizen_id, scan_index_forward=False, limit=limit, page_size=limit, last_evaluated_key=cursor
    )
    return [item.body for item in page], page.last_evaluated_key


def owned_by(staff_id: str) -> list[str]:
    """The ids of the open incidents this person holds (eventually consistent)."""
    return [item.incident_id for item in IncidentItem.by_owner.query(staff_id)]


def numbered(number: str) -> list[str]:
    """The ids of the incidents of that number: one or none, and two by a rare chance.

    Eventually consistent; erased ones are among them.
    """
    return [item.incident_id for item in IncidentItem.by_number.query(number)]


def _parts(incident_id: str, *, after: int) -> Iterator[PartItem]:
    """The entries with a number above `after`, as many as are read at once, and then all that is no entry."""
    entries = 0
    for item in PartItem.query(incident_id, PartItem.part > entry_part(max(after, 0)), consistent_read=True):
        entries += item.part.startswith("entry#")
        if entries > ENTRIES_AT_ONCE:
            yield from PartItem.query(incident_id, PartItem.part > entry_part(LAST), consistent_read=True)
            return
        yield item


def _written(item: PartItem) -> list[Written]:
    """The entry of an item. One that cannot be read hides no other: it is left out, and logged."""
    try:
        entry = msgspec.json.decode((item.body or "").encode(), type=Entry)
        apart = msgspec.json.decode((item.personal or "{}").encode(), type=Personal)
    except msgspec.DecodeError:
        log.error("timeline.unreadable", incident_id=item.incident_id, part=item.part)
        return []
    return [Written(entry=entry, personal=apart)]


def _filed_before(incident: Incident) -> Incident:
    before = get(incident.id)
    if before.request_digest != incident.request_digest:
        raise KeyReused("the key was used for another report")
    return before


def _done_before(incident: Incident, asked: Asked | None) -> Changed | None:
    if asked is None:
        return None
    try:
        marker = MarkerItem.get(incident.id, marker_part(asked.marker), consistent_read=True)
    except DoesNotExist:
        return None
    if marker.digest != asked.digest:
        raise KeyReused("the key was used for another request")
    return Changed(incident=get(incident.id), seq=int(marker.seq))


def _store(before: Incident, change: Change, asking: _Asking) -> Changed:
    after, entry_item = _seal(change.incident, change, actor=asking.actor, at=asking.at)
    key, together = IncidentItem(incident_id=after.id, part=HEAD), asking.together or Together()
    try:
        with TransactWrite(connection=transactions()) as transaction:
            actions = [*_actions(after), *together.actions]
            transaction.update(key, actions, condition=IncidentItem.version == before.version)
            transaction.save(entry_item, condition=EntryItem.incident_id.does_not_exist())
            if asking.asked is not None:
                marker = _marker(after, asking.asked, asking.at)
                transaction.save(marker, condition=MarkerItem.incident_id.does_not_exist())
            if together.write is not None:
                together.write(transaction)
    except TransactWriteError as fault:
        lost_race(fault)
        raise _Conflict from fault
    return Changed(incident=after, seq=after.version)


def _seal(incident: Incident, change: Change, *, actor: Actor, at: datetime) -> tuple[Incident, EntryItem]:
    entry, personal = seal(
        incident_id=incident.id,
        previous=(incident.version, incident.head) if incident.version else None,
        at=at,
        kind=change.kind,
        actor=actor,
        details=change.details,
        personal=change.personal,
    )
    item = EntryItem(
        incident_id=incident.id, part=entry_part(entry.seq), body=entry, personal=personal or None
    )
    return msgspec.structs.replace(change.incident, version=entry.seq, head=entry.hash), item


def _item(incident: Incident) -> IncidentItem:
    return IncidentItem(
        incident_id=incident.id,
        part=HEAD,
        citizen_id=incident.citizen_id,
        filed_at=_stamp(incident.created_at),
        incident_number=incident.number,
        version=incident.version,
        body=incident,
    )


def _actions(incident: Incident) -> list[Action]:
    owner = incident.call_taker_id if incident.is_open else None
    return [
        IncidentItem.body.set(incident),
        IncidentItem.version.set(incident.version),
        IncidentItem.owner_id.set(owner) if owner else IncidentItem.owner_id.remove(),
    ]


def _marker(incident: Incident, asked: Asked, at: datetime) -> MarkerItem:
    return MarkerItem(
        incident_id=incident.id,
        part=marker_part(asked.marker),
        digest=asked.digest,
        seq=incident.version,
        expires_at=int((at + MARKER_LIFE).timestamp()),
    )


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
