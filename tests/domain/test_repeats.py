"""Repeat reports: who counts, since when, and the same answer in whatever order they are looked at."""

import random
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.position import Point
from chalicelib.domain.repeats import Limits, Reported, repeat_hits, reported
from tests.domain.samples import NOON, incident

LIMITS = Limits(
    count=2,
    window=timedelta(minutes=30),
    people=3,
    place_window=timedelta(minutes=10),
    radius_m=300,
)
SPOT = Point(lat=36.5, lng=118.5)


def report(name: str, minutes: float, citizen: str, **fields: Any) -> Reported:
    made = {"incident_id": name, "number": f"n-{name}", "citizen_id": citizen, "at": NOON + minutes * MINUTE}
    return Reported(**{**made, **fields})


MINUTE = timedelta(minutes=1)


def ids(one: Reported, others: list[Reported]) -> list[str]:
    return [hit.id for hit in repeat_hits(one, others, LIMITS, now=NOON)]


def test_a_second_report_of_the_same_citizen_within_the_time_is_a_repeat() -> None:
    first, second = report("a", 0, "c1"), report("b", 30, "c1")
    (hit,) = repeat_hits(second, [first], LIMITS, now=NOON)
    assert (hit.id, hit.reason) == ("repeat:citizen", "同一群众重复报警")
    assert hit.evidence == {"by": "citizen", "count": 2, "window_minutes": 30, "incidents": ["n-a"]}
    assert ids(first, [second]) == []


def test_what_was_before_the_time_or_of_another_is_no_repeat() -> None:
    second = report("b", 30.1, "c1")
    assert ids(second, [report("a", 0, "c1"), report("x", 29, "c2")]) == []


def test_the_same_number_of_another_citizen_is_a_repeat() -> None:
    phones = ("+8613800000000",)
    before = [report("a", 0, "c1", phones=phones)]
    assert ids(report("b", 1, "c2", phones=(*phones, "+8613900000000")), before) == ["repeat:phone"]
    assert ids(report("b", 1, "c1", phones=phones), before) == ["repeat:citizen"]


def test_a_spot_counts_different_people_and_not_their_reports() -> None:
    first, again = report("a", 0, "c1", points=(SPOT,)), report("b", 1, "c1", points=(SPOT,))
    third, fourth = report("c", 2, "c2", points=(SPOT,)), report("d", 3, "c3", points=(SPOT,))
    assert "repeat:place" not in ids(third, [first, again])
    (hit,) = repeat_hits(fourth, [first, again, third], LIMITS, now=NOON)
    assert (hit.id, hit.evidence["count"], hit.evidence["radius_m"]) == ("repeat:place", 3, 300)


@pytest.mark.parametrize(("metres", "found"), [(299, True), (301, False)])
def test_a_spot_is_as_wide_as_its_radius(metres: float, found: bool) -> None:
    away = Point(lat=SPOT.lat + metres / 111_195, lng=SPOT.lng)
    before = [report("a", 0, "c1", points=(away,)), report("b", 1, "c2", points=(away,))]
    assert ids(report("c", 2, "c3", points=(SPOT,)), before) == (["repeat:place"] if found else [])


def test_a_spot_is_forgotten_after_its_time() -> None:
    before = [report("a", 0, "c1", points=(SPOT,)), report("b", 1, "c2", points=(SPOT,))]
    assert ids(report("c", 10.5, "c3", points=(SPOT,)), before) == []


def test_the_order_in_which_reports_become_known_changes_nothing() -> None:
    chance = random.Random(4)
    for _ in range(200):
        known = [
            report(str(number), chance.uniform(0, 40), f"c{chance.randrange(4)}", points=(SPOT,))
            for number in range(8)
        ]
        for one in known:
            others = [other for other in known if other is not one]
            shuffled = chance.sample(others, len(others)) + others[:3]
            assert repeat_hits(one, shuffled, LIMITS, now=NOON) == repeat_hits(one, others, LIMITS, now=NOON)


def test_evidence_names_the_ten_newest_and_counts_all() -> None:
    before = [report(f"{number:02d}", number / 10, "c1") for number in range(14)]
    (hit,) = repeat_hits(report("z", 5, "c1"), before, LIMITS, now=NOON)
    assert hit.evidence["count"] == 15
    assert hit.evidence["incidents"] == [f"n-{number:02d}" for number in range(4, 14)]


def test_a_point_that_may_be_a_kilometre_away_is_at_no_spot() -> None:
    kept = reported(incident(), phones=["+861"], points=[(SPOT, 1000.0), (SPOT, 1000.1)])
    assert (kept.points, kept.phones) == ((SPOT,), ("+861",))
