"""A daily digest names how each timeline ended, and continues the digest of the day before."""

import json
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.digests import Head, Written, day_of, days_due, sha256_of, write_digest
from chalicelib.domain.timeline import GENESIS

DAY = date(2026, 11, 22)
MIDNIGHT = datetime(2026, 11, 22, 16, tzinfo=UTC)
"""The end of that day in Beijing."""


def test_a_day_is_beijings() -> None:
    assert day_of(MIDNIGHT - timedelta(seconds=1)) == DAY
    assert day_of(MIDNIGHT) == DAY + timedelta(days=1)


def test_a_day_is_written_once_it_is_over_and_late_clocks_have_come() -> None:
    before = DAY - timedelta(days=1)
    assert days_due(before, now=MIDNIGHT) == []
    assert days_due(before, now=MIDNIGHT + timedelta(minutes=10)) == [DAY]
    assert days_due(DAY, now=MIDNIGHT + timedelta(minutes=10)) == []


def test_days_that_were_not_written_are_written_later_one_after_another() -> None:
    due = days_due(DAY - timedelta(days=3), now=MIDNIGHT + timedelta(hours=1))
    assert due == [DAY - timedelta(days=2), DAY - timedelta(days=1), DAY]


def test_the_first_digest_of_all_is_yesterdays() -> None:
    assert days_due(None, now=MIDNIGHT + timedelta(hours=1)) == [DAY]


def test_the_same_heads_in_any_order_are_the_same_bytes() -> None:
    heads = [Head(incident_id=name, count=3, head=name * 64) for name in "abc"]
    assert write_digest(DAY, heads, previous=None) == write_digest(DAY, heads[::-1], previous=None)


def test_a_digest_names_the_one_before() -> None:
    first = write_digest(DAY, [], previous=None)
    assert json.loads(first)["previous"] == GENESIS
    written = Written(day=DAY, sha256=sha256_of(first), version="v")
    second = json.loads(write_digest(DAY + timedelta(days=1), [], previous=written))
    assert second["previous"] == sha256_of(first)
