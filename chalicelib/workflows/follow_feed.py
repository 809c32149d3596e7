"""Give a console what changed; a poll of one who holds incidents is also her sign of life."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.adapters import desk, feed
from chalicelib.domain.card import Card, covered
from chalicelib.domain.reading import may_be_read_by
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
    read and nothing else, and one that holds incidents writes once in five seconds. A specialist's shows
    what she may read; which department she is of is her console's to look at, and no request's.
    """
    at = feed.read_cursor(cursor) if cursor else None
    page = feed.read(at, now=now)
    holding = feed.holdings(page.cursor.holding, page.cards, staff.username)
    following = replace(page.cursor, holding=holding)
    second = int(now.timestamp())
    if holding and second - following.seen >= SIGN_OF_LIFE_SECONDS:
        desk.see_seat(staff.username, now=now)
        following = replace(following, seen=second)
    return FeedReply(
        incidents=[msgspec.Raw(card) for card in _shown_to(staff, page.cards, opening=not at or at.opening)],
        cursor=feed.write_cursor(following),
        more=page.more,
    )


def _shown_to(staff: Staff, cards: list[bytes], *, opening: bool) -> list[bytes]:
    """The cards as they were stored; for a specialist covered, or left out at the beginning, where not hers.

    Covered and not left out later, because it may have rung at her console until now.
    """
    if staff.answers:
        return cards
    shown = []
    for stored in cards:
        card = msgspec.json.decode(stored, type=Card)
        if may_be_read_by(card, staff, department_id=None):
            shown.append(stored)
        elif not opening:
            shown.append(msgspec.json.encode(covered(card)))
    return shown
