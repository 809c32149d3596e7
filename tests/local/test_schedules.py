"""Schedules: the rates that Chalice writes are understood, and nothing else is guessed."""

import pytest

from infra.local.triggers.schedules import ScheduleNotUnderstood, rate_in_seconds


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [("rate(1 minute)", 60), ("rate(5 minutes)", 300), ("rate(2 HOURS)", 7200), ("rate(1 DAY)", 86400)],
)
def test_a_rate_is_read_in_seconds(expression: str, seconds: int) -> None:
    assert rate_in_seconds(expression) == seconds


@pytest.mark.parametrize("expression", ["cron(0 12 * * ? *)", "rate(1 week)", "rate(-1 minute)", ""])
def test_any_other_schedule_is_refused_at_the_start(expression: str) -> None:
    with pytest.raises(ScheduleNotUnderstood):
        rate_in_seconds(expression)
