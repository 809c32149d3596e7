"""Many things in turn: what befalls one is its own, and what nobody foresaw is still said aloud."""

from functools import partial

import pytest

from chalicelib.adapters.turns import one_by_one, readable
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


def test_none_is_begun_when_there_is_no_time_and_none_twice() -> None:
    seen: list[str] = []

    def work(name: str) -> bool:
        seen.append(name)
        return True

    assert one_by_one(((name, name) for name in "abacd"), work, has_time=lambda: len(seen) < 3) == 3
    assert seen == ["a", "b", "c"]


class Line:
    """An item of a list."""

    def __init__(self, body: str) -> None:
        self.id = f"id of {body}"
        self.body = body


def test_one_that_cannot_be_read_hides_no_other_and_another_may_stand_in_its_place() -> None:
    lines = [Line("1"), Line("spoilt"), Line("3")]
    read = partial(readable, lines, lambda line: int(line.body), kind="numbers")
    assert list(read()) == [1, 3]
    assert list(read(instead=lambda _: 2)) == [1, 2, 3]
