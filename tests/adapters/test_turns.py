"""Many things in turn: what befalls one is its own, and what nobody foresaw is still said aloud."""

import pytest

from chalicelib.adapters.turns import one_by_one
from chalicelib.domain.refusals import IncidentChanged


class Unforeseen(Exception):
    """What no service says."""


def worked_on(fault: Exception, seen: list[int]) -> int:
    """Work on three things of which the second fails."""

    def work(number: int) -> bool:
        seen.append(number)
        if number == 2:
            raise fault
        return number == 3

    return one_by_one({"a": 1, "b": 2, "c": 3}, work)


def test_a_race_that_was_lost_keeps_no_other_from_its_turn() -> None:
    seen: list[int] = []
    assert worked_on(IncidentChanged("others were first"), seen) == 1
    assert seen == [1, 2, 3]


def test_what_nobody_foresaw_is_raised_when_all_had_their_turn() -> None:
    seen: list[int] = []
    with pytest.raises(Unforeseen):
        worked_on(Unforeseen(), seen)
    assert seen == [1, 2, 3]


def test_where_nothing_is_only_logged_a_lost_race_is_raised_too() -> None:
    def work(number: int) -> bool:
        raise IncidentChanged("others were first")

    with pytest.raises(IncidentChanged):
        one_by_one({"a": 1}, work, only_logged=())
