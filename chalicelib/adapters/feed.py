"""The feed of changed incidents: written from the table's stream, read by every console each second.

A card is stamped when it is written. Clocks differ and an index lags, so a reader goes back over the
last seconds (`feed_overlap_seconds`) and keeps the highest version; nothing is lost to a late stamp.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec.structs import replace
from pynamodb.exceptions import QueryError, UpdateError
from pynamodb.expressions.update import Action

from chalicelib.adapters import alerts
from chalicelib.adapters.fault_codes import code_of, only_conditions
from chalicelib.adapters.tables import Changes, FeedItem, Open
from chalicelib.adapters.turns import readable
from chalicelib.domain.alerting import next_look
from chalicelib.domain.card import Card, card_of
from chalicelib.domain.incident import Incident, Status
from chalicelib.domain.position import Position
from chalicelib.domain.refusals import CursorInvalid
from chalicelib.domain.standing import waits_behind
from chalicelib.settings import settings
from chalicelib.telemetry import log

EVERYTHING = "all"
OPEN = "open"
PAGE = 100
AHEAD_LOOKED_AT = 200
"""In a storm thousands wait, and each asks every few seconds how many are before her."""
CLOSED_LIFE = timedelta(days=2)

T = TypeVar("T")

Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z2-7]{26}$", max_length=26)]
Stamp = Annotated[str, msgspec.Meta(pattern=r"^[0-9T:.Z-]{27}$", max_length=27)]


class Cursor(msgspec.Struct, frozen=True, kw_only=True, array_like=True, forbid_unknown_fields=True):
    """Where a reader stands: what was stamped after `since` is still to come.

    `key` goes on within a page of the open ones (`opening`) or of the changes; `then` is the moment
    the reading of these pages began. `holding` are the incidents the reader owns, as far as read, and
    `seen` the second in which her console last gave a sign of life. A client may send any other cursor back:
    it says where in the feed to go on, and in which feed is never its to say.
    """

    since: Stamp
    opening: bool = False
    key: tuple[Id, Stamp] | None = None
    then: Stamp | None = None
    holding: tuple[Id, ...] = ()
    seen: int = 0


class FeedPage(msgspec.Struct, frozen=True, kw_only=True):
    """Cards as JSON, where to go on from, and whether there is more at once."""

    cards: list[bytes]
    cursor: Cursor
    more: bool


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a card as tells whose it is."""

    id: str
    call_taker_id: str | None
    status: str


def show(incident: Incident, *, now: datetime) -> bool:
    """Put an incident's card in the feed as it stands; False when a newer one stands already."""
    card = replace(card_of(incident), alert_due_at=next_look(incident, alerts.waits()))
    return publish(card, now=now)


def publish(card: Card, *, now: datetime) -> bool:
    """Put the newest card of an incident; False when a newer one stands already.

    Where the caller was last seen stays as it is: that is no change of the incident and has no version.
    """
    closed = card.status is Status.CLOSED
    actions = [
        FeedItem.version.set(card.version),
        FeedItem.feed.set(EVERYTHING),
        FeedItem.changed_at.set(_stamp(now)),
        FeedItem.open.remove() if closed else FeedItem.open.set(OPEN),
        FeedItem.rings_at.set(_stamp(card.rings_at)),
        FeedItem.ringing.set(int(card.ringing)),
        FeedItem.body.set(msgspec.json.encode(card).decode()),
        FeedItem.expires_at.set(int((now + CLOSED_LIFE).timestamp()))
        if closed
        else FeedItem.expires_at.remove(),
    ]
    newer = FeedItem.version.does_not_exist() | (FeedItem.version < card.version)
    return _updated(card.id, actions, newer)


def told_at(incident: Incident) -> datetime | None:
    """When the consoles were last told who owns an incident; None while its card is behind and says another.

    The card may be older than the incident, as long as it names the same owner.
    """
    try:
        item = FeedItem.get(incident.id)
    except FeedItem.DoesNotExist:
        return None
    if item.version < incident.version and _owner_on(item) != incident.call_taker_id:
        return None
    return datetime.fromisoformat(item.changed_at)


def _owner_on(item: FeedItem) -> str | None:
    """Who owns the incident by its card; nobody by one that cannot be read."""
    try:
        return msgspec.json.decode(item.body or "", type=Held).call_taker_id
    except msgspec.MsgspecError:
        return None


def move(incident_id: str, position: Position, *, now: datetime) -> bool:
    """Say on an open incident's card where the caller was last seen; False when the card knows better."""
    at = _stamp(position.at or now)
    actions = [
        FeedItem.last_position.set(msgspec.json.encode(position).decode()),
        FeedItem.positioned_at.set(at),
        FeedItem.changed_at.set(_stamp(now)),
    ]
    newer = FeedItem.positioned_at.does_not_exist() | (FeedItem.positioned_at < at)
    return _updated(incident_id, actions, FeedItem.open.exists() & newer)


def forget_place(incident_id: str) -> None:
    """Take off a card where the caller was last seen; safe to repeat."""
    actions = [FeedItem.last_position.remove(), FeedItem.positioned_at.remove()]
    _updated(incident_id, actions, FeedItem.last_position.exists())


def read(cursor: Cursor | None, *, now: datetime) -> FeedPage:
    """One page, one request: the open incidents first, then what changed. Raises `CursorInvalid`."""
    horizon = _stamp(now - timedelta(seconds=settings().feed_overlap_seconds))
    at = cursor or Cursor(since=horizon, opening=True)
    try:
        cards, key = _query(at)
    except QueryError as fault:
        if code_of(fault) != "ValidationException":
            raise
        raise CursorInvalid("the cursor is not one of this feed") from fault
    then = at.then or horizon
    if key is not None:
        return FeedPage(cards=cards, cursor=replace(at, key=key, then=then), more=True)
    since = at.since if at.opening else max(at.since, then)
    done = replace(at, since=since, opening=False, key=None, then=None)
    return FeedPage(cards=cards, cursor=done, more=False)


def open_cards() -> Iterator[Card]:
    """Every open incident's card that can be read, page by page."""
    items = FeedItem.open_index.query(OPEN, page_size=PAGE)
    return _readable(items, lambda item: msgspec.json.decode(item.body or "", type=Card))


def ahead_of(incident: Incident, *, now: datetime) -> int | None:
    """How many ring before this one, among the oldest `AHEAD_LOOKED_AT` that are open.

    Before one that waits behind the others, all who came until its wait is over. None when the feed cannot
    be read now: whoever waits sees her report all the same.
    """
    since = incident.rings_at
    if incident.behind_until is not None and waits_behind(incident.behind_until, now=now):
        since = incident.behind_until
    most: dict[str, Any] = {"limit": AHEAD_LOOKED_AT, "page_size": AHEAD_LOOKED_AT}
    before = Open.rings_at < _stamp(since)
    oldest = FeedItem.open_index.query(OPEN, before, attributes_to_get=["ringing"], **most)
    try:
        return sum(int(item.ringing) for item in oldest)
    except QueryError as fault:
        log.warning("feed.ahead_unread", incident_id=incident.id, fault=type(fault.cause).__name__)
        return None


def holdings(before: tuple[str, ...], cards: list[bytes], owner_id: str) -> tuple[str, ...]:
    """Which open incidents `owner_id` holds, after these cards."""
    held = set(before)
    for card in cards:
        seen = msgspec.json.decode(card, type=Held)
        mine = seen.call_taker_id == owner_id and seen.status != Status.CLOSED
        (held.add if mine else held.discard)(seen.id)
    return tuple(sorted(held))


def read_cursor(text: str) -> Cursor:
    """The cursor a client sent back; raises `CursorInvalid`."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text), type=Cursor)
    except (msgspec.MsgspecError, binascii.Error, ValueError) as fault:
        raise CursorInvalid("the cursor is not one of this feed") from fault


def write_cursor(cursor: Cursor) -> str:
    """The cursor as text for a client to keep."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode()


def _query(at: Cursor) -> tuple[list[bytes], tuple[str, str] | None]:
    paging: dict[str, Any] = {"limit": PAGE, "page_size": PAGE, "last_evaluated_key": _key(at)}
    if at.opening:
        page: Any = FeedItem.open_index.query(OPEN, **paging)
    else:
        page = FeedItem.changes.query(EVERYTHING, Changes.changed_at > at.since, **paging)
    cards, last = list(_readable(page, _card)), page.last_evaluated_key
    return cards, (last["incident_id"]["S"], last[_sorted_by(at)]["S"]) if last else None


def _key(at: Cursor) -> dict[str, Any] | None:
    """The key to go on from, as DynamoDB has it; the partition is always the feed's own."""
    if at.key is None:
        return None
    incident_id, stamp = at.key
    partition = {"open": OPEN} if at.opening else {"feed": EVERYTHING}
    key = {"incident_id": incident_id, _sorted_by(at): stamp, **partition}
    return {name: {"S": value} for name, value in key.items()}


def _sorted_by(at: Cursor) -> str:
    return "rings_at" if at.opening else "changed_at"


def _card(item: FeedItem) -> bytes:
    """The card as JSON, with where the caller was last seen if she moved."""
    body = (item.body or "").encode()
    msgspec.json.decode(body, type=Held)
    if item.last_position is None:
        return body
    position = msgspec.json.decode(item.last_position, type=Position)
    return msgspec.json.encode(replace(msgspec.json.decode(body, type=Card), last_position=position))


def _readable(items: Iterable[FeedItem], read: Callable[[FeedItem], T]) -> Iterator[T]:
    return readable(items, read, kind="card", key="incident_id")


def _updated(incident_id: str, actions: Sequence[Action], condition: Any) -> bool:
    try:
        FeedItem(incident_id).update(actions=list(actions), condition=condition)
    except UpdateError as fault:
        only_conditions(fault)
        return False
    return True


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
