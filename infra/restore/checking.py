"""Everything a drill looks at once the copies are there. It only reads, and by indexes and keys alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

import msgspec

from chalicelib.adapters import erasures
from chalicelib.domain.incident import Incident
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.timeline import Entry
from infra.restore.pieces import NAMING, Piece, Unrecorded, look_at, named_by, was_erased
from infra.restore.reading import reading
from infra.restore.records import copied, digest_faults, last_change, live_faults
from infra.restore.sample import Digested, choose, newest_cards, newest_digests
from infra.restore.structure import differences, made, to_set

PIECES_OF_ONE = 100
"""A call has thousands of fragments; of so many, chosen by chance, each is asked for."""

WHOLE_OF_ONE = 3
"""How many of an incident's pieces are read whole and hashed."""

NEWEST = 25
"""On how many of the incidents that changed last it is looked how far the copies are behind."""


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What a drill saw; `faults` is empty when the copies could be put into service. Times in UTC."""

    incidents: tuple[str, ...] = ()
    entries: int = 0
    pieces: int = 0
    hashed: int = 0
    erased: int = 0
    newest_live: datetime | None = None
    newest_copied: datetime | None = None
    changes_behind: int = 0
    erased_since: tuple[str, ...] = ()
    to_set: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def behind_seconds(self) -> float | None:
        """How much older the newest change of the copies is than the newest live one (RPO)."""
        if self.newest_live is None or self.newest_copied is None:
            return None
        return (self.newest_live - self.newest_copied).total_seconds()


class Checked(msgspec.Struct, kw_only=True):
    """One incident of the copies, as far as it was looked at."""

    incident_id: str
    incident: Incident | None = None
    entries: int = 0
    pieces: int = 0
    hashed: int = 0
    erased: int = 0
    missing: list[Piece] = []
    faults: list[str] = []


def check_tables(tables: Any, live: Mapping[str, str], copies: Mapping[str, str]) -> Findings:
    """Hold each copy's make against the live table's; `tables` is DynamoDB's client."""
    faults: list[str] = []
    commands: list[str] = []
    for output, name in copies.items():
        one, other = made(tables, live[output]), made(tables, name)
        faults += differences(one, other)
        commands += to_set(one, other)
    return Findings(faults=tuple(faults), to_set=tuple(commands))


def chosen(copies: Mapping[str, str], *, at: datetime, count: int, chance: Random) -> list[str]:
    """Incidents to look at, of those that the copies, which are of the moment `at`, must have."""
    cards = newest_cards()
    with reading(copies):
        return choose(cards, newest_digests(), at=at, count=count, chance=chance)


def check_records(
    copies: Mapping[str, str], incident_ids: Sequence[str], *, at: datetime, chance: Random
) -> Findings:
    """Check these incidents of the copies, which are of the moment `at`, also against the live ones.

    The settings of the process are those of the live tables.
    """
    cards = newest_cards()
    with reading(copies):
        digested = newest_digests()
        checked = [_check(incident_id, digested, chance) for incident_id in incident_ids]
        then = [last_change(card.id) for card in cards[:NEWEST]]
    for one in checked:
        _hold_against_live(one)
    now = [last_change(card.id) for card in cards[:NEWEST]]
    return Findings(
        incidents=tuple(incident_ids),
        entries=sum(one.entries for one in checked),
        pieces=sum(one.pieces for one in checked),
        hashed=sum(one.hashed for one in checked),
        erased=sum(one.erased for one in checked),
        newest_live=max((one[1] for one in now if one), default=None),
        newest_copied=max((one[1] for one in then if one), default=None),
        changes_behind=sum(one[0] for one in now if one) - sum(one[0] for one in then if one),
        erased_since=tuple(_erased_since(at)),
        faults=(*digested.faults, *(f"{one.incident_id}: {why}" for one in checked for why in one.faults)),
    )


def _check(incident_id: str, digested: Digested, chance: Random) -> Checked:
    """What the copies alone say of an incident, and the objects they name."""
    checked = Checked(incident_id=incident_id)
    try:
        _read(checked, digested, chance)
    except IncidentNotFound:
        checked.faults.append("it was filed before the moment, and is not there")
    except msgspec.DecodeError as fault:
        checked.faults.append(f"it cannot be read: {fault}")
    return checked


def _read(checked: Checked, digested: Digested, chance: Random) -> None:
    found = copied(checked.incident_id)
    checked.incident, checked.entries = found.incident, len(found.entries)
    checked.faults += [*found.faults, *digest_faults(found, digested.heads)]
    named = list(named_by(checked.incident_id, _some(found.entries, chance)))
    checked.faults += [one.why for one in named if isinstance(one, Unrecorded)]
    _look(checked, [one for one in named if isinstance(one, Piece)])


def _some(entries: Sequence[Entry], chance: Random) -> list[Entry]:
    """The entries whose pieces are asked for."""
    naming = [one for one in entries if one.kind in NAMING]
    return chance.sample(naming, min(PIECES_OF_ONE, len(naming)))


def _look(checked: Checked, pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        if piece.version is None:
            checked.erased += 1
            continue
        looked = look_at(piece, whole=checked.hashed < WHOLE_OF_ONE)
        if not looked.there:
            checked.missing.append(piece)
            continue
        checked.pieces += 1
        checked.hashed = min(checked.hashed + 1, WHOLE_OF_ONE)
        checked.faults += looked.faults


def _hold_against_live(checked: Checked) -> None:
    """What the live tables say: that it is their past, and what of it was erased since."""
    if checked.incident is not None:
        checked.faults += live_faults(checked.incident)
    for piece in checked.missing:
        if was_erased(piece):
            checked.erased += 1
        else:
            checked.faults.append(f"{piece.key}: version {piece.version} is not in the bucket")


def _erased_since(at: datetime) -> Iterator[str]:
    """The citizens who were erased after the moment, by the live list: in the copies they still are."""
    after: str | None = ""
    while after is not None:
        page, after = erasures.page(after or None)
        yield from (one.citizen_id for one in page if one.finished_at and one.finished_at > at)
