"""The stack that watches: what its firewall counts, and that its alarms reach somebody."""

import json
import re
from typing import Any

import pytest

from infra.deploy.build import Where
from infra.deploy.settle import Made
from infra.deploy.stage import Stage
from infra.deploy.watching import REQUESTS_OF_ONE_ADDRESS, SIGN_INS_OF_ONE_ADDRESS, watching
from tests.bench.cost_rates import FIREWALL
from tests.deploy.samples import ACCOUNT, OUTPUTS, REGION

STAGE = Stage(region=REGION, alarm_email="duty@police.example")
FILING = {("POST", f"/reports/{mode}") for mode in ("photo-text", "video110", "silent", "voice", "fengqiao")}
SIGNING_IN = {("POST", "/session"), ("POST", "/session/phone")}
OFFICE = 40 * 900
"""What forty seats ask in five minutes, each with a panel open."""


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    """The template's resources for a deployment that was never made."""
    where = Where(stage="check", account_id=ACCOUNT, region=REGION, outputs=OUTPUTS)
    made = Made(functions={}, api_id="abc", mappings={})
    found: dict[str, Any] = json.loads(watching(where, made, STAGE))["Resources"]
    return found


@pytest.fixture(scope="module")
def counts(resources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The rules that block: each one's rate, by its name."""
    rules = resources["Firewall"]["Properties"]["Rules"]
    return {one["Name"]: one["Statement"]["RateBasedStatement"] for one in rules if "Action" in one}


def test_each_rule_of_the_firewall_is_in_the_price_of_a_month(resources: dict[str, Any]) -> None:
    assert len(resources["Firewall"]["Properties"]["Rules"]) == FIREWALL["firewall_rule_months"]


def test_a_report_is_counted_by_no_address_and_signing_in_apart_from_the_rest(
    app: Any, counts: dict[str, dict[str, Any]]
) -> None:
    asked = {(method, path) for path, methods in app.routes.items() for method in methods}
    assert asked >= FILING | SIGNING_IN
    for stage in ("", "/v1"):
        counted = {
            name: {one for one in asked if _counts(rate, *one, stage)} for name, rate in counts.items()
        }
        assert counted == {
            "one-address": asked - FILING - SIGNING_IN,
            "sign-ins-of-one-address": SIGNING_IN,
        }


def test_a_town_behind_one_address_is_let_through_and_one_machine_never_takes_all(
    counts: dict[str, dict[str, Any]],
) -> None:
    assert {rate["EvaluationWindowSec"] for rate in counts.values()} == {300}
    assert counts["one-address"]["Limit"] == REQUESTS_OF_ONE_ADDRESS > OFFICE
    assert counts["sign-ins-of-one-address"]["Limit"] == SIGN_INS_OF_ONE_ADDRESS
    assert STAGE.requests_per_second / 4 > REQUESTS_OF_ONE_ADDRESS / 300


def test_only_what_an_address_asks_too_often_is_blocked(resources: dict[str, Any]) -> None:
    """Or `WAF_FILTERED`, which says that it is to be tried again, would say it of a refusal."""
    firewall = resources["Firewall"]["Properties"]
    assert firewall["DefaultAction"] == {"Allow": {}}
    for rule in firewall["Rules"]:
        assert "RateBasedStatement" in rule["Statement"] or rule["OverrideAction"] == {"Count": {}}


def test_every_alarm_goes_to_a_topic_that_cloudwatch_may_publish_to(resources: dict[str, Any]) -> None:
    """Of AWS's own key for SNS nobody can say that CloudWatch may use it; without a key it publishes."""
    assert "KmsMasterKeyId" not in resources["Alarms"].get("Properties", {})
    alarms = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    assert alarms
    for alarm in alarms:
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "Alarms"}]
    by_mail = resources["AlarmsByMail"]["Properties"]
    assert (by_mail["TopicArn"], by_mail["Endpoint"]) == ({"Ref": "Alarms"}, STAGE.alarm_email)


def _counts(rate: dict[str, Any], method: str, path: str, stage: str) -> bool:
    """Whether a rate counts a request, as AWS WAF reads its scope."""
    return _matches(rate["ScopeDownStatement"], method, stage + re.sub(r"\{\w+\}", "a7-x_Y", path))


def _matches(statement: dict[str, Any], method: str, path: str) -> bool:
    ((kind, how),) = statement.items()
    if kind == "NotStatement":
        return not _matches(how["Statement"], method, path)
    if kind == "AndStatement":
        return all(_matches(one, method, path) for one in how["Statements"])
    looked_at = {"Method": method, "UriPath": path}[next(iter(how["FieldToMatch"]))]
    if kind == "ByteMatchStatement":
        assert how["PositionalConstraint"] == "EXACTLY"
        return bool(looked_at == how["SearchString"])
    assert kind == "RegexMatchStatement"
    return re.search(how["RegexString"], looked_at) is not None
