"""What of a citizen is stored, in tables and buckets, looked at past the service's own code."""

import json
from collections.abc import Iterator
from typing import Any

from tests.faults.case import Case


def left(case: Case) -> Iterator[str]:
    """What of hers stands anywhere: her words, number and places in any table, files in any bucket."""
    for table, text in _tables(case):
        for number, mark in enumerate(case.at["marks"]):
            if mark in text:
                yield f"mark {number} of the citizen stands in {table}"
    parts = {item["part"]["S"].partition("#")[0] for item in _items(case)}
    if parts & {"been", "asked"}:
        yield f"{sorted(parts)} are left of the incident"
    for folder in ("evidence", "intake"):
        if found := versions(case, folder):
            yield f"{len(found)} versions are left in the {folder} bucket"


def untouched(case: Case) -> Iterator[str]:
    """That everything is there: two versions, and her words, place and number."""
    if len(versions(case, "evidence")) != 2:
        yield f"under a hold {len(versions(case, 'evidence'))} of 2 versions are left"
    text = of_incident(case)
    for number, mark in enumerate(case.at["marks"][:3]):
        if mark not in text:
            yield f"under a hold mark {number} of the citizen is gone"


def _tables(case: Case) -> Iterator[tuple[str, str]]:
    """The incident's items, and every item of the tables that stay small."""
    from chalicelib.settings import settings

    said = settings()
    yield "the incident", of_incident(case)
    for table in (said.feed_table, said.citizens_table, said.desk_table, said.watch_table):
        pages = case.world.quietly("dynamodb").get_paginator("scan").paginate(TableName=table)
        yield table, json.dumps([page["Items"] for page in pages], default=str, ensure_ascii=False)


def of_incident(case: Case) -> str:
    """All items of the incident, as text."""
    return json.dumps(_items(case), default=str, ensure_ascii=False)


def _items(case: Case) -> list[dict[str, Any]]:
    from chalicelib.settings import settings

    asked = {
        "TableName": settings().incidents_table,
        "KeyConditionExpression": "incident_id = :id",
        "ExpressionAttributeValues": {":id": {"S": case.id}},
        "ConsistentRead": True,
    }
    pages = case.world.quietly("dynamodb").get_paginator("query").paginate(**asked)
    return [item for page in pages for item in page["Items"]]


def versions(case: Case, kind: str) -> list[dict[str, str]]:
    """Every stored version of the incident in one bucket."""
    from chalicelib.adapters.aws import client
    from chalicelib.settings import settings

    said = settings()
    bucket, folders = (
        (said.evidence_bucket, ("media", "recording"))
        if kind == "evidence"
        else (said.intake_bucket, ("intake",))
    )
    return [
        {"Bucket": bucket, "Key": one["Key"], "VersionId": one["VersionId"]}
        for folder in folders
        for page in client("s3")
        .get_paginator("list_object_versions")
        .paginate(Bucket=bucket, Prefix=f"{folder}/{case.id}/")
        for one in (*page.get("Versions", []), *page.get("DeleteMarkers", []))
    ]


def holds(case: Case) -> set[str]:
    """How the legal hold of the stored versions stands."""
    from chalicelib.adapters.aws import client

    heads = [client("s3").head_object(**one) for one in versions(case, "evidence")]
    return {head.get("ObjectLockLegalHoldStatus", "OFF") for head in heads}
