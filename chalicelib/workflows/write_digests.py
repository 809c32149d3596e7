"""Note how each changed timeline ends, and write each day's digest once the day is over."""

from datetime import datetime, timedelta

from chalicelib.adapters import digests, incidents, timers
from chalicelib.domain.digests import Head, day_of, days_due, write_digest
from chalicelib.domain.incident import Incident
from chalicelib.domain.timers import Timer, TimerKind

AGAIN_AFTER = timedelta(minutes=1)


def note_head(incident: Incident, *, now: datetime) -> None:
    """Have today's digest name how this incident's timeline stands. Safe to repeat."""
    head = Head(incident_id=incident.id, count=incident.version, head=incident.head)
    digests.note_head(head, day=day_of(now), now_s=int(now.timestamp()))


def note_later(incident_id: str, *, now: datetime) -> None:
    """Have an incident's head noted in a minute: one that cannot be noted now holds back nobody's text."""
    timers.wake(Timer(kind=TimerKind.UNNOTED, incident_id=incident_id, due_at=now + AGAIN_AFTER), now=now)


def note_now(timer: Timer, *, now: datetime) -> None:
    """Note how the incident's timeline stands now. Safe to repeat."""
    note_head(incidents.get(timer.incident_id), now=now)


def sweep_digests(*, now: datetime) -> int:
    """Write what digests are due; how many days were late. A day that failed is written the next minute.

    A minute with nothing due is one read. A digest is late when it is not the last day's.
    """
    last = digests.last()
    due = days_due(last.day if last else None, now=now)
    for day in due:
        heads = digests.heads_of(day)
        last = digests.put(day, write_digest(day, heads, previous=last), heads)
    return max(len(due) - 1, 0)
