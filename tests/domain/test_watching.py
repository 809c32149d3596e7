"""What is watched: how far from it a point is, and whether it still counts."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.position import Point
from chalicelib.domain.watching import Circle, KeyPerson, Ring

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
GATE = Point(lat=36.5, lng=118.5)
SQUARE = Ring(
    corners=(
        Point(lat=36.50, lng=118.50),
        Point(lat=36.50, lng=118.52),
        Point(lat=36.52, lng=118.52),
        Point(lat=36.52, lng=118.50),
    )
)


def test_within_a_circle_nothing_is_away() -> None:
    assert Circle(centre=GATE, radius_m=100).away_m(Point(lat=36.5005, lng=118.5)) == 0


def test_outside_a_circle_the_way_is_to_its_edge() -> None:
    away_m = Circle(centre=GATE, radius_m=100).away_m(Point(lat=36.502, lng=118.5))
    assert away_m == pytest.approx(222.4 - 100, abs=0.2)


def test_within_a_polygon_nothing_is_away() -> None:
    assert SQUARE.away_m(Point(lat=36.51, lng=118.51)) == 0


def test_outside_a_polygon_the_way_is_to_its_nearest_side() -> None:
    assert SQUARE.away_m(Point(lat=36.521, lng=118.51)) == pytest.approx(111.2, abs=0.2)


@pytest.mark.parametrize(
    ("until", "counts"), [(None, True), (timedelta(seconds=1), True), (timedelta(0), False)]
)
def test_an_entry_counts_until_it_expires(until: timedelta | None, counts: bool) -> None:
    expires_at = None if until is None else NOW + until
    entry = KeyPerson(
        id="a",
        owner="commander1",
        created_at=NOW,
        phone="+8613800000000",
        reason="扬言",
        expires_at=expires_at,
    )
    assert entry.counts(NOW) is counts
