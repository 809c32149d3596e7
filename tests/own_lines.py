"""A desk's table of a test's own, so that its lines are nobody else's."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.adapters import lines
from chalicelib.domain.lines import Line
from chalicelib.settings import settings
from tests.machine import Machine


@contextmanager
def own_lines(machine: Machine, provided: list[Line]) -> Iterator[list[Line]]:
    """Have exactly these lines, all free, in this process."""
    before, name = os.environ["DESK_TABLE"], f"lines-{uuid.uuid4().hex}"
    machine.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("kind", "id")],
        KeySchema=[
            {"AttributeName": "kind", "KeyType": "HASH"},
            {"AttributeName": "id", "KeyType": "RANGE"},
        ],
    )
    os.environ["DESK_TABLE"] = name
    settings.cache_clear()
    try:
        for one in provided:
            lines.provide(one)
        yield provided
    finally:
        os.environ["DESK_TABLE"] = before
        settings.cache_clear()
