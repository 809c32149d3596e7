"""The console: an incident found by the number people say, also one that was closed long ago."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.adapters import incidents
from chalicelib.domain.asked import read_number
from chalicelib.domain.staff import Group
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import Call, contract
from chalicelib.routes.views import View
from chalicelib.workflows.let_read import readable

console_finding = Blueprint(__name__)

READERS = (Group.CALL_TAKER, Group.COMMANDER, Group.SPECIALIST)
"""As for the record itself: to find it is to be able to open it."""

Said = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class NumberAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number as somebody typed it."""

    number: Said


class FoundView(View, frozen=True, kw_only=True):
    """An incident's id and its number as it is written."""

    id: str
    number: str


class FoundList(View, frozen=True, kw_only=True):
    """What has the number; nothing when there is no such incident, or the text is no number."""

    items: list[FoundView]
    cursor: str | None = None


@console_finding.route("/console/incidents", methods=["GET"], authorizer=staff)
@contract(console_finding, query=NumberAsked, gives=FoundList, groups=READERS)
def find_incident(call: Call[None]) -> FoundList:
    """The incident of a number, open or closed, however the number is typed."""
    number = read_number(call.query.number)
    numbered = incidents.numbered(number) if number else []
    open_to_her = readable(call.staff, numbered)
    found = [one for one in numbered if one in open_to_her]
    return FoundList(items=[FoundView(id=one, number=number or "") for one in found])
