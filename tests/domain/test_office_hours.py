"""Office hours at their edges: first and last minute, noon, a holiday, a working Sunday."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.office_hours import Calendar, NeverOpen, Span, is_open, next_opening
from tests.machine import ROOT

BEIJING = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(
    timezone="Asia/Shanghai",
    weekdays=frozenset({1, 2, 3, 4, 5}),
    spans=(Span(opens=time(9), closes=time(12)), Span(opens=time(13, 30), closes=time(17, 30))),
    holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
    working_days=frozenset({date(2026, 10, 11)}),
)
MOMENTS = st.datetimes(datetime(2026, 9, 1), datetime(2026, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-23T08:59:59.999", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T11:59:59.999", True),
        ("2026-11-23T12:00", False),
        ("2026-11-23T13:29:59", False),
        ("2026-11-23T13:30", True),
        ("2026-11-23T17:29:59", True),
        ("2026-11-23T17:30", False),
        ("2026-11-22T10:00", False),  # a Sunday
        ("2026-10-01T10:00", False),  # a holiday on a Thursday
        ("2026-10-11T10:00", True),  # a working Sunday
    ],
)
def test_the_office_is_open_within_its_spans_and_on_its_days(moment: str, opened: bool) -> None:
    assert is_open(CALENDAR, beijing(moment)) is opened


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T08:00", "2026-11-23T09:00"),
        ("2026-11-23T12:00", "2026-11-23T13:30"),
        ("2026-11-20T18:00", "2026-11-23T09:00"),  # Friday evening to Monday
        ("2026-09-30T18:00", "2026-10-05T09:00"),  # over a holiday and a weekend
        ("2026-10-10T20:00", "2026-10-11T09:00"),  # into a working Sunday
    ],
)
def test_a_call_back_is_booked_for_the_next_opening(moment: str, opening: str) -> None:
    assert next_opening(CALENDAR, beijing(moment)) == beijing(opening)


@given(MOMENTS)
def test_the_next_opening_is_the_first_open_moment_after_a_closed_one(moment: datetime) -> None:
    opening = next_opening(CALENDAR, moment)
    assert opening > moment
    assert is_open(CALENDAR, opening)
    assert not is_open(CALENDAR, opening - timedelta(microseconds=1))


def test_the_zone_is_the_offices_and_not_the_clocks() -> None:
    assert is_open(CALENDAR, datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    assert not is_open(CALENDAR, datetime(2026, 11, 23, 9, 30, tzinfo=UTC))


def test_an_opening_is_told_in_utc_like_every_time_that_is_stored() -> None:
    assert next_opening(CALENDAR, beijing("2026-11-22T22:00")).tzinfo is UTC


def test_a_calendar_that_never_opens_says_so() -> None:
    shut = msgspec.structs.replace(CALENDAR, weekdays=frozenset(), working_days=frozenset())
    with pytest.raises(NeverOpen):
        next_opening(shut, beijing("2026-11-23T10:00"))


def test_the_countys_calendar_can_be_read() -> None:
    content = (ROOT / "infra/county/office_hours.json").read_bytes()
    assert next_opening(msgspec.json.decode(content, type=Calendar), beijing("2026-11-23T08:00"))
