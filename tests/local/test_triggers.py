"""The triggers: every change and message reaches its function in order, and failures have an end."""

import statistics
import time
import uuid
from typing import Any

import requests

from tests.local.conftest import SAMPLE_APP
from tests.machine import OwnMachine, done, eventually


def test_a_change_reaches_the_streams_function_in_well_under_half_a_second(
    sample_machine: OwnMachine,
) -> None:
    waits: list[float] = []
    for _ in range(5):
        name = _new("plain")
        _change(sample_machine, name)
        changed_at = time.time()
        waits.append(_wait_for(sample_machine, name)["at"] - changed_at)
    print(f"a change reached the function in {max(waits):.3f} s at most")
    assert statistics.median(waits) < 0.5, "one that waited for the processor is no delay of the machine"


def test_a_record_looks_as_lambda_has_it(sample_machine: OwnMachine) -> None:
    name = _new("plain")
    _change(sample_machine, name)
    record = _wait_for(sample_machine, name)["event"]
    assert record["eventSourceARN"] == sample_machine.outputs()["IncidentsStreamArn"]
    assert (record["eventSource"], record["awsRegion"], record["eventName"]) == (
        "aws:dynamodb",
        "ap-southeast-1",
        "INSERT",
    )
    assert isinstance(record["dynamodb"]["ApproximateCreationDateTime"], int | float)
    assert record["dynamodb"]["NewImage"]["incident_id"] == {"S": name}


def test_a_record_that_fails_once_is_tried_again_before_those_behind_it(sample_machine: OwnMachine) -> None:
    names = [_new("plain"), _new("stumbles"), _new("plain"), _new("bursts"), _new("plain")]
    for name in names:
        _change(sample_machine, name)
    eventually(lambda: _seen(sample_machine, names[-1]))
    order = [entry["name"] for entry in _seen(sample_machine) if entry["name"] in names]
    assert list(dict.fromkeys(order)) == names


def test_a_record_that_always_fails_is_set_aside_with_its_content_and_the_stream_goes_on(
    sample_machine: OwnMachine,
) -> None:
    poison, behind = _new("fails"), _new("plain")
    _change(sample_machine, poison)
    _change(sample_machine, behind)
    eventually(lambda: _seen(sample_machine, behind), within_seconds=15)
    set_aside = _received(sample_machine, sample_machine.outputs()["SetAsideQueueUrl"])
    assert any(poison in body for body in set_aside)
    assert not _seen(sample_machine, poison)


def test_a_message_is_delivered_and_a_failed_one_comes_again_alone(sample_machine: OwnMachine) -> None:
    names = [_new("plain"), _new("stumbles")]
    for name in names:
        _send(sample_machine, name)
    eventually(lambda: _seen(sample_machine, names[1]), within_seconds=15)
    assert len(_seen(sample_machine, names[0])) == 1
    assert _seen(sample_machine, names[1])[0]["attempts"] == 2
    record = _seen(sample_machine, names[0])[0]["event"]
    assert record["messageAttributes"]["kind"]["stringValue"] == "timer"
    assert record["eventSourceARN"].endswith(sample_machine.outputs()["TimersQueue"])


def test_a_message_is_not_delivered_before_its_delay(sample_machine: OwnMachine) -> None:
    name = _new("plain")
    sent_at = time.time()
    _send(sample_machine, name, delay_seconds=2)
    assert _wait_for(sample_machine, name)["at"] - sent_at >= 1.9


def test_an_upload_by_presigned_post_is_announced_with_its_version(sample_machine: OwnMachine) -> None:
    bucket = sample_machine.outputs()["IntakeBucket"]
    key = _new("upload")
    post = sample_machine.client("s3").generate_presigned_post(bucket, key)
    version = requests.post(post["url"], post["fields"], files={"file": b"x"}).headers["x-amz-version-id"]

    def announced() -> bool:
        bodies = [entry["event"]["body"] for entry in _seen(sample_machine, "object")]
        return any(key in body and version in body for body in bodies)

    assert eventually(announced)


def test_a_schedule_fires_at_the_start(sample_machine: OwnMachine) -> None:
    event = _wait_for(sample_machine, "sweep")["event"]
    assert (event["detail-type"], event["source"]) == ("Scheduled Event", "aws.events")


def test_a_restart_neither_loses_nor_repeats_changes(tmp_path: Any) -> None:
    own = OwnMachine(tmp_path, environment=SAMPLE_APP)
    before, after = [_new("plain") for _ in range(50)], _new("plain")
    try:
        own.start()
        for name in before:
            _change(own, name)
        eventually(lambda: _seen(own, before[-1]))
        own.stop()
        own.start()
        _change(own, after)
        eventually(lambda: _seen(own, after))
        assert [name for name in before if _seen(own, name)] == []
    finally:
        own.stop()


def _new(kind: str) -> str:
    return f"{kind}-{uuid.uuid4().hex}"


def _change(machine: OwnMachine, name: str) -> None:
    table = machine.outputs()["IncidentsTable"]
    item = {"incident_id": {"S": name}, "part": {"S": "head"}}
    machine.client("dynamodb").put_item(TableName=table, Item=item)


def _send(machine: OwnMachine, body: str, *, delay_seconds: int = 0) -> None:
    machine.client("sqs").send_message(
        QueueUrl=machine.outputs()["TimersQueueUrl"],
        MessageBody=body,
        DelaySeconds=delay_seconds,
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "timer"}},
    )


def _received(machine: OwnMachine, queue_url: str) -> list[str]:
    messages = machine.client("sqs").receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
    return [message["Body"] for message in messages.get("Messages", [])]


def _seen(machine: OwnMachine, name: str | None = None) -> list[dict[str, Any]]:
    """What the sample app's functions took, of one name or all."""
    entries: list[dict[str, Any]] = done(machine.anyone().get("/seen"))
    return [entry for entry in entries if name in (None, entry["name"])]


def _wait_for(machine: OwnMachine, name: str) -> dict[str, Any]:
    return eventually(lambda: _seen(machine, name))[0]
