"""Places in words."""

import math
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.gazetteer import Gazetteer, GazetteerInvalid, NamedPlace
from chalicelib.domain.position import Point, distance_m

PLACES = Path(__file__).parents[2] / "infra" / "county" / "places.csv"
M_PER_DEGREE = 111_195


def gazetteer(*lines: str) -> Gazetteer:
    return Gazetteer.from_csv("\n".join(["name,lat,lng", *lines]).encode())


def off(lat: float, lng: float, *, away_m: float, bearing: float) -> Point:
    """The point that lies so far from a place in that direction (near enough for a few kilometres)."""
    north, east = math.cos(math.radians(bearing)) * away_m, math.sin(math.radians(bearing)) * away_m
    return Point(lat=lat + north / M_PER_DEGREE, lng=lng + east / M_PER_DEGREE / math.cos(math.radians(lat)))


@pytest.mark.parametrize(
    ("away_m", "bearing", "words"),
    [
        (0, 0, "冶源街道附近"),
        (49, 90, "冶源街道附近"),
        (51, 90, "冶源街道东 50 m"),
        (300, 45, "冶源街道东北 300 m"),
        (304, 45, "冶源街道东北 300 m"),
        (994, 180, "冶源街道南 990 m"),
        (997, 180, "冶源街道南 1.0 km"),
        (2300, 45, "冶源街道东北 2.3 km"),
        (12_340, 270, "冶源街道西 12.3 km"),
    ],
)
def test_a_place_is_told_by_direction_and_distance(away_m: float, bearing: float, words: str) -> None:
    place = gazetteer("冶源街道,36.42,118.50")
    assert place.in_words(off(36.42, 118.50, away_m=away_m, bearing=bearing)) == words


@pytest.mark.parametrize(
    ("bearing", "wind"),
    [
        (0, "北"),
        (45, "东北"),
        (90, "东"),
        (135, "东南"),
        (180, "南"),
        (225, "西南"),
        (270, "西"),
        (315, "西北"),
    ],
)
@pytest.mark.parametrize("aside", [-22, 0, 22])
def test_each_of_eight_winds_covers_its_eighth(bearing: float, wind: str, aside: float) -> None:
    point = off(36.42, 118.50, away_m=500, bearing=bearing + aside)
    assert gazetteer("冶源街道,36.42,118.50").in_words(point) == f"冶源街道{wind} 500 m"


def test_the_county_knows_its_seat() -> None:
    county = Gazetteer.from_csv(PLACES.read_bytes())
    assert county.in_words(Point(lat=36.516, lng=118.535)) == "城关街道西北 800 m"
    assert county.in_words(Point(lat=36.18, lng=118.50)) == "九山镇附近"


def test_a_place_straight_north_is_nearer_than_one_far_to_the_east() -> None:
    places = gazetteer("东村,36.501,118.53", "北村,36.52,118.50", "南村,36.40,118.50")
    assert places.in_words(Point(lat=36.5, lng=118.5)) == "北村南 2.2 km"


def test_an_empty_gazetteer_says_nothing() -> None:
    assert gazetteer().in_words(Point(lat=36.5, lng=118.5)) == ""
    assert Gazetteer.from_csv(b"").in_words(Point(lat=36.5, lng=118.5)) == ""


def test_a_spreadsheets_mark_quotes_and_more_columns_are_read() -> None:
    content = '\ufeffname,kind,lat,lng\r\n"冶源街道, 老龙湾",村,36.42,118.50\r\n'.encode()
    assert Gazetteer.from_csv(content).in_words(Point(lat=36.42, lng=118.50)) == "冶源街道, 老龙湾附近"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("name,lat,lng\n冶源街道,36.42,118.50\n".encode("gbk"), "UTF-8"),
        (b"name,latitude,longitude\na,36,118\n", "line 1"),
        (b"name,lat,lng\na,36,118\nb,north,118\n", "line 3"),
        (b"name,lat,lng\na,36\n", "line 2"),
        (b"name,lat,lng\na,nan,118\n", "line 2"),
        (b"name,lat,lng\n,36,118\n", "line 2"),
        (b"name,lat,lng\na,118,36\n", "line 2"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(content: bytes, reason: str) -> None:
    with pytest.raises(GazetteerInvalid, match=reason):
        Gazetteer.from_csv(content)


POINTS = st.builds(Point, lat=st.floats(-90, 90), lng=st.floats(-180, 180)) | st.builds(
    Point, lat=st.floats(36, 37), lng=st.floats(118, 119)
)


@given(st.lists(POINTS, min_size=1, max_size=30), POINTS)
def test_the_nearest_place_is_that_of_measuring_all(points: list[Point], point: Point) -> None:
    places = [NamedPlace(name=str(i), point=p) for i, p in enumerate(points)]
    found = Gazetteer(places=tuple(sorted(places, key=lambda place: place.point.lat))).nearest(point)
    assert distance_m(found.point, point) == min(distance_m(p, point) for p in points)


def test_ten_thousand_places_are_not_all_measured() -> None:
    """Counted, not timed: how many places the look-up touches among those of a county."""
    chance = random.Random(110)
    touched = 0

    class Counted(tuple[NamedPlace, ...]):
        def __getitem__(self, index):  # type: ignore[no-untyped-def]
            nonlocal touched
            touched += 1
            return super().__getitem__(index)

    points = [Point(lat=chance.uniform(36.0, 36.7), lng=chance.uniform(118.2, 118.9)) for _ in range(10_000)]
    places = Counted(NamedPlace(name="村", point=p) for p in sorted(points, key=lambda p: p.lat))
    county = Gazetteer(places=places)
    for _ in range(100):
        county.in_words(Point(lat=chance.uniform(36.0, 36.7), lng=chance.uniform(118.2, 118.9)))
    assert 0 < touched / 100 < 500
