"""A consult brought to a department: asked for, taken by a specialist within half a minute, or back again."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.incident import Change, Incident, Status, Transfer, move
from chalicelib.domain.refusals import NotTransferred, StepRefused

TAKEN_WITHIN = timedelta(seconds=30)


def transfer(incident: Incident, *, department_id: str, department_name: str, at: datetime) -> Change | None:
    """Ring a department for an incident; its owner stays with the citizen meanwhile.

    Nothing while it is rung for since less than half a minute: that is the same request, sent again.
    """
    before = incident.transfer if incident.status is Status.TRANSFERRED else None
    if before and before.department_id == department_id and at < before.asked_at + TAKEN_WITHIN:
        return None
    asked = Transfer(department_id=department_id, department_name=department_name, asked_at=at)
    moved = incident if incident.status is Status.TRANSFERRED else move(incident, Status.TRANSFERRED)
    return Change(
        incident=replace(moved, transfer=asked),
        kind="transfer.asked",
        details={"department_id": department_id, "department_name": department_name},
    )


def take_transfer(
    incident: Incident, *, specialist_id: str, department_id: str | None = None
) -> Change | None:
    """Have a specialist come in as the third; raises `NotTransferred` when there is nothing for her to take.

    One whose seat names a department takes what rings there.
    """
    asked = _asked(incident)
    if asked.taken_by == specialist_id:
        return None
    if asked.taken_by is not None:
        raise NotTransferred("another specialist took it", taken_by=asked.taken_by)
    if incident.status is not Status.TRANSFERRED or department_id not in (None, asked.department_id):
        raise NotTransferred("it does not ring at your department")
    taken = replace(incident, transfer=replace(asked, taken_by=specialist_id))
    details = {"department_id": asked.department_id, "specialist_id": specialist_id}
    return Change(incident=taken, kind="transfer.taken", details=details)


def return_transfer(incident: Incident, *, asked_at: datetime) -> Change | None:
    """Bring back what nobody took in time; nothing if it was taken, or asked for anew since."""
    asked = incident.transfer
    if asked is None or asked.taken_by is not None or asked.asked_at != asked_at:
        return None
    if incident.status is not Status.TRANSFERRED:
        return None
    back = replace(move(incident, Status.ANSWERED), transfer=None)
    details = {"department_id": asked.department_id, "department_name": asked.department_name}
    return Change(incident=back, kind="transfer.returned", details=details)


def escalate(incident: Incident) -> Change | None:
    """Make a consult or a tip an emergency."""
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
    if incident.escalated:
        return None
    urgent = replace(incident, escalated=True, priority=1, tip=False)
    return Change(incident=urgent, kind="incident.escalated", details={"priority": 1})


def came_by_transfer(incident: Incident, username: str) -> bool:
    """Whether this specialist took the incident's transfer."""
    return incident.transfer is not None and incident.transfer.taken_by == username


def is_transferred_to(incident: Incident, username: str) -> bool:
    """Whether it still stands transferred, and this specialist took it."""
    return incident.status is Status.TRANSFERRED and came_by_transfer(incident, username)


def _asked(incident: Incident) -> Transfer:
    if incident.transfer is None or not incident.is_open:
        raise NotTransferred("the incident was not transferred, or came back")
    return incident.transfer
