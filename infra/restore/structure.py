"""How a restored table is made: what must be as on the live one, and what AWS leaves to be set again.

By AWS a restore carries keys, indexes, billing and encryption. It carries no time to live, stream, recovery,
tags, alarms and scaling (DynamoDB developer guide, "Restoring a table to a point in time").
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from infra.restore.copies import RECOVERY

JSON = dict[str, Any]


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A table as it is made."""

    name: str
    arn: str
    keys: tuple[tuple[str, str, str], ...]
    indexes: Mapping[str, JSON]
    unready: tuple[str, ...]
    billing: str
    encryption: str
    protected: bool
    stream: str | None
    life: str | None
    recovers: bool
    tags: Mapping[str, str]


def made(tables: Any, name: str) -> Made:
    """Look at a table; `tables` is DynamoDB's client."""
    table = tables.describe_table(TableName=name)["Table"]
    life = tables.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    backups = tables.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    types = {one["AttributeName"]: one["AttributeType"] for one in table["AttributeDefinitions"]}
    stream, indexes = table.get("StreamSpecification", {}), table.get("GlobalSecondaryIndexes", [])
    return Made(
        name=name,
        arn=table["TableArn"],
        keys=_keys(table["KeySchema"], types),
        indexes={one["IndexName"]: _index(one, types) for one in indexes},
        unready=tuple(one["IndexName"] for one in indexes if one.get("IndexStatus", "ACTIVE") != "ACTIVE"),
        billing=table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        encryption=table.get("SSEDescription", {}).get("SSEType", "owned by AWS"),
        protected=table.get("DeletionProtectionEnabled", False),
        stream=stream.get("StreamViewType") if stream.get("StreamEnabled") else None,
        life=life.get("AttributeName") if life.get("TimeToLiveStatus", "").startswith("ENABL") else None,
        recovers=recovery == "ENABLED",
        tags=_tags(tables, table["TableArn"]),
    )


def differences(live: Made, copy: Made) -> Iterator[str]:
    """What is not as on the live table although a restore carries it."""
    if live.keys != copy.keys:
        yield f"{copy.name}: other keys: {copy.keys}"
    for name in sorted(set(live.indexes) | set(copy.indexes)):
        if name not in copy.indexes:
            yield f"{copy.name}: the index {name} is missing"
        elif live.indexes.get(name) != copy.indexes[name]:
            yield f"{copy.name}: another index {name}: {copy.indexes[name]}"
    yield from (f"{copy.name}: the index {name} is not ready" for name in copy.unready)
    for what in ("billing", "encryption"):
        if getattr(live, what) != getattr(copy, what):
            yield f"{copy.name}: {what} is {getattr(copy, what)}, not {getattr(live, what)}"


def to_set(live: Made, copy: Made) -> Iterator[str]:
    """The commands that set what a restore leaves out, before the copy may be put into service."""
    of_it = f"--table-name {copy.name}"
    if live.stream and copy.stream != live.stream:
        stream = f"StreamEnabled=true,StreamViewType={live.stream}"
        yield f"aws dynamodb update-table {of_it} --stream-specification {stream}"
    if live.life and copy.life != live.life:
        life = f"Enabled=true,AttributeName={live.life}"
        yield f"aws dynamodb update-time-to-live {of_it} --time-to-live-specification {life}"
    if live.recovers and not copy.recovers:
        yield f"aws dynamodb update-continuous-backups {of_it} {RECOVERY}"
    if live.protected and not copy.protected:
        yield f"aws dynamodb update-table {of_it} --deletion-protection-enabled"
    if missing := {name: value for name, value in live.tags.items() if copy.tags.get(name) != value}:
        tags = " ".join(f"Key={name},Value={value}" for name, value in sorted(missing.items()))
        yield f"aws dynamodb tag-resource --resource-arn {copy.arn} --tags {tags}"
    if live.billing == "PROVISIONED":
        yield f"# {copy.name}: its auto scaling policies, as on {live.name}"


def _keys(schema: list[JSON], types: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    return tuple((one["AttributeName"], one["KeyType"], types[one["AttributeName"]]) for one in schema)


def _index(index: JSON, types: Mapping[str, str]) -> JSON:
    projection = index["Projection"]
    return {
        "keys": _keys(index["KeySchema"], types),
        "projection": projection["ProjectionType"],
        "attributes": sorted(projection.get("NonKeyAttributes", [])),
    }


def _tags(tables: Any, arn: str) -> dict[str, str]:
    """A table's own tags; CloudFormation's mark a resource of its stack, which a copy is not."""
    pages = tables.get_paginator("list_tags_of_resource").paginate(ResourceArn=arn)
    tags = {one["Key"]: one["Value"] for page in pages for one in page.get("Tags", [])}
    return {name: value for name, value in tags.items() if not name.startswith("aws:")}
