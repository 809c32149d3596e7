"""The incident 警情: what the bureau handles, its words, and the one table of the steps it may take."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from chalicelib.domain.alerts import Alert
from chalicelib.domain.citizen import Standing, Trade
from chalicelib.domain.hits import Hit
from chalicelib.domain.position import Point, Position
from chalicelib.domain.refusals import StepRefused
from chalicelib.domain.standing import WITHOUT_LIVE, Marking


class Mode(StrEnum):
    """Reporting mode 报警方式."""

    VIDEO110 = "video110"
    FENGQIAO = "fengqiao"
    PHOTO_TEXT = "photo_text"
    SILENT = "silent"
    VOICE = "voice"


LIVE = frozenset({Mode.VIDEO110, Mode.FENGQIAO, Mode.SILENT, Mode.VOICE})
"""The modes that join the citizen with a call-taker at once."""


class Status(StrEnum):
    """Where an incident stands."""

    WAITING = "waiting"
    ANSWERED = "answered"
    DISPATCHED = "dispatched"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    HANDLED = "handled"
    TRANSFERRED = "transferred"
    ABANDONED = "abandoned"
    CLOSED = "closed"


STEPS: dict[Status, frozenset[Status]] = {
    Status.WAITING: frozenset({Status.ANSWERED, Status.ABANDONED, Status.CLOSED}),
    Status.ABANDONED: frozenset({Status.WAITING, Status.ANSWERED, Status.CLOSED}),
    Status.ANSWERED: frozenset({Status.WAITING, Status.DISPATCHED, Status.TRANSFERRED, Status.CLOSED}),
    Status.TRANSFERRED: frozenset({Status.ANSWERED, Status.DISPATCHED, Status.HANDLED, Status.CLOSED}),
    Status.DISPATCHED: frozenset(
        {Status.ANSWERED, Status.EN_ROUTE, Status.ON_SCENE, Status.HANDLED, Status.CLOSED}
    ),
    Status.EN_ROUTE: frozenset({Status.ANSWERED, Status.ON_SCENE, Status.HANDLED, Status.CLOSED}),
    Status.ON_SCENE: frozenset({Status.ANSWERED, Status.HANDLED, Status.CLOSED}),
    Status.HANDLED: frozenset({Status.DISPATCHED, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}
"""From each status, the statuses one step away. Nothing else decides whether a step is allowed."""


class Contact(StrEnum):
    """Whether anything may ring, text or push the citizen by itself (`any`), or nothing may (`app_only`)."""

    ANY = "any"
    APP_ONLY = "app_only"


class Disposition(StrEnum):
    """How an incident ended 处理结果."""

    RESOLVED = "resolved"
    ADVISED = "advised"
    REFERRED_12345 = "referred_12345"
    DUPLICATE = "duplicate"
    OUT_OF_AREA = "out_of_area"
    NO_CONTACT = "no_contact"
    FALSE_REPORT = "false_report"
    HARASSMENT = "harassment"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where it happens 事发地点: in somebody's words, near a place the gazetteer knows, and as a point."""

    words: str = ""
    near: str = ""
    point: Point | None = None
    confirmed: bool = False


class DispatchStatus(StrEnum):
    """How far one officer sent out has come."""

    SENT = "sent"
    OPENED = "opened"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    HANDLED = "handled"
    REVOKED = "revoked"


class TextState(StrEnum):
    """What became of a text: `accepted` is the carrier gateway's word, not the telephone's."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    FAILED = "failed"


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer reported back, but for his words: times, and the counts a bureau publishes.

    `reported_at` is when he first did; a correction leaves it. `major_cases` are among the cases solved.
    `words_digest` tells a corrected text from a repeated one.
    """

    arrived_at: datetime
    ended_at: datetime
    reported_at: datetime
    cases_solved: int = 0
    major_cases: int = 0
    people_arrested: int = 0
    people_helped: int = 0
    words_digest: str = ""


class Dispatch(msgspec.Struct, frozen=True, kw_only=True):
    """One named officer of one unit, sent to one incident, with the link that was texted."""

    dispatch_id: str
    unit_id: str
    unit_name: str
    officer_name: str
    phone: str
    note: str | None
    dispatched_at: datetime
    status: DispatchStatus = DispatchStatus.SENT
    text: TextState = TextState.PENDING
    links_asked: int = 1
    opened_at: datetime | None = None
    joined_at: datetime | None = None
    revoked_at: datetime | None = None
    feedback: Feedback | None = None


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """A consult brought to a department; `taken_by` is the specialist who came, None while it rings."""

    department_id: str
    department_name: str
    asked_at: datetime
    taken_by: str | None = None


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """How far an incident's recording is: the highest number kept, those missing below it, and its end.

    `given_up` are numbers that had not come when the incident was closed; one that comes late is kept.
    """

    highest: int = 0
    missing: tuple[int, ...] = ()
    given_up: tuple[int, ...] = ()
    until: datetime | None = None

    def has(self, seq: int) -> bool:
        """Whether a fragment was kept."""
        return seq <= self.highest and seq not in (*self.missing, *self.given_up)


class FormerOwner(msgspec.Struct, frozen=True, kw_only=True):
    """Who held an incident last before its present owner, and until when."""

    call_taker_id: str
    until: datetime


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """Who opened the evidence of an incident, and when that was put on the record."""

    staff_id: str
    at: datetime


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A legal hold 证据保全: nothing of the incident is erased or ends before it is released."""

    placed_by: str
    placed_at: datetime


class Kept(StrEnum):
    """The kinds of data that are kept for a time of their own: its files, its recording, what is personal."""

    MEDIA = "media"
    RECORDING = "recording"
    PERSONAL = "personal"


class EventAnswer(StrEnum):
    """What a citizen says of an event near her 是同一件事吗; `hurt`: somebody is hurt, whatever it is."""

    SAME = "same"
    DIFFERENT = "different"
    HURT = "hurt"


class EventAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A published event of which the citizen is asked, and what she said; `event` is fire, flood or traffic.

    `incident_id` is the event's own incident, where it has one.
    """

    event_id: str
    event: str
    name: str
    asked_at: datetime
    incident_id: str | None = None
    answer: EventAnswer | None = None


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """How much its citizen has written: in all, and how many entries since `minute` began."""

    minute: datetime
    in_all: int = 0
    in_minute: int = 0


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as stored. `version` counts its timeline entries, `head` is the hash of the newest."""

    id: str
    number: str
    mode: Mode
    citizen_id: str
    created_at: datetime
    rings_at: datetime
    status: Status = Status.WAITING
    priority: int
    contact: Contact = Contact.ANY
    tip: bool = False
    flags: tuple[str, ...] = ()
    text: str | None = None
    phone: str | None = None
    phone_verified: bool = False
    trade: Trade = Trade.NONE
    plate: str | None = None
    standing: Standing = Standing.GOOD
    behind_until: datetime | None = None
    live_granted: bool = False
    marking: Marking | None = None
    frozen: bool = False
    position: Position | None = None
    place: Place | None = None
    photos: int = 0
    videos: int = 0
    stills: int = 0
    call_taker_id: str | None = None
    owned_since: datetime | None = None
    former_owner: FormerOwner | None = None
    booked_for: datetime | None = None
    was_booked: bool = False
    answered_at: datetime | None = None
    abandoned_at: datetime | None = None
    type_code: str | None = None
    summary: str | None = None
    dispatches: tuple[Dispatch, ...] = ()
    unread: bool = False
    exited_quickly: bool = False
    left_call: bool = False
    texted_back: bool = False
    hurt: bool = False
    spent: Spent | None = None
    escalated: bool = False
    callback_overridden: bool = False
    transfer: Transfer | None = None
    recording: Recording = Recording()
    hits: tuple[Hit, ...] = ()
    event_asked: EventAsked | None = None
    alerts: tuple[Alert, ...] = ()
    evidence_seen: tuple[Seen, ...] = ()
    hold: Hold | None = None
    ended: tuple[Kept, ...] = ()
    erased_at: datetime | None = None
    linked_to: str | None = None
    linked_from: tuple[str, ...] = ()
    continues: str | None = None
    continued_by: str | None = None
    disposition: Disposition | None = None
    closed_at: datetime | None = None
    request_digest: str = ""
    version: int = 0
    head: str = ""

    @property
    def is_open(self) -> bool:
        """Whether work on it goes on."""
        return self.status is not Status.CLOSED

    @property
    def must_be_kept(self) -> bool:
        """Whether nothing of it may be erased: it is under a legal hold, or frozen as evidence."""
        return self.hold is not None or self.frozen

    @property
    def rings(self) -> bool:
        """Whether it rings every ready seat: open, nobody's, and not booked for a later hour."""
        return self.is_open and self.call_taker_id is None and self.booked_for is None

    @property
    def is_sent_out(self) -> bool:
        """Whether an officer was sent who has not been called back."""
        return any(one.status is not DispatchStatus.REVOKED for one in self.dispatches)

    @property
    def hides_number(self) -> bool:
        """Whether a call could endanger who is hiding, and nobody has overridden that."""
        return self.contact is Contact.APP_ONLY and not self.callback_overridden

    @property
    def withholds_live(self) -> bool:
        """Whether its citizen's standing leaves it stills and text until a call-taker grants more."""
        return self.mode in LIVE and self.standing in WITHOUT_LIVE and not self.live_granted

    @property
    def waits_live(self) -> bool:
        """Whether a citizen waits at her phone for this to be answered."""
        return self.rings and self.status is Status.WAITING and self.mode in LIVE

    @property
    def number_shown(self) -> str | None:
        """The telephone number as staff may see it: none while a call could endanger who is hiding."""
        return None if self.hides_number else self.phone


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A changed incident with the timeline entry that tells why.

    `details` are plain JSON and hashed as they stand; `personal` holds what could name a person and is
    hashed only through salted digests.
    """

    incident: Incident
    kind: str
    details: Mapping[str, object] = {}
    personal: Mapping[str, object] = {}


def must_not_be_erased(incident: Incident) -> None:
    """Raise `StepRefused` once its citizen was erased: nothing would ever take away what came after that."""
    if incident.erased_at is not None:
        raise StepRefused("its citizen was erased", incident_status=incident.status)


def move(incident: Incident, to: Status, **fields: object) -> Incident:
    """The incident one step on; raises `StepRefused` naming its status when the table has no such step."""
    if to not in STEPS[incident.status]:
        raise StepRefused(f"{incident.status} does not lead to {to}", incident_status=incident.status)
    return msgspec.structs.replace(incident, status=to, **fields)
