"""A stage's file, the regions it may name, and what its settings make of the app."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from infra.deploy.build import Where, environment_of
from infra.deploy.policies import UnknownName, fill
from infra.deploy.stage import DeployRefused, Stage, read_stage, refuse_region
from infra.deploy.vendor import locked_packages, needed
from tests.deploy.samples import OUTPUTS, REGION
from tests.machine import ROOT


def stage_file(folder: Path, **fields: object) -> Path:
    (folder / "bureau.json").write_text(json.dumps({"region": REGION, **fields}))
    return folder


@pytest.mark.parametrize(
    ("region", "reason"),
    [
        ("cn-north-1", "China partition"),
        ("cn-northwest-1", "China partition"),
        ("ap-east-1", "does not offer texts by SNS;"),
        ("eu-north-1", "does not offer Kinesis Video WebRTC signaling;"),
        ("us-gov-west-1", "signaling nor texts"),
    ],
)
def test_a_region_without_calls_or_texts_is_refused_with_the_reason(region: str, reason: str) -> None:
    with pytest.raises(DeployRefused, match=reason):
        refuse_region(region)


def test_a_region_with_both_is_taken(tmp_path: Path) -> None:
    assert read_stage("bureau", folder=stage_file(tmp_path)).region == REGION


@pytest.mark.parametrize("name", ["local", "Bureau", "a-name-that-is-too-long", "x/y", ""])
def test_a_name_that_resources_could_not_have_is_refused(name: str) -> None:
    with pytest.raises(DeployRefused, match="no name of a stage"):
        read_stage(name)


def test_a_field_that_nothing_reads_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeployRefused, match="evidence_days"):
        read_stage("bureau", folder=stage_file(tmp_path, evidence_days=5))


def test_a_variable_that_no_setting_reads_is_refused() -> None:
    where = Where(stage="check", account_id="0", region=REGION, outputs=OUTPUTS)
    with pytest.raises(DeployRefused, match="WECHAT_APPID"):
        environment_of(where, Stage(region=REGION, environment={"WECHAT_APPID": "wx"}), public_url="")


def test_a_policy_that_names_what_no_stack_has_is_not_filled() -> None:
    with pytest.raises(UnknownName, match="NO_SUCH_TABLE"):
        fill('{"Resource": "${NO_SUCH_TABLE}"}', OUTPUTS)


def test_a_library_that_is_not_locked_is_not_packaged() -> None:
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    assert locked_packages(lock, needed()).count("==") == len(needed())
    with pytest.raises(LookupError, match="no-such-library"):
        locked_packages(lock, {"no-such-library"})


def test_wechats_file_stands_at_the_root_under_its_own_name() -> None:
    code = """
from app import app
event = {"requestContext": {"httpMethod": "GET", "resourcePath": "/MP_x1.txt", "identity": {}}, "headers": {},
         "multiValueQueryStringParameters": None, "pathParameters": None, "stageVariables": None,
         "body": None, "isBase64Encoded": False}
print(app(event, None)["body"], end="")
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "WECHAT_VERIFICATION": "MP_x1.txt=a=b"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("a=b", 0), done.stderr


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"domain": "https://110.example.gov.cn", "certificate_arn": "arn"}, "no name like"),
        ({"domain": "110.example.gov.cn"}, "go together"),
        ({"certificate_arn": "arn"}, "go together"),
    ],
)
def test_a_domain_is_a_plain_name_with_its_certificate(
    tmp_path: Path, fields: dict[str, str], reason: str
) -> None:
    with pytest.raises(DeployRefused, match=reason):
        read_stage("bureau", folder=stage_file(tmp_path, **fields))


def test_people_know_the_service_by_its_domain_unless_another_address_is_told() -> None:
    stage = Stage(region=REGION, domain="110.example.gov.cn", certificate_arn="arn")
    assert stage.own_url == "https://110.example.gov.cn"
    assert replace(stage, public_url="https://sos.example").own_url == "https://sos.example"
    assert Stage(region=REGION).own_url == ""
