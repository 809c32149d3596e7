"""The console: staff sign-in, the seat, the feed, and one incident's record."""

from datetime import datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.adapters import citizens, incidents, stills
from chalicelib.domain.card import Card
from chalicelib.domain.desk import Seat, SeatState
from chalicelib.domain.looks import Looked
from chalicelib.domain.refusals import (
    BodyInvalid,
    CitizenNotFound,
    CursorInvalid,
    IncidentNotFound,
    SignInRefused,
    SignInUnavailable,
)
from chalicelib.domain.staff import Group
from chalicelib.domain.tracks import TrackPoint
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.views import StaffMediaView, StaffRecord, View, staff_media_view, staff_record
from chalicelib.workflows.follow_feed import FeedReply, follow_feed
from chalicelib.workflows.keep_seat import keep_seat, read_seat
from chalicelib.workflows.let_read import let_read
from chalicelib.workflows.note_look import note_look
from chalicelib.workflows.sign_in_staff import (
    StaffSession,
    answer_mfa,
    answer_mfa_setup,
    answer_new_password,
    begin_authenticator,
    confirm_authenticator,
    renew_session,
    sign_in_staff,
)
from chalicelib.workflows.track_caller import read_track

console = Blueprint(__name__)

NEWEST_STILLS = 12
STILLS_PAGE = 50
EVERYONE = tuple(Group)
AT_THE_DESK = (Group.CALL_TAKER, Group.COMMANDER, Group.SPECIALIST)

Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
MfaCode = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}$", max_length=6)]


class StaffSignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name and password; a refresh token; or a challenge's session with the code or the new password.

    A refresh token with `mfa_setup` asks for the secret of a new authenticator, with `setup_code` proves it.
    """

    username: Annotated[str, msgspec.Meta(min_length=1, max_length=128)] | None = None
    password: Secret | None = None
    refresh_token: Secret | None = None
    session: Secret | None = None
    mfa_code: MfaCode | None = None
    new_password: Secret | None = None
    mfa_setup: bool = False
    setup_code: MfaCode | None = None


class SeatSaid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the seat is."""

    state: SeatState
    department_id: Annotated[str, msgspec.Meta(max_length=64)] | None = None


class SeatView(View, frozen=True, kw_only=True):
    """A seat."""

    seat: Seat


class FeedAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the reader stands."""

    cursor: Annotated[str, msgspec.Meta(max_length=8192)] | None = None


class RecordAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which entry on."""

    after: Annotated[int, msgspec.Meta(ge=0, le=99_999_999)] = 0


class TrackAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Up to which batch the reader has seen the track."""

    after: Annotated[int, msgspec.Meta(ge=0, le=999_999)] = 0


class TrackView(View, frozen=True, kw_only=True):
    """What came since, by time. With a `cursor` there is more; `seen` is the `after` of the next look.

    `latest` is where the caller was last seen, with her speed; `tracking` whether her phone may go on.
    """

    items: list[TrackPoint]
    cursor: int | None
    seen: int
    latest: TrackPoint | None
    tracking: bool


class StillsAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Below which number to go on."""

    before: Annotated[int, msgspec.Meta(ge=1, le=stills.LAST + 1)] = stills.LAST + 1


class StillsView(View, frozen=True, kw_only=True):
    """A page of stills; `cursor` is the next `before`, null at the end."""

    items: list[StaffMediaView]
    cursor: int | None


class FeedView(View, frozen=True, kw_only=True):
    """Incidents changed since the cursor, newest state each; `more` means call again at once.

    Of one that a specialist may not read, or no more, there is an empty card that says it is closed.
    """

    incidents: list[Card]
    cursor: str
    more: bool


@console.route("/console/session", methods=["POST"], content_types=ANY)
@contract(console, takes=StaffSignIn, gives=StaffSession, refuses=(SignInRefused, SignInUnavailable))
def sign_staff_in(call: Call[StaffSignIn]) -> StaffSession:
    """Sign a member of staff in, in one step or more; set up her authenticator."""
    body = call.body
    if body.refresh_token:
        return _known(body.refresh_token, body, call.now)
    if body.username and body.session and body.setup_code:
        return answer_mfa_setup(body.username, body.session, body.setup_code, now=call.now)
    if body.username and body.password:
        return sign_in_staff(body.username, body.password, now=call.now)
    if body.username and body.session and body.mfa_code:
        return answer_mfa(body.username, body.session, body.mfa_code, now=call.now)
    if body.username and body.session and body.new_password:
        return answer_new_password(body.username, body.session, body.new_password, now=call.now)
    raise BodyInvalid("give a name and password, or a refresh token", field="username")


@console.route("/console/seat", methods=["GET"], authorizer=staff)
@contract(console, gives=SeatView, groups=AT_THE_DESK)
def read_own_seat(call: Call[None]) -> SeatView:
    """How one's own seat is."""
    return SeatView(seat=read_seat(call.staff))


@console.route("/console/seat", methods=["PUT"], authorizer=staff, content_types=ANY)
@contract(console, takes=SeatSaid, gives=SeatView, groups=AT_THE_DESK)
def say_seat(call: Call[SeatSaid]) -> SeatView:
    """Say how one's own seat is; `off` hands over all it holds."""
    return SeatView(
        seat=keep_seat(call.staff, call.body.state, department_id=call.body.department_id, now=call.now)
    )


@console.route("/console/feed", methods=["GET"], authorizer=staff)
@contract(console, query=FeedAsked, gives=FeedView, refuses=(CursorInvalid,), groups=AT_THE_DESK)
def read_feed(call: Call[None]) -> FeedReply:
    """What changed since the cursor; without one, what is open."""
    return follow_feed(call.staff, call.query.cursor, now=call.now)


@console.route("/console/incidents/{incident_id}", methods=["GET"], authorizer=staff)
@contract(console, query=RecordAsked, gives=StaffRecord, refuses=(IncidentNotFound,), groups=AT_THE_DESK)
def read_incident(call: Call[None], incident_id: str) -> StaffRecord:
    """The whole record; with `after`, of the timeline only what is newer."""
    let_read(call.staff, incident_id)
    record = incidents.read(incident_id, after=call.query.after)
    try:
        citizen = citizens.get(record.incident.citizen_id)
    except CitizenNotFound:
        citizen = None
    newest = stills.read(incident_id, limit=NEWEST_STILLS).items if record.incident.stills else []
    shown = staff_record(record, citizen, newest_stills=newest, now=call.now)
    _note_files(call, incident_id, shown.media)
    return shown


@console.route("/console/incidents/{incident_id}/positions", methods=["GET"], authorizer=staff)
@contract(console, query=TrackAsked, gives=TrackView, refuses=(IncidentNotFound,), groups=AT_THE_DESK)
def read_positions(call: Call[None], incident_id: str) -> TrackView:
    """Where the caller went since batch `after`, and where she is."""
    let_read(call.staff, incident_id)
    track = read_track(incident_id, after=call.query.after)
    return TrackView(
        items=track.points,
        cursor=track.seen if track.more else None,
        seen=track.seen,
        latest=track.latest,
        tracking=track.tracking,
    )


@console.route("/console/incidents/{incident_id}/stills", methods=["GET"], authorizer=staff)
@contract(console, query=StillsAsked, gives=StillsView, refuses=(IncidentNotFound,), groups=AT_THE_DESK)
def list_stills(call: Call[None], incident_id: str) -> StillsView:
    """The stills of a call that had no live video, fifty a page, newest first."""
    let_read(call.staff, incident_id)
    incidents.get(incident_id)
    page = stills.read(incident_id, before=call.query.before, limit=STILLS_PAGE)
    shown = [staff_media_view(one) for one in page.items]
    _note_files(call, incident_id, shown)
    return StillsView(items=shown, cursor=page.cursor)


def _known(refresh_token: str, body: StaffSignIn, now: datetime) -> StaffSession:
    """For who is signed in already: fresh tokens, or a step of setting up an authenticator."""
    if body.setup_code:
        return confirm_authenticator(refresh_token, body.setup_code, now=now)
    if body.mfa_setup:
        return begin_authenticator(refresh_token, now=now)
    return renew_session(refresh_token, now=now)


def _note_files(call: Call[None], incident_id: str, shown: list[StaffMediaView]) -> None:
    """Put on record that the caller was handed the addresses of files."""
    if any(one.url for one in shown):
        note_look(call.staff.actor(), incident_id, Looked.FILES, now=call.now)
