"""Inside, outside or too near to tell: the county itself, shapes that are easy to reckon, and an oracle."""

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.jurisdiction import Jurisdiction, OutlineInvalid, Verdict, signed_distance_m, verdict
from chalicelib.domain.position import Point, distance_m

COUNTY = Path(__file__).parents[2] / "infra" / "county"
Corners = list[tuple[float, float]]

SQUARE: Corners = [(118, 36), (119, 36), (119, 37), (118, 37), (118, 36)]
HOLE: Corners = [(118.4, 36.4), (118.4, 36.6), (118.6, 36.6), (118.6, 36.4), (118.4, 36.4)]
FAR_SQUARE: Corners = [(120, 36), (121, 36), (121, 37), (120, 37), (120, 36)]
KM_IN_DEGREES = 1 / 111.195


def outline(geometry: object) -> bytes:
    return json.dumps(geometry).encode()


def polygon(*rings: Corners) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": rings}


def jurisdiction(*rings: Corners, margin_m: float = 0) -> Jurisdiction:
    return Jurisdiction.from_geojson(outline(polygon(*rings)), margin_m=margin_m)


def linqu() -> Jurisdiction:
    county = json.loads((COUNTY / "county.json").read_text())
    return Jurisdiction.from_geojson((COUNTY / "outline.geojson").read_bytes(), margin_m=county["margin_m"])


@pytest.mark.parametrize(
    ("lat", "lng", "expected"),
    [
        (36.516, 118.535, Verdict.INSIDE),  # the seat of the county
        (36.30, 118.55, Verdict.INSIDE),
        (36.71, 119.10, Verdict.OUTSIDE),  # 潍坊
        (36.69, 118.48, Verdict.OUTSIDE),  # 青州
        (39.90, 116.40, Verdict.OUTSIDE),  # 北京
        (-36.5, -118.5, Verdict.OUTSIDE),
        (36.41, 118.24, Verdict.STRADDLING),  # a corner
        (36.62, 118.605, Verdict.STRADDLING),  # an edge
        (36.635, 118.605, Verdict.STRADDLING),  # 1.7 km north of it
        (36.605, 118.605, Verdict.STRADDLING),  # 1.7 km south of it
    ],
)
def test_the_county_tells_its_own(lat: float, lng: float, expected: Verdict) -> None:
    assert verdict(linqu(), Point(lat=lat, lng=lng), None) is expected


def test_every_street_of_the_county_is_not_outside() -> None:
    lines = (COUNTY / "places.csv").read_text(encoding="utf-8").splitlines()[1:]
    points = [Point(lat=float(lat), lng=float(lng)) for _, lat, lng in (line.split(",") for line in lines)]
    assert len(points) == 11
    assert all(verdict(linqu(), point, 0) is not Verdict.OUTSIDE for point in points)


def test_an_inaccurate_position_near_the_border_straddles() -> None:
    inside_by_3_km = Point(lat=36.62 - 3 * KM_IN_DEGREES, lng=118.605)
    assert verdict(linqu(), inside_by_3_km, 900) is Verdict.INSIDE
    assert verdict(linqu(), inside_by_3_km, 1100) is Verdict.STRADDLING
    assert verdict(linqu(), Point(lat=39.9, lng=116.4), 500_000) is Verdict.STRADDLING
    outside_by_16_km = Point(lat=36.43, lng=119.0)
    assert verdict(linqu(), outside_by_16_km, 15_000) is Verdict.STRADDLING
    assert verdict(linqu(), outside_by_16_km, 13_000) is Verdict.OUTSIDE


@pytest.mark.parametrize("margin_m", [0.0, 500.0])
@pytest.mark.parametrize("accuracy_m", [None, 0.0, 300.0])
def test_the_verdict_turns_where_margin_and_accuracy_end(margin_m: float, accuracy_m: float | None) -> None:
    square = jurisdiction(SQUARE, margin_m=margin_m)
    reach_m = margin_m + (accuracy_m or 0)
    for inwards_m, expected in [
        (reach_m + 2, Verdict.INSIDE),
        (reach_m - 2, Verdict.STRADDLING),
        (2 - reach_m, Verdict.STRADDLING),
        (-reach_m - 2, Verdict.OUTSIDE),
    ]:
        if reach_m or expected is not Verdict.STRADDLING:
            point = Point(lat=36 + inwards_m / 1000 * KM_IN_DEGREES, lng=118.5)
            assert verdict(square, point, accuracy_m) is expected


@pytest.mark.parametrize(("lat", "lng"), [(36, 118.5), (37, 118), (36.3, 119), (36.5, 118.4), (36.6, 118.5)])
def test_a_point_on_the_border_is_straddling(lat: float, lng: float) -> None:
    assert verdict(jurisdiction(SQUARE, HOLE), Point(lat=lat, lng=lng), 0) is Verdict.STRADDLING


def test_a_hole_is_outside() -> None:
    holed = jurisdiction(SQUARE, HOLE, margin_m=1000)
    assert verdict(holed, Point(lat=36.5, lng=118.5), 0) is Verdict.OUTSIDE
    assert verdict(holed, Point(lat=36.2, lng=118.5), 0) is Verdict.INSIDE
    assert verdict(holed, Point(lat=36.395, lng=118.5), 0) is Verdict.STRADDLING


def test_every_part_of_a_multipolygon_is_inside() -> None:
    both = Jurisdiction.from_geojson(
        outline({"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [FAR_SQUARE]]}), margin_m=0
    )
    assert verdict(both, Point(lat=36.2, lng=118.2), 0) is Verdict.INSIDE
    assert verdict(both, Point(lat=36.5, lng=120.5), 0) is Verdict.INSIDE
    assert verdict(both, Point(lat=36.5, lng=119.5), 0) is Verdict.OUTSIDE
    assert verdict(both, Point(lat=36.5, lng=118.5), 0) is Verdict.OUTSIDE


def test_a_part_within_the_hole_of_another_is_inside() -> None:
    island: Corners = [(118.45, 36.45), (118.55, 36.45), (118.55, 36.55), (118.45, 36.55), (118.45, 36.45)]
    both = Jurisdiction.from_geojson(
        outline({"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [island]]}), margin_m=0
    )
    assert verdict(both, Point(lat=36.5, lng=118.5), 0) is Verdict.INSIDE
    assert verdict(both, Point(lat=36.42, lng=118.5), 0) is Verdict.OUTSIDE


def test_geometries_features_and_collections_are_the_same_outline() -> None:
    feature = {"type": "Feature", "properties": None, "geometry": polygon(SQUARE)}
    collection = {"type": "FeatureCollection", "features": [feature]}
    read = [Jurisdiction.from_geojson(outline(o), margin_m=5) for o in (polygon(SQUARE), feature, collection)]
    assert read[0] == read[1] == read[2]


def test_heights_are_ignored() -> None:
    high = {"type": "Polygon", "coordinates": [[[*corner, 120.5] for corner in SQUARE]]}
    assert Jurisdiction.from_geojson(outline(high), margin_m=0) == jurisdiction(SQUARE)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        outline({"type": "Point", "coordinates": [118, 36]}),
        outline({"type": "Feature", "geometry": None}),
        outline({"type": "FeatureCollection", "features": []}),
        outline({"type": "Polygon"}),
        outline(polygon()),
        outline(polygon(SQUARE[:-1])),
        outline(polygon(SQUARE[:2] + SQUARE[:1])),
        outline(polygon([(lat, lng) for lng, lat in SQUARE])),
        outline({"type": "Polygon", "coordinates": [[["118", "36"]] * 4]}),
        outline({"type": "Polygon", "coordinates": [[[118]] * 4]}),
    ],
)
def test_a_file_that_is_no_outline_is_refused(content: bytes) -> None:
    with pytest.raises(OutlineInvalid):
        Jurisdiction.from_geojson(content, margin_m=0)


def winding_number(ring: Corners, point: Point) -> int:
    """How often the ring goes around the point, by summing angles, not by counting crossings."""
    angles = [math.atan2(lat - point.lat, lng - point.lng) for lng, lat in ring]
    turns = [(b - a + math.pi) % math.tau - math.pi for a, b in pairwise(angles)]
    return round(sum(turns) / math.tau)


def sampled_distance_m(ring: Corners, point: Point, samples: int = 400) -> float:
    """The way to the nearest of many points along the ring, over the sphere."""
    return min(
        distance_m(
            point, Point(lat=a[1] + (b[1] - a[1]) * i / samples, lng=a[0] + (b[0] - a[0]) * i / samples)
        )
        for a, b in pairwise(ring)
        for i in range(samples + 1)
    )


@st.composite
def stars(draw: st.DrawFn) -> Corners:
    """A ring without crossings, of about a county's size: one corner in each direction from the middle."""
    radii = draw(st.lists(st.floats(0.02, 0.3), min_size=3, max_size=9))
    angles = [math.tau * i / len(radii) for i in range(len(radii))]
    ring = [(118.5 + r * math.cos(a), 36.5 + r * math.sin(a)) for r, a in zip(radii, angles, strict=True)]
    return [*ring, ring[0]]


@given(stars(), st.floats(36.1, 36.9), st.floats(118.1, 118.9), st.floats(0, 5000), st.floats(0, 5000))
def test_the_verdict_is_that_of_winding_and_dense_sampling(
    ring: Corners, lat: float, lng: float, margin_m: float, accuracy_m: float
) -> None:
    point = Point(lat=lat, lng=lng)
    away_m = sampled_distance_m(ring, point)
    within = winding_number(ring, point) != 0
    found = jurisdiction(ring, margin_m=margin_m)
    # The plane of the domain and the steps of the oracle differ by less than this.
    tolerance_m = 20 + away_m * 0.005
    assert abs(signed_distance_m(found, point) - (away_m if within else -away_m)) < tolerance_m
    assume(abs(away_m - margin_m - accuracy_m) > tolerance_m)
    near = away_m <= margin_m + accuracy_m
    expected = Verdict.STRADDLING if near else Verdict.INSIDE if within else Verdict.OUTSIDE
    assert verdict(found, point, accuracy_m) is expected


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 3_000_000))
def test_an_edge_that_is_not_measured_never_changes_the_verdict(
    lat: float, lng: float, accuracy_m: float
) -> None:
    assert_measured(linqu(), Point(lat=lat, lng=lng), accuracy_m)


@given(stars(), st.floats(36.1, 36.9), st.floats(118.1, 118.9), st.floats(0, 20_000))
def test_nor_does_it_near_an_outline_with_many_turns(
    ring: Corners, lat: float, lng: float, accuracy_m: float
) -> None:
    assert_measured(jurisdiction(ring, margin_m=0), Point(lat=lat, lng=lng), accuracy_m)


def assert_measured(area: Jurisdiction, point: Point, accuracy_m: float) -> None:
    """The verdict is the one that the distance to the nearest of all edges gives."""
    inwards_m = signed_distance_m(area, point)
    if abs(inwards_m) <= area.margin_m + accuracy_m:
        expected = Verdict.STRADDLING
    else:
        expected = Verdict.INSIDE if inwards_m > 0 else Verdict.OUTSIDE
    assert verdict(area, point, accuracy_m) is expected
