"""What the policies grant is what a full run of the tests called, and the other way round.

These tests come last (`tests/whole.py`). The machines note every call at the client with the function it was
made in (`infra/local/watch.py`); what `requests` sends and what Lambda does with a role cannot be seen there.
"""

import re
from fnmatch import fnmatchcase

import pytest

from infra.deploy.build import functions_of, reviewed_config
from infra.deploy.policies import Grant, grants, policy_file
from tests.machine import ROOT, gathered_notes

FOLDER = ROOT / ".chalice"

BY_LAMBDA = "Lambda does it with the function's role, before or after the code runs"
SIGNED = "signed into an address that a browser opens"
ONE_PROCESS = "one process runs all functions here, and another asked for it first"
LOST = "only after something was lost; in the tests it happens inside the test's own process"
INSIDE = "in the tests it happens inside the test's own process"
UNLOCKED = "the local AWS gives a copied object no lock by default, so there is none to override"

NOT_SEEN: dict[tuple[str, str], str] = {
    ("*", "logs:*"): BY_LAMBDA,
    ("*", "xray:*"): BY_LAMBDA,
    ("*", "sqs:ReceiveMessage"): BY_LAMBDA,
    ("*", "sqs:DeleteMessage"): BY_LAMBDA,
    ("*", "sqs:GetQueueAttributes"): BY_LAMBDA,
    ("state_changed", "dynamodb:DescribeStream"): BY_LAMBDA,
    ("state_changed", "dynamodb:GetRecords"): BY_LAMBDA,
    ("state_changed", "dynamodb:GetShardIterator"): BY_LAMBDA,
    ("state_changed", "dynamodb:ListStreams"): BY_LAMBDA,
    ("state_changed", "dynamodb:GetItem"): INSIDE,
    ("state_changed", "sqs:SendMessage"): f"to the stream's dead letters: {BY_LAMBDA}",
    ("table_changed", "dynamodb:DescribeStream"): BY_LAMBDA,
    ("table_changed", "dynamodb:GetRecords"): BY_LAMBDA,
    ("table_changed", "dynamodb:GetShardIterator"): BY_LAMBDA,
    ("table_changed", "dynamodb:ListStreams"): BY_LAMBDA,
    ("table_changed", "sqs:SendMessage"): f"to the stream's dead letters: {BY_LAMBDA}",
    ("api_handler", "kinesisvideo:ConnectAsMaster"): SIGNED,
    ("api_handler", "kinesisvideo:ConnectAsViewer"): SIGNED,
    ("api_handler", "kinesisvideo:PutMedia"): "sent by requests: boto3 has no such call",
    ("api_handler", "s3:GetObject"): LOST,
    ("api_handler", "s3:ListBucket"): LOST,
    ("*", "ssm:GetParameter"): ONE_PROCESS,
    ("sweep", "dynamodb:*Item"): LOST,
    ("sweep", "dynamodb:Query *${WATCH_TABLE}"): LOST,
    ("sweep", "sqs:SendMessage"): LOST,
    ("sweep", "sns:Publish"): LOST,
    ("timer_due", "dynamodb:*Item *${FIGURES_TABLE}"): LOST,
    ("timer_due", "dynamodb:UpdateItem *${FEED_TABLE}"): LOST,
    ("keeper", "dynamodb:DeleteItem *${INCIDENTS_TABLE}"): INSIDE,
    ("keeper", "s3:DeleteObjectVersion *${INTAKE_BUCKET}/intake/*"): INSIDE,
    ("keeper", "s3:BypassGovernanceRetention"): UNLOCKED,
}
"""Granted, and not to be seen in the calls noted: the function, the action (and its resource), and why."""

FOR_ANYTHING = {
    "xray:PutTraceSegments": "traces have no resource",
    "xray:PutTelemetryRecords": "traces have no resource",
}
"""Actions granted for every resource, and why."""


def policies() -> dict[str, list[Grant]]:
    """Every function's grants, as its reviewed file has them."""
    configured = reviewed_config()["lambda_functions"]
    return {name: list(grants(policy_file(FOLDER, name).read_text("utf-8"))) for name in configured}


@pytest.fixture(scope="module")
def noted() -> set[tuple[str, ...]]:
    """What the machines of all tests noted: function, action, resource."""
    found = {tuple(line.split()) for line in gathered_notes()}
    if not found:
        pytest.skip("only a run of all tests (`make test`) calls all that is granted")
    return found


def test_every_function_has_its_settings_and_a_policy_of_its_own(app: object) -> None:
    configured = reviewed_config()["lambda_functions"]
    assert set(configured) == set(functions_of(app))  # type: ignore[arg-type]
    for name, one in configured.items():
        assert one["iam_policy_file"] == policy_file(FOLDER, name).name
        assert {"lambda_memory_size", "lambda_timeout"} <= set(one)
    assert {path.name for path in FOLDER.glob("policy-*.json")} == {
        one["iam_policy_file"] for one in configured.values()
    }


def test_no_action_is_a_wildcard_and_no_resource_is_everything_without_a_reason() -> None:
    for function, given in policies().items():
        for grant in given:
            assert "*" not in grant.action, (function, grant)
            if grant.resource == "*":
                assert grant.action in FOR_ANYTHING, (function, grant)
            if grant.but:
                assert (grant.action, grant.resource) == ("sns:Publish", "arn:aws:sns:*:*:*"), function


def test_every_name_in_a_policy_is_one_the_stack_puts_out() -> None:
    template = (ROOT / "infra" / "resources.yaml").read_text("utf-8")
    for function, given in policies().items():
        for name in {name for one in given for name in re.findall(r"\$\{(\w+)\}", one.resource)}:
            camel = "".join(part.capitalize() for part in name.split("_"))
            of_aws = name in ("AWS_REGION", "AWS_ACCOUNT_ID", "STAGE")
            assert of_aws or f"  {camel}:" in template or f"  {camel}Url:" in template, (function, name)


def test_nothing_was_called_that_is_not_granted(noted: set[tuple[str, ...]]) -> None:
    given = policies()
    missing = [one for one in sorted(noted) if not any(_allows(grant, *one[1:]) for grant in given[one[0]])]
    assert missing == []


def test_nothing_is_granted_that_was_not_called(noted: set[tuple[str, ...]]) -> None:
    idle = [
        f"{function} {grant.action} {grant.resource}"
        for function, given in policies().items()
        for grant in given
        if not _has_reason(function, grant)
        and not any(one[0] == function and _allows(grant, *one[1:]) for one in noted)
    ]
    assert idle == []


def _allows(grant: Grant, action: str, resource: str) -> bool:
    matches = fnmatchcase(resource, grant.resource.replace("[", "[[]"))
    return grant.action == action and matches != grant.but


def _has_reason(function: str, grant: Grant) -> bool:
    granted = f"{grant.action} {grant.resource}"
    reasons = [what if " " in what else f"{what} *" for who, what in NOT_SEEN if fnmatchcase(function, who)]
    return any(fnmatchcase(granted, what) for what in reasons)
