"""How many bytes DynamoDB counts for an item.

Source: "DynamoDB item sizes and formats" in its developer guide. Of numbers it says "approximately".
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Value = Mapping[str, Any]
"""A value with its type's letter, binaries as bytes: `{"S": "…"}`."""

Item = Mapping[str, Value]

CONTAINER_BYTES = 3
ELEMENT_BYTES = 1


def item_bytes(item: Item) -> int:
    """The names and the values of all attributes."""
    return sum(_text_bytes(name) + value_bytes(value) for name, value in item.items())


def value_bytes(typed: Value) -> int:
    """A value without its attribute's name; raises `KeyError` for a type that is not DynamoDB's."""
    ((kind, value),) = typed.items()
    size: int = _SIZES[kind](value)
    return size


def number_bytes(number: str) -> int:
    """One byte for two significant digits, zeroes at both ends left out, and one more."""
    digits = "".join(map(str, Decimal(number).as_tuple().digits)).strip("0")
    return (len(digits) + 1) // 2 + 1


def _text_bytes(text: str) -> int:
    return len(text.encode())


def _list_bytes(values: list[Value]) -> int:
    return CONTAINER_BYTES + sum(ELEMENT_BYTES + value_bytes(one) for one in values)


def _map_bytes(values: Item) -> int:
    return CONTAINER_BYTES + ELEMENT_BYTES * len(values) + item_bytes(values)


_SIZES: Mapping[str, Any] = {
    "S": _text_bytes,
    "N": number_bytes,
    "B": len,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "SS": lambda values: sum(map(_text_bytes, values)),
    "NS": lambda values: sum(map(number_bytes, values)),
    "BS": lambda values: sum(map(len, values)),
    "L": _list_bytes,
    "M": _map_bytes,
}
