"""What citizens share whatever the mode: jurisdiction, own reports, messages, pictures and videos."""

import base64
import binascii
from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib.adapters import feed, incidents
from chalicelib.domain.incident import EventAnswer
from chalicelib.domain.media import MediaKind
from chalicelib.domain.position import Crs, Point, gcj02_to_wgs84
from chalicelib.domain.refusals import (
    BodyInvalid,
    CursorInvalid,
    IncidentChanged,
    IncidentNotFound,
    MediaLimitReached,
    MediaTooLarge,
    MediaTypeRefused,
    NotLive,
    ReportFull,
    TooManyMessages,
    TooManyStills,
)
from chalicelib.domain.tracks import MOST_POINTS
from chalicelib.routes.authorizers import citizen
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.views import (
    CitizenEntry,
    MediaView,
    ReportView,
    UploadAllowed,
    View,
    citizen_entries,
    own_files,
    report_view,
    upload_allowed,
)
from chalicelib.workflows.add_to_report import FileToCome, add_message, ask_upload, say_of_event
from chalicelib.workflows.check_jurisdiction import Coverage, check_jurisdiction
from chalicelib.workflows.track_caller import Tracked, take_positions

reports = Blueprint(__name__)

PAGE = 20
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place to ask about."""

    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lng: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    accuracy_m: Annotated[float, msgspec.Meta(ge=0, le=100_000)] | None = None
    crs: Crs = Crs.WGS84


class ListAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to go on in a list."""

    cursor: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class RecordAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which entry on."""

    after: Annotated[int, msgspec.Meta(ge=0, le=99_999_999)] = 0


class MessageSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message."""

    text: Text


class EventSaid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether it is the event near by: `same`, `different`, or `hurt` when somebody is hurt."""

    answer: EventAnswer


class FileAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file will be; `sha256` of its bytes in hex."""

    kind: MediaKind
    content_type: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    size_bytes: Annotated[int, msgspec.Meta(ge=1)]
    # The length too, because `$` also matches before a line's end.
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$", max_length=64)]


class PositionsSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Up to ten positions in any order; each is looked at by itself, so that a wrong one loses no other."""

    points: Annotated[list[Any], msgspec.Meta(min_length=1, max_length=MOST_POINTS)]


class ReportList(View, frozen=True, kw_only=True):
    """A page of one's own reports, newest first."""

    items: list[ReportView]
    cursor: str | None


class ReportRecord(View, frozen=True, kw_only=True):
    """A report with the timeline its citizen may see; `count` is the `after` of the next look.

    `ahead` is how many ring before a live report that waits, None for any other and when nobody can say;
    only the oldest two hundred open incidents are looked at.
    """

    incident: ReportView
    ahead: int | None
    timeline: list[CitizenEntry]
    media: list[MediaView]
    count: int


class MessageTaken(View, frozen=True, kw_only=True):
    """The incident that holds the message (after closing a new, linked one), and its entry's number."""

    incident_id: str
    seq: int


@reports.route("/jurisdiction", methods=["GET"], authorizer=citizen)
@contract(reports, query=Where, gives=Coverage)
def ask_jurisdiction(call: Call[None]) -> Coverage:
    """Whether the bureau serves a place, and what to do where it does not."""
    asked: Where = call.query
    point = Point(lat=asked.lat, lng=asked.lng)
    if asked.crs is Crs.GCJ02:
        point = gcj02_to_wgs84(asked.lat, asked.lng)
    return check_jurisdiction(point, asked.accuracy_m)


@reports.route("/reports", methods=["GET"], authorizer=citizen)
@contract(reports, query=ListAsked, gives=ReportList, refuses=(CursorInvalid,))
def list_reports(call: Call[None]) -> ReportList:
    """One's own reports, newest first."""
    start = _read_cursor(call.query.cursor, call.citizen_id) if call.query.cursor else None
    page, key = incidents.filed_by(call.citizen_id, cursor=start, limit=PAGE)
    return ReportList(items=[report_view(one) for one in page], cursor=_write_cursor(key) if key else None)


@reports.route("/reports/{incident_id}", methods=["GET"], authorizer=citizen)
@contract(reports, query=RecordAsked, gives=ReportRecord, refuses=(IncidentNotFound,))
def read_report(call: Call[None], incident_id: str) -> ReportRecord:
    """One's own report with what became of it."""
    record = incidents.read(incident_id, after=call.query.after)
    if record.incident.citizen_id != call.citizen_id:
        raise IncidentNotFound("no such incident")
    return ReportRecord(
        incident=report_view(record.incident),
        ahead=feed.ahead_of(record.incident, now=call.now) if record.incident.waits_live else None,
        timeline=citizen_entries(record.entries),
        media=own_files(record.media),
        count=record.read_up_to(call.query.after),
    )


@reports.route("/reports/{incident_id}/messages", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(
    reports,
    takes=MessageSent,
    keyed=True,
    gives=MessageTaken,
    status=201,
    refuses=(IncidentNotFound, IncidentChanged, TooManyMessages, ReportFull),
)
def write_message(call: Call[MessageSent], incident_id: str) -> MessageTaken:
    """Write to the call-taker; after closing this opens a linked incident that rings."""
    asked = call.asked(call.citizen_id, "message")
    done = add_message(call.citizen_id, incident_id, call.body.text, asked=asked, now=call.now)
    return MessageTaken(incident_id=done.incident.id, seq=done.seq)


@reports.route("/reports/{incident_id}/positions", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(reports, takes=PositionsSent, gives=Tracked, refuses=(IncidentNotFound, BodyInvalid))
def send_positions(call: Call[PositionsSent], incident_id: str) -> Tracked:
    """Say where one was and is; when the answer has `tracking` false, send no more."""
    return take_positions(call.citizen_id, incident_id, call.body.points, now=call.now)


@reports.route("/reports/{incident_id}/same-event", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(
    reports,
    takes=EventSaid,
    gives=MessageTaken,
    refuses=(IncidentNotFound, IncidentChanged, TooManyMessages, ReportFull),
)
def say_same_event(call: Call[EventSaid], incident_id: str) -> MessageTaken:
    """Answer the question about an event near by; `hurt` makes the report as urgent as can be."""
    done = say_of_event(call.citizen_id, incident_id, call.body.answer, now=call.now)
    return MessageTaken(incident_id=done.incident.id, seq=done.seq)


@reports.route("/reports/{incident_id}/media", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(
    reports,
    takes=FileAsked,
    keyed=True,
    gives=UploadAllowed,
    status=201,
    refuses=(
        IncidentNotFound,
        MediaTypeRefused,
        MediaTooLarge,
        MediaLimitReached,
        TooManyStills,
        NotLive,
        IncidentChanged,
    ),
)
def ask_media(call: Call[FileAsked], incident_id: str) -> UploadAllowed:
    """Ask to send one picture or video; the store itself holds it to type, size and place."""
    file = msgspec.convert(call.body, FileToCome, from_attributes=True)
    upload = ask_upload(call.citizen_id, incident_id, file, key=call.key, now=call.now)
    return upload_allowed(upload.media, upload.form)


def _write_cursor(key: dict[str, Any]) -> str:
    where = [key["filed_at"]["S"], key["incident_id"]["S"]]
    return base64.urlsafe_b64encode(msgspec.json.encode(where)).decode()


def _read_cursor(text: str, citizen_id: str) -> dict[str, Any]:
    """The key to go on from; whose list it is in is never the client's to say."""
    try:
        filed_at, incident_id = msgspec.json.decode(base64.urlsafe_b64decode(text), type=tuple[str, str])
    except (msgspec.MsgspecError, binascii.Error, ValueError) as fault:
        raise CursorInvalid("the cursor was not given by this list") from fault
    if not (filed_at and incident_id):
        raise CursorInvalid("the cursor was not given by this list")
    key = {"citizen_id": citizen_id, "filed_at": filed_at, "incident_id": incident_id, "part": "incident"}
    return {name: {"S": value} for name, value in key.items()}
