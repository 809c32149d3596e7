"""Durations in buckets: exact at every target, and a percentile is never too kind."""

from collections import Counter
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.histogram import EDGES_SECONDS, OVER_SECONDS, bucket, percentile, total, within

SECONDS = st.floats(min_value=-5, max_value=200_000)


@pytest.mark.parametrize(
    ("seconds", "edge"),
    [
        (-3, 1),
        (0, 1),
        (1, 1),
        (1.001, 2),
        (15, 15),
        (15.2, 16),
        (59, 60),
        (86_400, 86_400),
        (86_401.5, 86_401),
    ],
)
def test_a_duration_falls_in_the_bucket_whose_edge_it_does_not_pass(seconds: float, edge: int) -> None:
    assert bucket(seconds) == edge


@pytest.mark.parametrize("target", [10, 15, 20, 30, 60, 300, 1800])
@given(taken=st.lists(SECONDS, max_size=40))
def test_shares_within_every_target_of_the_field_are_exact(target: int, taken: list[float]) -> None:
    found = Counter(map(bucket, taken))
    assert within(found, target) == sum(seconds <= target for seconds in taken)
    assert total(found) == len(taken)


def test_a_limit_that_is_no_edge_is_refused_rather_than_guessed() -> None:
    with pytest.raises(ValueError, match="no edge"):
        within({1: 1}, 17.5)  # type: ignore[arg-type]


@given(taken=st.lists(SECONDS, min_size=1, max_size=40), percent=st.sampled_from([50, 90, 95, 99]))
def test_a_percentile_is_the_edge_above_the_duration_of_that_rank(taken: list[float], percent: int) -> None:
    ranked = sorted(taken)[ceil(len(taken) * percent / 100) - 1]
    assert percentile(Counter(map(bucket, taken)), percent) == bucket(ranked)


def test_nothing_has_no_percentile_and_the_longest_is_said_to_be_over_a_day() -> None:
    assert percentile({}, 90) is None
    assert percentile({OVER_SECONDS: 3}, 50) == 86_401
    assert list(EDGES_SECONDS) == sorted(set(EDGES_SECONDS))
