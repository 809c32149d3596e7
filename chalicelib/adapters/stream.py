"""Reading a table's stream: a shard's records in order, some held back, the spoilt ones set aside."""

from collections.abc import Callable
from typing import Any, Self

import msgspec
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters import set_aside
from chalicelib.adapters.fault_codes import code_of
from chalicelib.adapters.tables import HEAD, NOW
from chalicelib.domain.refusals import IncidentChanged
from chalicelib.telemetry import log

Record = dict[str, Any]
"""One change of one item, as DynamoDB's stream tells it."""

REPLAYED = "replayed"
"""What marks a record that was set aside and is taken up again, up to two weeks after its change
(`infra/replay.py`): much may have followed since."""

PASSING = (ClientError, BotoCoreError, PynamoDBException, IncidentChanged)
"""Faults of the services around us: the record is tried again. Any other fault is the record's own."""

OWN_CODES = {"ValidationException", "SerializationException", "InvalidParameterValue"}
"""What a service says of a request that it will never take: that is the record's own fault too."""


def in_order(
    records: list[Record], follow: Callable[[Record], None], *, function: str
) -> dict[str, list[dict[str, str]]]:
    """Have a shard's records followed; the answer tells Lambda from which on to try again.

    A record whose own content cannot be followed is set aside whole, with the name of the function that
    could not, and the rest goes on.
    """
    for record in records:
        try:
            follow(record)
        except Exception as fault:
            if may_pass(fault) or not _set_aside(record, fault, function):
                log.warning("stream.held_back", fault=type(fault).__name__)
                return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def may_pass(fault: Exception) -> bool:
    """Whether a fault is one of the services around us and not the record's own."""
    if isinstance(fault, ParamValidationError):
        return False
    code = code_of(fault) if isinstance(fault, PynamoDBException) else None
    if isinstance(fault, ClientError):
        code = fault.response["Error"]["Code"]
    return isinstance(fault, PASSING) and code not in OWN_CODES


COUNTED = {HEAD: "version", NOW: "number"}
"""The parts of an incident that are written over, and what counts their states."""


class Newest(msgspec.Struct, frozen=True):
    """The newest state of what is written over, in a batch: of each incident, or of each track too.

    In a storm a shard brings many changes of one incident at once, and only the newest needs to be shown.
    """

    numbers: dict[tuple[str, str], int]

    @classmethod
    def of(cls, records: list[Record], *parts: str) -> Self:
        """Of all that the batch brings of these parts."""
        numbers: dict[tuple[str, str], int] = {}
        for key, number in filter(None, map(_state, records)):
            if key[1] in parts:
                numbers[key] = max(number, numbers.get(key, 0))
        return cls(numbers)

    def holds(self, record: Record) -> bool:
        """Whether no newer state of the same is in the batch; so too of any other record."""
        state = _state(record)
        return state is None or self.numbers.get(state[0], state[1]) == state[1]


def _state(record: Record) -> tuple[tuple[str, str], int] | None:
    """Which incident's which part a record brings, and its state; None for any other, and a spoilt one."""
    image = record["dynamodb"].get("NewImage", {})
    try:
        part = image["part"]["S"]
        return (image["incident_id"]["S"], part), int(image[COUNTED[part]]["N"])
    except (KeyError, ValueError):
        return None


def _set_aside(record: Record, fault: Exception, function: str) -> bool:
    """Keep the record apart with its content; False when that cannot be done now."""
    log.error("stream.set_aside", fault=type(fault).__name__)
    try:
        set_aside.put(record, why=type(fault).__name__, function=function)
    except (ClientError, BotoCoreError) as unreachable:
        log.error("stream.not_set_aside", fault=type(unreachable).__name__)
        return False
    return True
