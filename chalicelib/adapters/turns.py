"""Many things one by one: one that cannot be read or changed hides no other and keeps none from its turn."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.domain.refusals import Refusal
from chalicelib.telemetry import log

LOGGED = (Refusal, PynamoDBException, ClientError, BotoCoreError, msgspec.DecodeError)
"""What may befall one thing and says nothing of the others: services, a race lost, a spoilt item."""

SPOILT = (msgspec.MsgspecError, ValueError)
"""What an item says that is not what its list holds."""

T = TypeVar("T")


def readable(
    items: Iterable[Any],
    read: Callable[[Any], T],
    *,
    kind: str,
    key: str = "id",
    instead: Callable[[Any], T] | None = None,
) -> Iterator[T]:
    """What the items of a list say; one that cannot be read is logged by its `key` and left out.

    Where there is something to have `instead` of it, that stands in its place.
    """
    for item in items:
        try:
            thing = read(item)
        except SPOILT as fault:
            log.error("list.unreadable", kind=kind, id=getattr(item, key), fault=type(fault).__name__)
            if instead is None:
                continue
            thing = instead(item)
        yield thing


def one_by_one(
    things: Mapping[str, T] | Iterable[tuple[str, T]],
    work: Callable[[T], bool],
    *,
    only_logged: tuple[type[Exception], ...] = LOGGED,
    has_time: Callable[[], bool] = lambda: True,
) -> int:
    """Work on each of what is named by its id; of how many `work` says that it came to something.

    Each fault is logged with its id. The first that is not `only_logged` is raised when all had their turn.
    None is begun when there is no time any more; one that a long list brings twice has one turn.
    """
    done = 0
    faults: list[Exception] = []
    for name, thing in _once(things.items() if isinstance(things, Mapping) else things):
        if not has_time():
            break
        try:
            done += work(thing)
        except Exception as fault:
            log.error("turn.passed_over", id=name, fault=type(fault).__name__)
            if not isinstance(fault, only_logged):
                faults.append(fault)
    if faults:
        raise faults[0]
    return done


def _once(named: Iterable[tuple[str, T]]) -> Iterator[tuple[str, T]]:
    seen = set[str]()
    for name, thing in named:
        if name not in seen:
            seen.add(name)
            yield name, thing
