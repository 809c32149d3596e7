"""The keeper: each minute it sets holds, goes on with erasures, and ends what has been kept for its time.

It is a function of its own because its role alone may remove a stored version and override the lock; nothing
that a caller reaches has that role.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.telemetry import log, utc_now
from chalicelib.workflows.end_retention import end_what_is_due
from chalicelib.workflows.erase_citizen import go_on_erasing
from chalicelib.workflows.hold_evidence import set_holds

erasing = Blueprint(__name__)

BEGINS_WITHIN_SECONDS = 30
"""How long it begins with another incident; what is left has the next minute."""

HasTime = Callable[[], bool]


def _set_holds(now: datetime, has_time: HasTime) -> int:
    return set_holds(has_time=has_time)


def _erase(now: datetime, has_time: HasTime) -> int:
    return go_on_erasing(now=now, has_time=has_time)


def _end(now: datetime, has_time: HasTime) -> int:
    return end_what_is_due(now=now, has_time=has_time)


WORK: Mapping[str, Callable[[datetime, HasTime], int]] = {
    "holds": _set_holds,
    "erasures": _erase,
    "retention": _end,
}
"""What the keeper does, in this order: a hold that was just placed comes before anything is removed."""


@erasing.schedule(Rate(1, Rate.MINUTES))
def keeper(event: CloudWatchEvent) -> None:
    """Do all that is due; a fault in one kind of work stops no other."""
    now, faults = utc_now(), []
    until = time.monotonic() + BEGINS_WITHIN_SECONDS
    for name, work in WORK.items():
        try:
            done = work(now, lambda: time.monotonic() < until)
        except Exception as fault:
            log.error("keeper.failed", work=name, fault=type(fault).__name__)
            faults.append(fault)
        else:
            if done:
                log.info("keeper.done", work=name, count=done)
    if faults:
        raise faults[0]
