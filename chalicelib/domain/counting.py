"""What one incident adds to the figures: a pure function of how it stands now.

The figures of an incident are made from its state, never from the changes that led to it. So it does not
matter how often a change is told of, in which order, or which were missed: what the newest state adds is
counted.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from chalicelib.domain.alerts import AlertState
from chalicelib.domain.histogram import bucket
from chalicelib.domain.hits import Verdict
from chalicelib.domain.incident import Dispatch, Incident, Mode

Counts = Mapping[str, Mapping[str, int]]
"""How much is added to which counter where: `{"day/2026-11-22": {"filed:report": 1}}`.

A day is one of the county's calendar; a slot, `slot/2026-11-22T07:45Z`, is five minutes in UTC.
"""

SLOT = timedelta(minutes=5)
EMERGENCY = frozenset({Mode.VIDEO110, Mode.SILENT, Mode.VOICE})
"""The modes in which somebody waits at the phone for help: what the field's answer targets are about."""


class _Tally:
    """Gathers counts, each on the day its moment falls on in the county."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)

    def on(self, at: datetime, name: str, count: int = 1) -> None:
        if count:
            self.counts[day_of(at, self.zone)][name] += count

    def slot(self, at: datetime, name: str) -> None:
        self.counts[slot_of(at)][name] += 1


def day_of(at: datetime, zone: tzinfo) -> str:
    """The key of the county's calendar day of a moment."""
    return f"day/{at.astimezone(zone).date().isoformat()}"


def slot_of(at: datetime) -> str:
    """The key of the five minutes, in UTC, a moment falls in."""
    utc = at.astimezone(UTC)
    start = utc - timedelta(minutes=utc.minute % 5)
    return f"slot/{start:%Y-%m-%dT%H:%MZ}"


def counts_of(incident: Incident, zone: tzinfo) -> Counts:
    """What an incident adds to the figures as it stands, each on the day it happened."""
    tally = _Tally(zone)
    _filing(tally, incident)
    _answering(tally, incident)
    for one in sorted(incident.dispatches, key=lambda sent: sent.dispatched_at):
        _dispatch(tally, one)
    if incident.dispatches:
        first = min(one.dispatched_at for one in incident.dispatches)
        tally.on(first, f"dispatch:{_took(incident.created_at, first)}")
    _hits(tally, incident)
    _texts(tally, incident)
    _closing(tally, incident)
    return {place: dict(counts) for place, counts in tally.counts.items()}


def changes(before: Counts, after: Counts) -> Counts:
    """What to add so that `before` becomes `after`; nothing stands in it that stays as it was."""
    added: dict[str, dict[str, int]] = {}
    for place in {**before, **after}:
        old, new = before.get(place, {}), after.get(place, {})
        moved = {name: new.get(name, 0) - old.get(name, 0) for name in {**old, **new}}
        if moved := {name: count for name, count in moved.items() if count}:
            added[place] = moved
    return added


def kind_of(incident: Incident) -> str:
    """Which figure an incident is part of: `report`, `tip`, `consult`, or `continued` after closing."""
    if incident.continues is not None:
        return "continued"
    if incident.escalated:
        return "report"
    if incident.tip:
        return "tip"
    return "consult" if incident.mode is Mode.FENGQIAO else "report"


def _filing(tally: _Tally, incident: Incident) -> None:
    tally.on(incident.created_at, f"filed:{kind_of(incident)}")
    if incident.continues is None:
        tally.on(incident.created_at, f"mode:{incident.mode}")
    if _was_booked(incident):
        tally.on(incident.created_at, "booked")


def _answering(tally: _Tally, incident: Incident) -> None:
    """The first answer, or that the citizen left before it: an answer after that was no longer one to her."""
    answered, left = incident.answered_at, incident.abandoned_at
    if left is not None and (answered is None or answered > left):
        tally.on(left, "abandoned")
        if incident.mode in EMERGENCY:
            tally.on(left, "abandoned-live")
            tally.slot(left, "abandoned-live")
        return
    if answered is None:
        return
    tally.on(answered, "answered")
    if _was_booked(incident) or incident.continues is not None:
        return
    name = f"wait-{_queue_of(incident)}:{_took(incident.created_at, answered)}"
    tally.on(answered, name)
    if incident.mode in EMERGENCY:
        tally.slot(answered, name)


def _dispatch(tally: _Tally, one: Dispatch) -> None:
    tally.on(one.dispatched_at, "officers")
    told = one.feedback
    if told is None:
        return
    tally.on(told.reported_at, f"feedback:{_took(one.dispatched_at, told.reported_at)}")
    tally.on(told.reported_at, "solved", told.cases_solved)
    tally.on(told.reported_at, "major", told.major_cases)
    tally.on(told.reported_at, "arrested", told.people_arrested)
    tally.on(told.reported_at, "helped", told.people_helped)


def _hits(tally: _Tally, incident: Incident) -> None:
    """One for each rule an incident hit, however often, on the day it first did."""
    first = {hit.rule: hit for hit in sorted(incident.hits, key=lambda one: one.found_at, reverse=True)}
    confirmed = {hit.rule for hit in incident.hits if hit.verdict is Verdict.CONFIRMED}
    for rule, hit in first.items():
        tally.on(hit.found_at, f"hit:{rule}")
        if rule in confirmed:
            tally.on(hit.found_at, f"confirmed:{rule}")


def _texts(tally: _Tally, incident: Incident) -> None:
    """The texts to commanders that SNS took, and those acknowledged for good, on the day they were due."""
    for alert in incident.alerts:
        if alert.state is AlertState.ACCEPTED:
            tally.on(alert.reserved_at, "texts")
        if alert.is_acknowledged:
            tally.on(alert.reserved_at, "texts-acknowledged")


def _closing(tally: _Tally, incident: Incident) -> None:
    if incident.closed_at is None or incident.disposition is None:
        return
    tally.on(incident.closed_at, f"closed:{incident.disposition}")
    if kind_of(incident) == "consult" and not _was_booked(incident):
        tally.on(incident.closed_at, f"consult:{_took(incident.created_at, incident.closed_at)}")


def _was_booked(incident: Incident) -> bool:
    return incident.was_booked or incident.booked_for is not None


def _queue_of(incident: Incident) -> str:
    if incident.mode in EMERGENCY:
        return "live"
    return "consult" if incident.mode is Mode.FENGQIAO else "written"


def _took(since: datetime, until: datetime) -> int:
    return bucket((until - since).total_seconds())
