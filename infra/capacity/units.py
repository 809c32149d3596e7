"""How many units a read or a write of DynamoDB takes.

Source: "DynamoDB read and write operations", "Using Global Secondary Indexes" and "Amazon DynamoDB
Transactions" in its developer guide. A unit reads 4 KB strongly consistent, twice that otherwise, and
writes 1 KB.
"""

from collections.abc import Iterable

from infra.capacity.items import Item, item_bytes
from infra.capacity.tables import Table

READ_BYTES = 4096
WRITE_BYTES = 1024
EVENTUAL, CONSISTENT, TRANSACTIONAL = 0.5, 1.0, 2.0
"""Read units for each 4 KB begun."""

PLAIN_WRITE, TRANSACTION_WRITE = 1, 2
"""Write units for each 1 KB begun: a transaction prepares every item and then commits it."""


def read_units(size_bytes: int, each: float = EVENTUAL) -> float:
    """One item, or all a query looked at together; what is not there costs as the smallest that is."""
    return _begun(size_bytes, READ_BYTES) * each


def each_read_units(items: Iterable[Item | None], each: float = EVENTUAL) -> float:
    """Items of a batch or a transaction: each is rounded up by itself."""
    return sum(read_units(item_bytes(item or {}), each) for item in items)


def write_units(before: Item | None, after: Item | None, each: int = PLAIN_WRITE) -> float:
    """The larger of what stood there and what stands there now.

    A write whose condition failed takes as much as if it had not: `after` is then what was to be put, or
    `before` where only a change of it was asked for.
    """
    return float(_begun(max(item_bytes(before or {}), item_bytes(after or {})), WRITE_BYTES) * each)


def index_units(table: Table, before: Item | None, after: Item | None) -> float:
    """What all indexes of the table take for one write.

    Nothing where the entry stays as it is; two writes where its key changes. A transaction's second write
    is of the item: an index follows once it is committed.
    """
    total = 0.0
    for index in table.indexes:
        old, new = index.entry_of(before), index.entry_of(after)
        if old == new:
            continue
        if old is not None and new is not None and any(old[key] != new[key] for key in index.keys):
            total += write_units(old, None) + write_units(None, new)
        else:
            total += write_units(old, new)
    return total


def _begun(size_bytes: int, unit_bytes: int) -> int:
    return max(1, -(-size_bytes // unit_bytes))
