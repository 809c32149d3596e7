"""The record of each file of an incident, in the incident's own partition."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace
from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.adapters import incidents, stills
from chalicelib.adapters import media as store
from chalicelib.adapters.tables import (
    HEAD,
    STILLS_ASKED,
    CountItem,
    IncidentItem,
    MediaItem,
    media_part,
    still_part,
    stills_minute_part,
)
from chalicelib.adapters.transacting import FAILED, refusals
from chalicelib.domain.incident import Change, Incident
from chalicelib.domain.media import LIMITS, STILLS_IN_A_MINUTE, MediaKind
from chalicelib.domain.refusals import KeyReused, MediaLimitReached, TooManyStills
from chalicelib.domain.timeline import Actor
from chalicelib.domain.upload import Media, MediaState
from chalicelib.settings import settings

RENEWED_AFTER = timedelta(minutes=1)
SENDING = timedelta(minutes=15)
"""A file whose form has just expired may still be on its way: the store looks at the form when it begins."""

KEPT_COUNTS = timedelta(hours=1)


class MediaNotFound(LookupError):
    """No such file was asked for."""


def ask(media: Media) -> Media:
    """Take a place for one more file, in one request; asking again with the same id gives the same file.

    When none is free, the place of a file goes on to this one whose form expired and that never came.
    Raises `MediaLimitReached`, `TooManyStills`, or `KeyReused` when the id stands for another file.
    """
    if media.kind is MediaKind.STILL:
        return _ask_still(media)
    new = MediaItem.incident_id.does_not_exist()
    if _take_free_place(media, new):
        return media
    return ask_again(media) or _take_lapsed_place(media, new) or _asked_meanwhile(media)


def ask_again(media: Media) -> Media | None:
    """The file that was asked for with this id before, its place kept anew; None if there is none.

    Raises `KeyReused` when the id stands for another file, `MediaLimitReached` when its place lapsed and
    no other is left.
    """
    try:
        before = get(media.incident_id, media.media_id)
    except MediaNotFound:
        return None
    if before.request_digest != media.request_digest:
        raise KeyReused("the key was used for another file")
    return renew(before, at=media.asked_at)


def renew(media: Media, *, at: datetime) -> Media:
    """Keep the place of a file that is still to come, counted from `at`; one that lapsed takes another.

    Raises `MediaLimitReached` when none is left. A file that came already stays as it is.
    """
    renewed = replace(media, state=MediaState.AWAITING, asked_at=at)
    unchanged = MediaItem.state == media.state
    if media.state is MediaState.LAPSED:
        if _take_free_place(renewed, unchanged) or _take_lapsed_place(renewed, unchanged):
            return renewed
        return _asked_meanwhile(media)
    if media.state is MediaState.AWAITING and at - media.asked_at > RENEWED_AFTER:
        _stored(lambda transaction: transaction.save(_item(renewed), condition=unchanged))
        return renewed
    return media


def get(incident_id: str, media_id: str) -> Media:
    """The file's record, strongly consistent; raises `MediaNotFound`."""
    for part in (media_part(media_id), still_part(media_id)):
        try:
            media: Media = MediaItem.get(incident_id, part, consistent_read=True).body
        except DoesNotExist:
            continue
        return media
    raise MediaNotFound(media_id)


def decide(
    media: Media, decided: Media, tell: Callable[[Incident, Media], Change], *, actor: Actor, at: datetime
) -> incidents.Changed:
    """Store what was decided about a file, with its entry; nothing when it was decided before.

    A refused file gives its place back; a still that is taken gets its number, by which stills are read.
    """
    told: list[Change] = []

    def step(incident: Incident) -> Change | None:
        now = get(media.incident_id, media.media_id)
        undecided = (now.state, now.replaced_at) == (media.state, media.replaced_at)
        told[:] = [tell(incident, decided)] if undecided else []
        return told[0] if told else None

    def write(transaction: TransactWrite) -> None:
        transaction.save(_item(decided), condition=MediaItem.state == media.state)
        if decided.kind is MediaKind.STILL and told[0].kind == "media.accepted":
            stills.number(transaction, decided, told[0].incident.stills)

    counter = _counter(media.kind)
    gives_back = decided.state is MediaState.REFUSED and media.state is MediaState.AWAITING
    return incidents.change(
        media.incident_id,
        step,
        actor=actor,
        at=at,
        together=incidents.Together(
            actions=[counter.add(-1)] if gives_back and counter is not None else [],
            write=write,
        ),
    )


def _ask_still(media: Media) -> Media:
    """Count a still and store that it was asked for; what never comes counts too."""
    minute = f"{media.asked_at:%Y%m%dT%H%M}"
    in_all = CountItem(media.incident_id, STILLS_ASKED)
    in_minute = CountItem(media.incident_id, stills_minute_part(minute))
    most = LIMITS[media.kind].count or 0

    def write(transaction: TransactWrite) -> None:
        transaction.save(_item(media), condition=MediaItem.incident_id.does_not_exist())
        transaction.update(in_all, [CountItem.asked.add(1)], condition=_below(most))
        until = int((media.asked_at + KEPT_COUNTS).timestamp())
        counted: list[Action] = [CountItem.asked.add(1), CountItem.expires_at.set(until)]
        transaction.update(in_minute, counted, condition=_below(STILLS_IN_A_MINUTE))

    refused = refusals(write)
    if not refused:
        return media
    if refused[0] == FAILED:
        return ask_again(media) or _asked_meanwhile(media)
    if refused[1] == FAILED:
        raise MediaLimitReached(f"there are {most} already", limit=most)
    raise TooManyStills("wait a moment", retry_after_seconds=60 - media.asked_at.second)


def _below(most: int) -> Condition:
    below: Condition = CountItem.asked.does_not_exist() | (CountItem.asked < most)
    return below


def _take_free_place(media: Media, condition: Condition) -> bool:
    """Whether a place was free and the file's record as it should be; then both are stored."""
    counter, limit = _counter(media.kind), LIMITS[media.kind].count

    def write(transaction: TransactWrite) -> None:
        transaction.save(_item(media), condition=condition)
        if counter is not None and limit is not None:
            key = IncidentItem(incident_id=media.incident_id, part=HEAD)
            transaction.update(key, [counter.add(1)], condition=counter < limit)

    return _stored(write)


def _take_lapsed_place(media: Media, condition: Condition) -> Media | None:
    """The file in the place of one that never came, or None; the count of places stays what it is."""

    def write(transaction: TransactWrite, unused: Media) -> None:
        lapsed = replace(unused, state=MediaState.LAPSED)
        transaction.save(_item(lapsed), condition=MediaItem.state == unused.state)
        transaction.save(_item(media), condition=condition)

    for unused in _never_came(media):
        if _stored(partial(write, unused=unused)):
            return media
    return None


def _never_came(media: Media) -> Iterator[Media]:
    """Files of this kind whose forms had died when this one was asked for, with nothing stored."""
    asked_by = media.asked_at - timedelta(seconds=settings().upload_life_seconds) - SENDING
    parts = MediaItem.part.startswith(media_part(""))
    for item in MediaItem.query(media.incident_id, parts, consistent_read=True):
        one: Media = item.body
        waits = one.kind is media.kind and one.state is MediaState.AWAITING
        if waits and one.asked_at < asked_by and not store.arrived(one):
            yield one


def _asked_meanwhile(media: Media) -> Media:
    """The file as a request of the same key has stored it meanwhile; without one there is no place."""
    try:
        before = get(media.incident_id, media.media_id)
    except MediaNotFound:
        before = media
    if before.state is MediaState.LAPSED or before is media:
        count = LIMITS[media.kind].count
        raise MediaLimitReached(f"there are {count} already", limit=count)
    return before


def _stored(write: Callable[[TransactWrite], None]) -> bool:
    """Whether the conditions of a transaction held."""
    return not refusals(write)


def _counter(kind: MediaKind) -> NumberAttribute | None:
    counters = {MediaKind.PHOTO: IncidentItem.photos_asked, MediaKind.VIDEO: IncidentItem.videos_asked}
    return counters.get(kind)


def _item(media: Media) -> MediaItem:
    part = still_part if media.kind is MediaKind.STILL else media_part
    return MediaItem(incident_id=media.incident_id, part=part(media.media_id), state=media.state, body=media)
