"""A day that digests see: a test has no other way to live through one."""

from datetime import UTC, datetime, time, timedelta

from chalicelib.adapters import digests, incidents
from chalicelib.domain.asked import BEIJING
from chalicelib.domain.digests import day_of
from chalicelib.workflows.write_digests import note_head, sweep_digests


def digest_a_day(incident_id: str) -> None:
    """Let a day pass that sees the incident as it stands."""
    last = digests.last()
    day = max(last.day if last else day_of(datetime.now(UTC)), day_of(datetime.now(UTC))) + timedelta(days=1)
    noon = datetime.combine(day, time(12), BEIJING)
    note_head(incidents.get(incident_id), now=noon)
    sweep_digests(now=noon + timedelta(days=1))
