"""视频110: live video with a call-taker at once, both ways."""

from chalice.app import Blueprint

from chalicelib.domain.incident import Mode
from chalicelib.domain.refusals import BodyNotJson, IncidentChanged, OutsideJurisdiction
from chalicelib.routes.authorizers import citizen
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.filing import LiveFiled, ReportSent, filed_live
from chalicelib.workflows.file_report import file_live_report

video110 = Blueprint(__name__)


@video110.route("/reports/video110", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(
    video110,
    takes=ReportSent,
    raw=True,
    keyed=True,
    gives=LiveFiled,
    status=201,
    refuses=(OutsideJurisdiction, BodyNotJson, IncidentChanged),
)
def file_video110(call: Call[None]) -> LiveFiled:
    """File a live report; the way into the call comes with it when a line is free."""
    return filed_live(
        file_live_report(call.citizen_id, call.raw, mode=Mode.VIDEO110, key=call.key, now=call.now)
    )
