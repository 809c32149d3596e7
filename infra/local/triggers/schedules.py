"""Runs a function at a fixed rate, as an EventBridge rule does."""

import logging
import re
import threading
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from infra.local.aws import REGION
from infra.local.triggers.function import Function, InvocationFailed

log = logging.getLogger("instant110.local")

_SECONDS = {"minute": 60, "hour": 3600, "day": 86400}


class ScheduleNotUnderstood(Exception):
    """Only `rate(…)` is served on one machine."""


class ScheduleTrigger:
    """One function at one rate, at once after the start and never twice at a time."""

    def __init__(self, function: Function, *, expression: str) -> None:
        self.name = f"schedule-{function.name}"
        self._function = function
        self._every_seconds = rate_in_seconds(expression)

    def run(self, stop: threading.Event) -> None:
        """Fire until `stop` is set."""
        due = time.monotonic()
        while not stop.wait(max(0.0, due - time.monotonic())):
            try:
                self._function.invoke(self._event(datetime.now(UTC)))
            except InvocationFailed as error:
                log.error("schedule.failed %s", error, exc_info=error)
            due += self._every_seconds

    def _event(self, now: datetime) -> dict[str, Any]:
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": "000000000000",
            "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": REGION,
            "resources": [f"arn:aws:events:{REGION}:000000000000:rule/{self._function.name}"],
            "detail": {},
        }


def rate_in_seconds(expression: str) -> int:
    """Read `rate(5 minutes)`; raises `ScheduleNotUnderstood` for anything else."""
    if found := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression.strip().lower()):
        return int(found[1]) * _SECONDS[found[2]]
    raise ScheduleNotUnderstood(expression)
