"""What `chalice package` makes of the app: every trigger a function, every route with its authorizer."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.build import Where, build, reviewed_config
from infra.deploy.functions import run_chalice
from infra.deploy.package import complete_file
from infra.deploy.policies import fill, policy_file
from infra.deploy.settle import Made
from infra.deploy.stage import Stage
from infra.deploy.watching import watching
from tests.deploy.samples import ACCOUNT, OUTPUTS, REGION
from tests.project.conftest import ROOT

WHERE = Where(stage="check", account_id=ACCOUNT, region=REGION, outputs=OUTPUTS)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged app without its libraries, which need a network; its template is the real one."""
    folder = tmp_path_factory.mktemp("package") / "app"
    build(WHERE, Stage(region=REGION), public_url="https://110.example", folder=folder, libraries=False)
    run_chalice("package", folder, "check", str(folder.parent / "out"), region=REGION)
    return folder.parent / "out"


@pytest.fixture(scope="module")
def resources(package: Path) -> dict[str, Any]:
    template: dict[str, Any] = json.loads((package / "sam.json").read_text("utf-8"))
    found: dict[str, Any] = template["Resources"]
    return found


def test_the_packaged_template_passes_cfn_lint(package: Path) -> None:
    _run("cfn-lint", "--regions", REGION, "--template", str(package / "sam.json"), cwd=package)


def test_completed_for_cloudformation_it_still_passes(package: Path, tmp_path: Path) -> None:
    path = tmp_path / "sam.json"
    path.write_text((package / "sam.json").read_text("utf-8"))
    dead_letters_arn = OUTPUTS["STREAM_DEAD_LETTERS_ARN"]
    complete_file(path, dead_letters_arn=dead_letters_arn, requests_per_second=3000, burst=5000)
    _run("cfn-lint", "--regions", REGION, "--template", str(path), cwd=tmp_path)
    resources = json.loads(path.read_text("utf-8"))["Resources"]
    for function in ("StateChanged", "TableChanged"):
        (event,) = resources[function]["Properties"]["Events"].values()
        assert event["Properties"]["BisectBatchOnFunctionError"] is True
        assert event["Properties"]["ParallelizationFactor"] == 4
        assert event["Properties"]["DestinationConfig"]["OnFailure"]["Destination"] == dead_letters_arn


def test_the_watching_stack_passes_cfn_lint(tmp_path: Path) -> None:
    functions = {
        name: f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:instant110-check-{name}" for name in ("a", "b")
    }
    mappings = {f"instant110-check-{name}": "uuid" for name in ("state_changed", "table_changed")}
    made = Made(functions=functions, api_id="abc", mappings=mappings)
    template = watching(WHERE, made, Stage(region=REGION, alarm_email="duty@police.example"))
    (tmp_path / "watch.json").write_text(template)
    _run("cfn-lint", "--regions", REGION, "--template", "watch.json", cwd=tmp_path)


def test_the_stacks_template_passes_cfn_lint() -> None:
    _run("cfn-lint", "--regions", REGION, "--template", "infra/resources.yaml", cwd=ROOT)


def test_every_trigger_and_authorizer_becomes_a_function(app: Any, resources: dict[str, Any]) -> None:
    handlers = {
        one["Properties"]["Handler"]
        for one in resources.values()
        if one["Type"] == "AWS::Serverless::Function"
    }
    own = {source.handler_string for source in (*app.event_sources, *app.builtin_auth_handlers)}
    assert handlers == {*own, "app.app"}


def test_the_stream_is_read_from_its_beginning(resources: dict[str, Any]) -> None:
    (event,) = resources["TableChanged"]["Properties"]["Events"].values()
    assert event["Properties"]["StartingPosition"] == "TRIM_HORIZON"


def test_the_api_is_regional_and_holds_every_route_with_its_security(
    app: Any, resources: dict[str, Any]
) -> None:
    api = resources["RestAPI"]["Properties"]
    assert api["EndpointConfiguration"] == "REGIONAL"
    for path, methods in app.routes.items():
        for method, entry in methods.items():
            described = api["DefinitionBody"]["paths"][path][method.lower()]
            assert ("security" in described) == (entry.authorizer is not None), (method, path)


def test_what_the_api_takes_as_bytes_is_what_the_app_says(app: Any, resources: dict[str, Any]) -> None:
    types = resources["RestAPI"]["Properties"]["DefinitionBody"]["x-amazon-apigateway-binary-media-types"]
    assert set(types) == set(app.api.binary_types)


def test_citizens_are_checked_by_our_function_and_staff_by_cognito(resources: dict[str, Any]) -> None:
    schemes = resources["RestAPI"]["Properties"]["DefinitionBody"]["securityDefinitions"]
    assert schemes["staff"]["x-amazon-apigateway-authorizer"]["providerARNs"] == [OUTPUTS["STAFF_POOL_ARN"]]
    assert schemes["citizen"]["x-amazon-apigateway-authorizer"]["authorizerResultTtlInSeconds"] == 300


def test_every_function_has_the_settings_and_the_policy_that_were_reviewed(resources: dict[str, Any]) -> None:
    configured = reviewed_config()["lambda_functions"]
    for name, one in configured.items():
        title = "APIHandler" if name == "api_handler" else "".join(map(str.capitalize, name.split("_")))
        function = resources[title]["Properties"]
        assert function["MemorySize"] == one["lambda_memory_size"], name
        assert function["Timeout"] == one["lambda_timeout"], name
        assert function.get("ReservedConcurrentExecutions") == one.get("reserved_concurrency"), name
        assert function["Tracing"] == "Active", name
        assert function["Environment"]["Variables"]["INCIDENTS_TABLE"] == OUTPUTS["INCIDENTS_TABLE"], name
        role = resources[function["Role"]["Fn::GetAtt"][0]]["Properties"]
        (policy,) = role["Policies"]
        text = policy_file(ROOT / ".chalice", name).read_text("utf-8")
        assert policy["PolicyDocument"] == json.loads(fill(text, WHERE.names())), name


def _run(program: str, *arguments: str, cwd: Path) -> None:
    environment = {
        **{k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")},
        "AWS_DEFAULT_REGION": REGION,
    }
    done = subprocess.run(
        [str(Path(sys.executable).parent / program), *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
