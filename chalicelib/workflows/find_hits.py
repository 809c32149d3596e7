"""Find what makes an incident sensitive 重点警情: who reports, where it is, and what came before it."""

from datetime import datetime
from functools import partial

from chalicelib.adapters import citizens, incidents, watch
from chalicelib.domain import sensitivity
from chalicelib.domain.hits import Hit
from chalicelib.domain.incident import Incident
from chalicelib.domain.position import Position
from chalicelib.domain.refusals import CitizenNotFound
from chalicelib.domain.sensitivity import Numbers
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.watching import KeyPlace

RULES = Actor(role=Role.SYSTEM, id="rules")


def find_hits(incident_id: str, *, now: datetime, position: Position | None = None) -> None:
    """Put on the incident every hit that it does not have yet. Safe to repeat; nothing once it is closed.

    `position` is where the caller is now, if that is newer than what the incident holds.
    """
    incident = incidents.get(incident_id)
    if not incident.is_open:
        return
    hits = [*_by_the_lists(incident, position, now)]
    if hits:
        incidents.change(incident_id, partial(sensitivity.add_hits, hits=hits), actor=RULES, at=now)


def _by_the_lists(incident: Incident, position: Position | None, now: datetime) -> list[Hit]:
    who, places = _numbers(incident), sensitivity.whereabouts(incident, position=position)
    watched = [one for one in watch.placed_near(places) if isinstance(one, KeyPlace)]
    return [
        *sensitivity.key_person_hits(who, watch.persons(who), now=now),
        *sensitivity.key_place_hits(places, watched, now=now),
    ]


def _numbers(incident: Incident) -> Numbers:
    """The number on the incident, and the citizen's own, which may be another; her record may be gone."""
    try:
        citizen = citizens.get(incident.citizen_id)
    except CitizenNotFound:
        return Numbers(openid=None, phones=(incident.phone,) if incident.phone else ())
    phones = dict.fromkeys(phone for phone in (incident.phone, citizen.phone) if phone)
    return Numbers(openid=citizen.openid, phones=tuple(phones))
