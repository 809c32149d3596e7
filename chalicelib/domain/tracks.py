"""The track of a moving caller: what of a batch can be taken, how it is packed, and what follows from it.

One batch is up to ten points in any order; a track is made of batches, and a point is known by its time.
"""

import math
import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.domain.position import FUTURE_AFTER, Position, distance_m, read_position

MOST_POINTS = 10
FRESH_WITHIN = timedelta(seconds=60)
SPEED_OVER = timedelta(seconds=30)
APART_AT_MOST = timedelta(days=1)
"""A phone sends what it kept while it had no network; a whole day of that is much."""

# Latitude and longitude in 1e-7 degree (1 cm), milliseconds since 1970 in 48 bits, metres, cm a second.
_PACKED = struct.Struct(">iiHIHH")
_DEGREE = 10_000_000
_UNKNOWN = 0xFFFF
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TrackPoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a caller was at a moment: WGS-84 degrees, metres, UTC to the millisecond, metres a second.

    `accuracy_m` and `speed_mps` are None where the phone did not say.
    """

    lat: float
    lng: float
    accuracy_m: float | None = None
    at: datetime
    speed_mps: float | None = None

    @property
    def position(self) -> Position:
        """The point as a position."""
        return Position(lat=self.lat, lng=self.lng, accuracy_m=self.accuracy_m, at=self.at)


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """The points of one batch that can be taken, by time, and how many could not."""

    points: tuple[TrackPoint, ...]
    dropped: int

    @property
    def newest(self) -> TrackPoint:
        """The last of them."""
        return self.points[-1]


def read_batch(sent: Sequence[object], *, now: datetime) -> Batch:
    """Take every point that has a place and a time; the others are counted.

    A phone whose clock runs ahead has all its points moved back together, so that the newest is now: the
    way it went is right, and a time to come would hide all that follows. A point more than `APART_AT_MOST`
    ahead of the others is no clock's, and is counted as wrong.
    """
    read = [point for raw in sent if (point := _read_point(raw, now=now))]
    points = in_order(read)
    taken = _moved_back(_of_one_clock(points, now=now), now=now)
    return Batch(points=tuple(taken), dropped=len(sent) - len(read) + len(points) - len(taken))


def in_order(points: Iterable[TrackPoint]) -> list[TrackPoint]:
    """The points by time, each time once: what was sent again says nothing new."""
    by_time: dict[datetime, TrackPoint] = {}
    for point in points:
        by_time.setdefault(point.at, point)
    return [by_time[at] for at in sorted(by_time)]


def is_fresh(batch: Batch, *, now: datetime) -> bool:
    """Whether the batch tells where the caller is, and not only where she was."""
    return now - batch.newest.at <= FRESH_WITHIN


def speed_mps(points: Sequence[TrackPoint]) -> float | None:
    """How fast the caller is, metres a second: as the phone says, or by the way of the last 30 seconds.

    `points` are in order of time. A way shorter than the positions are exact is no movement.
    """
    if not points:
        return None
    newest = points[-1]
    if newest.speed_mps is not None:
        return newest.speed_mps
    since = next(point for point in points if newest.at - point.at <= SPEED_OVER)
    seconds = (newest.at - since.at).total_seconds()
    if seconds < 1:
        return None
    way_m = distance_m(since.position, newest.position)
    return round(way_m / seconds, 1) if way_m > _doubt_m(since, newest) else 0.0


def moved_m(before: TrackPoint | None, after: TrackPoint) -> float:
    """How far it is from one point to another, in metres; endless where there is no first one."""
    return math.inf if before is None else distance_m(before.position, after.position)


def enters_window(before_ms: int, after_ms: int, *, every_seconds: int) -> bool:
    """Whether a new stretch of time began between two arrivals: true at most once in each stretch."""
    stretch_ms = every_seconds * 1000
    return before_ms // stretch_ms != after_ms // stretch_ms


def pack(points: Iterable[TrackPoint]) -> bytes:
    """The points in 18 bytes each."""
    return b"".join(map(_pack, points))


def unpack(packed: bytes) -> list[TrackPoint]:
    """The points that `pack` packed, in its order."""
    return [_unpack(fields) for fields in _PACKED.iter_unpack(packed)]


def _of_one_clock(points: list[TrackPoint], *, now: datetime) -> list[TrackPoint]:
    """Those that are not far ahead of now, or, where all are, of the first of them."""
    since = max(now, points[0].at) if points else now
    return [point for point in points if point.at - since <= APART_AT_MOST]


def _moved_back(points: list[TrackPoint], *, now: datetime) -> list[TrackPoint]:
    ahead = points[-1].at - now if points else timedelta()
    if ahead <= FUTURE_AFTER:
        return points
    kept = [point for point in points if point.at - _EPOCH >= ahead]
    return [replace(point, at=_to_millisecond(point.at - ahead)) for point in kept]


def _read_point(raw: object, *, now: datetime) -> TrackPoint | None:
    position, _ = read_position(raw, now=now)
    if position is None or position.at is None or position.at < _EPOCH or not isinstance(raw, dict):
        return None
    return TrackPoint(
        lat=position.lat,
        lng=position.lng,
        accuracy_m=position.accuracy_m,
        at=_to_millisecond(position.at),
        speed_mps=_read_speed(raw.get("speed_mps")),
    )


def _read_speed(raw: Any) -> float | None:
    """A speed up to 600 m/s; phones say null, or a negative one, where they do not know."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw <= 600:
        return None
    return round(float(raw), 2)


def _doubt_m(a: TrackPoint, b: TrackPoint) -> float:
    return max(a.accuracy_m or 0.0, b.accuracy_m or 0.0)


def _to_millisecond(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _pack(point: TrackPoint) -> bytes:
    milliseconds = (point.at - _EPOCH) // timedelta(milliseconds=1)
    accuracy = _UNKNOWN if point.accuracy_m is None else min(math.ceil(point.accuracy_m), _UNKNOWN - 1)
    speed = _UNKNOWN if point.speed_mps is None else min(round(point.speed_mps * 100), _UNKNOWN - 1)
    lat, lng = round(point.lat * _DEGREE), round(point.lng * _DEGREE)
    return _PACKED.pack(lat, lng, milliseconds >> 32, milliseconds & 0xFFFFFFFF, accuracy, speed)


def _unpack(fields: tuple[int, ...]) -> TrackPoint:
    lat, lng, high, low, accuracy, speed = fields
    return TrackPoint(
        lat=lat / _DEGREE,
        lng=lng / _DEGREE,
        accuracy_m=None if accuracy == _UNKNOWN else float(accuracy),
        at=_EPOCH + timedelta(milliseconds=(high << 32) + low),
        speed_mps=None if speed == _UNKNOWN else speed / 100,
    )
