"""Send an officer out, call one back, or have a fresh link sent; the text itself goes out from the stream."""

from datetime import datetime

from chalicelib.adapters import desk, incidents
from chalicelib.adapters.incidents import Changed
from chalicelib.domain import dispatching, handling
from chalicelib.domain.asked import Asked, new_id
from chalicelib.domain.incident import Change, Dispatch, Incident
from chalicelib.domain.staff import Staff


def send_officer(
    incident_id: str, unit_id: str, note: str | None, *, staff: Staff, asked: Asked | None, now: datetime
) -> Changed:
    """Dispatch a unit's officer on duty. Raises `UnitNotFound`, `NotYours`, `StepRefused`."""
    unit = desk.unit(unit_id)
    sent = Dispatch(
        dispatch_id=new_id(),
        unit_id=unit.id,
        unit_name=unit.name,
        officer_name=unit.officer_name,
        phone=unit.phone,
        note=note,
        dispatched_at=now,
    )

    def step(incident: Incident) -> Change:
        _must_work(incident, staff)
        return dispatching.dispatch(incident, sent=sent)

    return incidents.change(incident_id, step, actor=staff.actor(), at=now, asked=asked)


def send_link_again(incident_id: str, dispatch_id: str, *, staff: Staff, now: datetime) -> Changed:
    """Have a fresh link texted; the old one ends. Raises `DispatchNotFound`, `NotYours`."""

    def step(incident: Incident) -> Change:
        _must_work(incident, staff)
        return dispatching.ask_new_link(incident, dispatch_id=dispatch_id)

    return incidents.change(incident_id, step, actor=staff.actor(), at=now)


def call_officer_back(
    incident_id: str, dispatch_id: str, reason: str, *, staff: Staff, now: datetime
) -> Changed:
    """Revoke a dispatch; its link is dead at once. Raises `DispatchNotFound`, `NotYours`."""

    def step(incident: Incident) -> Change:
        _must_work(incident, staff)
        return dispatching.revoke(incident, dispatch_id=dispatch_id, reason=reason)

    return incidents.change(incident_id, step, actor=staff.actor(), at=now)


def _must_work(incident: Incident, staff: Staff) -> None:
    handling.must_be_worked_by(incident, staff_id=staff.username, commands=staff.commands)
