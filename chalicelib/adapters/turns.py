"""Work on many things one by one: one that cannot be read or changed keeps no other from its turn."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.domain.refusals import Refusal
from chalicelib.telemetry import log

LOGGED = (Refusal, PynamoDBException, ClientError, BotoCoreError, msgspec.DecodeError)
"""What may befall one thing and says nothing of the others: services, a race lost, a spoilt item."""

T = TypeVar("T")


def one_by_one(
    things: Mapping[str, T],
    work: Callable[[T], bool],
    *,
    only_logged: tuple[type[Exception], ...] = LOGGED,
) -> int:
    """Work on each of what is named by its id; of how many `work` says that it came to something.

    Each fault is logged with its id. The first that is not `only_logged` is raised when all had their turn.
    """
    done = 0
    faults: list[Exception] = []
    for name, thing in things.items():
        try:
            done += work(thing)
        except Exception as fault:
            log.error("turn.passed_over", id=name, fault=type(fault).__name__)
            if not isinstance(fault, only_logged):
                faults.append(fault)
    if faults:
        raise faults[0]
    return done
