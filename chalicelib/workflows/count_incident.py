"""Count what an incident adds to the figures, once for each state it was in."""

from datetime import datetime, timedelta

from chalicelib.adapters import figures, incidents, timers
from chalicelib.adapters.county import zone
from chalicelib.domain.counting import counts_of
from chalicelib.domain.incident import Incident
from chalicelib.domain.timers import Timer, TimerKind

AGAIN_AFTER = timedelta(minutes=1)


def count_incident(incident: Incident, *, before: Incident | None) -> bool:
    """Count a changed incident; False, and no request, when it adds just what it did `before`.

    Safe to repeat and in any order. Most changes of an incident change no figure.
    """
    old, new = counts_of(before, zone()) if before else {}, counts_of(incident, zone())
    if old == new:
        return False
    return figures.count(incident.id, version=incident.version, before=old, after=new)


def count_later(incident_id: str, *, now: datetime) -> None:
    """Have an incident counted in a minute: a counter that cannot be moved now holds back nobody's text."""
    timers.wake(Timer(kind=TimerKind.UNCOUNTED, incident_id=incident_id, due_at=now + AGAIN_AFTER), now=now)


def count_now(timer: Timer, *, now: datetime) -> None:
    """Count an incident as it stands now. Safe to repeat."""
    incident = incidents.get(timer.incident_id)
    figures.count(incident.id, version=incident.version, before={}, after=counts_of(incident, zone()))
