"""Tell how many ring, and for how long the live emergency that has waited longest."""

from datetime import datetime

from chalicelib.adapters import feed
from chalicelib.domain.incident import LIVE, Mode
from chalicelib.telemetry import measure

EMERGENCIES = LIVE - {Mode.FENGQIAO}


def measure_waiting(*, now: datetime) -> int:
    """Measure the queue once; 0, because there is nothing that a sweep should not have found."""
    ringing = [card for card in feed.open_cards() if card.ringing]
    waits = [(now - card.rings_at).total_seconds() for card in ringing if card.mode in EMERGENCIES]
    measure("Unanswered", len(ringing), "Count")
    measure("UnansweredSeconds", max(waits, default=0), "Seconds")
    return 0
