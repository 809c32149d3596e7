"""The stack that watches a deployment: alarms, a dashboard, and the firewall before the API.

It names the functions that Chalice made and the queues of the other stack, so it is made after both, and is
derived from them: a new function or dead-letter queue is watched without being listed anywhere.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from infra.deploy.build import Where, reviewed_config
from infra.deploy.functions import APP
from infra.deploy.settle import Made
from infra.deploy.stage import Stage

NAMESPACE = "instant110"
WINDOW_SECONDS = 300
"""Over which the firewall counts an address."""

REQUESTS_OF_ONE_ADDRESS = 200_000
"""In `WINDOW_SECONDS`, without filing and signing in: this stops one flooding machine and no town.

A carrier hides hundreds of phones behind one address. A page that follows its report asks 210 times, with
stills 370, and opens with 85 files: 500 phones that all open it and follow, 100 of them with stills, ask
163,500 times. A command centre's 40 seats behind one address, each with a panel open, ask 36,000 times. It
is 667 a second, less than a quarter of what the stage lets through (`Stage.requests_per_second`).
"""

SIGN_INS_OF_ONE_ADDRESS = 10_000
"""In `WINDOW_SECONDS`, counted apart, so that those who follow keep nobody from signing in to report.

The same 500 phones, each sending WeChat's code and then its number's four times over, ask 4,000 times. It is
there at all because each is a question to WeChat, which counts them too.
"""

FILING = "reports/[^/]+"
"""Each way to file is one segment; what belongs to a report already filed has more."""

SIGNING_IN = "session(/phone)?"

STREAM_ALARMS: Mapping[str, tuple[str, int]] = {
    "state_changed": ("FeedAge", 10_000),
    "table_changed": ("StreamAge", 60_000),
}
"""By function: the alarm, and how many milliseconds late a change may be. The feed is what rings."""

Resource = dict[str, Any]


def watching(where: Where, made: Made, stage: Stage) -> str:
    """The template, as JSON."""
    resources = {
        # No key: CloudWatch may not use SNS's own (alias/aws/sns), and what an alarm says is nobody's secret.
        "Alarms": {"Type": "AWS::SNS::Topic"},
        **_mail(stage),
        **dict(_of_functions(made)),
        **dict(_of_dead_letters(where)),
        **dict(_of_the_service(where, made, stage)),
        "Firewall": _firewall(),
    }
    alarms = [name for name, one in resources.items() if one["Type"] == "AWS::CloudWatch::Alarm"]
    resources["Dashboard"] = _dashboard(where, made, alarms)
    described = f"What watches instant110 {where.stage}: alarms, a dashboard, the firewall before its API"
    return json.dumps(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": described,
            "Resources": resources,
            "Outputs": {"FirewallArn": {"Value": {"Fn::GetAtt": ["Firewall", "Arn"]}}},
        }
    )


def _mail(stage: Stage) -> dict[str, Resource]:
    if not stage.alarm_email:
        return {}
    properties = {"TopicArn": {"Ref": "Alarms"}, "Protocol": "email", "Endpoint": stage.alarm_email}
    return {"AlarmsByMail": {"Type": "AWS::SNS::Subscription", "Properties": properties}}


def _of_functions(made: Made) -> Iterable[tuple[str, Resource]]:
    for name, arn in sorted(made.functions.items()):
        of_it = {"FunctionName": arn.rpartition(":")[2]}
        title = _logical(name)
        yield f"{title}Errors", _alarm("AWS/Lambda", "Errors", of_it, above=0)
        yield f"{title}Throttles", _alarm("AWS/Lambda", "Throttles", of_it, above=0)
    for name in sorted(made.mappings):
        if (alarm := STREAM_ALARMS.get(name.rpartition("-")[2])) is not None:
            title, late_ms = alarm
            of_it = {"FunctionName": name}
            yield title, _alarm("AWS/Lambda", "IteratorAge", of_it, above=late_ms, statistic="Maximum")


def _of_dead_letters(where: Where) -> Iterable[tuple[str, Resource]]:
    names = where.names()
    queues = [name for name in names if name.endswith("_DEAD_LETTERS") or name == "SET_ASIDE_QUEUE"]
    for name in sorted(queues):
        of_it = {"QueueName": names[name]}
        visible = "ApproximateNumberOfMessagesVisible"
        yield _logical(name), _alarm("AWS/SQS", visible, of_it, above=0, statistic="Maximum")


def _of_the_service(where: Where, made: Made, stage: Stage) -> Iterable[tuple[str, Resource]]:
    ours = {"service": f"instant110-{where.stage}"}
    api = {"ApiName": APP}
    yield "ServerFaults", _alarm("AWS/ApiGateway", "5XXError", api, above=0)
    # NENA asks for 95 % within 20 s; nobody may still be waiting after a minute.
    yield "Unanswered", _alarm(NAMESPACE, "UnansweredSeconds", ours, above=60, statistic="Maximum")
    yield "RecordingGaps", _alarm(NAMESPACE, "RecordingGaps", ours, above=0)
    spend = stage.alarm_text_spend_usd
    yield "TextSpend", _alarm("AWS/SNS", "SMSMonthToDateSpentUSD", {}, above=spend, statistic="Maximum")


def _alarm(
    namespace: str, metric: str, dimensions: Mapping[str, str], *, above: float, statistic: str = "Sum"
) -> Resource:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            "Statistic": statistic,
            "Period": 60,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": above,
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "Alarms"}],
            "OKActions": [{"Ref": "Alarms"}],
        },
    }


def _firewall() -> Resource:
    """Limits for one address and what is known to be an attack; nothing that looks at a citizen's words.

    A report is never refused by an address's count. What blocks is a rate alone, because API Gateway answers
    whatever is blocked as something to be tried again (`settle.REFUSALS`, WAF_FILTERED).
    """
    known = {"VendorName": "AWS", "Name": "AWSManagedRulesAmazonIpReputationList"}
    counted = {"NotStatement": {"Statement": _posted(f"({FILING}|{SIGNING_IN})")}}
    rules = [
        _rate("one-address", 0, REQUESTS_OF_ONE_ADDRESS, of=counted),
        {
            "Name": "ill-reputed",
            "Priority": 1,
            "OverrideAction": {"Count": {}},
            "Statement": {"ManagedRuleGroupStatement": known},
            "VisibilityConfig": _measured("ill-reputed"),
        },
        _rate("sign-ins-of-one-address", 2, SIGN_INS_OF_ONE_ADDRESS, of=_posted(SIGNING_IN)),
    ]
    firewall = {
        "Scope": "REGIONAL",
        "DefaultAction": {"Allow": {}},
        "Rules": rules,
        "VisibilityConfig": _measured("instant110"),
    }
    return {"Type": "AWS::WAFv2::WebACL", "Properties": firewall}


def _rate(name: str, priority: int, limit: int, *, of: Resource) -> Resource:
    counting = {
        "Limit": limit,
        "EvaluationWindowSec": WINDOW_SECONDS,
        "AggregateKeyType": "IP",
        "ScopeDownStatement": of,
    }
    return {
        "Name": name,
        "Priority": priority,
        "Action": {"Block": {}},
        "Statement": {"RateBasedStatement": counting},
        "VisibilityConfig": _measured(name),
    }


def _posted(paths: str) -> Resource:
    """A POST to one of these paths, under the bureau's domain or behind the API's stage."""
    as_it_came = [{"Priority": 0, "Type": "NONE"}]
    method = {
        "FieldToMatch": {"Method": {}},
        "SearchString": "POST",
        "PositionalConstraint": "EXACTLY",
        "TextTransformations": as_it_came,
    }
    path = {
        "FieldToMatch": {"UriPath": {}},
        "RegexString": f"^(/{reviewed_config()['api_gateway_stage']})?/{paths}$",
        "TextTransformations": as_it_came,
    }
    return {"AndStatement": {"Statements": [{"ByteMatchStatement": method}, {"RegexMatchStatement": path}]}}


def _measured(name: str) -> Resource:
    return {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": True, "MetricName": name}


def _dashboard(where: Where, made: Made, alarms: list[str]) -> Resource:
    functions = [arn.rpartition(":")[2] for _, arn in sorted(made.functions.items())]
    api = ["AWS/ApiGateway", "Latency", "ApiName", APP, {"stat": "p95"}]
    ours = ["service", f"instant110-{where.stage}"]
    widgets = [
        _graph(
            where, "报警等待秒数 · oldest unanswered", [[NAMESPACE, "UnansweredSeconds", *ours]], "Maximum"
        ),
        _graph(where, "等待起数 · waiting", [[NAMESPACE, "Unanswered", *ours]], "Maximum"),
        _graph(where, "接口耗时 · latency p95", [api], "p95"),
        _graph(
            where, "故障 · errors", [["AWS/Lambda", "Errors", "FunctionName", f] for f in functions], "Sum"
        ),
        _graph(
            where,
            "耗时 · duration p95",
            [["AWS/Lambda", "Duration", "FunctionName", f] for f in functions],
            "p95",
        ),
    ]
    arns = [{"Fn::GetAtt": [name, "Arn"]} for name in alarms]
    places = {f"A{n}": arn for n, arn in enumerate(arns)}
    states = {
        "type": "alarm",
        "width": 24,
        "height": 4,
        "properties": {"alarms": [f"${{{n}}}" for n in places]},
    }
    body = json.dumps({"widgets": [states, *widgets]}, ensure_ascii=False)
    name = f"instant110-{where.stage}"
    properties = {"DashboardName": name, "DashboardBody": {"Fn::Sub": [body, places]}}
    return {"Type": "AWS::CloudWatch::Dashboard", "Properties": properties}


def _graph(where: Where, title: str, metrics: list[list[Any]], statistic: str) -> dict[str, Any]:
    shown = {"title": title, "metrics": metrics, "stat": statistic, "period": 60, "region": where.region}
    return {"type": "metric", "width": 12, "height": 6, "properties": shown}


def _logical(name: str) -> str:
    """A function's or output's name as CloudFormation takes one: `table_changed` becomes `TableChanged`."""
    return "".join(part.capitalize() for part in name.split("_"))
