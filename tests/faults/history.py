"""What was asked and answered in a run, kept in order and looked at when it is over."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

Timeline = Sequence[Any]
"""The entries of one incident in order, each with `kind` and `actor`."""

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
        self.sent_again: Counter[str] = Counter()

    def add(self, event: Event) -> None:
        """Keep what was answered."""
        self.events.append(event)

    @property
    def written_to(self) -> list[str]:
        """The incidents that took a citizen's word."""
        return [one.on for one in self.events if one.what == "message" and 200 <= one.status < 300]

    def told(self) -> list[str]:
        """The history in a few words an event."""
        return [f"{one.at:%H:%M:%S} {one.who} {one.what} {one.on[:6]} {one.status}" for one in self.events]

    def findings(self, filed: Iterable[str], timeline: Callable[[str], Timeline]) -> Iterator[str]:
        """What contradicts the rules, by the history and by the timelines of what was filed beside it."""
        yield from self._lines()
        for incident_id in filed:
            entries = timeline(incident_id)
            yield from _owners(entries)
            yield from _held(incident_id, entries)
            yield from self._words(incident_id, entries)

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

    def _words(self, incident_id: str, entries: Timeline) -> Iterator[str]:
        """Every message, note and dispatch that was taken stands in the timeline exactly once."""
        kinds = Counter((entry.kind, str(entry.actor.role)) for entry in entries)
        for what, kind, roles in WORDS:
            own = [one for one in self.events if (one.what, one.on) == (what, incident_id)]
            taken = sum(200 <= one.status < 300 for one in own)
            # Of one that died or failed to the end nobody knows whether it was taken; of a citizen's word
            # nor where, for after the closing it opens another incident.
            maybe = own if roles == STAFF else [one for one in self.events if one.what == what]
            unknown = sum(not 0 < one.status < 500 for one in maybe)
            stand = sum(kinds[kind, one] for one in roles)
            if not taken <= stand <= taken + unknown:
                yield f"{taken} {what} were taken and {stand} stand in the timeline"


STAFF = ("call_taker", "commander")
WORDS = (
    ("notes", "note.written", STAFF),
    ("dispatch", "officer.dispatched", STAFF),
    ("messages", "message.sent", STAFF),
    ("message", "message.sent", ("citizen",)),
)
"""What is asked, and what then stands in the timeline, by whom."""


def _owners(entries: Timeline) -> Iterator[str]:
    """Nobody answers what another holds."""
    owner: str | None = None
    for entry in entries:
        if entry.kind == "incident.answered" and owner is not None:
            yield f"{entry.actor.id} answered what {owner} held"
        if entry.kind in ("incident.answered", "incident.taken"):
            owner = entry.actor.id
        if entry.kind in ("incident.released", "incident.closed"):
            owner = None


def _held(incident_id: str, entries: Timeline) -> Iterator[str]:
    """Nothing of an incident is erased while it is held, or while it is open."""
    is_held, is_open = False, True
    for entry in entries:
        if entry.kind in ("hold.placed", "hold.released"):
            is_held = entry.kind == "hold.placed"
        if entry.kind == "incident.closed":
            is_open = False
        if entry.kind == "citizen.erased" and (is_held or is_open):
            yield f"{incident_id[:6]} was erased though it was {'held' if is_held else 'open'}"
