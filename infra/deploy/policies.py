"""The functions' policies: one reviewed file each in `.chalice`, filled in with the names of a stack."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


class UnknownName(LookupError):
    """A policy names something that the stack does not put out."""


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """One action on one resource, as a statement allows it; with `but`, on anything but that resource."""

    action: str
    resource: str
    but: bool = False


def placeholders(outputs: Mapping[str, str]) -> dict[str, str]:
    """What policies may name: the stack's outputs by their variables, and the names of its queues."""
    queues = {
        name.removesuffix("_URL"): value.rpartition("/")[2]
        for name, value in outputs.items()
        if name.endswith("_QUEUE_URL")
    }
    return {**outputs, **queues}


def fill(policy: str, names: Mapping[str, str]) -> str:
    """The policy's text with every placeholder replaced; raises `UnknownName`."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in names:
            raise UnknownName(found[1])
        return names[found[1]]

    return PLACEHOLDER.sub(value, policy)


def policy_file(folder: Path, function: str) -> Path:
    """Where the reviewed policy of a function stands."""
    return folder / f"policy-{function}.json"


def grants(policy: str) -> Iterator[Grant]:
    """Every action with every resource of a policy's statements."""
    for statement in json.loads(policy)["Statement"]:
        but = "NotResource" in statement
        for resource in _listed(statement["NotResource" if but else "Resource"]):
            for action in _listed(statement["Action"]):
                yield Grant(action=action, resource=resource, but=but)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
