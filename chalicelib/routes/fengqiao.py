"""枫桥在线: consults and complaints by live video, in office hours."""

from chalice.app import Blueprint

from chalicelib.domain.incident import Mode
from chalicelib.domain.refusals import BodyNotJson, IncidentChanged, OutsideJurisdiction
from chalicelib.routes.authorizers import citizen
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.filing import LiveFiled, ReportSent, filed_live
from chalicelib.workflows.file_report import file_live_report

fengqiao = Blueprint(__name__)


@fengqiao.route("/reports/fengqiao", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(
    fengqiao,
    takes=ReportSent,
    raw=True,
    keyed=True,
    gives=LiveFiled,
    status=201,
    refuses=(OutsideJurisdiction, BodyNotJson, IncidentChanged),
)
def file_fengqiao(call: Call[None]) -> LiveFiled:
    """File a consult; out of hours it is a booked call-back, and rings when the office opens."""
    return filed_live(
        file_live_report(call.citizen_id, call.raw, mode=Mode.FENGQIAO, key=call.key, now=call.now)
    )
