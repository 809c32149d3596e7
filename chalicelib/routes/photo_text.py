"""图文报警: pictures and words, or a tip 线索."""

from chalice.app import Blueprint

from chalicelib.domain.incident import Mode
from chalicelib.domain.refusals import BodyNotJson, IncidentChanged, OutsideJurisdiction
from chalicelib.routes.authorizers import citizen
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.filing import Filed, ReportSent, filed
from chalicelib.workflows.file_report import file_report

photo_text = Blueprint(__name__)


@photo_text.route("/reports/photo-text", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(
    photo_text,
    takes=ReportSent,
    raw=True,
    keyed=True,
    gives=Filed,
    status=201,
    refuses=(OutsideJurisdiction, BodyNotJson, IncidentChanged),
)
def file_photo_text(call: Call[None]) -> Filed:
    """File a report; whatever a field holds, the report is taken and the field flagged."""
    return filed(file_report(call.citizen_id, call.raw, mode=Mode.PHOTO_TEXT, key=call.key, now=call.now))
