"""Suggest what an incident may be linked to: reports of one event, by place, time and kind."""

from datetime import timedelta

import msgspec

from chalicelib.adapters import incidents
from chalicelib.adapters import reported as book
from chalicelib.domain.clusters import Suggestion, suggest
from chalicelib.domain.incident import Incident
from chalicelib.domain.repeats import apart_m, reported
from chalicelib.domain.sensitivity import whereabouts
from chalicelib.settings import settings

READ = 20
"""How many of the oldest reports near by are read; an event is known by its first ones."""


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """What an incident may be linked to, the first choice first, and how many other reports are around it."""

    suggestions: list[Suggestion]
    reports: int


def suggest_links(incident_id: str) -> Cluster:
    """Look around an incident: the same few requests however many there are. Raises `IncidentNotFound`."""
    incident = incidents.get(incident_id)
    places = whereabouts(incident)
    one = reported(incident, phones=(), points=[(place.point, place.accuracy_m or 0.0) for place in places])
    radius_m = float(settings().cluster_radius_m)
    window = timedelta(minutes=settings().cluster_window_minutes)
    near = [
        other for other in book.near(one, radius_m=radius_m, window=window) if apart_m(one, other) <= radius_m
    ]
    known = _known(incident, [other.incident_id for other in near[:READ]])
    return Cluster(suggestions=suggest(incident, one, near[:READ], known), reports=len(near))


def _known(incident: Incident, near: list[str]) -> list[Incident]:
    """The incidents near by, those they are linked to, and that of an event the citizen was asked about."""
    asked = [incident.event_asked.incident_id] if incident.event_asked else []
    first = incidents.get_many([*near, *(one for one in asked if one)])
    further = {one.linked_to for one in first if one.linked_to} - {one.id for one in first}
    return [*first, *incidents.get_many(sorted(further))]
