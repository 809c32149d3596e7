"""Repeat reports 重复报警: by the same citizen, by the same number, or at one spot by different people."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from chalicelib.domain.hits import Hit, Rule
from chalicelib.domain.incident import Incident
from chalicelib.domain.position import INACCURATE_ABOVE_M, Point, distance_m

SHOWN = 10
"""How many numbers of other incidents the evidence names."""


BY_CITIZEN = f"{Rule.REPEAT}:citizen"

REASONS = {"citizen": "同一群众重复报警", "phone": "同一号码重复报警", "place": "多人在同一地点报警"}


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How many reports within which time are too many, and how many people within which radius."""

    count: int
    window: timedelta
    people: int
    place_window: timedelta
    radius_m: float


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a report as later ones are compared with.

    `points` are where it is known to be, more than one once the place was put on the map.
    """

    incident_id: str
    number: str
    citizen_id: str
    at: datetime
    phones: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()

    @property
    def order(self) -> tuple[datetime, str]:
        """Which of two came first; the id decides within the same microsecond."""
        return self.at, self.incident_id


def reported(incident: Incident, *, phones: Iterable[str], points: Iterable[tuple[Point, float]]) -> Reported:
    """What is kept of an incident; a point whose accuracy is over a kilometre is at no spot."""
    return Reported(
        incident_id=incident.id,
        number=incident.number,
        citizen_id=incident.citizen_id,
        at=incident.created_at,
        phones=tuple(phones),
        points=tuple(point for point, accuracy_m in points if accuracy_m <= INACCURATE_ABOVE_M),
    )


def repeat_hits(one: Reported, others: Iterable[Reported], limits: Limits, *, now: datetime) -> list[Hit]:
    """The hits of a report among all others known: only what came before it counts.

    So the answer is the same in whatever order they are looked at, and however often.
    """
    before = {other.incident_id: other for other in others if other.order < one.order}
    earlier = sorted(before.values(), key=lambda other: other.order)
    hits = (
        _by_citizen(one, earlier, limits, now),
        _by_phone(one, earlier, limits, now),
        _by_place(one, earlier, limits, now),
    )
    return [hit for hit in hits if hit is not None]


def filed_by_then(incident: Incident) -> int:
    """How many reports its citizen had filed within the window with this one, by the hit that says so.

    0 where there is none, or somebody found that it is no repeat.
    """
    said = [hit.evidence.get("count", 0) for hit in incident.hits if hit.stands and hit.id == BY_CITIZEN]
    return max(map(int, said), default=0)


def _by_citizen(one: Reported, earlier: list[Reported], limits: Limits, now: datetime) -> Hit | None:
    same = [other for other in _since(earlier, one.at - limits.window) if other.citizen_id == one.citizen_id]
    if 1 + len(same) < limits.count:
        return None
    return _hit("citizen", same, now, count=1 + len(same), window=limits.window)


def _by_phone(one: Reported, earlier: list[Reported], limits: Limits, now: datetime) -> Hit | None:
    """What the same citizen reported with it is counted, but by itself is her own repeat alone."""
    recent = _since(earlier, one.at - limits.window)
    same = [other for other in recent if not set(one.phones).isdisjoint(other.phones)]
    if 1 + len(same) < limits.count or all(other.citizen_id == one.citizen_id for other in same):
        return None
    return _hit("phone", same, now, count=1 + len(same), window=limits.window)


def _by_place(one: Reported, earlier: list[Reported], limits: Limits, now: datetime) -> Hit | None:
    near = [
        other
        for other in _since(earlier, one.at - limits.place_window)
        if other.citizen_id != one.citizen_id and apart_m(one, other) <= limits.radius_m
    ]
    people = 1 + len({other.citizen_id for other in near})
    if people < limits.people:
        return None
    return _hit("place", near, now, count=people, window=limits.place_window, radius_m=limits.radius_m)


def apart_m(one: Reported, other: Reported) -> float:
    """The way between the nearest points of two reports, in metres; infinite when one has none."""
    return min((distance_m(a, b) for a in one.points for b in other.points), default=float("inf"))


def _since(earlier: list[Reported], moment: datetime) -> list[Reported]:
    return [other for other in earlier if other.at >= moment]


def _hit(by: str, others: list[Reported], now: datetime, *, window: timedelta, **figures: object) -> Hit:
    evidence = {
        "by": by,
        **figures,
        "window_minutes": window.total_seconds() / 60,
        "incidents": [other.number for other in others[-SHOWN:]],
    }
    rule = Rule.REPEAT
    return Hit(id=f"{rule}:{by}", rule=rule, reason=REASONS[by], found_at=now, evidence=evidence)
