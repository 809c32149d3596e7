"""The live leg of an incident: a fresh way in after a drop, signs that it goes on, its end."""

from datetime import datetime

from chalicelib.adapters import incidents, lines, signaling
from chalicelib.adapters.signaling import Join
from chalicelib.domain import handling
from chalicelib.domain.incident import LIVE, Incident, Mode
from chalicelib.domain.lines import Line, Party
from chalicelib.domain.refusals import IncidentNotFound, NoLine, NotLive
from chalicelib.domain.staff import Staff
from chalicelib.domain.timeline import Actor, Role
from chalicelib.settings import settings


def join_as_citizen(citizen_id: str, incident_id: str, *, now: datetime) -> Join:
    """The citizen's way in: after a drop, after reload, or when a line is free at last.

    Raises `IncidentNotFound`, `NotLive`, `NoLine`.
    """
    line = _line(_own(citizen_id, incident_id), now=now)
    return signaling.join_as_viewer(line, Party(incident_id=incident_id, name="citizen"), now=now)


def join_as_hub(staff: Staff, incident_id: str, *, now: datetime) -> Join:
    """The hub's way in, for whoever works the incident; the newest hub takes over. Raises `NotYours` too."""
    incident = incidents.get(incident_id)
    handling.must_be_worked_by(incident, staff_id=staff.username, commands=staff.commands)
    return signaling.join_as_master(_line(incident, now=now), now=now)


def keep_line(citizen_id: str, incident_id: str, *, now: datetime) -> bool:
    """Say that the citizen's page is there; False when the incident holds no line."""
    return _renewed(_own(citizen_id, incident_id), now=now) is not None


def hang_up(citizen_id: str, incident_id: str, *, now: datetime) -> Incident:
    """End the citizen's side and give the line back; safe to repeat."""
    _own(citizen_id, incident_id)
    actor = Actor(role=Role.CITIZEN, id=citizen_id)
    changed = incidents.change(incident_id, handling.end_call, actor=actor, at=now)
    free_line(incident_id, now=now)
    return changed.incident


def exit_quickly(citizen_id: str, incident_id: str, *, now: datetime) -> Incident:
    """Take note that the citizen had to blank her phone; the line stays hers, should she come back."""
    _own(citizen_id, incident_id)
    actor = Actor(role=Role.CITIZEN, id=citizen_id)
    return incidents.change(incident_id, handling.exit_quickly, actor=actor, at=now).incident


def free_line(incident_id: str, *, now: datetime) -> None:
    """Give back the line an incident holds, if it holds one."""
    line = lines.held_by(incident_id, now=now)
    if line is not None:
        lines.release(line.id, incident_id, now=now)


def _line(incident: Incident, *, now: datetime) -> Line:
    if incident.mode not in LIVE or incident.booked_for is not None or not incident.is_open:
        raise NotLive("this incident has no live call", incident_status=incident.status)
    held = _renewed(incident, now=now)
    if held is not None:
        return held
    try:
        if incident.mode is Mode.FENGQIAO:
            return lines.lease_sparing(incident.id, settings().lines_spared, now=now)
        return lines.lease(incident.id, now=now)
    except lines.NoLineFree as fault:
        raise NoLine("no line is free just now") from fault


def _renewed(incident: Incident, *, now: datetime) -> Line | None:
    line = lines.held_by(incident.id, now=now)
    return line if line is not None and lines.renew(line.id, incident.id, now=now) else None


def _own(citizen_id: str, incident_id: str) -> Incident:
    incident = incidents.get(incident_id)
    if incident.citizen_id != citizen_id:
        raise IncidentNotFound("no such incident")
    return incident
