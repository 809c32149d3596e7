"""Give a console what changed; a poll of one who holds incidents is also her sign of life."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.adapters import desk, feed
from chalicelib.domain.staff import Staff

SIGN_OF_LIFE_SECONDS = 5


class FeedReply(msgspec.Struct, frozen=True, kw_only=True):
    """Cards as they were stored, the cursor for the next call, and whether to call at once."""

    incidents: list[msgspec.Raw]
    cursor: str
    more: bool


def follow_feed(staff: Staff, cursor: str | None, *, now: datetime) -> FeedReply:
    """One page of the feed.

    The cursor carries what the reader holds and when she was last seen, so an idle console costs one
    read and nothing else, and one that holds incidents writes once in five seconds.
    """
    page = feed.read(feed.read_cursor(cursor) if cursor else None, now=now)
    holding = feed.holdings(page.cursor.holding, page.cards, staff.username)
    following = replace(page.cursor, holding=holding)
    second = int(now.timestamp())
    if holding and second - following.seen >= SIGN_OF_LIFE_SECONDS:
        desk.see_seat(staff.username, now=now)
        following = replace(following, seen=second)
    return FeedReply(
        incidents=[msgspec.Raw(card) for card in page.cards],
        cursor=feed.write_cursor(following),
        more=page.more,
    )
