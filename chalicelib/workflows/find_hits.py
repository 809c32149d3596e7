"""Find what makes an incident sensitive 重点警情: who reports, where it is, and what came before it."""

from datetime import datetime, timedelta
from functools import partial

import msgspec

from chalicelib.adapters import citizens, incidents, watch
from chalicelib.adapters import reported as book
from chalicelib.domain import sensitivity
from chalicelib.domain.clusters import ask_event
from chalicelib.domain.hits import Hit
from chalicelib.domain.incident import Incident
from chalicelib.domain.position import Position
from chalicelib.domain.refusals import CitizenNotFound
from chalicelib.domain.repeats import Limits, Reported, repeat_hits, reported
from chalicelib.domain.sensitivity import Numbers, Where
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.watching import KeyPlace, Placed, PublishedEvent
from chalicelib.settings import settings

RULES = Actor(role=Role.SYSTEM, id="rules")
OVERTAKEN = 3
"""How many reports that came later, but were looked at before, are looked at again for one that was late."""


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules look at: the incident, who reported it, where it is, and what is watched there."""

    incident: Incident
    who: Numbers
    places: list[Where]
    watched: list[Placed]


def find_hits(incident_id: str, *, now: datetime, position: Position | None = None) -> None:
    """Put on the incident every hit that it does not have yet, and the question about an event near by.

    `position` is where the caller is now, if that is newer than what the incident holds. Safe to repeat;
    nothing once the incident is closed.
    """
    incident = incidents.get(incident_id)
    if not incident.is_open:
        return
    seen = _see(incident, position)
    _put_hits(incident_id, [*_by_the_lists(seen, now), *_by_repeats(seen, position is None, now)], now)
    _ask_event(seen, now)


def _see(incident: Incident, position: Position | None) -> _Seen:
    places = sensitivity.whereabouts(incident, position=position)
    watched = watch.placed_near(places)
    return _Seen(incident=incident, who=_numbers(incident), places=places, watched=watched)


def _by_the_lists(seen: _Seen, now: datetime) -> list[Hit]:
    key_places = [one for one in seen.watched if isinstance(one, KeyPlace)]
    return [
        *sensitivity.key_person_hits(seen.who, watch.persons(seen.who), now=now),
        *sensitivity.key_place_hits(seen.places, key_places, now=now),
    ]


def _by_repeats(seen: _Seen, settled: bool, now: datetime) -> list[Hit]:
    """The repeats, of a report that continues no other.

    Shards of the stream overtake each other. A report that was looked at before an earlier one was known is
    looked at again when that one comes; not for each move of a caller (`settled`).
    """
    if seen.incident.continues is not None:
        return []
    points = [(place.point, place.accuracy_m or 0.0) for place in seen.places]
    one = reported(seen.incident, phones=seen.who.phones, points=points)
    book.keep(one)
    others = _others(one)
    if settled:
        for later in [other for other in others if other.order > one.order][:OVERTAKEN]:
            _put_hits(later.incident_id, repeat_hits(later, _others(later), _limits(), now=now), now)
    return repeat_hits(one, others, _limits(), now=now)


def _others(one: Reported) -> list[Reported]:
    limits = _limits()
    same = book.of_same(one, window=limits.window)
    return [*same, *book.near(one, radius_m=limits.radius_m, window=limits.place_window)]


def _ask_event(seen: _Seen, now: datetime) -> None:
    published = [one for one in seen.watched if isinstance(one, PublishedEvent)]
    near = sensitivity.events_near(seen.places, published, now=now)
    if near:
        step = partial(ask_event, event=near[0], at=now)
        incidents.change(seen.incident.id, step, actor=RULES, at=now)


def _put_hits(incident_id: str, hits: list[Hit], now: datetime) -> None:
    if hits:
        incidents.change(incident_id, partial(sensitivity.add_hits, hits=hits), actor=RULES, at=now)


def _numbers(incident: Incident) -> Numbers:
    """The number on the incident, and the citizen's own, which may be another; her record may be gone."""
    try:
        citizen = citizens.get(incident.citizen_id)
    except CitizenNotFound:
        return Numbers(openid=None, phones=(incident.phone,) if incident.phone else ())
    phones = dict.fromkeys(phone for phone in (incident.phone, citizen.phone) if phone)
    return Numbers(openid=citizen.openid, phones=tuple(phones))


def _limits() -> Limits:
    said = settings()
    return Limits(
        count=said.repeat_count,
        window=timedelta(minutes=said.repeat_window_minutes),
        people=said.repeat_place_people,
        place_window=timedelta(minutes=said.repeat_place_window_minutes),
        radius_m=said.repeat_place_radius_m,
    )
