"""Timers as delayed SQS messages; a standard queue delays one message by up to 15 minutes."""

import math
from datetime import datetime

import msgspec

from chalicelib.adapters.aws import client
from chalicelib.domain.timers import Timer
from chalicelib.settings import settings

LONGEST_SECONDS = 900


def wake(timer: Timer, *, now: datetime) -> None:
    """Have the timer handled at its time, or as late as the queue can wait; the handler sets it again."""
    delay = min(max(math.ceil((timer.due_at - now).total_seconds()), 0), LONGEST_SECONDS)
    client("sqs").send_message(
        QueueUrl=settings().timers_queue_url,
        MessageBody=msgspec.json.encode(timer).decode(),
        DelaySeconds=delay,
    )
