"""The console: the lists staff keeps: units, staff accounts, and the bureau's kinds of incident."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint, Response

from chalicelib.adapters import desk
from chalicelib.adapters import staff as accounts
from chalicelib.adapters.county import TypeCode, type_codes
from chalicelib.adapters.secrets import citizen_secret
from chalicelib.adapters.staff import Account
from chalicelib.domain.asked import derived_id, new_id
from chalicelib.domain.desk import Unit
from chalicelib.domain.phone import read_phone
from chalicelib.domain.refusals import (
    CursorInvalid,
    IncidentChanged,
    PhoneInvalid,
    StaffExists,
    StaffNotFound,
)
from chalicelib.domain.staff import Group
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.views import View
from chalicelib.workflows.note_deed import note_deed

console_lists = Blueprint(__name__)

READERS = (Group.CALL_TAKER, Group.COMMANDER, Group.SPECIALIST, Group.ADMIN)
KEEPERS = (Group.COMMANDER, Group.ADMIN)
ADMINS = (Group.ADMIN,)

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"\S")]


class ListAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to go on in a list."""

    cursor: Annotated[str, msgspec.Meta(max_length=256)] | None = None


class AccountsAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to go on in Cognito's list."""

    cursor: Annotated[str, msgspec.Meta(min_length=1, max_length=2048, pattern=r"^\S+$")] | None = None


class UnitSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit with the officer on duty for it."""

    name: Name
    officer_name: Name
    phone: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class StaffSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new account."""

    username: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.-]{2,64}$(?!\n)")]
    groups: Annotated[list[Group], msgspec.Meta(min_length=1, max_length=4)]


class UnitList(View, frozen=True, kw_only=True):
    """A page of the units."""

    items: list[Unit]
    cursor: str | None


class StaffList(View, frozen=True, kw_only=True):
    """A page of the accounts."""

    items: list[Account]
    cursor: str | None


class StaffMade(View, frozen=True, kw_only=True):
    """A new account with the password that is said this once."""

    username: str
    groups: list[str]
    temporary_password: str


class TypeList(View, frozen=True, kw_only=True):
    """The bureau's kinds of incident."""

    items: list[TypeCode]
    cursor: None = None


@console_lists.route("/console/types", methods=["GET"], authorizer=staff)
@contract(console_lists, gives=TypeList, groups=READERS)
def list_types(call: Call[None]) -> TypeList:
    """The kinds of incident to choose from."""
    return TypeList(items=type_codes())


@console_lists.route("/console/units", methods=["GET"], authorizer=staff)
@contract(console_lists, query=ListAsked, gives=UnitList, groups=READERS)
def list_units(call: Call[None]) -> UnitList:
    """Who can be sent out."""
    items, cursor = desk.units(call.query.cursor)
    return UnitList(items=items, cursor=cursor)


@console_lists.route("/console/units", methods=["POST"], authorizer=staff, content_types=ANY)
@contract(
    console_lists,
    takes=UnitSent,
    keyed=True,
    gives=Unit,
    status=201,
    refuses=(PhoneInvalid, IncidentChanged),
    groups=KEEPERS,
)
def add_unit(call: Call[UnitSent]) -> Unit:
    """Put a unit on the list."""
    key = call.key
    unit_id = derived_id(citizen_secret(), "unit", call.staff.username, key) if key else new_id()
    phone = read_phone(call.body.phone)
    unit = Unit(id=unit_id, name=call.body.name, officer_name=call.body.officer_name, phone=phone)
    desk.put_unit(unit, asked=call.asked(call.staff.username, "unit"), now=call.now)
    note_deed(call.staff, "unit.added", unit.id, now=call.now)
    return unit


@console_lists.route("/console/units/{unit_id}", methods=["DELETE"], authorizer=staff)
@contract(console_lists, status=204, groups=KEEPERS)
def remove_unit(call: Call[None], unit_id: str) -> Response:
    """Take a unit off the list; what it was sent to stays on record."""
    note_deed(call.staff, "unit.removed", unit_id, now=call.now)
    desk.delete_unit(unit_id)
    return Response(body="", status_code=204)


@console_lists.route("/console/staff", methods=["GET"], authorizer=staff)
@contract(console_lists, query=AccountsAsked, gives=StaffList, refuses=(CursorInvalid,), groups=ADMINS)
def list_staff(call: Call[None]) -> StaffList:
    """The accounts."""
    items, cursor = accounts.accounts(call.query.cursor)
    return StaffList(items=items, cursor=cursor)


@console_lists.route("/console/staff", methods=["POST"], authorizer=staff, content_types=ANY)
@contract(console_lists, takes=StaffSent, gives=StaffMade, status=201, refuses=(StaffExists,), groups=ADMINS)
def add_staff(call: Call[StaffSent]) -> StaffMade:
    """Make an account; its first sign-in sets a password of its own."""
    groups = sorted(set(call.body.groups))
    accounts.must_be_free(call.body.username)
    note_deed(call.staff, "staff.added", call.body.username, now=call.now)
    password = accounts.create(call.body.username, [str(group) for group in groups])
    return StaffMade(username=call.body.username, groups=list(groups), temporary_password=password)


@console_lists.route("/console/staff/{username}", methods=["DELETE"], authorizer=staff)
@contract(console_lists, status=204, refuses=(StaffNotFound,), groups=ADMINS)
def remove_staff(call: Call[None], username: str) -> Response:
    """Shut an account."""
    accounts.must_be_known(username)
    note_deed(call.staff, "staff.removed", username, now=call.now)
    accounts.remove(username)
    return Response(body="", status_code=204)


@console_lists.route(
    "/console/staff/{username}/reset-mfa", methods=["POST"], authorizer=staff, content_types=ANY
)
@contract(console_lists, status=204, refuses=(StaffNotFound,), groups=ADMINS)
def reset_mfa(call: Call[None], username: str) -> Response:
    """Take a lost authenticator off an account."""
    accounts.must_be_known(username)
    note_deed(call.staff, "staff.mfa_reset", username, now=call.now)
    accounts.reset_mfa(username)
    return Response(body="", status_code=204)
