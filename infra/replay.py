"""Takes up again what stands in a dead-letter queue, after the fault is mended: `make replay`.

A message leaves its queue only after it was taken: sent to the queue it came from, or handled by the function
that could not. What fails again stays, or comes back by itself. Safe to repeat and to break off.
"""

import argparse
import base64
import gzip
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3

from chalicelib.adapters.stream import REPLAYED
from infra.deploy.functions import APP
from infra.deploy.stack import Stack
from infra.deploy.stage import ROOT, DeployRefused, read_stage
from infra.local.stack import upper_snake
from infra.stream_records import as_lambda_gets_it

Take = Callable[[dict[str, Any]], bool]
"""Takes one message's content up; False when it failed again."""

Invoke = Callable[[str, dict[str, Any]], Any]
"""Calls one of our functions, by its name in the app, and waits; None when it raised."""

QUEUES = ("stored_objects", "timers", "set_aside", "stream")


def replay(queue_url: str, take: Take) -> tuple[int, int]:
    """Take up each message that stands in the queue now; how many were taken, and how many failed again."""
    sqs: Any = boto3.client("sqs")
    taken = failed = 0
    for message in _standing(sqs, queue_url):
        if take(json.loads(message["Body"])):
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            taken += 1
        else:
            failed += 1
    return taken, failed


def _standing(sqs: Any, queue_url: str) -> Iterator[dict[str, Any]]:
    """The messages, each once; those that come meanwhile wait for the next time."""
    name = "ApproximateNumberOfMessages"
    asked = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=[name])
    left = int(asked["Attributes"][name])
    while left > 0:
        received = sqs.receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=min(left, 10), VisibilityTimeout=300, WaitTimeSeconds=1
        ).get("Messages", [])
        if not received:
            return
        yield from received
        left -= len(received)


def back_to(queue_url: str) -> Take:
    """Send the message to the queue that it came from."""

    def take(content: dict[str, Any]) -> bool:
        boto3.client("sqs").send_message(QueueUrl=queue_url, MessageBody=json.dumps(content))
        return True

    return take


def set_aside_record(invoke: Invoke) -> Take:
    """Hand a record that was set aside once more to the function that set it aside, marked as late."""

    def take(content: dict[str, Any]) -> bool:
        record = {**_record_of(content), REPLAYED: True}
        return _handled(invoke(content["function"], {"Records": [record]}))

    return take


def _record_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a message, which is packed when it is long."""
    record: dict[str, Any]
    if "packed" in content:
        record = json.loads(gzip.decompress(base64.b64decode(content["packed"])))
    else:
        record = content["record"]
    return record


def stream_batch(invoke: Invoke) -> Take:
    """Hand on the records of a batch that was given up, read anew: the stream keeps them for a day."""

    def take(content: dict[str, Any]) -> bool:
        records = _records_of(content["DDBStreamBatchInfo"])
        function = content["requestContext"]["functionArn"].rpartition(":function:")[2]
        return bool(records) and _handled(invoke(_own_name(function), {"Records": records}))

    return take


def _own_name(function: str) -> str:
    """`instant110-linqu-table_changed:$LATEST` is `table_changed` in the app."""
    return function.partition(":")[0].rpartition("-")[2]


def _records_of(batch: Mapping[str, Any]) -> list[dict[str, Any]]:
    streams: Any = boto3.client("dynamodbstreams")
    iterator = streams.get_shard_iterator(
        StreamArn=batch["streamArn"],
        ShardId=batch["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=batch["startSequenceNumber"],
    )["ShardIterator"]
    found = streams.get_records(ShardIterator=iterator, Limit=int(batch["batchSize"]))["Records"]
    last = int(batch["endSequenceNumber"])
    known = [one for one in found if int(one["dynamodb"]["SequenceNumber"]) <= last]
    return [as_lambda_gets_it(one, stream_arn=batch["streamArn"]) for one in known]


def _handled(answer: Any) -> bool:
    return isinstance(answer, dict) and answer.get("batchItemFailures") == []


def invoke_on_aws(stage: str) -> Invoke:
    """Call the functions of a stage."""

    def invoke(function: str, event: dict[str, Any]) -> Any:
        name, payload = f"{APP}-{stage}-{function}", json.dumps(event).encode()
        answer = boto3.client("lambda").invoke(FunctionName=name, Payload=payload)
        return None if "FunctionError" in answer else json.loads(answer["Payload"].read())

    return invoke


def main(arguments: list[str]) -> int:
    """Replay one queue of one stage; the exit code is 1 when something failed again."""
    parser = argparse.ArgumentParser(prog="infra.replay")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--queue", required=True, choices=QUEUES)
    parser.add_argument("--stages", type=Path, default=ROOT / "infra" / "stages")
    asked = parser.parse_args(arguments)
    try:
        region = read_stage(asked.stage, folder=asked.stages).region
    except DeployRefused as refusal:
        print(f"instant110: {refusal}", file=sys.stderr)
        return 1
    boto3.setup_default_session(region_name=region)
    outputs = {upper_snake(name): value for name, value in Stack(f"{APP}-{asked.stage}").outputs().items()}
    taken, failed = replay(*_way(asked.queue, outputs, invoke_on_aws(asked.stage)))
    print(f"{asked.queue}: {taken} taken up again, {failed} failed again")
    return 1 if failed else 0


def _way(queue: str, outputs: Mapping[str, str], invoke: Invoke) -> tuple[str, Take]:
    def url(name: str) -> str:
        address: str = boto3.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
        return address

    if queue == "set_aside":
        return outputs["SET_ASIDE_QUEUE_URL"], set_aside_record(invoke)
    if queue == "stream":
        return url(outputs["STREAM_DEAD_LETTERS"]), stream_batch(invoke)
    name = queue.upper()
    return url(outputs[f"{name}_DEAD_LETTERS"]), back_to(url(outputs[f"{name}_QUEUE"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
