"""The duty roster: overlaps, gaps, a change at midnight, and the standing number behind it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.asked import BEIJING
from chalicelib.domain.duty import LONGEST, Gap, Recipient, Shift, checked, gaps, on_duty, recipients
from chalicelib.domain.refusals import ShiftInvalid

MIDNIGHT = datetime(2026, 11, 23, tzinfo=BEIJING)
STANDING = Recipient(name="值班室", phone="+8613800000100", fallback=True)
HOUR = timedelta(hours=1)


def shift(name: str, start: datetime, end: datetime, *, order: int = 1, phone: str = "") -> Shift:
    return Shift(id=name, name=name, phone=phone or f"+86{name}", starts_at=start, ends_at=end, order=order)


def names(shifts: list[Shift], at: datetime) -> list[str]:
    return [one.name for one in on_duty(shifts, at)]


def test_a_shift_across_midnight_holds_on_both_sides_of_it() -> None:
    night = shift("night", MIDNIGHT - 4 * HOUR, MIDNIGHT + 8 * HOUR)
    for minutes in (-1, 0, 1):
        assert names([night], MIDNIGHT + timedelta(minutes=minutes)) == ["night"]


def test_at_a_change_exactly_one_of_the_two_is_on_duty() -> None:
    shifts = [shift("before", MIDNIGHT - 8 * HOUR, MIDNIGHT), shift("after", MIDNIGHT, MIDNIGHT + 8 * HOUR)]
    instant = timedelta(microseconds=1)
    assert names(shifts, MIDNIGHT - instant) == ["before"]
    assert names(shifts, MIDNIGHT) == ["after"]
    assert names(shifts, MIDNIGHT + 8 * HOUR) == []


def test_of_several_the_lower_order_is_texted_first() -> None:
    late = shift("first", MIDNIGHT, MIDNIGHT + HOUR, order=1)
    early = shift("second", MIDNIGHT - HOUR, MIDNIGHT + HOUR, order=2)
    assert names([early, late], MIDNIGHT) == ["first", "second"]


def test_a_number_with_two_shifts_is_one_recipient_and_the_standing_number_is_last() -> None:
    shifts = [
        shift("a", MIDNIGHT, MIDNIGHT + HOUR, phone="+861"),
        shift("b", MIDNIGHT - HOUR, MIDNIGHT + HOUR, phone="+861", order=2),
    ]
    ladder = recipients(shifts, MIDNIGHT, STANDING)
    assert [(one.phone, one.fallback) for one in ladder] == [("+861", False), (STANDING.phone, True)]
    assert recipients([], MIDNIGHT, STANDING) == [STANDING]
    assert recipients([], MIDNIGHT, None) == []


def test_gaps_are_what_no_shift_covers() -> None:
    shifts = [
        shift("b", MIDNIGHT + 3 * HOUR, MIDNIGHT + 5 * HOUR),
        shift("a", MIDNIGHT - HOUR, MIDNIGHT + 2 * HOUR),
        shift("within", MIDNIGHT, MIDNIGHT + HOUR),
    ]
    assert gaps(shifts, MIDNIGHT, MIDNIGHT + 6 * HOUR) == [
        Gap(starts_at=MIDNIGHT + 2 * HOUR, ends_at=MIDNIGHT + 3 * HOUR),
        Gap(starts_at=MIDNIGHT + 5 * HOUR, ends_at=MIDNIGHT + 6 * HOUR),
    ]
    assert gaps([], MIDNIGHT, MIDNIGHT + HOUR) == [Gap(starts_at=MIDNIGHT, ends_at=MIDNIGHT + HOUR)]


@given(st.lists(st.tuples(st.integers(-40, 60), st.integers(1, 36)), max_size=12))
def test_somebody_is_on_duty_at_each_hour_outside_the_gaps_and_nobody_within(
    rows: list[tuple[int, int]],
) -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    shifts = [
        shift(str(n), start + begin * HOUR, start + (begin + length) * HOUR)
        for n, (begin, length) in enumerate(rows)
    ]
    empty = gaps(shifts, start, start + 48 * HOUR)
    for hour in range(48):
        at = start + hour * HOUR
        assert (not on_duty(shifts, at)) == any(gap.starts_at <= at < gap.ends_at for gap in empty)


@pytest.mark.parametrize("length", [timedelta(0), -HOUR, LONGEST + timedelta(seconds=1)])
def test_a_shift_that_ends_before_it_begins_or_is_too_long_is_refused(length: timedelta) -> None:
    with pytest.raises(ShiftInvalid):
        checked(shift("x", MIDNIGHT, MIDNIGHT + length))
    checked(shift("x", MIDNIGHT, MIDNIGHT + LONGEST))
