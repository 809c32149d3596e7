"""Dead letters are taken up again, and what fails again stays."""

import json
from typing import Any

import pytest

from app import app
from infra.replay import back_to, replay, set_aside_record, stream_batch
from tests.machine import Machine
from tests.within import an_incident, kinds_of, stored

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


def table_changed(event: dict[str, Any]) -> Any:
    return app.handler_map["table_changed"](event, None)


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
    body = json.dumps({"why": "DecodeError", "record": record})
    inside.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
    assert replay(queue, set_aside_record(lambda _: None)) == (0, 1)
    inside.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
    assert replay(queue, set_aside_record(table_changed)) == (1, 0)
    assert kinds_of(incident.id) == ["report.filed"]


def test_a_batch_that_was_given_up_is_read_anew_from_the_stream(inside: Machine, queue: str) -> None:
    an_incident()
    streams, arn = inside.client("dynamodbstreams"), inside.outputs()["IncidentsStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = streams.get_records(ShardIterator=start["ShardIterator"], Limit=2)["Records"]
    numbers = [one["dynamodb"]["SequenceNumber"] for one in records]
    batch = {
        "shardId": shard,
        "streamArn": arn,
        "batchSize": len(numbers),
        "startSequenceNumber": numbers[0],
        "endSequenceNumber": numbers[-1],
    }
    body = json.dumps({"DDBStreamBatchInfo": batch})
    inside.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
    seen: list[str] = []

    def noting(event: dict[str, Any]) -> Any:
        seen.extend(one["dynamodb"]["SequenceNumber"] for one in event["Records"])
        return table_changed(event)

    assert replay(queue, stream_batch(noting)) == (1, 0)
    assert seen == numbers
