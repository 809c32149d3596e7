"""What tests of the triggers share: the functions as Lambda calls them, and a service that is away."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.adapters import aws
from infra.local.watch import Asked
from tests.machine import Machine

Record = dict[str, Any]


def queued(asked: list[Asked]) -> list[dict[str, Any]]:
    """What was put into a queue, with how long the queue keeps each before it is received."""
    return [_message(one.request) for one in asked if one.name == "sqs:SendMessage"]


def _message(sent: Any) -> dict[str, Any]:
    parameters: dict[str, Any] = json.loads(sent) if isinstance(sent, str | bytes) else sent
    return {**json.loads(parameters["MessageBody"]), "delay": int(parameters.get("DelaySeconds", 0))}


@pytest.fixture
def table_changed(inside: Machine) -> Callable[[list[Record]], list[str]]:
    """The function itself, as Lambda calls it; what it gives back is the records to be tried again."""
    from app import app

    def invoke(records: list[Record]) -> list[str]:
        answer = app.handler_map["table_changed"]({"Records": records}, None)
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
