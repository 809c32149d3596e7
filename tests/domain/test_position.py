"""Positions: GCJ-02 and WGS-84, distances, and reading what phones send."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.position import (
    Crs,
    Point,
    Position,
    bearing_deg,
    distance_m,
    gcj02_to_wgs84,
    read_position,
)
from tests.gcj02 import wgs84_to_gcj02

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SEAT = Point(lat=36.516, lng=118.535)
IN_CHINA = st.builds(
    Point, lat=st.floats(min_value=3, max_value=53.5), lng=st.floats(min_value=73.5, max_value=135)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def sent(**changes: object) -> dict[str, Any]:
    """A position as a well-behaved phone sends it, with changes."""
    good = {"lat": 36.516, "lng": 118.535, "accuracy_m": 20, "crs": "wgs84", "at": "2026-11-22T08:00:00Z"}
    return {**good, **changes}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in sent().items() if key != name}


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [  # the worked examples of googollee/eviltransform
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ],
)
def test_gcj02_agrees_with_published_pairs(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert distance_m(wgs84_to_gcj02(*wgs), Point(lat=gcj[0], lng=gcj[1])) < 0.01
    assert distance_m(gcj02_to_wgs84(*gcj), Point(lat=wgs[0], lng=wgs[1])) < 0.01


@given(IN_CHINA)
def test_gcj02_and_back_is_the_same_place(point: Point) -> None:
    gcj = wgs84_to_gcj02(point.lat, point.lng)
    assert distance_m(gcj02_to_wgs84(gcj.lat, gcj.lng), point) < 0.1


def test_gcj02_lies_about_500_m_to_the_east_at_linqu() -> None:
    gcj = wgs84_to_gcj02(SEAT.lat, SEAT.lng)
    assert 400 < distance_m(SEAT, gcj) < 600
    assert 80 < bearing_deg(SEAT, gcj) < 100


@pytest.mark.parametrize(("lat", "lng"), [(48.8566, 2.3522), (-33.87, 151.21), (90.0, 0.0), (36.5, -118.5)])
def test_gcj02_is_wgs84_outside_china(lat: float, lng: float) -> None:
    assert gcj02_to_wgs84(lat, lng) == wgs84_to_gcj02(lat, lng) == Point(lat=lat, lng=lng)


@given(IN_CHINA)
def test_a_place_sent_in_either_system_is_stored_within_a_metre(point: Point) -> None:
    gcj = wgs84_to_gcj02(point.lat, point.lng)
    from_wgs, _ = read_position(sent(lat=point.lat, lng=point.lng), now=NOW)
    from_gcj, _ = read_position(sent(lat=gcj.lat, lng=gcj.lng, crs="gcj02"), now=NOW)
    assert from_wgs is not None
    assert from_gcj is not None
    assert distance_m(from_wgs, from_gcj) < 1
    assert distance_m(from_wgs, point) < 1


def test_a_degree_of_latitude_is_111_km() -> None:
    assert distance_m(Point(lat=36, lng=118), Point(lat=37, lng=118)) == pytest.approx(111_195, abs=1)


def test_the_other_side_of_the_earth_is_half_way_around() -> None:
    assert distance_m(Point(lat=0, lng=0), Point(lat=0, lng=180)) == pytest.approx(math.pi * 6_371_008.8)


@pytest.mark.parametrize(
    ("lat", "lng", "bearing"),
    [(1, 0, 0), (0, 1, 90), (-1, 0, 180), (0, -1, 270), (1, 1, 45), (1e-9, -1e-30, 0)],
)
def test_bearings_turn_from_north_over_east(lat: float, lng: float, bearing: float) -> None:
    assert bearing_deg(Point(lat=0, lng=0), Point(lat=lat, lng=lng)) == pytest.approx(bearing, abs=0.01)


def test_a_good_position_is_stored_as_it_is_without_flags() -> None:
    position, flags = read_position(sent(), now=NOW)
    assert position == Position(lat=36.516, lng=118.535, accuracy_m=20, at=NOW)
    assert flags == []


@pytest.mark.parametrize(
    ("raw", "flags"),
    [
        (None, ["position-missing"]),
        ({}, ["position-invalid"]),
        ("36.5,118.5", ["position-invalid"]),
        ([36.5, 118.5], ["position-invalid"]),
        (without("lat"), ["position-invalid"]),
        (sent(lat="36.516"), ["position-invalid"]),
        (sent(lat=True), ["position-invalid"]),
        (sent(lat=90.0001), ["position-invalid"]),
        (sent(lng=-180.5), ["position-invalid"]),
        (sent(lat=10**400), ["position-invalid"]),
        (sent(lat=math.nan), ["position-invalid"]),
        (sent(lng=math.inf), ["position-invalid"]),
        (sent(lat=0, lng=0), ["position-invalid"]),
        (sent(lat=0.0, lng=1e-12), ["position-invalid"]),
        (sent(crs="bd09"), ["position-invalid"]),
        (sent(crs=["wgs84"]), ["position-invalid"]),
    ],
)
def test_a_position_without_a_place_is_flagged(raw: object, flags: list[str]) -> None:
    assert read_position(raw, now=NOW) == (None, flags)


@pytest.mark.parametrize("raw", [without("crs"), sent(crs=None)])
def test_a_missing_crs_is_taken_as_wgs84_and_flagged(raw: object) -> None:
    position, flags = read_position(raw, now=NOW)
    assert position is not None
    assert position.point == SEAT
    assert flags == ["position-crs-missing"]


@pytest.mark.parametrize("accuracy", [-1, math.nan, math.inf, "20", True, [], 1e300])
def test_an_impossible_accuracy_is_left_out_and_flagged(accuracy: object) -> None:
    position, flags = read_position(sent(accuracy_m=accuracy), now=NOW)
    assert position is not None
    assert position.accuracy_m is None
    assert flags == ["position-accuracy-invalid"]


def test_a_position_is_inaccurate_above_a_kilometre() -> None:
    assert read_position(sent(accuracy_m=1000), now=NOW)[1] == []
    position, flags = read_position(sent(accuracy_m=1000.5), now=NOW)
    assert position is not None
    assert position.accuracy_m == 1000.5
    assert flags == ["position-inaccurate"]


@pytest.mark.parametrize(
    "at",
    ["yesterday", "", 1763798400, "2026-11-22T08:00:00", "2026-11-22", "0001-01-01T00:00:00+14:00", "\ud83d"],
)
def test_a_time_that_is_none_is_left_out_and_flagged(at: object) -> None:
    position, flags = read_position(sent(at=at), now=NOW)
    assert position is not None
    assert position.at is None
    assert flags == ["position-time-invalid"]


@pytest.mark.parametrize(
    ("seconds", "flags"),
    [(120, []), (121, ["position-time-future"]), (-300, []), (-301, ["position-old"])],
)
def test_a_time_far_from_now_is_kept_and_flagged(seconds: int, flags: list[str]) -> None:
    at = NOW + timedelta(seconds=seconds)
    position, found = read_position(sent(at=at.isoformat()), now=NOW)
    assert position is not None
    assert (position.at, found) == (at, flags)


def test_a_number_too_small_for_the_table_is_stored_as_zero() -> None:
    position, _ = read_position(sent(lat=-5e-324), now=NOW)
    assert repr(position and position.lat) == "0.0"


def test_a_time_of_another_zone_is_stored_in_utc() -> None:
    position, flags = read_position(sent(at="2026-11-22T16:00:00+08:00"), now=NOW)
    assert position is not None
    assert position.at == NOW
    assert position.at.tzinfo is UTC
    assert flags == []


def test_what_is_only_missing_is_left_open_without_a_flag() -> None:
    position, flags = read_position({"lat": 36.516, "lng": 118.535, "crs": "wgs84"}, now=NOW)
    assert (position, flags) == (Position(lat=36.516, lng=118.535), [])


def test_all_that_is_wrong_is_flagged_at_once() -> None:
    raw = {"lat": 36.516, "lng": 118.535, "accuracy_m": 5000, "at": "2020-01-01T00:00:00Z"}
    _, flags = read_position(raw, now=NOW)
    assert flags == ["position-crs-missing", "position-inaccurate", "position-old"]


FIELD = JSON | st.floats(-200, 200) | st.sampled_from(["wgs84", "gcj02", "2026-11-22T08:00:00Z"])


@given(
    JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(("lat", "lng", "accuracy_m", "crs", "at"), FIELD))
)
def test_whatever_a_phone_sends_is_read_and_can_be_stored(raw: object) -> None:
    position, flags = read_position(raw, now=NOW)
    assert flags or position is not None
    if position is not None:
        assert msgspec.json.decode(msgspec.json.encode(position), type=Position) == position
        numbers = [position.lat, position.lng, position.accuracy_m or 0]
        assert all(number == 0 or abs(number) > 1e-130 for number in numbers)


def test_the_names_of_the_systems_are_those_of_the_contract() -> None:
    assert [*Crs] == ["wgs84", "gcj02"]
