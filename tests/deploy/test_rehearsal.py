"""The whole deploy, rehearsed on an empty local AWS: first, again, changed, taken back, taken down.

Rehearsed only: what API Gateway makes of the API (the emulator takes any), whether Lambda can run the code
(`test_package.py` unpacks it), and that the firewall and alarms work. One account serves all tests, in order.
"""

import json
import shutil
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from infra.deploy.policies import grants
from infra.deploy.settle import REFUSALS, STREAM_AGE_SECONDS
from infra.local.stack import upper_snake
from infra.restore.copies import NEEDED
from tests.deploy.rehearsal import STAGE, Rehearsal, rehearsal

pytestmark = pytest.mark.timeout(400)

DOMAIN = "110.example.gov.cn"


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """The account after a changed deploy, what that said, and the restored table that it put into service."""

    account: Rehearsal
    said: str
    restored: str


def domain_of(account: Rehearsal) -> dict[str, str]:
    """The bureau's domain with its certificate, which the account has from the first time on."""
    certificates = account.client("acm")
    listed = certificates.list_certificates()["CertificateSummaryList"]
    arn = listed[0]["CertificateArn"] if listed else None
    arn = arn or certificates.request_certificate(DomainName=DOMAIN)["CertificateArn"]
    return {"domain": DOMAIN, "certificate_arn": arn}


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """An account where the engineer has not yet put WeChat's secret."""
    with rehearsal(tmp_path_factory.mktemp("account")) as account:
        yield account


@pytest.fixture(scope="module")
def deployed(account: Rehearsal) -> Rehearsal:
    """The account after the first deploy."""
    account.provide_wechat_secret()
    account.deploy()
    return account


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(account: Rehearsal) -> None:
    account.set_stage(**domain_of(account))
    done = account.run("deploy", "--dry-run")
    account.set_stage()
    assert done.returncode == 0, done.stderr
    assert "IncidentsTable" in done.stdout
    assert "function table_changed" in done.stdout
    assert f"domain {DOMAIN}: made; / to the API, TLS 1.2 or newer" in done.stdout
    assert account.client("apigateway").get_domain_names().get("items", []) == []
    assert account.client("dynamodb").list_tables()["TableNames"] == []
    assert account.functions() == {}


def test_without_wechats_secret_nothing_runs_and_the_reason_is_said(account: Rehearsal) -> None:
    done = account.run("deploy", "--rehearse")
    assert done.returncode == 1
    assert f"/instant110/{STAGE}/wechat-app-secret" in done.stderr
    assert account.functions() == {}


def test_every_function_has_its_environment_from_the_stack_and_the_stage(
    deployed: Rehearsal, app: Any
) -> None:
    functions = deployed.functions()
    triggers = [*app.event_sources, *app.builtin_auth_handlers]
    assert set(functions) == {f"instant110-{STAGE}", *(f"instant110-{STAGE}-{one.name}" for one in triggers)}
    (api,) = deployed.apis()
    for name, function in functions.items():
        environment = function["Environment"]["Variables"]
        assert environment["STAGE"] == STAGE, name
        assert environment["INCIDENTS_TABLE"] == deployed.outputs()["IncidentsTable"], name
        assert environment["WECHAT_APP_ID"] == "wx0110011001100110", name
        assert environment["PUBLIC_URL"] == f"https://{api}.execute-api.ap-southeast-1.amazonaws.com/v1", name
        assert "unset" not in json.dumps(environment), name


def test_every_function_has_a_role_of_its_own_with_the_reviewed_policy(deployed: Rehearsal) -> None:
    iam = deployed.client("iam")
    roles = {name: one["Role"].rpartition("/")[2] for name, one in deployed.functions().items()}
    assert len(set(roles.values())) == len(roles)
    for name, role in roles.items():
        (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        text = json.dumps(document) if isinstance(document, dict) else document
        assert "${" not in text, name
        assert f":log-group:/aws/lambda/{name}:*" in text
        assert len(list(grants(text))) > 2


def test_the_sources_retry_as_chalice_cannot_tell_them(deployed: Rehearsal) -> None:
    listed = deployed.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    by_function = {one["FunctionArn"].rpartition("-")[2]: one for one in listed}
    assert set(by_function) == {"state_changed", "table_changed", "object_stored", "timer_due"}
    for mapping in by_function.values():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    for stream in (by_function["state_changed"], by_function["table_changed"]):
        assert stream["EventSourceArn"] == deployed.outputs()["IncidentsStreamArn"]
        assert stream["StartingPosition"] == "TRIM_HORIZON"
        assert stream["BisectBatchOnFunctionError"] is True
        assert stream["ParallelizationFactor"] == 4
        assert stream["MaximumRecordAgeInSeconds"] == STREAM_AGE_SECONDS
        dead_letters = deployed.outputs()["StreamDeadLettersArn"]
        assert stream["DestinationConfig"]["OnFailure"]["Destination"] == dead_letters
    assert by_function["timer_due"]["ScalingConfig"]["MaximumConcurrency"] == 20


def test_the_sweep_and_the_keeper_run_each_minute(deployed: Rehearsal) -> None:
    events, runs = deployed.client("events"), set()
    for rule in events.list_rules()["Rules"]:
        assert rule["ScheduleExpression"] == "rate(1 minute)"
        (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        runs.add(target["Arn"].rpartition("-")[2])
    assert runs == {"sweep", "keeper"}


def test_the_gateways_own_answers_are_problems_and_the_stage_is_deployed_after_them(
    deployed: Rehearsal,
) -> None:
    (api,) = deployed.apis()
    given = deployed.client("apigateway").get_gateway_responses(restApiId=api, limit=500)["items"]
    own = {one["responseType"]: one for one in given if not one.get("defaultResponse")}
    assert set(REFUSALS) <= set(own)
    unknown = own["MISSING_AUTHENTICATION_TOKEN"]
    assert unknown["statusCode"] == "404"
    assert json.loads(unknown["responseTemplates"]["application/json"]) == {
        "type": "route-not-found",
        "title": "No such address here",
        "status": 404,
    }
    headers = {name.rpartition(".")[2] for name in unknown["responseParameters"]}
    assert {"Cache-Control", "Strict-Transport-Security", "X-Content-Type-Options"} <= headers
    calls = [one for one in deployed.asked if one.startswith(("PUT", "POST")) and "/restapis/" in one]
    last_answer = max(place for place, one in enumerate(calls) if "gatewayresponses" in one)
    assert any("/deployments" in one for one in calls[last_answer:])


def test_every_function_has_a_log_with_an_end(deployed: Rehearsal) -> None:
    listed = deployed.client("logs").describe_log_groups()["logGroups"]
    kept = {one["logGroupName"]: one["retentionInDays"] for one in listed}
    assert kept == {f"/aws/lambda/{name}": 180 for name in deployed.functions()}


def test_lines_are_there_to_lease(deployed: Rehearsal) -> None:
    key = {":kind": {"S": "line"}}
    found = deployed.client("dynamodb").query(
        TableName=deployed.outputs()["DeskTable"],
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues=key,
    )
    assert found["Count"] == 2


def test_every_function_and_every_dead_letter_is_watched(deployed: Rehearsal) -> None:
    alarms = deployed.client("cloudwatch").describe_alarms(MaxRecords=100)["MetricAlarms"]
    watched = {(one["MetricName"], *(d["Value"] for d in one["Dimensions"])) for one in alarms}
    for name in deployed.functions():
        assert ("Errors", name) in watched
    outputs = deployed.outputs()
    queues = [value for name, value in outputs.items() if name.endswith("DeadLetters")]
    queues.append(outputs["SetAsideQueueUrl"].rpartition("/")[2])
    for queue in queues:
        assert ("ApproximateNumberOfMessagesVisible", queue) in watched
    for name in ("state_changed", "table_changed"):
        assert ("IteratorAge", f"instant110-{STAGE}-{name}") in watched


def test_a_second_deploy_from_another_copy_changes_nothing_and_makes_no_second_api(
    deployed: Rehearsal,
) -> None:
    before, arns = deployed.apis(), {name: one["FunctionArn"] for name, one in deployed.functions().items()}
    shutil.rmtree(deployed.build)
    said = deployed.deploy()
    assert f"stack instant110-{STAGE}: 0 changes" in said
    assert f"stack instant110-{STAGE}-watch: 0 changes" in said
    assert deployed.apis() == before
    assert {name: one["FunctionArn"] for name, one in deployed.functions().items()} == arns
    mappings = deployed.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert len(mappings) == 4
    assert len(deployed.client("events").list_rules()["Rules"]) == 2


@pytest.fixture(scope="module")
def changed(deployed: Rehearsal) -> Changed:
    """Another setting, the bureau's domain and a restored table, all by one deploy."""
    restored = _restored(deployed)
    tables = {"IncidentsTable": restored}
    environment = {"WECHAT_APP_ID": "wx0000000000000002"}
    deployed.set_stage(environment=environment, restored_tables=tables, **domain_of(deployed))
    return Changed(account=deployed, said=deployed.deploy(), restored=restored)


def test_the_bureaus_domain_leads_to_the_api_and_people_know_the_service_by_it(changed: Changed) -> None:
    account = changed.account
    gateway, (api,) = account.client("apigateway"), account.apis()
    (domain,) = gateway.get_domain_names()["items"]
    assert (domain["domainName"], domain["securityPolicy"]) == (DOMAIN, "TLS_1_2")
    assert domain["regionalCertificateArn"] == domain_of(account)["certificate_arn"]
    assert domain["endpointConfiguration"]["types"] == ["REGIONAL"]
    (mapping,) = gateway.get_base_path_mappings(domainName=DOMAIN)["items"]
    assert (mapping["basePath"], mapping["restApiId"], mapping["stage"]) == ("(none)", api, "v1")
    assert f"DNS: {DOMAIN}. CNAME {domain['regionalDomainName']}." in changed.said
    for function in account.functions().values():
        assert function["Environment"]["Variables"]["PUBLIC_URL"] == f"https://{DOMAIN}"


def test_a_restored_table_is_put_into_service_by_the_stages_file_alone(changed: Changed) -> None:
    account = changed.account
    desk = account.outputs()["DeskTable"]
    for name, function in account.functions().items():
        assert function["Environment"]["Variables"]["INCIDENTS_TABLE"] == changed.restored, name
        assert function["Environment"]["Variables"]["DESK_TABLE"] == desk, name
    described = account.client("dynamodb").describe_table(TableName=changed.restored)["Table"]
    assert _streams_read(account) == [described["LatestStreamArn"]] * 2
    done = account.run("rollback", "--rehearse")
    assert done.returncode == 1
    assert "built for other tables: INCIDENTS_TABLE" in done.stderr


def test_a_change_reaches_every_function_and_a_rollback_takes_it_back(changed: Changed) -> None:
    account = changed.account
    assert _app_ids(account) == {"wx0000000000000002"}
    account.set_stage(**domain_of(account))
    done = account.run("rollback", "--rehearse")
    assert done.returncode == 0, done.stderr
    assert _app_ids(account) == {"wx0110011001100110"}
    assert _streams_read(account) == [account.outputs()["IncidentsStreamArn"]] * 2
    assert len(account.apis()) == 1


def _streams_read(account: Rehearsal) -> list[str]:
    listed = account.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    return [one["EventSourceArn"] for one in listed if ":dynamodb:" in one["EventSourceArn"]]


def _restored(account: Rehearsal) -> str:
    """The incidents' table, restored by `make restore-drill … KEEP=1` and given the stream it lacks."""
    tables, outputs = account.client("dynamodb"), account.outputs()
    for output in NEEDED:
        name = next(value for key, value in outputs.items() if upper_snake(key) == output)
        tables.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
    place = ["--stages", str(account.directory), "--reports", str(account.directory), "--every", "1"]
    done = account.python("-m", "infra.restore", "--stage", STAGE, "--keep", *place)
    assert done.returncode == 0, done.stdout + done.stderr
    (report,) = account.directory.glob("restore-restored-*.json")
    copy: str = json.loads(report.read_text("utf-8"))["copies"]["INCIDENTS_TABLE"]
    assert f"update-table --table-name {copy} --stream-specification StreamEnabled=true" in done.stdout
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    tables.update_table(TableName=copy, StreamSpecification=stream)
    return copy


def test_a_lost_memory_is_refused_before_anything_runs(deployed: Rehearsal) -> None:
    bucket, key = deployed.outputs()["DeployBucket"], f"deployed/{STAGE}.json"
    memory = json.dumps(deployed.memory()).encode()
    deployed.client("s3").delete_object(Bucket=bucket, Key=key)
    try:
        done = deployed.run("deploy", "--rehearse")
    finally:
        deployed.client("s3").put_object(Bucket=bucket, Key=key, Body=memory)
    assert done.returncode == 1
    assert "second API" in done.stderr
    assert len(deployed.apis()) == 1


def test_taking_it_down_asks_twice_and_keeps_every_record(deployed: Rehearsal) -> None:
    assert deployed.run("teardown").returncode == 1
    assert deployed.functions() != {}
    done = deployed.run("teardown", "--confirm", STAGE)
    assert done.returncode == 0, done.stderr
    assert deployed.functions() == {}
    assert deployed.apis() == []
    outputs = deployed.outputs()
    assert {upper_snake(name) for name in outputs if name.endswith(("Table", "Bucket"))} <= set(
        done.stdout.replace(",", " ").split()
    )
    assert outputs["IncidentsTable"] in deployed.client("dynamodb").list_tables()["TableNames"]
    gateway = deployed.client("apigateway")
    assert [one["domainName"] for one in gateway.get_domain_names()["items"]] == [DOMAIN]
    assert gateway.get_base_path_mappings(domainName=DOMAIN).get("items", []) == []
    assert outputs["EvidenceBucket"] in [
        one["Name"] for one in deployed.client("s3").list_buckets()["Buckets"]
    ]


def _app_ids(account: Rehearsal) -> set[str]:
    return {one["Environment"]["Variables"]["WECHAT_APP_ID"] for one in account.functions().values()}
