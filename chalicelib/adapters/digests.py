"""Daily digests: heads by day in the figures table, and the digests themselves in the evidence bucket."""

import base64
import hashlib
from datetime import date, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from chalicelib.adapters.aws import client
from chalicelib.adapters.fault_codes import only_conditions
from chalicelib.adapters.tables import Named, Patience, Table
from chalicelib.domain.digests import Head, Written, sha256_of
from chalicelib.settings import settings

DIGEST = "digest"
HEADS_LIFE = timedelta(days=40)
MOST_OF_ONE = 400
"""On how many days one incident's evidence looks for digests; an incident changes on a few."""


class HeadItem(Table):
    """The head of one incident as a day last saw it; it expires when the digest has long been written."""

    class Meta(Patience):
        table_name = Named("figures_table")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    version = NumberAttribute()
    head = UnicodeAttribute()
    expires_at = NumberAttribute()


class DigestItem(Table):
    """A digest that was written; under an incident's own kind, that it names this incident."""

    class Meta(Patience):
        table_name = Named("figures_table")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    sha256 = UnicodeAttribute()
    object_version = UnicodeAttribute()


def note_head(head: Head, *, day: date, now_s: int) -> bool:
    """Note how an incident's chain ended on a day; False when a longer one stands there. Safe to repeat."""
    item = HeadItem(
        f"heads#{day.isoformat()}",
        head.incident_id,
        version=head.count,
        head=head.head,
        expires_at=now_s + int(HEADS_LIFE.total_seconds()),
    )
    try:
        item.save(condition=HeadItem.id.does_not_exist() | (HeadItem.version < head.count))
    except PutError as fault:
        only_conditions(fault)
        return False
    return True


def heads_of(day: date) -> list[Head]:
    """The heads noted on a day, page after page; the one thing here that grows with a day's incidents."""
    items = HeadItem.query(f"heads#{day.isoformat()}", consistent_read=True)
    return [Head(incident_id=item.id, count=int(item.version), head=item.head) for item in items]


def last() -> Written | None:
    """The newest digest, or None before the first."""
    return next(iter(newest(1)), None)


def newest(count: int) -> list[Written]:
    """The newest digests, newest first."""
    items = DigestItem.query(
        DIGEST, scan_index_forward=False, limit=count, page_size=count, consistent_read=True
    )
    return [_written(item) for item in items]


def put(day: date, content: bytes, heads: list[Head]) -> Written:
    """Store a digest, then which incidents it names, then that it is written; safe to repeat.

    When two write the same day at once, the one that is written down first is the digest of that day.
    """
    stored = client("s3").put_object(
        Bucket=settings().evidence_bucket,
        Key=digest_key(day),
        Body=content,
        ContentType="application/json",
        ChecksumSHA256=base64.b64encode(hashlib.sha256(content).digest()).decode(),
    )
    written = Written(day=day, sha256=sha256_of(content), version=stored["VersionId"])
    with DigestItem.batch_write() as batch:
        for one in heads:
            batch.save(_item(f"digested#{one.incident_id}", written))
    try:
        _item(DIGEST, written).save(condition=DigestItem.id.does_not_exist())
    except PutError as fault:
        only_conditions(fault)
        return _written(DigestItem.get(DIGEST, day.isoformat(), consistent_read=True))
    return written


def naming(incident_id: str) -> list[Written]:
    """The digests that name an incident, oldest first."""
    items = DigestItem.query(f"digested#{incident_id}", limit=MOST_OF_ONE)
    return [_written(item) for item in items]


def view_url(written: Written) -> str:
    """A short-lived address of a digest."""
    url: str = client("s3").generate_presigned_url(
        "get_object",
        Params={
            "Bucket": settings().evidence_bucket,
            "Key": digest_key(written.day),
            "VersionId": written.version,
        },
        ExpiresIn=settings().view_life_seconds,
    )
    return url


def digest_key(day: date) -> str:
    """Where the digest of a day stands."""
    return f"digests/{day.isoformat()}.json"


def _item(kind: str, written: Written) -> DigestItem:
    return DigestItem(kind, written.day.isoformat(), sha256=written.sha256, object_version=written.version)


def _written(item: DigestItem) -> Written:
    return Written(day=date.fromisoformat(item.id), sha256=item.sha256, version=item.object_version)
