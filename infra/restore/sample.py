"""Which incidents a drill looks at: some of the newest by the feed's index, some that daily digests name.

A page of an index and the digests of a week, whatever there is: nothing is read whole.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from chalicelib.adapters import digests
from chalicelib.adapters.aws import client
from chalicelib.adapters.digests import digest_key
from chalicelib.adapters.feed import EVERYTHING
from chalicelib.adapters.tables import FeedItem
from chalicelib.domain.card import Card
from chalicelib.domain.digests import Head, Written, sha256_of
from chalicelib.settings import settings
from infra.restore.pieces import NOT_THERE

NEWEST = 100
DIGESTS = 7
NOT_YET = timedelta(seconds=2)
"""A restore is exact to the second, and a clock to less than that."""


class Digested(msgspec.Struct, frozen=True, kw_only=True):
    """What the newest digests say of timelines, and what is wrong with the digests themselves."""

    heads: tuple[Head, ...]
    faults: tuple[str, ...]


def newest_cards() -> list[Card]:
    """The cards that changed last, newest first, of the tables that are read."""
    page = FeedItem.changes.query(EVERYTHING, scan_index_forward=False, limit=NEWEST, page_size=NEWEST)
    return [msgspec.json.decode(item.body, type=Card) for item in page]


def newest_digests() -> Digested:
    """The digests of the last days with one, as the tables that are read name them."""
    heads, faults = [], []
    for written in digests.newest(DIGESTS):
        content = _content(written)
        if sha256_of(content) == written.sha256:
            heads += list(_heads(content))
        else:
            faults.append(f"{digest_key(written.day)}: not there as it was written")
    return Digested(heads=tuple(heads), faults=tuple(faults))


def choose(
    cards: Sequence[Card], digested: Digested, *, at: datetime, count: int, chance: Random
) -> list[str]:
    """As many incidents as asked for that were filed before `at`, half of them from the digests."""
    filed = [card.id for card in cards if card.created_at < at - NOT_YET]
    named = sorted({head.incident_id for head in digested.heads})
    older = chance.sample(named, min(count // 2, len(named)))
    newer = [incident_id for incident_id in filed if incident_id not in older]
    return [*older, *chance.sample(newer, min(count - len(older), len(newer)))]


def _content(written: Written) -> bytes:
    """The digest as it stands; nothing when that version is not there."""
    named = {
        "Bucket": settings().evidence_bucket,
        "Key": digest_key(written.day),
        "VersionId": written.version,
    }
    try:
        content: bytes = client("s3").get_object(**named)["Body"].read()
    except ClientError as fault:
        if fault.response["Error"]["Code"] not in NOT_THERE:
            raise
        return b""
    return content


def _heads(content: bytes) -> Iterator[Head]:
    digest: dict[str, Any] = json.loads(content)
    for incident_id, count, head in digest["heads"]:
        yield Head(incident_id=incident_id, count=int(count), head=head)
