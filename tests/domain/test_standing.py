"""What a grade means for a report, and when a change of standing holds."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.citizen import Citizen, Standing
from chalicelib.domain.refusals import BodyInvalid
from chalicelib.domain.standing import (
    BEHIND_FOR,
    LONGEST,
    WITHOUT_LIVE,
    StandingChange,
    behind_until,
    expiry,
    time_id,
    waits_behind,
)
from tests.domain.samples import NOON

USUAL = timedelta(days=90)


def change(**fields: Any) -> StandingChange:
    one: dict[str, Any] = {
        "id": "1",
        "citizen_id": "c",
        "grade": Standing.BARRED,
        "reason": "多次谎报",
        "incident_id": "i",
        "proposed_by": "seat1",
        "reviewed_by": "commander1",
        "decided_at": NOON,
        "expires_at": NOON + USUAL,
    }
    return StandingChange(**{**one, **fields})


def test_only_a_barred_citizens_report_waits_behind_and_at_most_two_minutes() -> None:
    for grade in (Standing.GOOD, Standing.WARNED, Standing.RESTRICTED):
        assert behind_until(grade, now=NOON) is None
    until = behind_until(Standing.BARRED, now=NOON)
    assert until == NOON + timedelta(minutes=2) == NOON + BEHIND_FOR
    assert waits_behind(until, now=NOON + timedelta(seconds=119))
    assert not waits_behind(until, now=NOON + timedelta(seconds=120))
    assert not waits_behind(None, now=NOON)


def test_two_grades_are_without_live_calls() -> None:
    assert set(WITHOUT_LIVE) == {Standing.RESTRICTED, Standing.BARRED}


@pytest.mark.parametrize("grade", [Standing.WARNED, Standing.RESTRICTED, Standing.BARRED])
def test_a_standing_ends_by_the_clock(grade: Standing) -> None:
    citizen = Citizen(id="c", openid="o", standing=grade, standing_until=NOON)
    assert citizen.standing_at(NOON - timedelta(microseconds=1)) is grade
    assert citizen.standing_at(NOON) is Standing.GOOD


def test_a_change_holds_until_its_time_or_until_it_is_ended() -> None:
    assert change().holds_at(NOON)
    assert not change().holds_at(NOON + USUAL)
    assert not change(ended_at=NOON).holds_at(NOON)


def test_a_change_ends_after_the_usual_time_or_when_said_within_a_year() -> None:
    assert expiry(None, now=NOON, usual=USUAL) == NOON + USUAL
    assert expiry(NOON + LONGEST, now=NOON, usual=USUAL) == NOON + LONGEST
    for wrong in (NOON, NOON - USUAL, NOON + LONGEST + timedelta(seconds=1)):
        with pytest.raises(BodyInvalid):
            expiry(wrong, now=NOON, usual=USUAL)


def test_ids_sort_by_time_and_have_the_length_of_all_ids() -> None:
    first, second = (time_id(NOON + timedelta(milliseconds=n), "z" * 26) for n in (0, 1))
    assert first < second
    assert len(first) == 26
