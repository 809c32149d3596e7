"""The stack's template: what AWS would refuse is found here, and its outputs are what the app reads."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.capacity.tables import resources_of
from infra.local.stack import upper_snake
from tests.machine import ROOT, OwnMachine

TEMPLATE = ROOT / "infra" / "resources.yaml"


def test_the_template_passes_the_service_specification() -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    checked = subprocess.run(
        [linter, "--regions", "ap-southeast-1", "--template", TEMPLATE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("output", "variable"),
    [("StaffPoolId", "STAFF_POOL_ID"), ("FeedTable", "FEED_TABLE"), ("TimersQueueUrl", "TIMERS_QUEUE_URL")],
)
def test_an_output_becomes_a_variable_of_the_environment(output: str, variable: str) -> None:
    assert upper_snake(output) == variable


def test_every_output_names_something_that_is_there(sample_machine: OwnMachine) -> None:
    outputs = sample_machine.outputs()
    dynamodb, s3, sqs = (sample_machine.client(name) for name in ("dynamodb", "s3", "sqs"))
    for name in ("IncidentsTable", "FeedTable", "CitizensTable", "DeskTable"):
        assert dynamodb.describe_table(TableName=outputs[name])["Table"]["TableStatus"] == "ACTIVE"
    for name in ("IntakeBucket", "EvidenceBucket"):
        assert s3.get_bucket_versioning(Bucket=outputs[name])["Status"] == "Enabled"
    for name in ("TimersQueueUrl", "SetAsideQueueUrl"):
        assert sqs.get_queue_attributes(QueueUrl=outputs[name], AttributeNames=["QueueArn"])
    assert sqs.get_queue_url(QueueName=outputs["StoredObjectsQueue"])
    pool = sample_machine.client("cognito-idp").describe_user_pool(UserPoolId=outputs["StaffPoolId"])
    assert pool["UserPool"]["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]


def test_a_message_that_keeps_failing_goes_to_the_dead_letters(sample_machine: OwnMachine) -> None:
    attributes = _attributes(sample_machine, sample_machine.outputs()["TimersQueueUrl"])
    assert '"maxReceiveCount":5' in str(attributes["RedrivePolicy"]).replace(" ", "").replace('"5"', "5")


def test_an_upload_is_kept_as_long_as_the_message_that_it_came() -> None:
    """By the template: the local AWS makes no rule of life."""
    made = resources_of(TEMPLATE)
    kept = made["StoredObjectsDeadLetters"]["Properties"]["MessageRetentionPeriod"]
    (rule,) = made["IntakeBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] * 24 * 3600 >= kept


def _attributes(machine: OwnMachine, queue_url: str) -> dict[str, Any]:
    answer = machine.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
    attributes: dict[str, Any] = answer["Attributes"]
    return attributes
