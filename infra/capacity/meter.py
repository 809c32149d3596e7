"""Counts what calls consume, at botocore itself: requests of any service, and units of DynamoDB.

Request and answer do not say how large the items were that a write replaced or a filter passed over; the
meter looks them up, by a client of its own that nobody watches.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import botocore.session
import msgspec

from infra.capacity.items import Item, item_bytes
from infra.capacity.tables import Table, tables_of
from infra.capacity.units import (
    CONSISTENT,
    EVENTUAL,
    PLAIN_WRITE,
    TRANSACTION_WRITE,
    TRANSACTIONAL,
    each_read_units,
    index_units,
    read_units,
    write_units,
)
from infra.local.stack import upper_snake
from infra.local.watch import function_running, witnessed

Parameters = Mapping[str, Any]


class Consumed(msgspec.Struct, frozen=True, kw_only=True):
    """One request and its units; `index_units` come on top of `write_units`. `tables` are written to."""

    name: str
    function: str | None = None
    tables: tuple[str, ...] = ()
    read_units: float = 0.0
    write_units: float = 0.0
    index_units: float = 0.0


class Cost:
    """What the calls of a block consumed."""

    def __init__(self) -> None:
        self.consumed: list[Consumed] = []

    def requests(self, service: str = "") -> list[str]:
        """The requests, named as in a policy; of one service or of all."""
        return [one.name for one in self.consumed if one.name.startswith(service)]

    @property
    def read_units(self) -> float:
        return sum(one.read_units for one in self.consumed)

    @property
    def write_units(self) -> float:
        """Of the tables and of their indexes."""
        return sum(one.write_units + one.index_units for one in self.consumed)


class Write(msgspec.Struct, frozen=True, kw_only=True):
    """One item that a request may write, with what stood there before; `put` is the whole new item."""

    table: str
    key: Item
    before: Item | None
    put: Item | None = None
    deletes: bool = False
    only_checks: bool = False


class Meter:
    """A witness of calls (`infra/local/watch.py`) that says what each consumed."""

    def __init__(self, tables: Mapping[str, Table] | None = None) -> None:
        self._known: Mapping[str, Table] = tables or tables_here()
        self._costs: list[Cost] = []

    def table(self, name: str) -> Table:
        """The table of that name; one the template does not know has the key of its writes and no index."""
        return self._known.get(name) or Table(name=name, keys=())

    def asks(self, model: Any, parameters: Parameters) -> list[Write]:
        """Look at what stands where the call is going to write."""
        if model.service_model.service_name != "dynamodb":
            return []
        return [self._write(kind, one) for kind, one in _writes(model.name, parameters)]

    def answered(self, model: Any, parameters: Parameters, answer: Parameters, noted: list[Write]) -> None:
        """Count the call."""
        service = model.service_model.service_name
        consumed = Consumed(name=f"{service}:{model.name}", function=function_running())
        if service == "dynamodb":
            read, write, index = self._units(model.name, parameters, answer, noted)
            consumed = msgspec.structs.replace(
                consumed,
                tables=tuple(self.table(one.table).name for one in noted),
                read_units=read,
                write_units=write,
                index_units=index,
            )
        for cost in self._costs:
            cost.consumed.append(consumed)

    @contextmanager
    def metering(self) -> Iterator[Cost]:
        """The cost of the calls inside the block."""
        cost = Cost()
        self._costs.append(cost)
        try:
            with witnessed(self):
                yield cost
        finally:
            self._costs.remove(cost)

    def _units(
        self, operation: str, parameters: Parameters, answer: Parameters, noted: list[Write]
    ) -> tuple[float, float, float]:
        if noted:
            done = "Error" not in answer
            each = TRANSACTION_WRITE if operation.startswith("Transact") else PLAIN_WRITE
            known = answer.get("Attributes") if parameters.get("ReturnValues") == "ALL_NEW" else None
            states = [(one, self._after(one, known) if done else one.put or one.before) for one in noted]
            units = sum(write_units(one.before, after, each) for one, after in states)
            of_indexes = (index_units(self.table(one.table), one.before, after) for one, after in states)
            return 0.0, units, sum(of_indexes) if done else 0.0
        return self._read_units(operation, parameters), 0.0, 0.0

    def _read_units(self, operation: str, parameters: Parameters) -> float:
        if operation == "Query":
            items = self._looked_at(parameters)
            return read_units(sum(map(item_bytes, items)), _consistency(parameters))
        if operation == "GetItem":
            item = self._stored(parameters["TableName"], parameters["Key"])
            return each_read_units([item], _consistency(parameters))
        if operation == "TransactGetItems":
            keys = ((one["Get"]["TableName"], one["Get"]["Key"]) for one in parameters["TransactItems"])
            return each_read_units((self._stored(*key) for key in keys), TRANSACTIONAL)
        if operation == "BatchGetItem":
            return sum(
                each_read_units((self._stored(table, key) for key in asked["Keys"]), _consistency(asked))
                for table, asked in parameters["RequestItems"].items()
            )
        raise LookupError(f"no rule for the units of {operation}")

    def _looked_at(self, parameters: Parameters) -> Iterable[Item]:
        """What a query reads before it leaves anything out: all of the items up to its limit."""
        whole = {
            name: value
            for name, value in parameters.items()
            if name not in ("FilterExpression", "ProjectionExpression", "Select", "ReturnConsumedCapacity")
        }
        for name in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
            used = re.findall(r"[#:]\w+", parameters["KeyConditionExpression"])
            whole[name] = {key: value for key, value in parameters.get(name, {}).items() if key in used}
            if not whole[name]:
                del whole[name]
        items: list[Item] = self._client.query(**whole)["Items"]
        indexes = (one for one in self.table(parameters["TableName"]).indexes)
        index = next((one for one in indexes if one.name == parameters.get("IndexName")), None)
        return [index.entry_of(item) or item for item in items] if index else items

    def _write(self, kind: str, asked: Parameters) -> Write:
        table = asked["TableName"]
        put = asked.get("Item") if kind == "Put" else None
        key = self.table(table).key_of(put) if put is not None else asked["Key"]
        return Write(
            table=table,
            key=key,
            before=self._stored(table, key),
            put=put,
            deletes=kind == "Delete",
            only_checks=kind == "ConditionCheck",
        )

    def _after(self, write: Write, known: Item | None) -> Item | None:
        if write.put is not None or write.deletes:
            return write.put
        if write.only_checks:
            return write.before
        return known or self._stored(write.table, write.key)

    def _stored(self, table: str, key: Item) -> Item | None:
        found = self._client.get_item(TableName=table, Key=key, ConsistentRead=True)
        item: Item | None = found.get("Item")
        return item

    @cached_property
    def _client(self) -> Any:
        """Without the handlers that a process watches its calls by."""
        session = botocore.session.Session(include_builtin_handlers=False)
        return session.create_client("dynamodb", region_name=os.environ["AWS_REGION"])


def tables_here() -> Mapping[str, Table]:
    """The tables by the names that this process's environment gives them."""
    known = {os.environ.get(upper_snake(name)): table for name, table in tables_of().items()}
    return {name: table for name, table in known.items() if name is not None}


def _writes(operation: str, parameters: Parameters) -> Iterator[tuple[str, Parameters]]:
    """Each item a call may write, with the kind of writing."""
    if operation in ("PutItem", "UpdateItem", "DeleteItem"):
        yield operation.removesuffix("Item"), parameters
    elif operation == "TransactWriteItems":
        for one in parameters["TransactItems"]:
            yield from one.items()
    elif operation == "BatchWriteItem":
        for table, requests in parameters["RequestItems"].items():
            for one in requests:
                ((kind, asked),) = one.items()
                yield kind.removesuffix("Request"), {"TableName": table, **asked}


def _consistency(parameters: Parameters) -> float:
    return CONSISTENT if parameters.get("ConsistentRead") else EVENTUAL
