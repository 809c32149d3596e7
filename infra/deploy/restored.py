"""Tables that were restored, in the place of the stack's own: `restored_tables` of the stage's file.

A restored table is another one, with another stream. Chalice looks at a stream it once subscribed to and not
at the one it is told now, so the readers of another stream are taken out of its memory first.
"""

import contextlib
import json
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from infra.deploy.build import Where
from infra.deploy.busy import once_free
from infra.deploy.stage import DeployRefused
from infra.local.stack import upper_snake

STREAMED = "INCIDENTS_TABLE"
STREAM = "INCIDENTS_STREAM_ARN"
VIEW = "NEW_AND_OLD_IMAGES"


def in_service(outputs: Mapping[str, str], restored: Mapping[str, str]) -> dict[str, str]:
    """The stack's outputs with these tables in the place of its own, and their stream.

    Raises `DeployRefused` for a table that is not there, or that nobody could read changes from.
    """
    named = {upper_snake(output): table for output, table in restored.items()}
    if wrong := [name for name in named if not name.endswith("_TABLE") or name not in outputs]:
        raise DeployRefused(f"restored_tables: the stack puts out no {', '.join(sorted(wrong))}")
    described = {name: _described(table) for name, table in named.items()}
    replaced = {**outputs, **named}
    if STREAMED in described:
        replaced[STREAM] = _stream_of(described[STREAMED])
    return replaced


def forget_other_streams(folder: Path, stage: str) -> list[str]:
    """Take out of Chalice's memory in a build who reads another stream than the build's; their mappings."""
    path = folder / ".chalice" / "deployed" / f"{stage}.json"
    if not path.exists():
        return []
    stream, memory = _variables(folder)[STREAM], json.loads(path.read_text("utf-8"))
    kept = [one for one in memory["resources"] if one.get("stream_arn", stream) == stream]
    gone = [one["event_uuid"] for one in memory["resources"] if one not in kept]
    path.write_text(json.dumps({**memory, "resources": kept}))
    return gone


def stop_reading(mappings: Iterable[str]) -> None:
    """Remove these mappings: what a lost table still has in its stream must reach nobody. Safe to repeat."""
    functions: Any = boto3.client("lambda")
    for uuid in mappings:
        with contextlib.suppress(functions.exceptions.ResourceNotFoundException):
            once_free(f"the source {uuid}", partial(functions.delete_event_source_mapping, UUID=uuid))


def refuse_other_tables(folder: Path, where: Where) -> None:
    """Raise `DeployRefused` for a release that was built for other tables than those in service."""
    built = _variables(folder)
    tables = {name: value for name, value in where.outputs.items() if name.endswith("_TABLE")}
    other = sorted(name for name, value in tables.items() if built.get(name) != value)
    if other:
        raise DeployRefused(f"this release was built for other tables: {', '.join(other)}; deploy instead")


def _variables(folder: Path) -> dict[str, str]:
    config = json.loads((folder / ".chalice" / "config.json").read_text("utf-8"))
    (stage,) = config["stages"].values()
    variables: dict[str, str] = stage["environment_variables"]
    return variables


def _described(table: str) -> dict[str, Any]:
    tables: Any = boto3.client("dynamodb")
    try:
        described: dict[str, Any] = tables.describe_table(TableName=table)["Table"]
    except ClientError as fault:
        raise DeployRefused(f"restored_tables: {table}: {fault}") from fault
    if described["TableStatus"] != "ACTIVE":
        raise DeployRefused(f"restored_tables: {table} is {described['TableStatus']}")
    return described


def _stream_of(described: Mapping[str, Any]) -> str:
    if described.get("StreamSpecification", {}).get("StreamViewType") != VIEW:
        raise DeployRefused(f"restored_tables: {described['TableName']} has no stream of {VIEW}")
    return str(described["LatestStreamArn"])
