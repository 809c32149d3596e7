"""Cells: what may touch is always found in them, and in few of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.cells import (
    Bounds,
    bounds_around,
    bounds_of,
    cells_of,
    square_of,
    squares_around,
    stretches_of,
)
from chalicelib.domain.position import Point, distance_m

points = st.builds(Point, lat=st.floats(-60, 60), lng=st.floats(-170, 170))
in_china = st.builds(Point, lat=st.floats(18, 54), lng=st.floats(73, 135))


def meet(one: Bounds, other: Bounds) -> bool:
    """Whether what stands in one is found by asking for the other."""
    asked = stretches_of(other)
    return any(
        (cell.level, cell.row) == (stretch.level, stretch.row)
        and stretch.first <= cell.column <= stretch.last
        for cell in cells_of(one)
        for stretch in asked
    )


@given(points, points, st.floats(0, 90_000), st.floats(0, 5_000))
def test_discs_that_touch_always_meet_in_a_cell(
    centre: Point, point: Point, radius_m: float, reach_m: float
) -> None:
    if distance_m(centre, point) <= radius_m + reach_m:
        assert meet(bounds_around(centre, radius_m), bounds_around(point, reach_m))


@given(in_china, st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 90_000), st.floats(0, 5_000))
def test_near_discs_that_touch_always_meet_in_a_cell(
    centre: Point, north: float, east: float, radius_m: float, reach_m: float
) -> None:
    reach_deg = (radius_m + reach_m) / 111_195
    point = Point(lat=centre.lat + north * reach_deg, lng=centre.lng + east * reach_deg)
    if distance_m(centre, point) <= radius_m + reach_m:
        assert meet(bounds_around(centre, radius_m), bounds_around(point, reach_m))


@given(points, st.floats(0, 100_000))
def test_a_shape_stands_in_four_cells_at_most(centre: Point, radius_m: float) -> None:
    bounds = bounds_around(centre, radius_m)
    if bounds.size_deg < 5:
        assert 1 <= len(cells_of(bounds)) <= 4


@given(in_china, st.floats(0, 5_000))
def test_a_point_asks_for_ten_stretches_at_most(point: Point, reach_m: float) -> None:
    assert 3 <= len(stretches_of(bounds_around(point, reach_m))) <= 10


def test_what_is_wider_than_the_largest_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="degrees"):
        cells_of(bounds_of([Point(lat=30, lng=100), Point(lat=30, lng=106)]))


def test_a_disc_at_the_pole_lies_at_every_longitude() -> None:
    bounds = bounds_around(Point(lat=89.9999, lng=0), 5_000)
    assert (bounds.west, bounds.east) == (-180, 180)


@given(st.builds(Point, lat=st.floats(-90, 90), lng=st.floats(-180, 180)), st.floats(0, 500))
def test_a_small_disc_lies_in_sixteen_squares_at_most_wherever_it_is(point: Point, radius_m: float) -> None:
    assert len(squares_around(point, radius_m)) <= 16


@pytest.mark.parametrize("lat", [89.9999, -89.9999, 90.0, -90.0])
@pytest.mark.parametrize("lng", [0.0, 180.0, -180.0, 179.9999])
def test_a_disc_near_a_pole_lies_in_no_square(lat: float, lng: float) -> None:
    assert squares_around(Point(lat=lat, lng=lng), 500) == []


@given(in_china, st.floats(-1, 1), st.floats(-1, 1), st.floats(1, 500))
def test_who_is_within_a_disc_stands_in_one_of_its_squares(
    centre: Point, north: float, east: float, radius_m: float
) -> None:
    reach_deg = radius_m / 111_195
    point = Point(lat=centre.lat + north * reach_deg, lng=centre.lng + east * reach_deg)
    if distance_m(centre, point) <= radius_m:
        assert square_of(point) in squares_around(centre, radius_m)
