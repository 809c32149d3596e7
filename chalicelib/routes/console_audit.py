"""The console: what staff did to accounts and lists."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.adapters import deeds
from chalicelib.domain.deeds import Deed, month_of
from chalicelib.domain.staff import Group
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import Call, contract
from chalicelib.routes.views import View

console_audit = Blueprint(__name__)

ADMINS = (Group.ADMIN,)


class AuditAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which month (this one, in UTC, unless told), and where to go on."""

    month: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", max_length=7)] | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=64)] | None = None


class Audit(View, frozen=True, kw_only=True):
    """A page of a month's deeds, newest first."""

    month: str
    items: list[Deed]
    cursor: str | None


@console_audit.route("/console/audit", methods=["GET"], authorizer=staff)
@contract(console_audit, query=AuditAsked, gives=Audit, groups=ADMINS)
def read_audit(call: Call[None]) -> Audit:
    """Who made, changed or removed an account, or an entry of a list."""
    month = call.query.month or month_of(call.now)
    items, cursor = deeds.page(month, call.query.cursor)
    return Audit(month=month, items=items, cursor=cursor)
