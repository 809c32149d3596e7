"""Bring a changed incident to the consoles' feed."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.adapters import alerts, feed
from chalicelib.domain.alerting import next_look
from chalicelib.domain.card import card_of
from chalicelib.domain.incident import Incident


def publish_change(incident: Incident, *, now: datetime) -> bool:
    """Put the incident's newest card in the feed; False when a newer one stands there. Safe to repeat."""
    card = replace(card_of(incident), alert_due_at=next_look(incident, alerts.waits()))
    return feed.publish(card, now=now)
