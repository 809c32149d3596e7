"""Dead letters are taken up again, and what fails again stays."""

import base64
import gzip
import json
from collections.abc import Callable
from functools import partial
from itertools import dropwhile
from typing import Any

import pytest

from app import app
from chalicelib.adapters import feed, incidents, tracks
from chalicelib.adapters.tables import NOW, FeedItem
from chalicelib.domain import handling
from chalicelib.domain.incident import Disposition
from chalicelib.domain.timeline import Actor, Role
from chalicelib.workflows.track_caller import take_positions
from infra.replay import back_to, replay, set_aside_record, stream_batch
from tests.machine import Machine, eventually
from tests.within import an_incident, now, stored

Record = dict[str, Any]

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def queue(inside: Machine, request: pytest.FixtureRequest) -> str:
    """An empty queue of this test's own."""
    sqs = inside.client("sqs")
    url: str = sqs.create_queue(QueueName=f"replay-{request.node.name[:60]}")["QueueUrl"]
    sqs.purge_queue(QueueUrl=url)
    return url


def standing(machine: Machine, queue: str) -> int:
    asked = machine.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    return int(asked["ApproximateNumberOfMessages"]) + int(asked["ApproximateNumberOfMessagesNotVisible"])


def invoke(function: str, event: dict[str, Any]) -> Any:
    return app.handler_map[function](event, None)


def shown_version(incident_id: str) -> int:
    """The version of the incident's card; none while it has no card."""
    return next((int(card.version) for card in FeedItem.query(incident_id)), 0)


def test_messages_go_back_to_the_queue_they_came_from(inside: Machine, queue: str) -> None:
    sqs = inside.client("sqs")
    origin: str = sqs.create_queue(QueueName="replay-origin")["QueueUrl"]
    sqs.purge_queue(QueueUrl=origin)
    for number in range(12):
        sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"number": number}))
    assert replay(queue, back_to(origin)) == (12, 0)
    assert (standing(inside, queue), standing(inside, origin)) == (0, 12)


def test_a_record_set_aside_is_handled_once_it_can_be(inside: Machine, queue: str) -> None:
    incident = an_incident(position=None)
    record = {
        "eventName": "INSERT",
        "dynamodb": {"NewImage": stored(inside, incident.id, "incident"), "SequenceNumber": "7"},
    }
    said = {"why": "DecodeError", "function": "state_changed"}
    packed = base64.b64encode(gzip.compress(json.dumps(record).encode())).decode()
    bodies = [json.dumps({**said, "record": record}), json.dumps({**said, "packed": packed})]
    for body in bodies:
        inside.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
    assert replay(queue, set_aside_record(lambda *_: None)) == (0, 2)
    for body in bodies:
        inside.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
    asked: list[str] = []

    def noting(function: str, event: dict[str, Any]) -> Any:
        asked.append(function)
        return invoke(function, event)

    assert replay(queue, set_aside_record(noting)) == (2, 0)
    assert asked == ["state_changed", "state_changed"]
    assert FeedItem.get(incident.id).version == 1


def test_a_record_set_aside_before_its_incident_was_closed_does_not_make_it_ring(
    inside: Machine, queue: str
) -> None:
    """The card of a closed incident is gone after two days, and the record stands for fourteen."""
    incident = an_incident(position=None)
    record = {
        "eventName": "INSERT",
        "dynamodb": {"NewImage": stored(inside, incident.id, "incident"), "SequenceNumber": "7"},
    }
    step = partial(handling.close, disposition=Disposition.ADVISED, note=None, told=None, at=now())
    incidents.change(incident.id, step, actor=Actor(role=Role.SYSTEM, id="closer"), at=now())
    eventually(lambda: shown_version(incident.id) == 2)
    FeedItem(incident.id).delete()
    said = {"why": "DecodeError", "function": "state_changed", "record": record}
    inside.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(said))
    assert replay(queue, set_aside_record(invoke)) == (1, 0)
    assert incident.id not in {card.id for card in feed.open_cards()}


def given_up(machine: Machine, is_first: Callable[[Record], bool], *, count: int) -> tuple[list[str], str]:
    """The numbers of a batch of the stream, from the first such record on, and what Lambda leaves of it."""
    streams, arn = machine.client("dynamodbstreams"), machine.outputs()["IncidentsStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    iterator, found = start["ShardIterator"], list[Any]()
    while not found:
        page = streams.get_records(ShardIterator=iterator)
        assert page["Records"], "the stream has no such record"
        iterator = page["NextShardIterator"]
        found = list(dropwhile(lambda one: not is_first(one), page["Records"]))
    numbers = [one["dynamodb"]["SequenceNumber"] for one in found[:count]]
    batch = {
        "shardId": shard,
        "streamArn": arn,
        "batchSize": len(numbers),
        "startSequenceNumber": numbers[0],
        "endSequenceNumber": numbers[-1],
    }
    function = "arn:aws:lambda:ap-southeast-1:000000000000:function:instant110-linqu-table_changed:$LATEST"
    body = json.dumps({"requestContext": {"functionArn": function}, "DDBStreamBatchInfo": batch})
    return numbers, body


def test_a_batch_that_was_given_up_is_read_anew_from_the_stream(inside: Machine, queue: str) -> None:
    an_incident()
    numbers, body = given_up(inside, lambda _: True, count=2)
    inside.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
    seen: list[str] = []

    def noting(function: str, event: dict[str, Any]) -> Any:
        assert function == "table_changed"
        seen.extend(one["dynamodb"]["SequenceNumber"] for one in event["Records"])
        return invoke(function, event)

    assert replay(queue, stream_batch(noting)) == (1, 0)
    assert seen == numbers


def test_a_callers_track_is_read_anew_to_the_byte(inside: Machine, queue: str) -> None:
    incident, at = an_incident(), now()
    point = {"lat": 36.51, "lng": 118.54, "crs": "wgs84", "accuracy_m": 8.0, "at": at.isoformat()}
    take_positions(incident.citizen_id, incident.id, [point], now=at)

    def is_its_step(record: Record) -> bool:
        its_own = {"incident_id": {"S": incident.id}, "part": {"S": NOW}}
        return bool(record["eventName"] == "MODIFY" and record["dynamodb"]["Keys"] == its_own)

    _, body = given_up(inside, is_its_step, count=1)
    inside.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
    brought: list[Record] = []

    def noting(function: str, event: dict[str, Any]) -> Any:
        brought.extend(event["Records"])
        return invoke(function, json.loads(json.dumps(event)))

    assert replay(queue, stream_batch(noting)) == (1, 0)
    step = tracks.step_of(brought[0]["dynamodb"])
    assert step is not None
    assert step.newest is not None
    assert (step.newest.lat, step.newest.lng) == pytest.approx((36.51, 118.54), abs=1e-5)
