"""The console: what an incident may be linked to."""

from datetime import datetime

from chalice.app import Blueprint

from chalicelib.domain.clusters import Suggestion
from chalicelib.domain.incident import Mode, Place, Status
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.staff import Group
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import Call, contract
from chalicelib.routes.views import View
from chalicelib.workflows.let_read import let_read, readable
from chalicelib.workflows.suggest_links import suggest_links

console_cluster = Blueprint(__name__)

AT_THE_DESK = (Group.CALL_TAKER, Group.COMMANDER, Group.SPECIALIST)


class SuggestionView(View, frozen=True, kw_only=True):
    """An incident this one may be linked to. `apart_m` is None for what the citizen called the same event."""

    incident_id: str
    number: str
    mode: Mode
    status: Status
    type_code: str | None
    place: Place | None
    created_at: datetime
    apart_m: float | None
    apart_seconds: float
    said_same: bool


class ClusterView(View, frozen=True, kw_only=True):
    """The suggestions, first choice first; `reports` is how many others are around (100 a cell at most)."""

    items: list[SuggestionView]
    reports: int
    cursor: None = None


@console_cluster.route("/console/incidents/{incident_id}/suggestions", methods=["GET"], authorizer=staff)
@contract(console_cluster, gives=ClusterView, refuses=(IncidentNotFound,), groups=AT_THE_DESK)
def read_suggestions(call: Call[None], incident_id: str) -> ClusterView:
    """What it may be linked to: open reports near by in place and time, and of no other kind."""
    let_read(call.staff, incident_id)
    cluster = suggest_links(incident_id)
    open_to_her = readable(call.staff, [one.incident.id for one in cluster.suggestions])
    items = [_view(one) for one in cluster.suggestions if one.incident.id in open_to_her]
    return ClusterView(items=items, reports=cluster.reports)


def _view(one: Suggestion) -> SuggestionView:
    other = one.incident
    return SuggestionView(
        incident_id=other.id,
        number=other.number,
        mode=other.mode,
        status=other.status,
        type_code=other.type_code,
        place=other.place,
        created_at=other.created_at,
        apart_m=None if one.apart_m is None else round(one.apart_m, 1),
        apart_seconds=one.apart_seconds,
        said_same=one.said_same,
    )
