"""The card of an incident: as much as the queue shows before anyone opens it."""

from datetime import datetime

import msgspec

from chalicelib.domain.alerts import mark
from chalicelib.domain.citizen import Standing
from chalicelib.domain.dispatching import pending
from chalicelib.domain.hits import Rule
from chalicelib.domain.incident import Contact, DispatchStatus, Incident, Mode, Place, Status, Transfer
from chalicelib.domain.position import Position

TEXT_START = 60


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One incident in the queue. `phone` is None while ringing could endanger who is hiding.

    `alert` is how far the commanders' texts are, in one word; `alert_due_at` when there is something to do
    for them next, and `text_pending_since` of an officer's text that has not gone out, for the sweep. `hits`
    are the rules it hit and nobody dismissed 重点, each once.
    `position` is where the report was filed; `last_position` where the caller was seen since, some seconds
    behind her track and without a version of its own.
    """

    id: str
    number: str
    mode: Mode
    tip: bool
    status: Status
    priority: int
    ringing: bool
    contact: Contact
    flags: tuple[str, ...]
    created_at: datetime
    rings_at: datetime
    version: int
    call_taker_id: str | None
    phone: str | None
    place: Place | None
    position: Position | None
    photos: int
    videos: int
    text_start: str | None
    linked_to: str | None
    unread: bool
    booked_for: datetime | None = None
    exited_quickly: bool = False
    escalated: bool = False
    transfer: Transfer | None = None
    alert: str | None = None
    alert_due_at: datetime | None = None
    hits: tuple[Rule, ...] = ()
    last_position: Position | None = None
    hurt: bool = False
    standing: Standing = Standing.GOOD
    behind_until: datetime | None = None
    live_withheld: bool = False
    text_pending_since: datetime | None = None
    units: tuple[str, ...]


def covered(card: Card) -> Card:
    """What is left of a card for a console that may not show it: its version, and that it is over there."""
    return Card(
        id=card.id,
        number="",
        mode=card.mode,
        tip=card.tip,
        status=Status.CLOSED,
        priority=card.priority,
        ringing=False,
        contact=Contact.APP_ONLY,
        flags=(),
        created_at=card.created_at,
        rings_at=card.rings_at,
        version=card.version,
        call_taker_id=None,
        phone=None,
        place=None,
        position=None,
        photos=0,
        videos=0,
        text_start=None,
        linked_to=None,
        unread=False,
        units=(),
    )


def card_of(incident: Incident) -> Card:
    """The incident's card as it stands."""
    return Card(
        id=incident.id,
        number=incident.number,
        mode=incident.mode,
        tip=incident.tip,
        status=incident.status,
        priority=incident.priority,
        ringing=incident.rings,
        contact=incident.contact,
        flags=incident.flags,
        created_at=incident.created_at,
        rings_at=incident.rings_at,
        version=incident.version,
        call_taker_id=incident.call_taker_id,
        phone=incident.number_shown,
        place=incident.place,
        position=incident.position,
        photos=incident.photos,
        videos=incident.videos,
        text_start=incident.text[:TEXT_START] if incident.text else None,
        linked_to=incident.linked_to,
        unread=incident.unread,
        booked_for=incident.booked_for,
        exited_quickly=incident.exited_quickly,
        escalated=incident.escalated,
        transfer=incident.transfer,
        alert=mark(incident.alerts),
        hits=tuple(dict.fromkeys(hit.rule for hit in incident.hits if hit.stands)),
        hurt=incident.hurt,
        standing=incident.standing,
        behind_until=incident.behind_until,
        live_withheld=incident.withholds_live,
        text_pending_since=min((one.dispatched_at for one in pending(incident)), default=None),
        units=tuple(d.unit_name for d in incident.dispatches if d.status is not DispatchStatus.REVOKED),
    )
