"""What is watched: key persons 重点人, key places 重点部位, events 突发事件 that a commander published."""

from datetime import datetime
from enum import StrEnum

import msgspec

from chalicelib.domain.cells import Bounds, bounds_around, bounds_of
from chalicelib.domain.jurisdiction import Box, Jurisdiction, signed_distance_m
from chalicelib.domain.position import Point, distance_m

RADIUS_LIMIT_M = 100_000.0
CORNERS_LIMIT = 200


class Circle(msgspec.Struct, frozen=True, kw_only=True, tag_field="shape", tag="circle"):
    """Everything within a radius, in metres."""

    centre: Point
    radius_m: float

    @property
    def bounds(self) -> Bounds:
        """The degrees it lies in."""
        return bounds_around(self.centre, self.radius_m)

    def away_m(self, point: Point) -> float:
        """How far the point is from it, in metres; 0 within."""
        return max(0.0, distance_m(self.centre, point) - self.radius_m)


class Ring(msgspec.Struct, frozen=True, kw_only=True, tag_field="shape", tag="ring"):
    """Everything within a polygon without holes; the first corner is not said again at the end."""

    corners: tuple[Point, ...]

    @property
    def bounds(self) -> Bounds:
        """The degrees it lies in."""
        return bounds_of(self.corners)

    def away_m(self, point: Point) -> float:
        """How far the point is from it, in metres; 0 within."""
        ring = tuple((corner.lng, corner.lat) for corner in (*self.corners, self.corners[0]))
        box = Box(**msgspec.structs.asdict(self.bounds))
        return max(0.0, -signed_distance_m(Jurisdiction(polygons=((ring,),), box=box, margin_m=0), point))


Shape = Circle | Ring


class Watched(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What entries of all lists share: whose it is, since when, until when (None: until it is removed)."""

    id: str
    owner: str
    created_at: datetime
    expires_at: datetime | None = None

    def counts(self, now: datetime) -> bool:
        """Whether it has not expired; the table erases expired ones late."""
        return self.expires_at is None or self.expires_at > now


class KeyPerson(Watched, frozen=True, kw_only=True, tag="person"):
    """A citizen to know of at once: by number (E.164), by WeChat's id, or both."""

    phone: str | None = None
    openid: str | None = None
    reason: str


class KeyPlace(Watched, frozen=True, kw_only=True, tag="place"):
    """A place to know of at once: a school, a bank, a reservoir."""

    name: str
    area: Shape
    reason: str


class EventKind(StrEnum):
    """What a commander may publish: events that many see at once."""

    FIRE = "fire"
    FLOOD = "flood"
    TRAFFIC = "traffic"


class PublishedEvent(Watched, frozen=True, kw_only=True, tag="event"):
    """An event 突发事件 of which citizens near by are asked 是同一件事吗; `incident_id` is its own."""

    event: EventKind
    name: str
    area: Circle
    incident_id: str | None = None


Placed = KeyPlace | PublishedEvent
