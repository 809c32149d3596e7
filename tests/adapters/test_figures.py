"""Counters in the table: each state of an incident counts once, told of twice, late or in disorder."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from chalicelib.adapters import citizens, figures
from chalicelib.adapters.tables import CitizenItem
from chalicelib.domain.asked import new_id
from chalicelib.domain.counting import Counts
from tests.desk import someone
from tests.within import now

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def day() -> date:
    """A day on which nobody else counts anything."""
    return date(1900, 1, 1) + timedelta(days=random.randrange(30_000))


def on(day: date, **counts: int) -> Counts:
    return {f"day/{day.isoformat()}": counts}


def states_of(day: date) -> list[Counts]:
    """What versions 1 to 5 of an incident add; the fourth takes back what the third added."""
    return [
        on(day, a=1),
        on(day, a=1, b=1),
        on(day, a=1, b=1, c=5),
        on(day, a=1, b=1),
        {**on(day, a=1, b=1, c=7), **on(day + timedelta(days=1), d=1)},
    ]


def tell(incident_id: str, states: list[Counts], version: int) -> bool:
    """What the stream does with the record of one version."""
    before = states[version - 2] if version > 1 else {}
    return figures.count(incident_id, version=version, before=before, after=states[version - 1])


def counted(day: date) -> dict[str, int]:
    return figures.days(day, day).get(day, {})


def test_a_state_told_of_again_and_again_counts_once(day: date) -> None:
    states, incident_id = states_of(day), new_id()
    for version in (1, 1, 2, 2, 1, 3, 3):
        tell(incident_id, states, version)
    assert counted(day) == {"a": 1, "b": 1, "c": 5}


def orders() -> list[list[int]]:
    """Five versions told in a dozen orders, some of them twice."""
    rng, found = random.Random(4), []
    for _ in range(12):
        told = [1, 2, 3, 4, 5, *rng.choices(range(1, 6), k=4)]
        rng.shuffle(told)
        found.append(told)
    return found


@pytest.mark.parametrize("told", orders(), ids=str)
def test_in_whatever_order_versions_are_told_the_newest_is_what_counts(day: date, told: list[int]) -> None:
    states, incident_id = states_of(day), new_id()
    for version in told:
        tell(incident_id, states, version)
    assert counted(day) == {"a": 1, "b": 1, "c": 7}
    assert counted(day + timedelta(days=1)) == {"d": 1}


def test_versions_that_were_never_told_of_are_made_up_for(day: date) -> None:
    states, incident_id = states_of(day), new_id()
    assert tell(incident_id, states, 1)
    assert tell(incident_id, states, 5)
    assert counted(day) == {"a": 1, "b": 1, "c": 7}


def test_what_was_corrected_away_and_told_late_does_not_come_back(day: date) -> None:
    states, incident_id = states_of(day), new_id()
    for version in (1, 2, 4):
        tell(incident_id, states, version)
    assert not tell(incident_id, states, 3)
    assert counted(day)["b"] == 1
    assert counted(day).get("c", 0) == 0


def test_many_at_once_lose_nothing_and_count_nothing_twice(day: date) -> None:
    states, ids = states_of(day), [new_id() for _ in range(20)]
    told = [(incident_id, version) for incident_id in ids for version in (1, 2, 3, 2, 1)]
    random.Random(7).shuffle(told)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: tell(one[0], states, one[1]), told))
    for incident_id in ids:
        tell(incident_id, states, 3)
    assert counted(day) == {"a": 20, "b": 20, "c": 100}


def test_a_citizen_is_counted_once_however_often_she_signs_in(day: date) -> None:
    before = figures.registered_in_all()
    openid, key = f"openid-{someone()}", f"day/{day.isoformat()}"
    first = citizens.sign_in(openid, now=now())
    assert not first.is_counted
    with ThreadPoolExecutor(4) as pool:
        times = list(
            pool.map(lambda _: figures.count_citizen(first.citizen.id, since=first.since, day=key), range(8))
        )
    assert sum(times) <= 1
    figures.count_citizen(first.citizen.id, since=first.since, day=key)
    assert counted(day) == {"registered": 1}
    assert figures.registered_in_all() >= before + 1
    assert citizens.sign_in(openid, now=now()).is_counted


def test_counting_a_citizen_leaves_what_else_is_known_of_her(day: date) -> None:
    signed_in = citizens.sign_in(f"openid-{someone()}", now=now())
    citizens.set_phone(signed_in.citizen.id, "+8613900000000", verified=True)
    figures.count_citizen(signed_in.citizen.id, since=signed_in.since, day=f"day/{day.isoformat()}")
    assert citizens.get(signed_in.citizen.id).phone == "+8613900000000"
    assert CitizenItem.get(signed_in.citizen.id).counted_at
