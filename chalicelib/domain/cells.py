"""Cells of the earth: what may touch is looked for in a few of them, so that the rest costs nothing.

Three grids of squares in degrees. A shape stands in the finest grid whose squares are as large as it is, so
in at most four of them; a look-up asks each grid for the rows it crosses, whatever the grids hold.
"""

import math
from collections.abc import Iterable, Iterator

import msgspec

from chalicelib.domain.position import EARTH_RADIUS_M, Point

EDGES_DEG = (0.02, 0.32, 5.12)
"""The squares of each grid: 2.2 km, 36 km and 570 km from south to north."""

SQUARE_DEG = 0.01
"""The squares in which points stand: 1.1 km from south to north, 0.9 km from west to east in Shandong."""

TOWNS_UP_TO_DEG = 80.0
"""No town lies nearer to a pole. There a small disc lies in ever more squares, at the pole in a whole row."""

LARGEST_DEG = EDGES_DEG[-1]
_SLACK_DEG = 1e-9  # a tenth of a millimetre, against the rounding of what is compared


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """The degrees between which something lies; it does not cross the 180th meridian."""

    west: float
    south: float
    east: float
    north: float

    @property
    def size_deg(self) -> float:
        """The longer of its sides."""
        return max(self.east - self.west, self.north - self.south)


class Cell(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One square of one grid."""

    level: int
    row: int
    column: int


class Stretch(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """The squares of one row from one column to another, both included."""

    level: int
    row: int
    first: int
    last: int


def bounds_around(point: Point, radius_m: float) -> Bounds:
    """The bounds of a disc, never too narrow for the sphere nor for the plane that touches it there."""
    angle = radius_m / EARTH_RADIUS_M
    away_deg = math.degrees(angle)
    parallel = math.cos(math.radians(point.lat))
    sine = math.sin(min(angle, math.pi / 2)) / parallel if parallel > 0 else math.inf
    wide_deg = max(math.degrees(math.asin(sine)), away_deg / parallel) if sine < 1 else 360.0
    return _kept(point.lng - wide_deg, point.lat - away_deg, point.lng + wide_deg, point.lat + away_deg)


def bounds_of(corners: Iterable[Point]) -> Bounds:
    """The bounds of all corners."""
    known = list(corners)
    lngs, lats = [one.lng for one in known], [one.lat for one in known]
    return _kept(min(lngs), min(lats), max(lngs), max(lats))


def cells_of(bounds: Bounds) -> list[Cell]:
    """The squares in which a shape of these bounds stands: at most four.

    Raises ValueError for one that is larger than the largest square.
    """
    for level, edge in enumerate(EDGES_DEG):
        if bounds.size_deg <= edge:
            return [
                Cell(level=level, row=one.row, column=column)
                for one in _stretches(bounds, level)
                for column in range(one.first, one.last + 1)
            ]
    raise ValueError(f"wider than {LARGEST_DEG} degrees")


def stretches_of(bounds: Bounds) -> list[Stretch]:
    """What to ask for everything that may lie in these bounds: some rows of each grid."""
    return [stretch for level in range(len(EDGES_DEG)) for stretch in _stretches(bounds, level)]


def square_of(point: Point) -> tuple[int, int]:
    """Row and column of a point among squares of one size, for what has a place and no extent."""
    return math.floor((point.lat + 90) / SQUARE_DEG), math.floor((point.lng + 180) / SQUARE_DEG)


def squares_around(point: Point, radius_m: float) -> list[tuple[int, int]]:
    """Those squares in which a disc lies: of 500 m at most sixteen, and none nearer to a pole than any town.

    What a phone sends for its position must not decide how much is asked for it.
    """
    if abs(point.lat) > TOWNS_UP_TO_DEG:
        return []
    bounds = bounds_around(point, radius_m)
    south, west = square_of(Point(lat=bounds.south, lng=bounds.west))
    north, east = square_of(Point(lat=bounds.north, lng=bounds.east))
    return [(row, column) for row in range(south, north + 1) for column in range(west, east + 1)]


def _stretches(bounds: Bounds, level: int) -> Iterator[Stretch]:
    edge = EDGES_DEG[level]
    first, last = (math.floor((lng + 180) / edge) for lng in (bounds.west, bounds.east))
    south, north = (math.floor((lat + 90) / edge) for lat in (bounds.south, bounds.north))
    for row in range(south, north + 1):
        yield Stretch(level=level, row=row, first=first, last=last)


def _kept(west: float, south: float, east: float, north: float) -> Bounds:
    return Bounds(
        west=max(-180.0, west - _SLACK_DEG),
        south=max(-90.0, south - _SLACK_DEG),
        east=min(180.0, east + _SLACK_DEG),
        north=min(90.0, north + _SLACK_DEG),
    )
