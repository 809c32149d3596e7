"""The tables of `infra/resources.yaml`: the keys and projections that decide what a write costs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from infra.capacity.items import Item

TEMPLATE = Path(__file__).resolve().parents[1] / "resources.yaml"


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """A global secondary index; `included` is None where it holds whole items."""

    name: str
    keys: tuple[str, ...]
    included: frozenset[str] | None

    def entry_of(self, item: Item | None) -> Item | None:
        """What the index holds of an item, or None of one that lacks a key of the index."""
        if item is None or any(key not in item for key in self.keys):
            return None
        if self.included is None:
            return item
        return {name: value for name, value in item.items() if name in self.included}


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table by the name it has in the template."""

    name: str
    keys: tuple[str, ...]
    indexes: tuple[Index, ...] = ()

    def key_of(self, item: Item) -> dict[str, Any]:
        """The key of a whole item."""
        return {name: item[name] for name in self.keys}


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Reads a template and leaves CloudFormation's own tags as they stand."""


_Loader.add_multi_constructor("!", lambda loader, tag, node: tag)


def tables_of(template: Path = TEMPLATE) -> Mapping[str, Table]:
    """The tables of a template by their names in it."""
    every = resources_of(template)
    made = {name: one for name, one in every.items() if one["Type"] == "AWS::DynamoDB::Table"}
    return {name: _table(name, one["Properties"]) for name, one in made.items()}


def resources_of(template: Path = TEMPLATE) -> Mapping[str, Any]:
    """Everything that a template makes, by its name in it."""
    text = template.read_text("utf-8")
    document = yaml.load(text, Loader=_Loader)  # noqa: S506  # nosec B506
    made: Mapping[str, Any] = document["Resources"]
    return made


def _table(name: str, properties: Mapping[str, Any]) -> Table:
    keys = _keys(properties)
    indexes = (_index(one, keys) for one in properties.get("GlobalSecondaryIndexes", ()))
    return Table(name=name, keys=keys, indexes=tuple(indexes))


def _index(properties: Mapping[str, Any], table_keys: tuple[str, ...]) -> Index:
    keys, projection = _keys(properties), properties["Projection"]
    own = frozenset((*keys, *table_keys, *projection.get("NonKeyAttributes", ())))
    whole = projection["ProjectionType"] == "ALL"
    return Index(name=properties["IndexName"], keys=keys, included=None if whole else own)


def _keys(properties: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(one["AttributeName"] for one in properties["KeySchema"])
