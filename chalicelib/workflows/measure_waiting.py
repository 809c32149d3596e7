"""Tell how many ring, and for how long the live emergency that has waited longest."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.card import Card
from chalicelib.domain.incident import LIVE, Mode
from chalicelib.telemetry import measure

EMERGENCIES = LIVE - {Mode.FENGQIAO}


def measure_waiting(cards: Iterable[Card], *, now: datetime) -> int:
    """Measure the queue once; 0, because there is nothing that a sweep should not have found."""
    ringing = [card for card in cards if card.ringing]
    waits = [(now - card.rings_at).total_seconds() for card in ringing if card.mode in EMERGENCIES]
    measure("Unanswered", len(ringing), "Count")
    measure("UnansweredSeconds", max(waits, default=0), "Seconds")
    return 0
