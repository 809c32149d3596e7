"""The live leg of an incident: a fresh way in after a drop, signs that it goes on, its end."""

from datetime import datetime
from functools import partial

from chalicelib.adapters import incidents, lines, signaling
from chalicelib.adapters.signaling import Join
from chalicelib.domain import call, dispatching
from chalicelib.domain.incident import LIVE, Incident, Mode
from chalicelib.domain.lines import Line, Party
from chalicelib.domain.refusals import IncidentNotFound, LiveWithheld, NoLine, NotLive, NotYours
from chalicelib.domain.staff import Staff
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.transferring import came_by_transfer
from chalicelib.settings import settings


def join_as_citizen(citizen_id: str, incident_id: str, *, now: datetime) -> Join:
    """The citizen's way in: after a drop, after reload, or when a line is free at last.

    One who had left comes back on the record. Raises `IncidentNotFound`, `NotLive`, `LiveWithheld`, `NoLine`.
    """
    incident = _own(citizen_id, incident_id)
    _must_be_live(incident)
    if incident.left_call:
        actor = Actor(role=Role.CITIZEN, id=citizen_id)
        incident = incidents.change(incident_id, call.resume_call, actor=actor, at=now).incident
    line = _line(incident, now=now)
    return signaling.join_as_viewer(line, Party(incident_id=incident_id, name="citizen"), now=now)


def join_as_staff(staff: Staff, incident_id: str, *, now: datetime) -> Join:
    """The hub's way in for the owner; a third's for a commander, or the specialist who took the transfer.

    The newest hub takes over. Raises `NotYours` too.
    """
    incident = incidents.get(incident_id)
    line = partial(_line, incident, now=now)
    if incident.call_taker_id == staff.username:
        return signaling.join_as_master(line(), now=now)
    if came_by_transfer(incident, staff.username):
        return signaling.join_as_viewer(line(), _party(incident, "specialist", staff.username), now=now)
    if staff.commands:
        return signaling.join_as_viewer(line(), _party(incident, "commander", staff.username), now=now)
    raise NotYours("take it over first", call_taker_id=incident.call_taker_id)


def listen_in(staff: Staff, incident_id: str, *, speaks: bool, now: datetime) -> Incident:
    """Put on record that a commander listens, or speaks, before the hub lets him."""
    step = partial(call.listen, speaks=speaks)
    return incidents.change(incident_id, step, actor=staff.actor(), at=now).incident


def join_as_officer(incident_id: str, dispatch_id: str, *, now: datetime) -> Join:
    """The way in of an officer whose link was looked at already; that he came in is on the record.

    Raises `NotLive`, `NoLine`, `IncidentChanged`, or `DispatchNotFound` for one called back this moment.
    """
    incident = incidents.get(incident_id)
    step = partial(dispatching.joined, dispatch_id=dispatch_id, at=now)
    is_new = step(incident) is not None
    party = _party(incident, "officer", dispatch_id)
    join = signaling.join_as_viewer(_line(incident, now=now), party, now=now)
    if is_new:
        incidents.change(incident_id, step, actor=dispatching.officer(dispatch_id), at=now)
    return join


def keep_line(citizen_id: str, incident_id: str, *, now: datetime) -> bool:
    """Say that the citizen's page is there; False when the incident holds no line."""
    return _renewed(_own(citizen_id, incident_id), now=now) is not None


def hang_up(citizen_id: str, incident_id: str, *, now: datetime) -> Incident:
    """End the citizen's side and give the line back; safe to repeat."""
    _own(citizen_id, incident_id)
    actor = Actor(role=Role.CITIZEN, id=citizen_id)
    changed = incidents.change(incident_id, partial(call.end_call, at=now), actor=actor, at=now)
    free_line(incident_id, now=now)
    return changed.incident


def exit_quickly(citizen_id: str, incident_id: str, *, now: datetime) -> Incident:
    """Take note that the citizen had to blank her phone; the line stays hers, should she come back."""
    _own(citizen_id, incident_id)
    actor = Actor(role=Role.CITIZEN, id=citizen_id)
    return incidents.change(incident_id, call.exit_quickly, actor=actor, at=now).incident


def free_line(incident_id: str, *, now: datetime) -> None:
    """Give back the line an incident holds, if it holds one."""
    line = lines.held_by(incident_id, now=now)
    if line is not None:
        lines.release(line.id, incident_id, now=now)


def _party(incident: Incident, kind: str, who: str) -> Party:
    return Party(incident_id=incident.id, name=f"{kind}.{who}")


def _must_be_live(incident: Incident) -> None:
    if incident.mode not in LIVE or incident.booked_for is not None or not incident.is_open:
        raise NotLive("this incident has no live call", incident_status=incident.status)
    if incident.withholds_live:
        raise LiveWithheld("stills and text go on until a call-taker opens the live call")


def _line(incident: Incident, *, now: datetime) -> Line:
    _must_be_live(incident)
    held = _renewed(incident, now=now)
    if held is not None:
        return held
    try:
        if incident.mode is Mode.FENGQIAO:
            return lines.lease_sparing(incident, settings().lines_spared, now=now)
        return lines.lease(incident, now=now)
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
