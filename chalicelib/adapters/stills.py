"""The stills of a call by number, newest first: a record costs the same however many there are."""

import msgspec
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.tables import MediaItem, numbered_still_part
from chalicelib.domain.upload import Media

LAST = 999_999


class Stills(msgspec.Struct, frozen=True, kw_only=True):
    """A page of accepted stills, newest first; `cursor` is the number before which there are more."""

    items: list[Media]
    cursor: int | None


def number(transaction: TransactWrite, media: Media, number: int) -> None:
    """Write down, with the decision to accept it, that a still is the n-th of its incident."""
    item = MediaItem(
        incident_id=media.incident_id, part=numbered_still_part(number), state=media.state, body=media
    )
    transaction.save(item, condition=MediaItem.incident_id.does_not_exist())


def read(incident_id: str, *, before: int = LAST + 1, limit: int) -> Stills:
    """The stills with a number below `before`: one request, however many there are."""
    if before <= 1:
        return Stills(items=[], cursor=None)
    numbers = MediaItem.part.between(numbered_still_part(1), numbered_still_part(before - 1))
    page = list(
        MediaItem.query(
            incident_id,
            numbers,
            scan_index_forward=False,
            limit=limit,
            page_size=limit,
            consistent_read=True,
        )
    )
    lowest = int(page[-1].part.partition("#")[2]) if page else 1
    return Stills(items=[item.body for item in page], cursor=lowest if lowest > 1 else None)
