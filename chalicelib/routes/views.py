"""What callers are shown: the same incident as its citizen, the staff and the officer may see it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.adapters.incidents import Record, Written
from chalicelib.adapters.media import UploadForm, view_url
from chalicelib.domain.alerts import Alert, AlertState, ReasonCode
from chalicelib.domain.card import Card, card_of
from chalicelib.domain.citizen import Citizen, Language, Standing, Trade
from chalicelib.domain.evidence import shown_to_staff
from chalicelib.domain.hits import Hit
from chalicelib.domain.incident import (
    Contact,
    Dispatch,
    Disposition,
    EventAnswer,
    EventAsked,
    Hold,
    Incident,
    Mode,
    Place,
    Status,
)
from chalicelib.domain.media import MediaKind
from chalicelib.domain.position import Position
from chalicelib.domain.standing import Marking
from chalicelib.domain.timeline import Actor, Entry, Role
from chalicelib.domain.upload import Media, MediaState


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Something a caller is shown."""


class LimitView(View, frozen=True, kw_only=True):
    """使用限制 as the citizen may know it: what, why, since when and until when."""

    grade: Standing
    reason: str
    since: datetime
    until: datetime


class CitizenView(View, frozen=True, kw_only=True):
    """A citizen as she sees herself; WeChat's id is not hers to see.

    `limit` is there while her use of the service is limited, and says why and until when.
    """

    id: str
    phone: str | None
    phone_verified: bool
    name: str | None
    trade: Trade
    plate: str | None
    language: Language
    limit: LimitView | None = None


class EventQuestion(View, frozen=True, kw_only=True):
    """An event near by of which the citizen is asked 是同一件事吗, and what she answered."""

    event_id: str
    event: str
    name: str
    answer: EventAnswer | None


class ReportView(View, frozen=True, kw_only=True):
    """An incident as its citizen sees it."""

    id: str
    number: str
    mode: Mode
    tip: bool
    status: Status
    created_at: datetime
    version: int
    flags: tuple[str, ...]
    contact: Contact
    text: str | None
    place: Place | None
    position: Position | None
    photos: int
    videos: int
    disposition: Disposition | None
    closed_at: datetime | None
    linked_to: str | None
    continued_by: str | None
    booked_for: datetime | None
    event_asked: EventQuestion | None = None
    live_withheld: bool = False


class MediaView(View, frozen=True, kw_only=True):
    """A file of an incident. `url` lives for minutes and is None for a file nobody may see."""

    media_id: str
    kind: MediaKind
    state: MediaState
    content_type: str
    size_bytes: int
    url: str | None
    refused_because: str | None


class OfficerMediaView(MediaView, frozen=True, kw_only=True):
    """A file as the officer sent out sees it; when it came, because an old still must not pass for now."""

    checked_at: datetime | None


class StaffMediaView(MediaView, frozen=True, kw_only=True):
    """A file as staff sees it, with the figures that prove it."""

    sha256: str
    checked_at: datetime | None


class UploadAllowed(View, frozen=True, kw_only=True):
    """A presigned POST: send `fields` in order and the file last, as `file`."""

    media_id: str
    incident_id: str
    url: str
    fields: dict[str, str]
    expires_at: datetime


class CitizenEntry(View, frozen=True, kw_only=True):
    """A timeline entry as the citizen may see it; `by` is you, police or system."""

    seq: int
    at: datetime
    kind: str
    by: str
    details: dict[str, Any]


class StaffEntry(View, frozen=True, kw_only=True):
    """A timeline entry as staff sees it."""

    seq: int
    at: datetime
    kind: str
    actor: Actor
    details: dict[str, Any]
    personal: dict[str, Any]
    hash: str


class StaffIncident(Card, frozen=True, kw_only=True):
    """An incident as staff sees it: its card, and the rest."""

    text: str | None
    stills: int
    type_code: str | None
    summary: str | None
    answered_at: datetime | None
    disposition: Disposition | None
    closed_at: datetime | None
    continues: str | None
    continued_by: str | None
    linked_from: tuple[str, ...]
    frozen: bool
    marking: Marking | None
    event_asked: EventAsked | None = None
    hold: Hold | None = None
    erased_at: datetime | None = None


class CallerView(View, frozen=True, kw_only=True):
    """Who reported, as staff sees her; the number is None while ringing could endanger her."""

    citizen_id: str
    phone: str | None
    phone_verified: bool
    name: str | None
    trade: Trade
    plate: str | None
    language: Language
    standing: Standing
    standing_reason: str | None
    standing_until: datetime | None


SHOWN_TO_CITIZENS: dict[str, tuple[str, ...]] = {
    "report.filed": (),
    "media.accepted": ("media_id", "kind"),
    "media.refused": ("media_id", "kind", "reason"),
    "message.sent": (),
    "incident.answered": (),
    "incident.abandoned": (),
    "officer.dispatched": ("unit_name",),
    "officer.en_route": ("unit_name",),
    "officer.on_scene": ("unit_name",),
    "officer.handled": ("unit_name",),
    "incident.closed": ("disposition",),
    "incident.continued": ("from", "to"),
    "callback.made": ("result",),
    "live.granted": (),
}
"""The kinds of entry a citizen may see, and which of their details."""


def citizen_view(citizen: Citizen, *, now: datetime) -> CitizenView:
    """A citizen as she sees herself."""
    own = {name: getattr(citizen, name) for name in CitizenView.__struct_fields__ if name != "limit"}
    return CitizenView(**own, limit=_limit(citizen, now))


def _limit(citizen: Citizen, now: datetime) -> LimitView | None:
    grade, since, until = citizen.standing_at(now), citizen.standing_since, citizen.standing_until
    if grade is Standing.GOOD or since is None or until is None:
        return None
    return LimitView(grade=grade, reason=citizen.standing_reason or "", since=since, until=until)


ATTACHED = (MediaKind.PHOTO, MediaKind.VIDEO)


def report_view(incident: Incident) -> ReportView:
    """An incident as its citizen sees it: linked to her own earlier one, never to what staff linked."""
    view = msgspec.convert(incident, ReportView, from_attributes=True)
    return msgspec.structs.replace(view, linked_to=incident.continues, live_withheld=incident.withholds_live)


def citizen_entries(written: Iterable[Written]) -> list[CitizenEntry]:
    """Those entries a citizen may see, with what of them she may see; of files her own photos and videos."""
    return [_citizen_entry(one) for one in written if _is_shown_to_citizens(one.entry)]


def own_files(media: Iterable[Media]) -> list[MediaView]:
    """The photos and videos a citizen attached; stills and snapshots of a call are staff's to look at."""
    return [media_view(one) for one in media if one.kind in ATTACHED]


def media_view(media: Media) -> MediaView:
    """A file as citizens see it."""
    return MediaView(url=view_url(media), **_named(media))


def officer_media_view(media: Media) -> OfficerMediaView:
    """A file as the officer sent out sees it."""
    return OfficerMediaView(url=view_url(media), checked_at=media.checked_at, **_named(media))


def upload_allowed(media: Media, form: UploadForm) -> UploadAllowed:
    """The answer to a file asked for."""
    return UploadAllowed(
        media_id=media.media_id,
        incident_id=media.incident_id,
        url=form.url,
        fields=form.fields,
        expires_at=form.expires_at,
    )


def staff_media_view(media: Media) -> StaffMediaView:
    """A file as staff sees it."""
    return StaffMediaView(
        url=view_url(media), sha256=media.sha256, checked_at=media.checked_at, **_named(media)
    )


def staff_incident(incident: Incident) -> StaffIncident:
    """An incident as staff sees it."""
    own = {name: getattr(incident, name) for name in StaffIncident.__struct_fields__ if name not in CARD}
    return StaffIncident(**msgspec.structs.asdict(card_of(incident)), **own)


CARD = frozenset(Card.__struct_fields__)


def _staff_entry(incident: Incident, written: Written) -> StaffEntry:
    entry = written.entry
    return StaffEntry(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        actor=entry.actor,
        details=entry.details,
        personal=shown_to_staff(incident, entry, written.personal),
        hash=entry.hash,
    )


def caller_view(incident: Incident, citizen: Citizen | None, *, now: datetime) -> CallerView:
    """Who reported; trade and plate as they were then, and what only her record knows as it is now."""
    known = citizen or Citizen(id=incident.citizen_id, openid="")
    standing = known.standing_at(now)
    return CallerView(
        citizen_id=incident.citizen_id,
        phone=incident.number_shown,
        phone_verified=incident.phone_verified,
        name=known.name,
        trade=incident.trade if incident.trade is not Trade.NONE else known.trade,
        plate=incident.plate or known.plate,
        language=known.language,
        standing=standing,
        standing_reason=known.standing_reason if standing is not Standing.GOOD else None,
        standing_until=known.standing_until if standing is not Standing.GOOD else None,
    )


class AlertView(View, frozen=True, kw_only=True):
    """A text to a commander as staff sees it: whom, why, and how far it is; never the number."""

    id: str
    name: str
    fallback: bool
    reasons: list[ReasonCode]
    state: AlertState
    reserved_at: datetime
    settled_at: datetime | None
    opened_at: datetime | None
    acknowledged_at: datetime | None
    revoked_at: datetime | None


def alert_view(alert: Alert) -> AlertView:
    """A text to a commander as staff sees it."""
    own = {name: getattr(alert, name) for name in AlertView.__struct_fields__ if name != "reasons"}
    return AlertView(reasons=list(dict.fromkeys(reason.code for reason in alert.reasons)), **own)


class StaffRecord(View, frozen=True, kw_only=True):
    """The whole record of an incident, or what of its timeline is newer than asked for.

    Of the stills, which `incident.stills` counts, the newest dozen are among `media`.
    """

    incident: StaffIncident
    caller: CallerView
    media: list[StaffMediaView]
    timeline: list[StaffEntry]
    count: int
    dispatches: tuple[Dispatch, ...]
    alerts: list[AlertView] = []
    hits: tuple[Hit, ...] = ()


def staff_record(
    record: Record, citizen: Citizen | None, *, newest_stills: list[Media], now: datetime
) -> StaffRecord:
    """The record as staff sees it, its stills as far as they are given."""
    return StaffRecord(
        incident=staff_incident(record.incident),
        caller=caller_view(record.incident, citizen, now=now),
        media=[staff_media_view(one) for one in [*record.media, *newest_stills]],
        timeline=[_staff_entry(record.incident, one) for one in record.entries],
        count=record.incident.version,
        dispatches=record.incident.dispatches,
        alerts=[alert_view(alert) for alert in record.incident.alerts],
        hits=record.incident.hits,
    )


def _named(media: Media) -> dict[str, Any]:
    return {
        "media_id": media.media_id,
        "kind": media.kind,
        "state": media.state,
        "content_type": media.content_type,
        "size_bytes": media.size_bytes,
        "refused_because": media.refused_because,
    }


def _is_shown_to_citizens(entry: Entry) -> bool:
    if entry.kind not in SHOWN_TO_CITIZENS:
        return False
    if entry.kind == "callback.made" and entry.details.get("result") == "attempting":
        return False  # A number was shown; nothing has rung.
    return entry.details.get("kind", MediaKind.PHOTO) in ATTACHED


def _citizen_entry(written: Written) -> CitizenEntry:
    entry = written.entry
    shown = {
        name: entry.details[name]
        for name in SHOWN_TO_CITIZENS[entry.kind]
        if entry.details.get(name) is not None
    }
    if entry.kind == "message.sent" and "text" in written.personal:
        shown["text"] = written.personal["text"].value
    by = {Role.CITIZEN: "you", Role.SYSTEM: "system"}.get(entry.actor.role, "police")
    return CitizenEntry(seq=entry.seq, at=entry.at, kind=entry.kind, by=by, details=shown)
