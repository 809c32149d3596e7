"""Timers as delayed messages."""

import json
from datetime import timedelta

import pytest

from chalicelib.adapters.timers import wake
from chalicelib.domain.asked import new_id
from chalicelib.domain.timers import Timer, TimerKind
from infra.local.watch import calls
from tests.within import now

pytestmark = pytest.mark.usefixtures("inside")


@pytest.mark.parametrize(
    ("due_in_seconds", "delay_seconds"), [(-60, 0), (0, 0), (0.2, 1), (20, 20), (899.5, 900), (7200, 900)]
)
def test_a_timer_waits_for_its_time_or_as_long_as_the_queue_can(
    due_in_seconds: float, delay_seconds: int
) -> None:
    at = now()
    timer = Timer(
        kind=TimerKind.OWNER_SILENT,
        incident_id=new_id(),
        due_at=at + timedelta(seconds=due_in_seconds),
        owned_since=at,
    )
    with calls() as asked:
        wake(timer, now=at)
    (sent,) = [one for one in asked if one.name == "sqs:SendMessage"]
    body = json.loads(sent.request) if isinstance(sent.request, str | bytes) else sent.request
    assert int(body["DelaySeconds"]) == delay_seconds
    assert json.loads(body["MessageBody"])["incident_id"] == timer.incident_id
