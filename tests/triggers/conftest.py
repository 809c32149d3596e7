"""What tests of the triggers share: the functions as Lambda calls them, and a service that is away."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.adapters import aws
from infra.local.watch import Asked
from tests.desk import someone
from tests.machine import Machine
from tests.noting import note
from tests.within import event

Record = dict[str, Any]


def record_of(image: dict[str, Any], name: str = "MODIFY") -> Record:
    """The sample event's record, for another item."""
    record: Record = event("table_changed")["Records"][0]
    change = {**record["dynamodb"], "NewImage": image, "SequenceNumber": someone()}
    return {**record, "eventName": name, "dynamodb": change}


def sequence_number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def queued(asked: list[Asked]) -> list[dict[str, Any]]:
    """What was put into a queue, with how long the queue keeps each before it is received."""
    return [_message(one.request) for one in asked if one.name == "sqs:SendMessage"]


def _message(sent: Any) -> dict[str, Any]:
    parameters: dict[str, Any] = json.loads(sent) if isinstance(sent, str | bytes) else sent
    return {**json.loads(parameters["MessageBody"]), "delay": int(parameters.get("DelaySeconds", 0))}


Invoke = Callable[[list[Record]], list[str]]


@pytest.fixture
def noted(inside: Machine) -> Machine:
    """The machine, with what this process calls as one of the functions noted."""
    note(inside)
    return inside


@pytest.fixture
def table_changed(inside: Machine) -> Invoke:
    """The function itself, as Lambda calls it; what it gives back is the records to be tried again."""
    return _function("table_changed")


@pytest.fixture
def state_changed(inside: Machine) -> Invoke:
    """The same of the feed's."""
    return _function("state_changed")


def _function(name: str) -> Invoke:
    from app import app

    def invoke(records: list[Record]) -> list[str]:
        answer = app.handler_map[name]({"Records": records}, None)
        return [one["itemIdentifier"] for one in answer["batchItemFailures"]]

    return invoke


@pytest.fixture
def without(inside: Machine, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Callable[[], None]]:
    """Have a service be out of reach from here, though not from the machine; the answer brings it back."""

    def away(service: str) -> Callable[[], None]:
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service.upper()}", "http://127.0.0.1:9")
        aws._clients.pop(service, None)

        def back() -> None:
            monkeypatch.delenv(f"AWS_ENDPOINT_URL_{service.upper()}")
            aws._clients.pop(service, None)

        return back

    return away
