"""An incident that was worked on, and copies of its record as a restore would make them, one a test."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from chalicelib.adapters import incidents
from chalicelib.adapters.tables import FeedItem
from infra.local.stack import upper_snake
from infra.restore.copies import NEEDED
from tests.desk import a_citizen, a_report, a_seat, record, work
from tests.digesting import digest_a_day
from tests.machine import Machine, done, eventually
from tests.media import ask_upload, picture, send
from tests.recording import a_piece, put_piece

JSON = dict[str, Any]
OF_INDEX = ("IndexName", "KeySchema", "Projection")


class Copy:
    """The incidents' table as it stood, by boto3 alone: somebody may have spoilt it."""

    def __init__(self, machine: Machine, incident_id: str, name: str) -> None:
        self.incident_id, self.name = incident_id, name
        self._tables = machine.client("dynamodb")

    @property
    def tables(self) -> dict[str, str]:
        """What a drill is told of it."""
        return {"INCIDENTS_TABLE": self.name}

    def part(self, part: str) -> JSON:
        key = {"incident_id": {"S": self.incident_id}, "part": {"S": part}}
        item: JSON = self._tables.get_item(TableName=self.name, Key=key)["Item"]
        return item

    def parts(self, beginning: str) -> list[str]:
        asked = {
            "KeyConditionExpression": "incident_id = :id AND begins_with(part, :part)",
            "ExpressionAttributeValues": {":id": {"S": self.incident_id}, ":part": {"S": beginning}},
        }
        return [one["part"]["S"] for one in self._tables.query(TableName=self.name, **asked)["Items"]]

    def put(self, item: JSON) -> None:
        self._tables.put_item(TableName=self.name, Item=item)

    def drop(self, part: str) -> None:
        key = {"incident_id": {"S": self.incident_id}, "part": {"S": part}}
        self._tables.delete_item(TableName=self.name, Key=key)

    def rewrite(self, part: str, name: str, old: str, new: str) -> None:
        """Change some text of an item."""
        item = self.part(part)
        assert old in item[name]["S"]
        self.put({**item, name: {"S": item[name]["S"].replace(old, new, 1)}})


@pytest.fixture(scope="module")
def live(inside: Machine) -> dict[str, str]:
    """The machine's own tables that a drill copies."""
    named = {upper_snake(name): value for name, value in inside.outputs().items()}
    return {output: named[output] for output in NEEDED}


@pytest.fixture(scope="module")
def worked(inside: Machine) -> str:
    """An open incident with a picture and a recorded fragment, named by a digest, on the feed as it is."""
    citizen, seat = a_citizen(inside), a_seat(inside)
    incident_id = a_report(citizen, text="有人在路口打架")
    work(seat, incident_id, "answer")
    done(put_piece(seat, incident_id, 1, *a_piece(1)))
    file = picture(seed=34)
    assert send(ask_upload(citizen, incident_id, file), file.content).status_code == 201
    eventually(lambda: record(seat, incident_id)["incident"]["photos"] == 1)
    eventually(lambda: _on_the_feed(incident_id))
    _lock_as_aws_does(inside, f"media/{incident_id}/")
    digest_a_day(incident_id)
    return incident_id


def _on_the_feed(incident_id: str) -> bool:
    card = msgspec.json.decode(FeedItem.get(incident_id).body)
    return bool(card["version"] == incidents.get(incident_id).version)


def _lock_as_aws_does(machine: Machine, prefix: str) -> None:
    """Give copied objects the bucket's own lock, which the local AWS gives to uploads alone."""
    s3, bucket = machine.client("s3"), machine.outputs()["EvidenceBucket"]
    rule = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]["Rule"]
    for one in s3.list_object_versions(Bucket=bucket, Prefix=prefix)["Versions"]:
        until = one["LastModified"].replace(year=one["LastModified"].year + 1)
        s3.put_object_retention(
            Bucket=bucket,
            Key=one["Key"],
            VersionId=one["VersionId"],
            Retention={"Mode": rule["DefaultRetention"]["Mode"], "RetainUntilDate": until},
        )


@pytest.fixture
def copied(inside: Machine, worked: str) -> Iterator[Callable[..., Copy]]:
    """Make a copy of the incidents' table that has this one incident, with these indexes left out."""
    tables, made = inside.client("dynamodb"), []
    source = inside.outputs()["IncidentsTable"]

    def make(*, without: tuple[str, ...] = ()) -> Copy:
        described = tables.describe_table(TableName=source)["Table"]
        name = f"{source}-copy-{uuid.uuid4().hex[:8]}"
        indexes = [
            {field: one[field] for field in OF_INDEX}
            for one in described["GlobalSecondaryIndexes"]
            if one["IndexName"] not in without
        ]
        used = {key["AttributeName"] for one in (described, *indexes) for key in one["KeySchema"]}
        tables.create_table(
            TableName=name,
            KeySchema=described["KeySchema"],
            AttributeDefinitions=[
                one for one in described["AttributeDefinitions"] if one["AttributeName"] in used
            ],
            GlobalSecondaryIndexes=indexes,
            BillingMode="PAY_PER_REQUEST",
        )
        made.append(name)
        eventually(lambda: _on_the_feed(worked))
        for page in tables.get_paginator("query").paginate(
            TableName=source,
            KeyConditionExpression="incident_id = :id",
            ExpressionAttributeValues={":id": {"S": worked}},
        ):
            for item in page["Items"]:
                tables.put_item(TableName=name, Item=item)
        return Copy(inside, worked, name)

    yield make
    for name in made:
        tables.delete_table(TableName=name)
