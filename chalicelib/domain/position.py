"""Positions on the earth: how one that a phone sent is read, and how one is stored (WGS-84, always)."""

import math
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec

EARTH_RADIUS_M = 6_371_008.8  # mean radius of the earth, IUGG
FUTURE_AFTER = timedelta(minutes=2)
OLD_AFTER = timedelta(minutes=5)
INACCURATE_ABOVE_M = 1000.0
# Half the way around the earth: a larger accuracy says nothing.
ACCURACY_LIMIT_M = 20_037_508.0
# 1 cm. It also keeps out numbers that the table cannot store (DynamoDB's smallest is 1e-130).
_DECIMALS = 7


class Crs(StrEnum):
    """The coordinate systems that phones send."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A place in degrees, WGS-84 (also inside the function that converts from GCJ-02)."""

    lat: float
    lng: float


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Where a phone was, as it is stored: WGS-84 degrees, metres, UTC.

    `accuracy_m` and `at` are None when the phone did not say or said something impossible.
    """

    lat: float
    lng: float
    accuracy_m: float | None = None
    at: datetime | None = None

    @property
    def point(self) -> Point:
        """The place alone."""
        return Point(lat=self.lat, lng=self.lng)


def read_position(raw: object, *, now: datetime) -> tuple[Position | None, list[str]]:
    """Read what a phone sent for a position when it files a report, and say what is wrong with it.

    Never raises: a report is not refused over its position (design, rule 2). The position is None when
    no place can be made out; the caller keeps `raw`. The flags are slugs: `position-missing`,
    `position-invalid`, `position-crs-missing`, `position-accuracy-invalid`, `position-inaccurate`,
    `position-time-invalid`, `position-time-future`, `position-old`.

    A missing `crs` is taken as WGS-84, which is what `navigator.geolocation` and `wx.getLocation` give
    when nothing else is asked for; at Linqu the guess may be wrong by 500 m, hence the flag. An unknown
    one makes the position invalid. A missing `accuracy_m` or `at` is only left open.
    """
    if raw is None:
        return None, ["position-missing"]
    if not isinstance(raw, dict):
        return None, ["position-invalid"]
    lat, lng = _number(raw.get("lat"), limit=90), _number(raw.get("lng"), limit=180)
    crs, flags = _read_crs(raw.get("crs"))
    if lat is None or lng is None or crs is None or _is_null_island(lat, lng):
        return None, ["position-invalid"]
    accuracy_m, accuracy_flags = _read_accuracy(raw.get("accuracy_m"))
    at, time_flags = _read_time(raw.get("at"), now=now)
    return _position(lat, lng, crs, accuracy_m=accuracy_m, at=at), flags + accuracy_flags + time_flags


def gcj02_to_wgs84(lat: float, lng: float) -> Point:
    """Turn a GCJ-02 place into WGS-84, exact to less than 0.1 m; outside China nothing changes.

    GCJ-02 has no published definition; the formula is the one that has been public since 2010 and that
    every open map library copies (Krasovsky 1940 ellipsoid and a sum of sines). It stands here because
    the packages for it are stale and most of them subtract the shift once, which is off by metres. The
    shift has no closed inverse, but changes by less than 1 % of the distance moved, so that putting it
    right six times leaves nothing that a double can show.
    """
    if not _shifted_region(lat, lng):
        return Point(lat=lat, lng=lng)
    wgs_lat, wgs_lng = lat, lng
    for _ in range(6):
        shift_lat, shift_lng = _gcj02_shift(wgs_lat, wgs_lng)
        wgs_lat, wgs_lng = lat - shift_lat, lng - shift_lng
    return Point(lat=wgs_lat, lng=wgs_lng)


def distance_m(a: Point | Position, b: Point | Position) -> float:
    """The way between two places over a spherical earth, in metres (haversine; off by 0.5 % at most)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lng = math.radians(b.lng - a.lng) / 2
    h = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lng) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, h)))


def bearing_deg(a: Point | Position, b: Point | Position) -> float:
    """The direction in which one leaves `a` for `b`: degrees from north over east, 0 up to 360."""
    lat_a, lat_b, lng = math.radians(a.lat), math.radians(b.lat), math.radians(b.lng - a.lng)
    east = math.sin(lng) * math.cos(lat_b)
    north = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(lng)
    # The second modulo: a tiny negative angle plus 360 is 360 in floating point.
    return math.degrees(math.atan2(east, north)) % 360 % 360


def _position(lat: float, lng: float, crs: Crs, *, accuracy_m: float | None, at: datetime | None) -> Position:
    place = gcj02_to_wgs84(lat, lng) if crs is Crs.GCJ02 else Point(lat=lat, lng=lng)
    return Position(
        lat=round(place.lat, _DECIMALS) + 0.0,  # + 0.0 makes a plain zero of a negative one
        lng=round(place.lng, _DECIMALS) + 0.0,
        accuracy_m=None if accuracy_m is None else round(accuracy_m, 2) + 0.0,
        at=at,
    )


def _number(raw: object, *, limit: float) -> float | None:
    """A number from -limit to limit, or None. Compared before it is converted: JSON integers have no end."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not -limit <= raw <= limit:
        return None
    return float(raw)


def _is_null_island(lat: float, lng: float) -> bool:
    return round(lat, _DECIMALS) == 0 and round(lng, _DECIMALS) == 0


def _read_crs(raw: object) -> tuple[Crs | None, list[str]]:
    if raw is None:
        return Crs.WGS84, ["position-crs-missing"]
    return (Crs(raw) if isinstance(raw, str) and raw in list(Crs) else None), []


def _read_accuracy(raw: object) -> tuple[float | None, list[str]]:
    if raw is None:
        return None, []
    accuracy_m = _number(raw, limit=ACCURACY_LIMIT_M)
    if accuracy_m is None or accuracy_m < 0:
        return None, ["position-accuracy-invalid"]
    return accuracy_m, ["position-inaccurate"] if accuracy_m > INACCURATE_ABOVE_M else []


def _read_time(raw: object, *, now: datetime) -> tuple[datetime | None, list[str]]:
    if raw is None:
        return None, []
    try:
        sent = msgspec.convert(raw, Annotated[datetime, msgspec.Meta(tz=True)])
    except (msgspec.ValidationError, UnicodeEncodeError):
        return None, ["position-time-invalid"]
    at = _in_utc(sent)
    if at is None:
        return None, ["position-time-invalid"]
    if at - now > FUTURE_AFTER:
        return at, ["position-time-future"]
    return at, ["position-old"] if now - at > OLD_AFTER else []


def _in_utc(at: datetime) -> datetime | None:
    """The same moment in UTC; None at the ends of the calendar, where there is no such moment."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return None


def _shifted_region(lat: float, lng: float) -> bool:
    """The rectangle in which GCJ-02 shifts. It cuts through neighbours; every implementation has it so."""
    return 0.8293 <= lat <= 55.8271 and 72.004 <= lng <= 137.8347


def _gcj02_shift(lat: float, lng: float) -> tuple[float, float]:
    """How far GCJ-02 moves a WGS-84 place, in degrees of latitude and longitude."""
    semi_major_axis_m, eccentricity_squared = 6_378_245.0, 0.006_693_421_622_965_943
    north_m, east_m = _gcj02_shift_m(x=lng - 105.0, y=lat - 35.0)
    sine = math.sin(math.radians(lat))
    w = 1 - eccentricity_squared * sine * sine
    meridian_radius_m = semi_major_axis_m * (1 - eccentricity_squared) / (w * math.sqrt(w))
    parallel_radius_m = semi_major_axis_m / math.sqrt(w) * math.cos(math.radians(lat))
    return math.degrees(north_m / meridian_radius_m), math.degrees(east_m / parallel_radius_m)


def _gcj02_shift_m(*, x: float, y: float) -> tuple[float, float]:
    """The sums of sines behind the shift: metres north and east."""
    pi, sin = math.pi, math.sin
    both = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + both
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + both
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    return north, east
