"""The console: a department brought into a consult, and a consult made an emergency."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint, Response

from chalicelib.adapters import desk
from chalicelib.adapters.incidents import Changed
from chalicelib.adapters.secrets import citizen_secret
from chalicelib.domain.asked import derived_id, new_id
from chalicelib.domain.card import Card, card_of
from chalicelib.domain.desk import Department
from chalicelib.domain.refusals import (
    DepartmentNotFound,
    IncidentChanged,
    IncidentNotFound,
    NotTransferred,
    NotYours,
    StepRefused,
)
from chalicelib.domain.staff import Group
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import ANY, Call, Nothing, contract
from chalicelib.routes.views import View
from chalicelib.workflows.note_deed import note_deed
from chalicelib.workflows.transfer_incident import escalate_incident, take_transfer, transfer_incident

console_transfer = Blueprint(__name__)

WORKERS = (Group.CALL_TAKER, Group.COMMANDER, Group.SPECIALIST)
READERS = tuple(Group)
KEEPERS = (Group.COMMANDER, Group.ADMIN)
MINE = (IncidentNotFound, NotYours, StepRefused, IncidentChanged)


class ListAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to go on in a list."""

    cursor: Annotated[str, msgspec.Meta(max_length=256)] | None = None


class DepartmentSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A department."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"\S")]


class Transferred(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to."""

    department_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class DepartmentList(View, frozen=True, kw_only=True):
    """A page of the departments."""

    items: list[Department]
    cursor: str | None


class Moved(View, frozen=True, kw_only=True):
    """The incident's card after it, and the number of the entry that tells of it."""

    incident: Card
    seq: int


@console_transfer.route("/console/departments", methods=["GET"], authorizer=staff)
@contract(console_transfer, query=ListAsked, gives=DepartmentList, groups=READERS)
def list_departments(call: Call[None]) -> DepartmentList:
    """Where a consult can be transferred."""
    items, cursor = desk.departments(call.query.cursor)
    return DepartmentList(items=items, cursor=cursor)


@console_transfer.route("/console/departments", methods=["POST"], authorizer=staff, content_types=ANY)
@contract(
    console_transfer,
    takes=DepartmentSent,
    keyed=True,
    gives=Department,
    status=201,
    refuses=(IncidentChanged,),
    groups=KEEPERS,
)
def add_department(call: Call[DepartmentSent]) -> Department:
    """Put a department on the list."""
    key = call.key
    made = derived_id(citizen_secret(), "department", call.staff.username, key) if key else new_id()
    department = Department(id=made, name=call.body.name)
    desk.put_department(department, asked=call.asked(call.staff.username, "department"), now=call.now)
    note_deed(call.staff, "department.added", department.id, now=call.now)
    return department


@console_transfer.route("/console/departments/{department_id}", methods=["DELETE"], authorizer=staff)
@contract(console_transfer, status=204, groups=KEEPERS)
def remove_department(call: Call[None], department_id: str) -> Response:
    """Take a department off the list."""
    note_deed(call.staff, "department.removed", department_id, now=call.now)
    desk.delete_department(department_id)
    return Response(body="", status_code=204)


@console_transfer.route(
    "/console/incidents/{incident_id}/transfer", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(
    console_transfer, takes=Transferred, gives=Moved, refuses=(*MINE, DepartmentNotFound), groups=WORKERS
)
def transfer(call: Call[Transferred], incident_id: str) -> Moved:
    """Ring a department; what nobody takes in half a minute comes back, and asked again it rings on."""
    department_id = call.body.department_id
    return _moved(transfer_incident(incident_id, department_id, staff=call.staff, now=call.now))


@console_transfer.route(
    "/console/incidents/{incident_id}/transfer/take",
    methods=["POST"],
    authorizer=staff,
    content_types=ANY,
)
@contract(
    console_transfer,
    takes=Nothing,
    gives=Moved,
    refuses=(IncidentNotFound, NotTransferred, IncidentChanged),
    groups=(Group.SPECIALIST,),
)
def come_in(call: Call[Nothing], incident_id: str) -> Moved:
    """Come in as the third party."""
    return _moved(take_transfer(incident_id, staff=call.staff, now=call.now))


@console_transfer.route(
    "/console/incidents/{incident_id}/escalate", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(console_transfer, takes=Nothing, gives=Moved, refuses=MINE, groups=WORKERS)
def escalate(call: Call[Nothing], incident_id: str) -> Moved:
    """Make a consult or a tip an emergency."""
    return _moved(escalate_incident(incident_id, staff=call.staff, now=call.now))


def _moved(changed: Changed) -> Moved:
    return Moved(incident=card_of(changed.incident), seq=changed.seq)
