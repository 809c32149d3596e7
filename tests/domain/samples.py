"""Incidents as the tests of the rules need them: one that is waiting, and any field set otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.incident import Dispatch, Feedback, Incident, Mode, Status

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""Noon in Beijing."""

LATER = NOON + timedelta(minutes=3)
OPEN = [status for status in Status if status is not Status.CLOSED]


def incident(**fields: Any) -> Incident:
    """A waiting 图文报警 with a verified number."""
    waiting: dict[str, Any] = {
        "id": "a" * 26,
        "number": "261122-0000000",
        "mode": Mode.PHOTO_TEXT,
        "citizen_id": "c" * 26,
        "created_at": NOON,
        "rings_at": NOON,
        "priority": 3,
        "phone": "+8613800000000",
        "phone_verified": True,
    }
    return Incident(**{**waiting, **fields})


def owned(status: Status = Status.ANSWERED, by: str = "seat1", **fields: Any) -> Incident:
    """One that a call-taker holds."""
    return incident(status=status, call_taker_id=by, owned_since=NOON, answered_at=NOON, **fields)


def sent(dispatch_id: str = "d1", **fields: Any) -> Dispatch:
    """An officer just sent out."""
    one: dict[str, Any] = {
        "dispatch_id": dispatch_id,
        "unit_id": "u1",
        "unit_name": "城关派出所 1 组",
        "officer_name": "值班民警",
        "phone": "+8613800000001",
        "note": None,
        "dispatched_at": NOON,
    }
    return Dispatch(**{**one, **fields})


def back(**fields: Any) -> Feedback:
    """An officer's report, given at noon."""
    told: dict[str, Any] = {"arrived_at": NOON, "ended_at": NOON, "reported_at": NOON}
    return Feedback(**{**told, **fields})
