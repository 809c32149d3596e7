"""The live call of an incident: a fresh way in for citizen and hub, signs that it goes on, its end."""

from chalice.app import Blueprint, Response

from chalicelib.adapters.signaling import Join
from chalicelib.domain.refusals import IncidentChanged, IncidentNotFound, NoLine, NotLive, NotYours
from chalicelib.domain.staff import Group
from chalicelib.routes.authorizers import citizen, staff
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.filing import Filed, filed
from chalicelib.routes.views import View
from chalicelib.workflows.keep_call import exit_quickly, hang_up, join_as_citizen, join_as_hub, keep_line

calls = Blueprint(__name__)

WORKERS = (Group.CALL_TAKER, Group.COMMANDER)


class Joined(View, frozen=True, kw_only=True):
    """The way into a call."""

    call: Join


@calls.route("/reports/{incident_id}/call", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(calls, gives=Joined, refuses=(IncidentNotFound, NotLive, NoLine))
def join_own_call(call: Call[None], incident_id: str) -> Joined:
    """A fresh way into one's own call, after a drop or when no line was free before."""
    return Joined(call=join_as_citizen(call.citizen_id, incident_id, now=call.now))


@calls.route("/reports/{incident_id}/call", methods=["PUT"], authorizer=citizen, content_types=ANY)
@contract(calls, status=204, refuses=(IncidentNotFound, NoLine))
def keep_own_call(call: Call[None], incident_id: str) -> Response:
    """Say that the page is still there, at least once a minute; 409 when the line is gone: join again."""
    if not keep_line(call.citizen_id, incident_id, now=call.now):
        raise NoLine("the line went to another call; join again")
    return Response(body="", status_code=204)


@calls.route("/reports/{incident_id}/hangup", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(calls, gives=Filed, refuses=(IncidentNotFound, IncidentChanged))
def end_own_call(call: Call[None], incident_id: str) -> Filed:
    """End the citizen's side; the incident stays."""
    return filed(hang_up(call.citizen_id, incident_id, now=call.now))


@calls.route("/reports/{incident_id}/quick-exit", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(calls, gives=Filed, refuses=(IncidentNotFound, IncidentChanged))
def leave_quickly(call: Call[None], incident_id: str) -> Filed:
    """Say that the phone had to be blanked: the report stays and becomes as urgent as can be."""
    return filed(exit_quickly(call.citizen_id, incident_id, now=call.now))


@calls.route("/console/incidents/{incident_id}/call", methods=["POST"], authorizer=staff, content_types=ANY)
@contract(calls, gives=Joined, refuses=(IncidentNotFound, NotLive, NoLine, NotYours), groups=WORKERS)
def join_hub(call: Call[None], incident_id: str) -> Joined:
    """The hub's way in; the newest hub takes over."""
    return Joined(call=join_as_hub(call.staff, incident_id, now=call.now))
