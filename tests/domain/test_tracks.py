"""A batch of points is taken as far as it can be, packed small, and says what follows from it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.position import FUTURE_AFTER, distance_m
from chalicelib.domain.tracks import (
    TrackPoint,
    enters_window,
    in_order,
    is_fresh,
    moved_m,
    pack,
    read_batch,
    speed_mps,
    unpack,
)
from tests.domain.samples import NOON

MS = timedelta(milliseconds=1)


def sent(seconds_ago: float = 0, **changed: Any) -> dict[str, Any]:
    at = (NOON - timedelta(seconds=seconds_ago)).isoformat()
    return {"lat": 36.51, "lng": 118.54, "accuracy_m": 12.3, "crs": "wgs84", "at": at, **changed}


def point(seconds: float = 0, north_m: float = 0, **fields: Any) -> TrackPoint:
    place = {"lat": 36.51 + north_m / 111_195, "lng": 118.54}
    return TrackPoint(**place, at=NOON + timedelta(seconds=seconds), **{"accuracy_m": 5.0, **fields})


def test_points_out_of_order_and_again_are_one_track_by_time() -> None:
    batch = read_batch([sent(5), sent(20), sent(5, lat=36.6), sent(1)], now=NOON)
    assert [(NOON - one.at).seconds for one in batch.points] == [20, 5, 1]
    assert (batch.newest.lat, batch.dropped) == (36.51, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "here",
        {},
        sent(lat=91),
        sent(lat=None),
        sent(lat=0, lng=0),
        sent(crs="mars"),
        sent(at="?"),
        sent(at=None),
        sent(at="1969-12-31T23:59:59Z"),
        sent(at="0001-01-01T00:00:00+08:00"),
    ],
)
def test_a_wrong_point_is_counted_and_loses_no_other(wrong: object) -> None:
    batch = read_batch([sent(3), wrong, sent(2)], now=NOON)
    assert (len(batch.points), batch.dropped) == (2, 1)


def test_what_a_phone_adds_or_leaves_out_loses_no_point() -> None:
    odd = [sent(1, altitude=90), sent(2, accuracy_m=-1), sent(3, speed_mps=-1), sent(4, speed_mps="fast")]
    without = {name: value for name, value in sent(5).items() if name not in ("crs", "accuracy_m")}
    batch = read_batch([*odd, without], now=NOON)
    assert (len(batch.points), batch.dropped) == (5, 0)
    assert [one.accuracy_m for one in batch.points] == [None, 12.3, 12.3, None, 12.3]
    assert {one.speed_mps for one in batch.points} == {None}


def test_chinese_coordinates_are_stored_as_wgs84() -> None:
    (here,) = read_batch([sent(crs="gcj02")], now=NOON).points
    assert 400 < distance_m(here.position, point().position) < 700


def test_a_clock_that_runs_ahead_moves_the_whole_batch_back_to_now() -> None:
    batch = read_batch([sent(-3600), sent(-3590)], now=NOON)
    assert [(NOON - one.at).seconds for one in batch.points] == [10, 0]
    kept = read_batch([sent(-100)], now=NOON)
    assert kept.newest.at > NOON


@pytest.mark.parametrize("far", ["9999-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "2026-11-24T04:00:00Z"])
def test_a_point_far_in_the_future_is_counted_and_moves_no_other(far: str) -> None:
    batch = read_batch([sent(3), sent(at=far), sent(2)], now=NOON)
    assert ([(NOON - one.at).seconds for one in batch.points], batch.dropped) == ([3, 2], 1)


def test_a_clock_that_is_years_ahead_still_says_which_way_it_went() -> None:
    year = -365 * 24 * 3600
    batch = read_batch([sent(year), sent(year + 10), sent(at="9999-12-31T23:59:59Z")], now=NOON)
    assert ([(NOON - one.at).seconds for one in batch.points], batch.dropped) == ([10, 0], 1)


times = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(9999, 12, 31))  # noqa: DTZ001


@given(st.lists(times, min_size=1, max_size=10))
def test_whatever_times_come_together_what_is_taken_can_be_kept(ats: list[datetime]) -> None:
    batch = read_batch([sent(at=f"{at.isoformat()}Z") for at in ats], now=NOON)
    assert unpack(pack(batch.points)) == [replace(one, accuracy_m=13.0) for one in batch.points]
    assert all(one.at <= NOON + FUTURE_AFTER for one in batch.points)


@pytest.mark.parametrize(("ago", "fresh"), [(0, True), (60, True), (61, False)])
def test_a_batch_is_fresh_for_a_minute(ago: int, fresh: bool) -> None:
    assert is_fresh(read_batch([sent(900), sent(ago)], now=NOON), now=NOON) is fresh


@given(
    st.lists(
        st.builds(
            TrackPoint,
            lat=st.floats(-90, 90),
            lng=st.floats(-180, 180),
            accuracy_m=st.none() | st.floats(0, 20_037_508),
            at=st.integers(0, 10**13).map(lambda ms: NOON.fromtimestamp(0, NOON.tzinfo) + ms * MS),
            speed_mps=st.none() | st.floats(0, 600),
        ),
        max_size=10,
    )
)
def test_ten_points_of_any_kind_fit_into_180_bytes_and_come_out_as_they_were(
    points: list[TrackPoint],
) -> None:
    packed = pack(points)
    assert len(packed) == 18 * len(points) <= 180
    for before, after in zip(points, unpack(packed), strict=True):
        assert after.at == before.at
        assert distance_m(before.position, after.position) < 0.02
        assert (after.accuracy_m is None) == (before.accuracy_m is None)
        assert after.accuracy_m is None or after.accuracy_m >= min(before.accuracy_m or 0, 65_534)
        assert after.speed_mps == (
            None if before.speed_mps is None else pytest.approx(before.speed_mps, abs=0.01)
        )


def test_the_phones_own_speed_is_believed() -> None:
    assert speed_mps([point(0), point(10, 5000, speed_mps=13.9)]) == 13.9


def test_without_one_the_way_of_the_last_half_minute_tells() -> None:
    assert speed_mps([point(-300, -90_000), point(0), point(10, 150), point(20, 300)]) == pytest.approx(
        15, 0.01
    )


def test_a_way_within_the_accuracy_is_no_movement_and_one_point_no_speed() -> None:
    assert speed_mps([point(0, accuracy_m=30.0), point(10, 20)]) == 0
    assert speed_mps([point(0)]) is None
    assert speed_mps([]) is None


def test_how_far_is_endless_from_nowhere() -> None:
    assert moved_m(None, point()) > 1e9
    assert moved_m(point(), point(9, 250)) == pytest.approx(250, 0.01)


def test_a_window_is_entered_once_however_many_come_in_it() -> None:
    arrivals = [1_000, 4_999, 5_000, 5_001, 9_999, 10_000, 30_000]
    entered = [
        after
        for before, after in zip([0, *arrivals], arrivals, strict=False)
        if enters_window(before, after, every_seconds=5)
    ]
    assert entered == [5_000, 10_000, 30_000]


def test_the_same_time_twice_keeps_the_first() -> None:
    assert in_order([point(1), point(0), point(1, 500)]) == [point(0), point(1)]
