"""The record of each file of an incident, in the incident's own partition."""

from collections.abc import Callable
from datetime import datetime

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.adapters import incidents
from chalicelib.adapters.tables import HEAD, IncidentItem, MediaItem, media_part
from chalicelib.domain.incident import Change, Incident
from chalicelib.domain.media import LIMITS, MediaKind
from chalicelib.domain.refusals import IncidentChanged, KeyReused, MediaLimitReached
from chalicelib.domain.timeline import Actor
from chalicelib.domain.upload import Media, MediaState

TRIES = 12


class MediaNotFound(LookupError):
    """No such file was asked for."""


def ask(media: Media) -> Media:
    """Take a place for one more file, in one request; asking again with the same id gives the same file.

    Raises `MediaLimitReached`, or `KeyReused` when the id stands for another file.
    """
    for _ in range(TRIES):
        try:
            _take_place(media)
        except TransactWriteError as fault:
            reasons = [reason.code if reason else None for reason in fault.cancellation_reasons]
            if "TransactionConflict" in reasons:
                continue
            if "ConditionalCheckFailed" not in reasons:
                raise
            return _asked_before(media, fault)
        return media
    raise IncidentChanged("the incident is being changed by others; try again")


def get(incident_id: str, media_id: str) -> Media:
    """The file's record, strongly consistent; raises `MediaNotFound`."""
    try:
        item = MediaItem.get(incident_id, media_part(media_id), consistent_read=True)
    except DoesNotExist as fault:
        raise MediaNotFound(media_id) from fault
    media: Media = item.body
    return media


def decide(
    media: Media, decided: Media, tell: Callable[[Incident, Media], Change], *, actor: Actor, at: datetime
) -> incidents.Changed:
    """Store what was decided about a file, with its entry; nothing when it was decided before.

    A refused file gives its place back.
    """

    def step(incident: Incident) -> Change | None:
        return None if get(media.incident_id, media.media_id) != media else tell(incident, decided)

    counter = _counter(media.kind)
    gives_back = decided.state is MediaState.REFUSED and media.state is MediaState.AWAITING
    return incidents.change(
        media.incident_id,
        step,
        actor=actor,
        at=at,
        together=incidents.Together(
            actions=[counter.add(-1)] if gives_back and counter is not None else [],
            write=lambda transaction: _put(transaction, decided, media.state),
        ),
    )


def _put(transaction: TransactWrite, media: Media, before: MediaState) -> None:
    transaction.save(_item(media), condition=MediaItem.state == before)


def _take_place(media: Media) -> None:
    counter, limit = _counter(media.kind), LIMITS[media.kind].count
    with TransactWrite(connection=incidents.connection()) as transaction:
        transaction.save(_item(media), condition=MediaItem.incident_id.does_not_exist())
        if counter is not None and limit is not None:
            key = IncidentItem(incident_id=media.incident_id, part=HEAD)
            transaction.update(key, [counter.add(1)], condition=counter < limit)


def _asked_before(media: Media, fault: TransactWriteError) -> Media:
    try:
        before = get(media.incident_id, media.media_id)
    except MediaNotFound:
        count = LIMITS[media.kind].count
        raise MediaLimitReached(f"there are {count} already", limit=count) from fault
    if before.request_digest != media.request_digest:
        raise KeyReused("the key was used for another file") from fault
    return before


def _counter(kind: MediaKind) -> NumberAttribute | None:
    counters = {MediaKind.PHOTO: IncidentItem.photos_asked, MediaKind.VIDEO: IncidentItem.videos_asked}
    return counters.get(kind)


def _item(media: Media) -> MediaItem:
    return MediaItem(
        incident_id=media.incident_id, part=media_part(media.media_id), state=media.state, body=media
    )
