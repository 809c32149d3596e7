"""When an owner's console counts as silent."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.desk import Seat, SeatState, is_silent
from tests.domain.samples import NOON

LIMIT = timedelta(seconds=20)
AT_WORK = [state for state in SeatState if state is not SeatState.OFF]


def seconds(count: float) -> datetime:
    return NOON + timedelta(seconds=count)


def seen(at: datetime | None, state: SeatState = SeatState.BUSY) -> Seat:
    return Seat(username="seat1", state=state, seen_at=at)


@pytest.mark.parametrize("state", AT_WORK)
@pytest.mark.parametrize(("after_seconds", "silent"), [(0, False), (19.9, False), (20, True), (3600, True)])
def test_an_owner_is_silent_from_twenty_seconds_after_the_last_sign_of_life(
    state: SeatState, after_seconds: float, silent: bool
) -> None:
    found = is_silent(seen(NOON, state), since=seconds(-60), now=seconds(after_seconds), limit=LIMIT)
    assert found == silent


def test_an_old_sign_of_life_does_not_count_against_what_was_taken_just_now() -> None:
    long_ago = seen(seconds(-3600))
    assert not is_silent(long_ago, since=NOON, now=seconds(19), limit=LIMIT)
    assert is_silent(long_ago, since=NOON, now=seconds(20), limit=LIMIT)


@pytest.mark.parametrize("seat", [None, seen(None)])
def test_a_console_that_never_spoke_has_the_same_time_from_the_taking_on(seat: Seat | None) -> None:
    assert not is_silent(seat, since=NOON, now=seconds(19), limit=LIMIT)
    assert is_silent(seat, since=NOON, now=seconds(20), limit=LIMIT)


def test_a_seat_that_signed_out_is_silent_at_once() -> None:
    assert is_silent(seen(NOON, SeatState.OFF), since=NOON, now=NOON, limit=LIMIT)


def test_a_sign_of_life_from_a_clock_ahead_of_ours_is_no_silence() -> None:
    assert not is_silent(seen(seconds(5)), since=NOON, now=seconds(1), limit=LIMIT)
