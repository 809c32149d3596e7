"""Who of the staff may read an incident: whoever answers, and a specialist only what was brought to her."""

from typing import Protocol

from chalicelib.domain.incident import Status, Transfer
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.staff import Staff


class Readable(Protocol):
    """As much of an incident, or of its card, as tells who may read it."""

    @property
    def status(self) -> Status: ...
    @property
    def call_taker_id(self) -> str | None: ...
    @property
    def transfer(self) -> Transfer | None: ...


def may_be_read_by(incident: Readable, staff: Staff, *, department_id: str | None) -> bool:
    """Whether she may read it: she answers, owns it, took its transfer, or it rings at her department.

    A specialist whose seat names no department is of each of them.
    """
    if staff.answers or staff.username == incident.call_taker_id:
        return True
    asked = incident.transfer
    if asked is None:
        return False
    if asked.taken_by is not None:
        return asked.taken_by == staff.username
    return incident.status is Status.TRANSFERRED and department_id in (None, asked.department_id)


def must_be_read_by(incident: Readable, staff: Staff, *, department_id: str | None) -> None:
    """Raise `IncidentNotFound` unless she may read it."""
    if not may_be_read_by(incident, staff, department_id=department_id):
        raise IncidentNotFound("no such incident")
