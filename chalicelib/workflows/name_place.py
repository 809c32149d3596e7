"""Say in words where a citizen is, from the county's gazetteer."""

from datetime import datetime

from chalicelib.adapters import incidents
from chalicelib.adapters.county import gazetteer
from chalicelib.domain import handling
from chalicelib.domain.incident import Change, Incident
from chalicelib.domain.position import Point
from chalicelib.domain.timeline import Actor, Role

GAZETTEER = Actor(role=Role.SYSTEM, id="gazetteer")


def name_place(incident_id: str, *, now: datetime) -> None:
    """Add the nearest place's name, distance and bearing to the incident. Safe to repeat."""

    def step(incident: Incident) -> Change | None:
        if incident.position is None:
            return None
        point = Point(lat=incident.position.lat, lng=incident.position.lng)
        return handling.name_place(incident, near=gazetteer().in_words(point))

    incidents.change(incident_id, step, actor=GAZETTEER, at=now)
