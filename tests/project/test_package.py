"""What `chalice package` makes of the app: every trigger a function, every route with its authorizer."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.project.conftest import ROOT

REGION = "ap-southeast-1"
ACCOUNT = "000000000000"
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "check",
    "AWS_SECRET_ACCESS_KEY": "check",
    "INCIDENTS_STREAM_ARN": (
        f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/incidents/stream/2026-01-01T00:00:00.000"
    ),
    "STORED_OBJECTS_QUEUE_ARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:stored-objects",
    "TIMERS_QUEUE_ARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:timers",
    "STAFF_POOL_ARN": f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_check0000",
}
STAGE = {"manage_iam_role": False, "iam_role_arn": f"arn:aws:iam::{ACCOUNT}:role/check"}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged app without its libraries, which need a network; its template is the real one."""
    project = tmp_path_factory.mktemp("package")
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copy(ROOT / "app.py", project)
    shutil.copytree(ROOT / "chalicelib", project / "chalicelib", ignore=ignore)
    (project / "requirements.txt").write_text("")
    config = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))
    config["stages"] = {"check": STAGE}
    (project / ".chalice").mkdir()
    (project / ".chalice" / "config.json").write_text(json.dumps(config))
    _run("chalice", "package", "--stage", "check", str(project / "out"), cwd=project)
    return project / "out"


@pytest.fixture(scope="module")
def resources(package: Path) -> dict[str, Any]:
    template: dict[str, Any] = json.loads((package / "sam.json").read_text("utf-8"))
    found: dict[str, Any] = template["Resources"]
    return found


def test_the_packaged_template_passes_cfn_lint(package: Path) -> None:
    _run("cfn-lint", "--regions", REGION, "--template", str(package / "sam.json"), cwd=package)


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


def _run(program: str, *arguments: str, cwd: Path) -> None:
    environment = {**{k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}, **ENVIRONMENT}
    done = subprocess.run(
        [str(Path(sys.executable).parent / program), *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
