"""The triggers of an app, made from what it registered with Chalice."""

import logging
import os
import threading
import time
from typing import Protocol

import boto3
from chalice.app import (
    Chalice,
    DynamoDBEventConfig,
    ScheduledEventConfig,
    ScheduleExpression,
    SQSEventConfig,
)

from infra.local.state import State
from infra.local.triggers.function import Function
from infra.local.triggers.queues import QueueTrigger
from infra.local.triggers.schedules import ScheduleTrigger
from infra.local.triggers.streams import StreamTrigger

# Lambda reads a queue several times over, so one slow message does not hold up the rest.
READERS_OF_A_QUEUE = 3

log = logging.getLogger("instant110.local")


class Trigger(Protocol):
    """Something with a name that works until it is stopped."""

    name: str

    def run(self, stop: threading.Event) -> None: ...


class TriggerNotServed(Exception):
    """The app registered a kind of trigger that this machine has no source for."""


class Triggers:
    """All triggers of an app, a thread each."""

    def __init__(self, triggers: list[Trigger]) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=trigger.run, args=(self._stop,), name=trigger.name, daemon=True)
            for trigger in triggers
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, *, within_seconds: float) -> None:
        """Let each finish what it has begun; the streams are read to their end."""
        self._stop.set()
        deadline = time.monotonic() + within_seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                log.error("trigger.still_busy %s", thread.name)


def triggers_of(app: Chalice, *, state: State) -> Triggers:
    """Make them; raises `TriggerNotServed` for a kind that is not served here."""
    return Triggers([trigger for source in app.event_sources for trigger in _triggers(app, source, state)])


def _triggers(app: Chalice, source: object, state: State) -> list[Trigger]:
    if isinstance(source, DynamoDBEventConfig):
        return [_stream(_function(app, source.name), source, state)]
    if isinstance(source, SQSEventConfig):
        return [_queue(_function(app, source.name), source) for _ in range(READERS_OF_A_QUEUE)]
    if isinstance(source, ScheduledEventConfig):
        asked = source.schedule_expression
        expression = asked.to_string() if isinstance(asked, ScheduleExpression) else asked
        return [ScheduleTrigger(_function(app, source.name), expression=expression)]
    raise TriggerNotServed(type(source).__name__)


def _function(app: Chalice, name: str) -> Function:
    return Function(name=name, handler=app.handler_map[name])


def _stream(function: Function, source: DynamoDBEventConfig, state: State) -> StreamTrigger:
    sqs = boto3.client("sqs")
    set_aside_url = os.environ["SET_ASIDE_QUEUE_URL"]
    return StreamTrigger(
        function,
        stream_arn=source.stream_arn,
        batch_size=source.batch_size,
        starting_position=source.starting_position,
        client=boto3.client("dynamodbstreams"),
        state=state,
        set_aside=lambda body: (sqs.send_message(QueueUrl=set_aside_url, MessageBody=body), None)[1],
    )


def _queue(function: Function, source: SQSEventConfig) -> QueueTrigger:
    sqs = boto3.client("sqs")
    name = source.queue or str(source.queue_arn).rsplit(":", 1)[-1]
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return QueueTrigger(function, queue_url=url, queue_arn=arn, batch_size=source.batch_size, client=sqs)
