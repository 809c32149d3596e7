"""Copies by their names: asked for as DynamoDB's service model has it, found again, deleted if a drill's."""

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infra.deploy.stage import DeployRefused
from infra.restore.copies import NEEDED, Copies, Purpose, copy_name
from tests.machine import ROOT

AT = datetime(2026, 11, 23, 2, 40, tzinfo=UTC)
EARLIEST = datetime(2026, 10, 19, tzinfo=UTC)
SOURCES = {"INCIDENTS_TABLE": "bureau-incidents", "DESK_TABLE": "bureau-desk"}
DRILLED = {output: f"{table}-drill-20261123T024000Z" for output, table in SOURCES.items()}


class Service:
    """DynamoDB's client, which asks nobody: what it is asked must be as said, and in the model's shape."""

    def __init__(self) -> None:
        self.client: Any = boto3.client(
            "dynamodb", region_name="ap-southeast-1", aws_access_key_id="test", aws_secret_access_key="test"
        )
        self.stubber = Stubber(self.client)
        self.stubber.activate()

    def answers(self, operation: str, answer: dict[str, Any], asked: dict[str, Any] | None = None) -> None:
        self.stubber.add_response(operation, answer, asked)

    def refuses(self, operation: str, code: str) -> None:
        self.stubber.add_client_error(operation, code)

    def copies(self, purpose: Purpose = Purpose.DRILL) -> Copies:
        return Copies(SOURCES, self.client, purpose=purpose, ask_every_seconds=0)

    def listed(self, *names: str) -> None:
        """Two pages, because an account may have many tables."""
        self.answers("list_tables", {"TableNames": list(names), "LastEvaluatedTableName": "middle"}, {})
        self.answers("list_tables", {"TableNames": ["other"]}, {"ExclusiveStartTableName": "middle"})


@pytest.fixture
def service() -> Service:
    return Service()


def backups(status: str, *, latest: datetime = AT) -> dict[str, Any]:
    recovery: dict[str, Any] = {"PointInTimeRecoveryStatus": status}
    if status == "ENABLED":
        recovery |= {"EarliestRestorableDateTime": EARLIEST, "LatestRestorableDateTime": latest}
    return {
        "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": recovery,
        }
    }


def table(name: str, status: str) -> dict[str, Any]:
    summary = {"RestoreDateTime": AT, "RestoreInProgress": status == "CREATING"}
    return {"Table": {"TableName": name, "TableStatus": status, "RestoreSummary": summary}}


def test_every_table_whose_template_has_recovery_is_needed_and_no_other() -> None:
    template = (ROOT / "infra" / "resources.yaml").read_text("utf-8")
    resources = template.partition("\nResources:\n")[2].partition("\nOutputs:\n")[0].split("\n\n")
    recovered = [one for one in resources if "PointInTimeRecoveryEnabled: true" in one]
    names = {one.lstrip("\n ").partition("Table:")[0].upper() + "_TABLE" for one in recovered}
    assert names == set(NEEDED)


def test_the_moment_all_tables_can_be_restored_to_is_the_oldest_of_their_newest(service: Service) -> None:
    service.answers("describe_continuous_backups", backups("ENABLED"), {"TableName": "bureau-incidents"})
    later = AT.replace(minute=41)
    service.answers("describe_continuous_backups", backups("ENABLED", latest=later))
    window = service.copies().window()
    assert (window.earliest, window.latest) == (EARLIEST, AT)


def test_a_table_without_recovery_is_refused_with_what_sets_it(service: Service) -> None:
    service.answers("describe_continuous_backups", backups("DISABLED"))
    with pytest.raises(DeployRefused, match="update-continuous-backups --table-name bureau-incidents"):
        service.copies().window()


def test_a_table_that_was_deleted_is_refused_with_what_is_left_to_do(service: Service) -> None:
    service.refuses("describe_continuous_backups", "TableNotFoundException")
    with pytest.raises(DeployRefused, match=r"bureau-incidents is gone.*restore a backup"):
        service.copies().window()


def test_each_copy_is_asked_for_at_the_moment_and_one_that_is_there_is_left(service: Service) -> None:
    for output, source in SOURCES.items():
        asked = {"SourceTableName": source, "TargetTableName": DRILLED[output], "RestoreDateTime": AT}
        service.answers("restore_table_to_point_in_time", {}, asked)
    assert list(service.copies().begin(AT)) == [
        f"{output}: restoring {source} as {DRILLED[output]}" for output, source in SOURCES.items()
    ]
    service.refuses("restore_table_to_point_in_time", "TableAlreadyExistsException")
    service.answers("restore_table_to_point_in_time", {})
    said = list(service.copies().begin(AT))
    assert said[0] == f"INCIDENTS_TABLE: {DRILLED['INCIDENTS_TABLE']} is there already"
    service.stubber.assert_no_pending_responses()


def test_a_moment_that_dynamodb_refuses_is_refused_with_its_reason(service: Service) -> None:
    service.refuses("restore_table_to_point_in_time", "InvalidRestoreTimeException")
    with pytest.raises(DeployRefused, match="bureau-incidents cannot be restored to 2026-11-23T02:40"):
        list(service.copies().begin(AT))


def test_it_waits_until_every_copy_can_be_read(service: Service) -> None:
    incidents, desk = DRILLED.values()
    for name, status in ((incidents, "CREATING"), (incidents, "ACTIVE"), (desk, "ACTIVE")):
        service.answers("describe_table", table(name, status), {"TableName": name})
    assert service.copies().wait(AT) == DRILLED
    service.stubber.assert_no_pending_responses()


def test_a_drill_that_broke_off_is_found_by_the_names_alone(service: Service) -> None:
    other = copy_name("bureau-incidents", Purpose.RESTORED, AT)
    service.listed(
        "bureau-incidents", DRILLED["INCIDENTS_TABLE"], other, "x-bureau-incidents-drill-20261123T024000Z"
    )
    assert service.copies().found() == {AT: {"INCIDENTS_TABLE": DRILLED["INCIDENTS_TABLE"]}}
    service.listed(other)
    assert service.copies(Purpose.RESTORED).found() == {AT: {"INCIDENTS_TABLE": other}}


def test_only_a_drills_copies_are_deleted(service: Service) -> None:
    service.listed(*SOURCES.values(), *DRILLED.values(), copy_name("bureau-desk", Purpose.RESTORED, AT))
    for name in DRILLED.values():
        service.answers("delete_table", {}, {"TableName": name})
        service.refuses("describe_table", "ResourceNotFoundException")
    assert list(service.copies().delete(AT)) == [f"deleted {name}" for name in DRILLED.values()]
    assert list(service.copies(Purpose.RESTORED).delete(AT)) == []
    service.stubber.assert_no_pending_responses()
