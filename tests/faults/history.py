"""What was asked and answered in a run, kept in order and looked at when it is over."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from tests.faults.world import World

APART = timedelta(seconds=60)
"""How long an address signed for a line can be alive: before that no other call may be given the line."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Who asked what of which incident (or with which key), and what the last answer was."""

    what: str
    on: str
    who: str
    status: int
    at: datetime
    channel: str | None = None


class History:
    """Everything that was answered."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.sent_again = 0

    def add(self, event: Event) -> None:
        """Keep what was answered."""
        self.events.append(event)

    def told(self) -> list[str]:
        """The history in a few words an event."""
        return [f"{one.at:%H:%M:%S} {one.who} {one.what} {one.on[:6]} {one.status}" for one in self.events]

    def findings(self, world: World) -> Iterator[str]:
        """What contradicts the rules, by the history alone and by the timelines beside it."""
        yield from self._lines()
        for incident_id in {one.on for one in self.events if one.what == "answer"}:
            yield from self._owners(world, incident_id)
            yield from self._words(world, incident_id)
        for incident_id in {one.on for one in self.events if one.what in ("hold", "close")}:
            yield from self._held(incident_id)

    def _lines(self) -> Iterator[str]:
        """No line is given to two incidents while an address of the first can be alive."""
        given: dict[str, tuple[str, datetime]] = {}
        for one in self.events:
            if one.channel is None or one.what not in ("file", "call", "answer"):
                continue
            before = given.get(one.channel)
            if before is not None and before[0] != one.on and one.at - before[1] < APART:
                yield f"a line was given to {one.on[:6]} while {before[0][:6]} could still be on it"
            given[one.channel] = (one.on, one.at)

    def _owners(self, world: World, incident_id: str) -> Iterator[str]:
        """Nobody answers what another holds."""
        from chalicelib.adapters import incidents

        owner: str | None = None
        for written in incidents.read(incident_id).entries:
            entry = written.entry
            if entry.kind == "incident.answered" and owner is not None:
                yield f"{entry.actor.id} answered what {owner} held"
            if entry.kind in ("incident.answered", "incident.taken"):
                owner = entry.actor.id
            if entry.kind in ("incident.released", "incident.closed"):
                owner = None

    def _held(self, incident_id: str) -> Iterator[str]:
        """Nothing of an incident is erased while it is held, or while it is open."""
        from chalicelib.adapters import incidents

        is_held, is_open = False, True
        for written in incidents.read(incident_id).entries:
            kind = written.entry.kind
            if kind in ("hold.placed", "hold.released"):
                is_held = kind == "hold.placed"
            if kind == "incident.closed":
                is_open = False
            if kind == "citizen.erased" and (is_held or is_open):
                yield f"{incident_id[:6]} was erased though it was {'held' if is_held else 'open'}"

    def _words(self, world: World, incident_id: str) -> Iterator[str]:
        """Every note and dispatch that was taken stands in the timeline exactly once."""
        from chalicelib.adapters import incidents

        kinds = Counter(written.entry.kind for written in incidents.read(incident_id).entries)
        for what, kind in (("notes", "note.written"), ("dispatch", "officer.dispatched")):
            own = [one for one in self.events if (one.what, one.on) == (what, incident_id)]
            taken = sum(200 <= one.status < 300 for one in own)
            # Of one that died or failed to the end nobody knows whether it was taken.
            unknown = sum(not 0 < one.status < 500 for one in own)
            if not taken <= kinds[kind] <= taken + unknown:
                yield f"{taken} {what} were taken and {kinds[kind]} stand in the timeline"
