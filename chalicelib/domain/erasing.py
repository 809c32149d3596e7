"""Erasing 个人信息删除: what of an incident could name its citizen, what stays, and what stands in the way.

What goes with the objects, the track and the lists is in `workflows/erase_citizen.py`; the timeline's entries
stay as they were hashed, so the chain remains verifiable.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from chalicelib.domain.citizen import Trade
from chalicelib.domain.incident import Change, Incident, Kept
from chalicelib.domain.refusals import ErasureRefused

STAFFS: Mapping[str, frozenset[str]] = {
    "officer.dispatched": frozenset({"officer_name", "phone"}),
    "alert.sending": frozenset({"name", "phone"}),
    "alert.folded": frozenset({"name", "phone"}),
}
"""The personal values, by the kind of their entry, that are of whom the bureau sent or told; they stay."""


NAMED = 10
"""How many incidents a refusal names."""


class Obstacle(StrEnum):
    """What stands in the way of erasing a citizen.

    `open`: a report that is being worked; `held`, `frozen`: evidence that must be kept; `limited`: a standing
    in force, whose reason she must be able to read; `watched`: a list of the bureau that names her.
    """

    OPEN = "open"
    HELD = "held"
    FROZEN = "frozen"
    LIMITED = "limited"
    WATCHED = "watched"


class ErasureState(StrEnum):
    """How far an erasure is: `stopped` waits until it is asked for again."""

    ASKED = "asked"
    STOPPED = "stopped"
    DONE = "done"


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy of evidence that was taken before and that nobody but its holder can erase."""

    incident_id: str
    number: str
    seq: int
    by: str
    at: datetime
    manifest_sha256: str


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """The erasing of one citizen: who asked for it and why, how far it is, which copies are out of its reach.

    `incident_ids` are those that are done; `objects` counts versions removed from the store; `version` is how
    often it was stored.
    """

    citizen_id: str
    asked_by: str
    reason: str
    asked_at: datetime
    state: ErasureState = ErasureState.ASKED
    incident_ids: tuple[str, ...] = ()
    objects: int = 0
    copies: tuple[Copy, ...] = ()
    stopped_by: Obstacle | None = None
    stopped_at_incidents: tuple[str, ...] = ()
    stopped_at_numbers: tuple[str, ...] = ()
    finished_at: datetime | None = None
    version: int = 0


class Ahead(msgspec.Struct, frozen=True, kw_only=True):
    """What erasing a citizen would meet: how many incidents, what stands in the way, and at which of them."""

    incidents: int
    because: Obstacle | None = None
    where: tuple[Incident, ...] = ()

    def refusal(self) -> ErasureRefused:
        """That what must be kept stands in the way, with the incidents it is about."""
        return ErasureRefused(
            "something must be kept",
            because=self.because,
            incident_ids=[one.id for one in self.where],
            numbers=[one.number for one in self.where],
        )


def ahead(incidents: Iterable[Incident]) -> Ahead:
    """What stands in the way of erasing these incidents: of several obstacles the first to be cleared."""
    every, found = 0, dict[Obstacle, list[Incident]]()
    for incident in incidents:
        every += 1
        if (against := obstacle(incident)) is not None:
            found.setdefault(against, []).append(incident)
    because = next((one for one in Obstacle if one in found), None)
    where = tuple(found[because][:NAMED]) if because else ()
    return Ahead(incidents=every, because=because, where=where)


def obstacle(incident: Incident) -> Obstacle | None:
    """Why an incident cannot be erased now, or None."""
    if incident.is_open:
        return Obstacle.OPEN
    if incident.hold is not None:
        return Obstacle.HELD
    return Obstacle.FROZEN if incident.frozen else None


def erase(incident: Incident, *, asked_by: str, at: datetime) -> Change | None:
    """The incident without what could name its citizen; None when that was done before.

    Raises `ErasureRefused` naming what stands in the way.
    """
    if incident.erased_at is not None:
        return None
    against = obstacle(incident)
    if against is not None:
        raise Ahead(incidents=1, because=against, where=(incident,)).refusal()
    erased = replace(bare(incident), erased_at=at, ended=tuple(Kept))
    return Change(incident=erased, kind="citizen.erased", details={"asked_by": asked_by})


def end(incident: Incident, kept: Kept, *, days: int) -> Change | None:
    """The incident once the time is over for which a kind of its data is kept; None when it was before."""
    if kept in incident.ended or incident.must_be_kept:
        return None
    without = bare(incident) if kept is Kept.PERSONAL else incident
    details: dict[str, object] = {"kept": kept, "days": days}
    ended = replace(without, ended=(*incident.ended, kept))
    return Change(incident=ended, kind="retention.ended", details=details)


def bare(incident: Incident) -> Incident:
    """The incident without words, number, plate and places; whom the bureau sent and told remains."""
    return replace(
        incident,
        text=None,
        phone=None,
        trade=Trade.NONE,
        plate=None,
        position=None,
        place=None,
        summary=None,
        hits=tuple(replace(hit, reason="", evidence={}) for hit in incident.hits),
        dispatches=tuple(replace(one, note=None) for one in incident.dispatches),
        marking=replace(incident.marking, reason="") if incident.marking else None,
        request_digest="",
    )


def staying(kind: str, names: frozenset[str]) -> frozenset[str]:
    """Which of an entry's personal values stay."""
    return names & STAFFS.get(kind, frozenset())
