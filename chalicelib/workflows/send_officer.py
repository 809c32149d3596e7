"""Send an officer out, call one back, or have a fresh link sent; the text itself goes out from the stream."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

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

    step = partial(dispatching.dispatch, sent=sent)
    return _do(incident_id, step, staff=staff, asked=asked, now=now)


def send_link_again(incident_id: str, dispatch_id: str, *, staff: Staff, now: datetime) -> Changed:
    """Have a fresh link texted; the old one ends. Raises `DispatchNotFound`, `NotYours`."""

    step = partial(dispatching.ask_new_link, dispatch_id=dispatch_id)
    return _do(incident_id, step, staff=staff, asked=None, now=now)


def call_officer_back(
    incident_id: str, dispatch_id: str, reason: str, *, staff: Staff, now: datetime
) -> Changed:
    """Revoke a dispatch; its link is dead at once. Raises `DispatchNotFound`, `NotYours`, `StepRefused`."""

    step = partial(dispatching.revoke, dispatch_id=dispatch_id, reason=reason, at=now)
    return _do(incident_id, step, staff=staff, asked=None, now=now)


def _do(
    incident_id: str,
    step: Callable[[Incident], Change],
    *,
    staff: Staff,
    asked: Asked | None,
    now: datetime,
) -> Changed:
    """Change the incident if it is this person's to work; whoever works gives a sign of life by it."""

    def checked(incident: Incident) -> Change:
        handling.must_be_worked_by(incident, staff_id=staff.username, commands=staff.commands)
        return step(incident)

    changed = incidents.change(incident_id, checked, actor=staff.actor(), at=now, asked=asked)
    desk.see_seat(staff.username, now=now)
    return changed
