"""The officer's link: no account; the token in a header is the way in, bound to one device."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib.adapters.county import TypeCode, type_codes
from chalicelib.adapters.incidents import Written
from chalicelib.adapters.signaling import Join
from chalicelib.domain.dispatching import NEXT, officer
from chalicelib.domain.incident import (
    Contact,
    Dispatch,
    DispatchStatus,
    Feedback,
    Incident,
    Mode,
    Place,
    Status,
)
from chalicelib.domain.looks import Looked
from chalicelib.domain.position import Position
from chalicelib.domain.refusals import (
    BodyInvalid,
    DigitsRefused,
    IncidentChanged,
    LiveWithheld,
    NoLine,
    NotLive,
    StepRefused,
)
from chalicelib.domain.upload import MediaState
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.holder import DEAD, DEVICE, TOKEN, LastDigits, holder
from chalicelib.routes.views import OfficerMediaView, View, officer_media_view
from chalicelib.workflows.keep_call import join_as_officer
from chalicelib.workflows.note_look import note_look
from chalicelib.workflows.track_caller import last_position
from chalicelib.workflows.work_by_link import (
    Opened,
    feed_back_by_link,
    incident_by_link,
    open_link,
    progress_by_link,
    read_by_link,
    write_by_link,
)

officer_link = Blueprint(__name__)

Count = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class Digits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last digits of the number the link was texted to."""

    last_digits: LastDigits


class RecordAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which message on."""

    after: Annotated[int, msgspec.Meta(ge=0, le=99_999_999)] = 0


class Progress(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far the officer is."""

    status: DispatchStatus


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word to the desk."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]


class OfficerCall(View, frozen=True, kw_only=True):
    """The way into a call."""

    call: Join


class FeedbackSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the officer reports back, with the counts a bureau publishes."""

    arrived_at: Annotated[datetime, msgspec.Meta(tz=True)]
    ended_at: Annotated[datetime, msgspec.Meta(tz=True)]
    result: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]
    cases_solved: Count = 0
    major_cases: Count = 0
    people_arrested: Count = 0
    people_helped: Count = 0


class OfficerIncident(View, frozen=True, kw_only=True):
    """An incident as the officer sent to it sees it; `phone` is None where ringing could endanger.

    `position` is where the citizen was last seen.
    """

    id: str
    number: str
    mode: Mode
    status: Status
    priority: int
    created_at: datetime
    contact: Contact
    place: Place | None
    position: Position | None
    text: str | None
    type_code: str | None
    type: TypeCode | None
    summary: str | None
    phone: str | None


OWN = tuple(name for name in OfficerIncident.__struct_fields__ if name not in ("phone", "type"))
"""What the officer is shown just as it is stored."""


class OfficerMessage(View, frozen=True, kw_only=True):
    """A word between desk and officers; `by` is `desk`, `you` or the other officer's unit."""

    seq: int
    at: datetime
    by: str
    text: str


class OfficerView(View, frozen=True, kw_only=True):
    """What the officer's page shows; `device_key` is said once, to the device that opens the link first.

    `messages` are all of them, or those above the `after` asked for; `count` is the `after` of the next look.
    """

    incident: OfficerIncident
    dispatch: dict[str, Any]
    unit_name: str
    officer_name: str
    note: str | None
    media: list[OfficerMediaView]
    messages: list[OfficerMessage]
    count: int
    allowed: tuple[DispatchStatus, ...]
    device_key: str | None = None


@officer_link.route("/link/open", methods=["POST"], content_types=ANY)
@contract(
    officer_link,
    takes=Digits,
    gives=OfficerView,
    refuses=(*DEAD, DigitsRefused, IncidentChanged),
    headers=(TOKEN, DEVICE),
)
def open_it(call: Call[Digits]) -> OfficerView:
    """Bind the link to this device."""
    return _shown(open_link(holder(call), call.body.last_digits, now=call.now), call.now)


@officer_link.route("/link/incident", methods=["GET"])
@contract(officer_link, query=RecordAsked, gives=OfficerView, refuses=DEAD, headers=(TOKEN, DEVICE))
def read_it(call: Call[None]) -> OfficerView:
    """The incident as it stands; with `after`, of the messages only what is newer."""
    return _shown(read_by_link(holder(call), after=call.query.after), call.now)


@officer_link.route("/link/status", methods=["POST"], content_types=ANY)
@contract(
    officer_link,
    takes=Progress,
    gives=OfficerView,
    refuses=(*DEAD, StepRefused, IncidentChanged),
    headers=(TOKEN, DEVICE),
)
def say_status(call: Call[Progress]) -> OfficerView:
    """Say that one is on the way, or there."""
    to = call.body.status
    if to not in (DispatchStatus.EN_ROUTE, DispatchStatus.ON_SCENE):
        raise BodyInvalid("say en_route or on_scene; handled comes with the feedback", field="status")
    return _shown(progress_by_link(holder(call), to, now=call.now), call.now)


@officer_link.route("/link/messages", methods=["POST"], content_types=ANY)
@contract(
    officer_link,
    takes=Word,
    keyed=True,
    gives=OfficerView,
    status=201,
    refuses=(*DEAD, StepRefused, IncidentChanged),
    headers=(TOKEN, DEVICE),
)
def write(call: Call[Word]) -> OfficerView:
    """Write to the desk."""
    shown = holder(call)
    asked = call.asked(shown.token, "officer-message")
    return _shown(write_by_link(shown, call.body.text, asked=asked, now=call.now), call.now)


@officer_link.route("/link/call", methods=["POST"], content_types=ANY)
@contract(
    officer_link,
    gives=OfficerCall,
    refuses=(*DEAD, NotLive, LiveWithheld, NoLine, IncidentChanged),
    headers=(TOKEN, DEVICE),
)
def join_by_link(call: Call[None]) -> OfficerCall:
    """The way into the call; the hub decides what the officer sees and hears."""
    incident_id, dispatch_id = incident_by_link(holder(call))
    return OfficerCall(call=join_as_officer(incident_id, dispatch_id, now=call.now))


@officer_link.route("/link/feedback", methods=["POST"], content_types=ANY)
@contract(
    officer_link,
    takes=FeedbackSent,
    gives=OfficerView,
    refuses=(*DEAD, StepRefused, IncidentChanged),
    headers=(TOKEN, DEVICE),
)
def feed_back(call: Call[FeedbackSent]) -> OfficerView:
    """Report back from the scene; said again otherwise, while the incident is open, it is corrected."""
    body = call.body
    _check_times(body, call.now)
    said = msgspec.structs.asdict(body)
    result = said.pop("result")
    told = Feedback(**said, reported_at=call.now)
    return _shown(feed_back_by_link(holder(call), told=told, result=result, now=call.now), call.now)


def _check_times(body: FeedbackSent, now: datetime) -> None:
    if not now - timedelta(days=30) <= body.arrived_at <= now + timedelta(minutes=5):
        raise BodyInvalid("the time of arrival is not within the last month", field="arrived_at")
    if not body.arrived_at <= body.ended_at <= now + timedelta(minutes=5):
        raise BodyInvalid("the end is before the arrival or in the future", field="ended_at")


def _shown(opened: Opened, now: datetime) -> OfficerView:
    """What the page shows; that he was handed the addresses of files is on record, as staff's looks are."""
    view = _view(opened)
    if any(one.url for one in view.media):
        note_look(officer(opened.dispatch.dispatch_id), opened.incident.id, Looked.FILES, now=now)
    return view


def _view(opened: Opened) -> OfficerView:
    incident, dispatch = opened.incident, opened.dispatch
    shown = {
        "phone": incident.number_shown,
        "type": next((kind for kind in type_codes() if kind.code == incident.type_code), None),
        **{name: getattr(incident, name) for name in OWN},
        "position": _where(incident),
    }
    return OfficerView(
        incident=OfficerIncident(**shown),
        dispatch=_dispatch(dispatch),
        unit_name=dispatch.unit_name,
        officer_name=dispatch.officer_name,
        note=dispatch.note,
        media=[officer_media_view(one) for one in opened.media if one.state is MediaState.ACCEPTED],
        messages=[_message(one, dispatch.dispatch_id) for one in opened.messages],
        count=opened.read_up_to,
        allowed=NEXT[dispatch.status],
        device_key=opened.device_key,
    )


def _where(incident: Incident) -> Position | None:
    """Where the citizen was last seen: on her way since, or where she filed."""
    seen = last_position(incident.id)
    return seen.position if seen else incident.position


def _message(written: Written, own_dispatch_id: str) -> OfficerMessage:
    entry = written.entry
    by = "desk"
    if entry.details.get("to") == "desk":
        own = entry.details.get("dispatch_id") == own_dispatch_id
        by = "you" if own else entry.details.get("unit_name", "")
    text = written.personal["text"].value if "text" in written.personal else ""
    return OfficerMessage(seq=entry.seq, at=entry.at, by=by, text=text)


def _dispatch(dispatch: Dispatch) -> dict[str, Any]:
    shown = ("dispatch_id", "unit_name", "officer_name", "status", "dispatched_at", "opened_at")
    return {name: getattr(dispatch, name) for name in shown}
