"""Bring a changed incident to the consoles' feed."""

from datetime import datetime

from chalicelib.adapters import feed
from chalicelib.domain.incident import Incident


def publish_change(incident: Incident, *, now: datetime) -> bool:
    """Put the incident's newest card in the feed; False when a newer one stands there. Safe to repeat."""
    return feed.show(incident, now=now)
