"""Bring a department into a consult; bring it back when nobody comes; make it an emergency."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from chalicelib.adapters import desk, incidents, timers
from chalicelib.adapters.incidents import Changed
from chalicelib.adapters.turns import one_by_one
from chalicelib.domain import handling, transferring
from chalicelib.domain.card import Card
from chalicelib.domain.incident import Change, Incident, Transfer
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.staff import Staff
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.domain.transferring import TAKEN_WITHIN

WATCH = Actor(role=Role.SYSTEM, id="transfer-watch")


def transfer_incident(incident_id: str, department_id: str, *, staff: Staff, now: datetime) -> Changed:
    """Ring a department. Raises `DepartmentNotFound`, `NotYours`, `StepRefused`."""
    department = desk.department(department_id)

    def step(incident: Incident) -> Change | None:
        handling.must_be_worked_by(incident, staff_id=staff.username, commands=staff.commands)
        return transferring.transfer(
            incident, department_id=department.id, department_name=department.name, at=now
        )

    return _done(incidents.change(incident_id, step, actor=staff.actor(), at=now), staff, now)


def take_transfer(incident_id: str, *, staff: Staff, now: datetime) -> Changed:
    """Come in as the third. Raises `NotTransferred`."""
    department_id = desk.department_of(staff)
    step = partial(transferring.take_transfer, specialist_id=staff.username, department_id=department_id)
    return _done(incidents.change(incident_id, step, actor=staff.actor(), at=now), staff, now)


def escalate_incident(incident_id: str, *, staff: Staff, now: datetime) -> Changed:
    """Make a consult or a tip an emergency. Raises `NotYours`."""

    def step(incident: Incident) -> Change | None:
        if not transferring.came_by_transfer(incident, staff.username):
            handling.must_be_worked_by(incident, staff_id=staff.username, commands=staff.commands)
        return transferring.escalate(incident)

    return _done(incidents.change(incident_id, step, actor=staff.actor(), at=now), staff, now)


def watch_transfer(incident_id: str, *, now: datetime) -> None:
    """Set the timer of a transfer that was just asked for."""
    asked = incidents.get(incident_id).transfer
    if asked is None or asked.taken_by is not None:
        return
    timer = Timer(
        kind=TimerKind.TRANSFER_UNTAKEN,
        incident_id=incident_id,
        due_at=asked.asked_at + TAKEN_WITHIN,
        asked_at=asked.asked_at,
    )
    timers.wake(timer, now=now)


def return_untaken(timer: Timer, *, now: datetime) -> None:
    """Bring back what nobody took; a moot timer does nothing."""
    if timer.asked_at is None:
        return
    step = partial(transferring.return_transfer, asked_at=timer.asked_at)
    try:
        incidents.change(timer.incident_id, step, actor=WATCH, at=now)
    except IncidentNotFound:
        return


def sweep_transfers(cards: Iterable[Card], *, now: datetime) -> int:
    """Bring back what a lost timer left ringing at a department. How many came back."""
    due = {card.id: card for card in cards if _is_overdue(card.transfer, now)}
    return one_by_one(due, partial(_bring_back, now=now))


def _bring_back(card: Card, *, now: datetime) -> bool:
    asked_at = card.transfer.asked_at if card.transfer else None
    timer = Timer(kind=TimerKind.TRANSFER_UNTAKEN, incident_id=card.id, due_at=now, asked_at=asked_at)
    return_untaken(timer, now=now)
    return True


def _is_overdue(asked: Transfer | None, now: datetime) -> bool:
    return asked is not None and asked.taken_by is None and asked.asked_at + TAKEN_WITHIN <= now


def _done(changed: Changed, staff: Staff, now: datetime) -> Changed:
    desk.see_seat(staff.username, now=now)
    return changed
