"""Have booked call-backs return to the queue with their context when the office opens."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from chalicelib.adapters import incidents, timers
from chalicelib.adapters.turns import one_by_one
from chalicelib.domain import handling
from chalicelib.domain.card import Card
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.timers import Timer, TimerKind

OFFICE = Actor(role=Role.SYSTEM, id="office-hours")


def book(incident_id: str, *, now: datetime) -> None:
    """Set the timer of a booked incident; nothing for one that is not."""
    incident = incidents.get(incident_id)
    if incident.booked_for is not None:
        timer = Timer(kind=TimerKind.BOOKED, incident_id=incident_id, due_at=incident.booked_for)
        timers.wake(timer, now=now)


def ring_booked(timer: Timer, *, now: datetime) -> None:
    """Have one ring if its hour has come. Safe to repeat."""
    _ring(timer.incident_id, now=now)


def sweep_booked(cards: Iterable[Card], *, now: datetime) -> int:
    """Have ring whatever a lost timer left behind. How many rang."""
    booked = [card for card in cards if card.booked_for is not None and card.booked_for <= now]
    return one_by_one({card.id: card.id for card in booked}, partial(_ring, now=now))


def _ring(incident_id: str, *, now: datetime) -> bool:
    incidents.change(incident_id, partial(handling.ring_booked, at=now), actor=OFFICE, at=now)
    return True
