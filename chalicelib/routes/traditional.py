"""传统报警: 静音报警 sends the picture while the phone stays silent; 语音报警 is sound alone."""

from chalice.app import Blueprint

from chalicelib.domain.incident import Mode
from chalicelib.domain.refusals import BodyNotJson, IncidentChanged, OutsideJurisdiction
from chalicelib.routes.authorizers import citizen
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.filing import LiveFiled, ReportSent, filed_live
from chalicelib.workflows.file_report import file_live_report

traditional = Blueprint(__name__)


@traditional.route("/reports/silent", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(
    traditional,
    takes=ReportSent,
    raw=True,
    keyed=True,
    gives=LiveFiled,
    status=201,
    refuses=(BodyNotJson, IncidentChanged),
)
def file_silent(call: Call[None]) -> LiveFiled:
    """File a silent report; taken from anywhere, and nothing ever rings the citizen."""
    return filed_live(
        file_live_report(call.citizen_id, call.raw, mode=Mode.SILENT, key=call.key, now=call.now)
    )


@traditional.route("/reports/voice", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(
    traditional,
    takes=ReportSent,
    raw=True,
    keyed=True,
    gives=LiveFiled,
    status=201,
    refuses=(OutsideJurisdiction, BodyNotJson, IncidentChanged),
)
def file_voice(call: Call[None]) -> LiveFiled:
    """File a voice report."""
    return filed_live(
        file_live_report(call.citizen_id, call.raw, mode=Mode.VOICE, key=call.key, now=call.now)
    )
