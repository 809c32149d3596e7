"""Whether a place lies in the bureau's jurisdiction, as far as its accuracy and the outline's allow to say.

Point in polygon and distance to a border are written here on purpose: they are forty lines, while the
usual library for them (shapely) brings numpy and GEOS into every cold start.
"""

import math
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from typing import Self

import msgspec

from chalicelib.domain.position import EARTH_RADIUS_M, Point

_M_PER_DEGREE = math.radians(EARTH_RADIUS_M)

Corner = tuple[float, float]  # longitude, latitude: the order of GeoJSON
Ring = tuple[Corner, ...]
Polygon = tuple[Ring, ...]  # the outer ring, then the holes


class Verdict(StrEnum):
    """What can be said of a place; `straddling` when the margin or its accuracy leaves it open."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    STRADDLING = "straddling"


class OutlineInvalid(ValueError):
    """The file of the outline is not a GeoJSON polygon in WGS-84 degrees."""


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """The degrees between which all corners of an outline lie."""

    west: float
    south: float
    east: float
    north: float


class Jurisdiction(msgspec.Struct, frozen=True, kw_only=True):
    """The area served, not across the 180th meridian, and how far its outline may be wrong, in metres."""

    polygons: tuple[Polygon, ...]
    box: Box
    margin_m: float

    @classmethod
    def from_geojson(cls, content: bytes, *, margin_m: float) -> Self:
        """Load an outline: a Polygon or MultiPolygon, alone, in a Feature or in a FeatureCollection.

        WGS-84, longitude before latitude (RFC 7946). Raises `OutlineInvalid`.
        """
        try:
            polygons = tuple(_polygons(msgspec.json.decode(content)))
        except (msgspec.DecodeError, KeyError, TypeError, IndexError, AttributeError) as fault:
            raise OutlineInvalid(f"not a GeoJSON outline: {fault}") from fault
        corners = [corner for polygon in polygons for ring in polygon for corner in ring]
        if not corners:
            raise OutlineInvalid("the outline holds no polygon")
        return cls(polygons=polygons, box=_box(corners), margin_m=margin_m)


def verdict(jurisdiction: Jurisdiction, point: Point, accuracy_m: float | None) -> Verdict:
    """Say whether the point is inside, outside, or too near to the border to tell.

    Too near is: not further from it than the outline's margin and the position's accuracy together. A
    point on the border, of a hole too, is always `straddling`.
    """
    reach_m = jurisdiction.margin_m + (accuracy_m or 0.0)
    if _gap_to_box_m(jurisdiction.box, point) > reach_m:
        return Verdict.OUTSIDE
    if _border_is_within(reach_m, jurisdiction, point):
        return Verdict.STRADDLING
    return Verdict.INSIDE if _lies_in(jurisdiction, point) else Verdict.OUTSIDE


def signed_distance_m(jurisdiction: Jurisdiction, point: Point) -> float:
    """The way to the nearest border in metres: positive from within, negative from without.

    Measured on the plane that touches the earth at the point (equirectangular), which is right to 1 % up to
    100 km at the latitudes of China, and exact where it matters, near by.
    """
    away_m = min(
        _distance_to_edge_m(point, start, end)
        for polygon in jurisdiction.polygons
        for ring in polygon
        for start, end in pairwise(ring)
    )
    return away_m if _lies_in(jurisdiction, point) else -away_m


def _border_is_within(reach_m: float, jurisdiction: Jurisdiction, point: Point) -> bool:
    """Whether a border is that near. Of a county's thousands of edges hardly any has to be measured."""
    up, aside = reach_m / _M_PER_DEGREE, reach_m / (_M_PER_DEGREE * math.cos(math.radians(point.lat)))
    south, north, west, east = point.lat - up, point.lat + up, point.lng - aside, point.lng + aside
    for polygon in jurisdiction.polygons:
        for ring in polygon:
            for (lng_a, lat_a), (lng_b, lat_b) in pairwise(ring):
                if (lat_a > north and lat_b > north) or (lat_a < south and lat_b < south):
                    continue
                if (lng_a > east and lng_b > east) or (lng_a < west and lng_b < west):
                    continue
                if _distance_to_edge_m(point, (lng_a, lat_a), (lng_b, lat_b)) <= reach_m:
                    return True
    return False


def _lies_in(jurisdiction: Jurisdiction, point: Point) -> bool:
    return any(_holds(polygon, point) for polygon in jurisdiction.polygons)


def _holds(polygon: Polygon, point: Point) -> bool:
    outer, *holes = polygon
    return _encloses(outer, point) and not any(_encloses(hole, point) for hole in holes)


def _encloses(ring: Ring, point: Point) -> bool:
    """Whether a ray from the point to the east leaves the ring: it crosses an odd number of edges."""
    crossings = 0
    for (lng_a, lat_a), (lng_b, lat_b) in pairwise(ring):
        # An end at the ray's own latitude counts as above it, so that a corner is crossed once, not twice.
        if (lat_a > point.lat) != (lat_b > point.lat):
            crossings += point.lng < lng_a + (point.lat - lat_a) / (lat_b - lat_a) * (lng_b - lng_a)
    return crossings % 2 == 1


def _distance_to_edge_m(point: Point, start: Corner, end: Corner) -> float:
    east_per_degree = _M_PER_DEGREE * math.cos(math.radians(point.lat))
    x, y = (start[0] - point.lng) * east_per_degree, (start[1] - point.lat) * _M_PER_DEGREE
    dx, dy = (end[0] - start[0]) * east_per_degree, (end[1] - start[1]) * _M_PER_DEGREE
    squared = dx * dx + dy * dy
    along = 0.0 if squared == 0 else max(0.0, min(1.0, -(x * dx + y * dy) / squared))
    return math.hypot(x + along * dx, y + along * dy)


def _gap_to_box_m(box: Box, point: Point) -> float:
    """Never more than the distance that `signed_distance_m` would find: it measures on the same plane."""
    east_per_degree = _M_PER_DEGREE * math.cos(math.radians(point.lat))
    return max(
        (box.west - point.lng) * east_per_degree,
        (point.lng - box.east) * east_per_degree,
        (box.south - point.lat) * _M_PER_DEGREE,
        (point.lat - box.north) * _M_PER_DEGREE,
    )


def _box(corners: list[Corner]) -> Box:
    lngs, lats = [lng for lng, _ in corners], [lat for _, lat in corners]
    return Box(west=min(lngs), south=min(lats), east=max(lngs), north=max(lats))


def _polygons(document: dict[str, object]) -> Iterator[Polygon]:
    """Every polygon of a GeoJSON object; lines and points beside them are refused, not skipped."""
    kind, coordinates = document["type"], document.get("coordinates")
    if kind == "FeatureCollection":
        for feature in msgspec.convert(document["features"], list[dict[str, object]]):
            yield from _polygons(feature)
    elif kind == "Feature":
        yield from _polygons(msgspec.convert(document["geometry"], dict[str, object]))
    elif kind == "Polygon":
        yield _polygon(coordinates)
    elif kind == "MultiPolygon":
        yield from map(_polygon, msgspec.convert(coordinates, list[object]))
    else:
        raise OutlineInvalid(f"an outline is made of polygons, this is a {kind}")


def _polygon(coordinates: object) -> Polygon:
    rings = msgspec.convert(coordinates, list[list[list[float]]])
    if not rings:
        raise OutlineInvalid("a polygon needs an outer ring")
    return tuple(_ring(ring) for ring in rings)


def _ring(positions: list[list[float]]) -> Ring:
    ring = tuple((position[0], position[1]) for position in positions)  # a third number is a height
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise OutlineInvalid("a ring has at least four positions and ends where it began (RFC 7946, 3.1.6)")
    if not all(-180 <= lng <= 180 and -90 <= lat <= 90 for lng, lat in ring):
        raise OutlineInvalid("degrees out of range: longitude comes first")
    return ring
