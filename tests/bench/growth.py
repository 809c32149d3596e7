"""What is done most, counted with 10² incidents stored, with 10⁴, and by the model with 10⁶."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import boto3
import msgspec

from chalicelib.adapters import incidents
from chalicelib.adapters.tables import FeedItem, Patience
from chalicelib.domain.asked import new_id
from chalicelib.domain.incident import Mode
from chalicelib.domain.media import MediaKind
from chalicelib.settings import settings
from chalicelib.workflows.add_to_report import FileToCome, ask_upload
from chalicelib.workflows.file_report import file_report
from chalicelib.workflows.follow_feed import follow_feed
from chalicelib.workflows.publish_change import publish_change
from chalicelib.workflows.track_caller import read_track, take_positions
from chalicelib.workflows.work_incident import Work, answer_incident
from infra.capacity.meter import Meter
from infra.local.watch import Asked, calls
from tests.desk import INSIDE
from tests.within import a_call_taker, now

BODY = json.dumps({"text": "路口有人受伤，需要救护车", "position": INSIDE}).encode()
BATCH, PAGE = 25, 20
BY_KEY = frozenset(
    f"dynamodb:{name}"
    for name in (
        *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "TransactGetItems"),
        *("BatchGetItem", "BatchWriteItem"),
    )
)
AN_INCIDENTS_OWN = "an incident's own items"

Operation = Callable[[], object]


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """What one operation takes, and by what each of its requests is bounded, whatever else is stored."""

    requests: tuple[str, ...]
    read_units: float
    write_units: float
    bounded_by: tuple[str, ...]


class Unbounded(Exception):
    """A request that is the dearer the more is stored."""


def bound_of(asked: Asked) -> str:
    """What bounds a request to DynamoDB; raises `Unbounded` where nothing does.

    A request by keys looks at the items it names, a page at no more than its limit, and a query of the
    incidents table without an index at what belongs to one incident. So with a million incidents stored it
    takes what it takes with few.
    """
    if asked.name in BY_KEY:
        return "keys"
    body = json.loads(asked.request)
    if asked.name == "dynamodb:Query" and "Limit" in body:
        return f"a page of {body['Limit']}"
    own = body.get("TableName") == settings().incidents_table and "IndexName" not in body
    if asked.name == "dynamodb:Query" and own:
        return AN_INCIDENTS_OWN
    raise Unbounded(asked.name)


def points(at: datetime) -> list[object]:
    """Ten points of the last ten seconds."""
    return [
        {"lat": 36.51 + n / 1000, "lng": 118.54, "crs": "wgs84", "accuracy_m": 8}
        | {"at": (at - timedelta(seconds=n)).isoformat()}
        for n in range(10)
    ]


def operations(citizen_id: str) -> Iterator[tuple[str, Operation]]:
    """What is done most, by its name; each is made ready when it is asked for and then done once."""

    def file(key: str | None = None) -> Any:
        return file_report(citizen_id, BODY, mode=Mode.PHOTO_TEXT, key=key, now=now())

    key = new_id()
    yield "file a picture report", lambda: file(key)
    yield "file it again, same key", lambda: file(key)
    own = file()
    photo = FileToCome(kind=MediaKind.PHOTO, content_type="image/jpeg", size_bytes=1000, sha256="0" * 64)
    yield "ask to send a picture", lambda: ask_upload(citizen_id, own.id, photo, key=new_id(), now=now())
    yield "take ten points", lambda: take_positions(citizen_id, own.id, points(now()), now=now())
    yield "look at a track to which nothing came", lambda: read_track(own.id, after=1)
    yield "open the record", lambda: incidents.read(own.id)
    yield "a page of one's own reports", lambda: incidents.filed_by(citizen_id, cursor=None, limit=PAGE)
    staff, later = a_call_taker(), now() + timedelta(minutes=5)
    yield "answer", lambda: answer_incident(Work(incident_id=own.id, staff=staff, at=now()))
    yield "poll the feed while nothing happens", _idle_poll(later)


def _idle_poll(later: datetime) -> Operation:
    staff = a_call_taker()
    reply = follow_feed(staff, None, now=later)
    while reply.more:
        reply = follow_feed(staff, reply.cursor, now=later)
    cursor = follow_feed(staff, reply.cursor, now=later).cursor
    return lambda: follow_feed(staff, cursor, now=later + timedelta(seconds=1))


def be_patient() -> None:
    """Wait for the local AWS as long as it takes: it goes through a whole table for an index.

    Called before the first request, which makes the clients.
    """
    for patience in (Patience, FeedItem.Meta):
        patience.read_timeout_seconds = 60.0


def counts(citizen_id: str) -> dict[str, Count]:
    """What each operation takes as the tables are now."""
    meter, found = Meter(), {}
    for name, operation in operations(citizen_id):
        with meter.metering() as cost, calls() as asked:
            operation()
        # The meter looks at the tables too, with a client that nobody watches.
        found[name] = Count(
            requests=tuple(one.name for one in asked),
            read_units=cost.read_units,
            write_units=cost.write_units,
            bounded_by=tuple(bound_of(one) for one in asked if one.service == "dynamodb"),
        )
    return found


def fill(citizen_id: str, count: int) -> None:
    """Put so many more incidents into the tables, closed and in the feed; every fourth is this citizen's.

    Copies of one that was really filed and published, under ids and times of their own.
    """
    filed = file_report(citizen_id, BODY, mode=Mode.PHOTO_TEXT, key=None, now=now())
    publish_change(filed, now=now())
    client = boto3.client("dynamodb")
    tables = (settings().incidents_table, settings().feed_table)
    keys = ({"incident_id": {"S": filed.id}, "part": {"S": "incident"}}, {"incident_id": {"S": filed.id}})
    patterns = [client.get_item(TableName=t, Key=k)["Item"] for t, k in zip(tables, keys, strict=True)]
    patterns[1].pop("open")
    jobs = [
        (table, [_copy(pattern, at, citizen_id) for at in range(first, min(first + BATCH, count))])
        for table, pattern in zip(tables, patterns, strict=True)
        for first in range(0, count, BATCH)
    ]

    def put(job: tuple[str, Sequence[Mapping[str, Any]]]) -> None:
        table, items = job
        left: Any = {table: [{"PutRequest": {"Item": item}} for item in items]}
        while left:
            left = client.batch_write_item(RequestItems=left)["UnprocessedItems"]

    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(put, jobs))


def _copy(pattern: Mapping[str, Any], number: int, citizen_id: str) -> dict[str, Any]:
    at = (now() - timedelta(days=1, seconds=number)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    item = {**pattern, "incident_id": {"S": new_id()}}
    if "filed_at" in item:
        whose = citizen_id if number % 4 == 0 else uuid.uuid4().hex[:26]
        return {**item, "filed_at": {"S": at}, "citizen_id": {"S": whose}}
    return {**item, "changed_at": {"S": at}, "rings_at": {"S": at}}
