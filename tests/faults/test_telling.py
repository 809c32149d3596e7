"""What must be told is found untold, or told late: incidents with one thing to tell, each forged by hand."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.domain.alerting import Waits
from chalicelib.domain.alerts import Alert, AlertState, Reason, ReasonCode
from chalicelib.domain.incident import Incident, Mode
from tests.domain.samples import incident as filed
from tests.faults.telling import SLACK, seconds_until_told, told_late, untold

WAITS = Waits(
    live=timedelta(seconds=15),
    pictures=timedelta(seconds=180),
    undispatched=timedelta(seconds=300),
    unopened=timedelta(seconds=180),
    pace=timedelta(seconds=60),
)


def waiting(mode: Mode = Mode.VIDEO110) -> Incident:
    return filed(mode=mode)


def due(incident: Incident) -> datetime:
    return incident.rings_at + (WAITS.live if incident.mode is Mode.VIDEO110 else WAITS.pictures)


def told(incident: Incident, at: datetime) -> tuple[Incident, Any]:
    """The incident with an alert that names why, reserved then, and the entry of it."""
    reason = Reason(code=ReasonCode.UNANSWERED, of=incident.rings_at.isoformat())
    alert = Alert(
        id="a",
        name="n",
        phone="+8613800000011",
        reasons=(reason,),
        reserved_at=at,
        ticket="a",
        state=AlertState.ACCEPTED,
    )
    entry = SimpleNamespace(kind="alert.sending", at=at, details={"reasons": ["unanswered"]})
    return replace(incident, alerts=(alert,)), entry


@pytest.mark.parametrize("mode", [Mode.VIDEO110, Mode.PHOTO_TEXT])
def test_what_nobody_was_told_of_is_found_once_it_is_overdue(mode: Mode) -> None:
    incident = waiting(mode)
    overdue = due(incident) + SLACK + timedelta(seconds=1)
    assert list(untold(incident, WAITS, recipients=2, now=overdue - timedelta(seconds=2))) == []
    assert list(untold(incident, WAITS, recipients=2, now=overdue)) == [
        "nobody was told of unanswered, due 76 s ago"
    ]
    assert list(untold(told(incident, due(incident))[0], WAITS, recipients=2, now=overdue)) == []


def test_what_was_told_late_is_found() -> None:
    incident = waiting()
    in_time, entry = told(incident, due(incident) + SLACK)
    assert list(told_late(in_time, [entry], WAITS)) == []
    too_late, entry = told(incident, due(incident) + SLACK + timedelta(seconds=5))
    assert list(told_late(too_late, [entry], WAITS)) == [
        "somebody was told of unanswered 80 s after it was due"
    ]


def test_the_world_goes_on_until_it_must_have_been_told() -> None:
    incident = waiting()
    left = seconds_until_told([incident], WAITS, now=incident.rings_at)
    assert left == (WAITS.live + SLACK).total_seconds() + 1
    assert seconds_until_told([told(incident, due(incident))[0]], WAITS, now=incident.rings_at) == 0
