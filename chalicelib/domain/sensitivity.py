"""The rules for sensitive incidents 重点警情 that ask the lists: key persons and key places."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.domain.cells import Bounds, bounds_around
from chalicelib.domain.hits import Hit, Rule, Verdict
from chalicelib.domain.incident import Change, Incident
from chalicelib.domain.position import Point, Position
from chalicelib.domain.refusals import HitNotFound
from chalicelib.domain.watching import KeyPerson, KeyPlace, PublishedEvent

REACH_LIMIT_M = 5_000.0
"""The most of a position's accuracy that counts: "somewhere in the county" would be near to everything."""


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """A point of an incident: the citizen's `position`, or the `place` somebody put on the map.

    `accuracy_m` is None where nobody said; a point on the map has none.
    """

    of: str
    point: Point
    accuracy_m: float | None = None

    @property
    def reach_m(self) -> float:
        """How far from the point the truth may be, as far as the rules count it."""
        return min(self.accuracy_m or 0.0, REACH_LIMIT_M)

    @property
    def bounds(self) -> Bounds:
        """The degrees in which everything lies that the point may be near to."""
        return bounds_around(self.point, self.reach_m)


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """Who reported, as the list of key persons can know her; the incident's number and her own may differ."""

    openid: str | None
    phones: tuple[str, ...]


def whereabouts(incident: Incident, *, position: Position | None = None) -> list[Where]:
    """The points the rules look at; `position` is a newer one than the incident holds."""
    latest = position or incident.position
    found = []
    if latest is not None:
        found.append(Where(of="position", point=latest.point, accuracy_m=latest.accuracy_m))
    if incident.place is not None and incident.place.point is not None:
        found.append(Where(of="place", point=incident.place.point))
    return found


def key_person_hits(who: Numbers, persons: Iterable[KeyPerson], *, now: datetime) -> list[Hit]:
    """A hit for each person on the list that this is, by number or by WeChat's id."""
    found = {person.id: hit for person in persons if (hit := _person_hit(who, person, now))}
    return [found[key] for key in sorted(found)]


def key_place_hits(places: Iterable[Where], watched: Iterable[KeyPlace], *, now: datetime) -> list[Hit]:
    """A hit for each place on the list that one of the points may be in, as far as its accuracy goes."""
    nearest: dict[str, Hit] = {}
    points = list(places)
    for place in watched:
        if place.counts(now) and (near := _nearest(points, place)):
            nearest[place.id] = _place_hit(place, *near, now=now)
    return [nearest[key] for key in sorted(nearest)]


def events_near(
    places: Iterable[Where], published: Iterable[PublishedEvent], *, now: datetime
) -> list[PublishedEvent]:
    """The events one of the points may be in, nearest first."""
    points = list(places)
    near = [
        (found[1], one.id, one) for one in published if one.counts(now) and (found := _nearest(points, one))
    ]
    return [one for _, _, one in sorted(near, key=lambda item: item[:2])]


def add_hits(incident: Incident, hits: Iterable[Hit]) -> Change | None:
    """Put on the incident those hits it does not have yet; the same found again is nothing new."""
    known = {hit.id for hit in incident.hits}
    new = tuple(hit for hit in hits if hit.id not in known)
    if not new or not incident.is_open:
        return None
    return Change(
        incident=replace(incident, hits=(*incident.hits, *new)),
        kind="hits.found",
        details={"hits": [{"id": hit.id, "rule": hit.rule} for hit in new]},
        personal={"evidence": [_on_record(hit) for hit in new]},
    )


def judge_hit(incident: Incident, *, hit_id: str, verdict: Verdict, by: str, at: datetime) -> Change | None:
    """Say whether a hit is what it seems 甄别; it can be said again otherwise. Raises `HitNotFound`."""
    before = next((hit for hit in incident.hits if hit.id == hit_id), None)
    if before is None:
        raise HitNotFound("the incident has no such hit")
    if before.verdict is verdict:
        return None
    judged = replace(before, verdict=verdict, judged_by=by, judged_at=at)
    hits = tuple(judged if hit.id == hit_id else hit for hit in incident.hits)
    details: Mapping[str, object] = {"hit": hit_id, "rule": before.rule, "verdict": verdict}
    return Change(incident=replace(incident, hits=hits), kind="hit.judged", details=details)


def _person_hit(who: Numbers, person: KeyPerson, now: datetime) -> Hit | None:
    by = [
        name
        for name, same in (
            ("phone", person.phone is not None and person.phone in who.phones),
            ("wechat", person.openid is not None and person.openid == who.openid),
        )
        if same
    ]
    if not by or not person.counts(now):
        return None
    evidence: dict[str, object] = {"entry": person.id, "by": by, "owner": person.owner}
    return Hit(
        id=f"{Rule.KEY_PERSON}:{person.id}",
        rule=Rule.KEY_PERSON,
        reason=person.reason,
        found_at=now,
        evidence=evidence,
    )


def _nearest(places: list[Where], watched: KeyPlace | PublishedEvent) -> tuple[Where, float] | None:
    """The point that is nearest to the place among those whose accuracy reaches it, and how far it is."""
    near = [
        (away_m, place) for place in places if (away_m := watched.area.away_m(place.point)) <= place.reach_m
    ]
    if not near:
        return None
    away_m, place = min(near, key=lambda one: one[0])
    return place, away_m


def _place_hit(place: KeyPlace, near: Where, away_m: float, *, now: datetime) -> Hit:
    evidence: dict[str, object] = {
        "entry": place.id,
        "owner": place.owner,
        "name": place.name,
        "of": near.of,
        "distance_m": round(away_m, 1),
        "accuracy_m": near.accuracy_m,
    }
    return Hit(
        id=f"{Rule.KEY_PLACE}:{place.id}",
        rule=Rule.KEY_PLACE,
        reason=place.reason,
        found_at=now,
        evidence=evidence,
    )


def _on_record(hit: Hit) -> dict[str, object]:
    return {"id": hit.id, "reason": hit.reason, "evidence": hit.evidence}
