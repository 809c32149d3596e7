"""Places in words: where a point lies from the nearest village or street that has a name."""

import csv
import io
import math
from bisect import bisect_left
from typing import Self

import msgspec

from chalicelib.domain.position import EARTH_RADIUS_M, Point, bearing_deg, distance_m

NEAR_M = 50.0
_M_PER_DEGREE = math.radians(EARTH_RADIUS_M)
_WINDS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")


class GazetteerInvalid(ValueError):
    """The file of places cannot be read; the message names the line."""


class NamedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A village or street and the point that stands for it."""

    name: str
    point: Point


class Gazetteer(msgspec.Struct, frozen=True, kw_only=True):
    """The named places of a county, from south to north.

    That order is the whole index: places within the distance already found lie in a narrow band of
    latitude, so one look-up among 10,000 places of a county measures some hundred of them.
    """

    places: tuple[NamedPlace, ...]

    @classmethod
    def from_csv(cls, content: bytes) -> Self:
        """Load `name,lat,lng` (UTF-8, with or without its mark; WGS-84 degrees).

        Raises `GazetteerInvalid`, also for another encoding: a spreadsheet may have saved GBK.
        """
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            raise GazetteerInvalid("the file of places is not UTF-8") from fault
        rows = csv.DictReader(io.StringIO(text, newline=""))
        if rows.fieldnames is not None and not {"name", "lat", "lng"} <= set(rows.fieldnames):
            raise GazetteerInvalid("line 1: the columns are name, lat, lng")
        places = [_place(row, line=rows.line_num) for row in rows]
        return cls(places=tuple(sorted(places, key=lambda place: place.point.lat)))

    def in_words(self, point: Point) -> str:
        """Say where the point is: "冶源街道附近" within 50 m, "冶源街道东北 300 m", "冶源街道东北 2.3 km".

        The direction is the one in which one leaves the named place. Empty when the gazetteer is.
        """
        if not self.places:
            return ""
        place = self.nearest(point)
        away_m = distance_m(place.point, point)
        if away_m < NEAR_M:
            return f"{place.name}附近"
        wind = _WINDS[round(bearing_deg(place.point, point) / 45) % 8]
        return f"{place.name}{wind} {_length(away_m)}"

    def nearest(self, point: Point) -> NamedPlace:
        """The named place nearest to the point. Raises LookupError when there is none."""
        found, found_m = None, math.inf
        start = bisect_left(self.places, point.lat, key=lambda place: place.point.lat)
        for side in (range(start, len(self.places)), range(start - 1, -1, -1)):
            for place in (self.places[i] for i in side):
                if abs(place.point.lat - point.lat) * _M_PER_DEGREE > found_m:
                    break
                if (away_m := distance_m(place.point, point)) < found_m:
                    found, found_m = place, away_m
        if found is None:
            raise LookupError("the gazetteer is empty")
        return found


def _place(row: dict[str, str | None], *, line: int) -> NamedPlace:
    try:
        name, lat, lng = (row["name"] or "").strip(), float(row["lat"] or ""), float(row["lng"] or "")
    except ValueError as fault:
        raise GazetteerInvalid(f"line {line}: lat and lng are degrees") from fault
    if not name or not -90 <= lat <= 90 or not -180 <= lng <= 180:
        raise GazetteerInvalid(f"line {line}: a place has a name, lat to 90 and lng to 180")
    return NamedPlace(name=name, point=Point(lat=lat, lng=lng))


def _length(away_m: float) -> str:
    """Rounded to 10 m, above a kilometre to 100 m: more would claim what neither end of the line can hold."""
    tens = round(away_m / 10) * 10
    return f"{tens} m" if tens < 1000 else f"{away_m / 1000:.1f} km"
