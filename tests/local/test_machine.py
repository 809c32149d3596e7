"""The machine comes up, stops and comes up again as one thing, and keeps what it holds."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.conftest import SAMPLE_APP
from tests.machine import PATIENCE, ROOT, HttpClient, OwnMachine, done, eventually

MakeMachine = Callable[..., OwnMachine]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeMachine]:
    """Makes machines with the sample app below this test's directory, and stops them at the end."""
    made: list[OwnMachine] = []

    def make_one(name: str = "state", **options: Any) -> OwnMachine:
        made.append(OwnMachine(tmp_path / name, environment=SAMPLE_APP, **options))
        return made[-1]

    yield make_one
    for machine in made:
        machine.stop()


def test_a_restart_keeps_items_objects_queues_secrets_and_accounts(make: MakeMachine) -> None:
    machine = make().start()
    outputs, ready = machine.outputs(), machine.ready
    first = _put_versions(machine, outputs["EvidenceBucket"], [b"one", b"two"])
    machine.client("dynamodb").put_item(
        TableName=outputs["CitizensTable"], Item={"citizen_id": {"S": "a"}, "n": {"N": "1"}}
    )
    machine.client("sqs").send_message(QueueUrl=outputs["SetAsideQueueUrl"], MessageBody="kept")
    secrets = _secrets(machine)
    assert machine.stop() == 0
    machine.start()

    assert machine.started_in_seconds < 10 * PATIENCE
    print(f"second start in {machine.started_in_seconds:.1f} s")
    assert (machine.outputs(), machine.accounts) == (outputs, ready["accounts"])
    item = machine.client("dynamodb").get_item(
        TableName=outputs["CitizensTable"], Key={"citizen_id": {"S": "a"}}
    )
    assert item["Item"]["n"] == {"N": "1"}
    assert _versions(machine, outputs["EvidenceBucket"], first) == [b"one", b"two"]
    received = machine.client("sqs").receive_message(QueueUrl=outputs["SetAsideQueueUrl"])
    assert received["Messages"][0]["Body"] == "kept"
    assert _secrets(machine) == secrets
    assert _can_sign_in(machine)


def test_uploads_are_still_announced_after_a_restart(make: MakeMachine) -> None:
    machine = make().start()
    machine.stop()
    machine.start()
    bucket = machine.outputs()["IntakeBucket"]
    machine.client("s3").put_object(Bucket=bucket, Key="after-restart", Body=b"x")
    assert eventually(lambda: "after-restart" in machine.anyone().get("/seen").text)


def test_the_evidence_bucket_keeps_what_it_got_until_its_time(make: MakeMachine) -> None:
    machine = make().start()
    bucket = machine.outputs()["EvidenceBucket"]
    [version] = _put_versions(machine, bucket, [b"one"])
    s3 = machine.client("s3")
    with pytest.raises(Exception, match="AccessDenied"):
        s3.delete_object(Bucket=bucket, Key="key", VersionId=version)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_clean_and_quick_and_takes_the_ready_file_with_it(
    make: MakeMachine, number: signal.Signals
) -> None:
    machine = make().start()
    assert (machine.directory / "ready.json").exists()
    began_at = time.monotonic()
    assert machine.stop(number) == 0
    assert time.monotonic() - began_at < 5
    assert not (machine.directory / "ready.json").exists()
    with pytest.raises(OSError, match="refused"):
        machine.anyone().get("/", timeout=2)
    with pytest.raises(OSError, match="refused"):
        machine.texts()


def test_ctrl_c_in_the_terminal_reaches_all_of_it_and_the_state_is_still_kept(make: MakeMachine) -> None:
    machine = make().start()
    assert machine.process is not None
    accounts = machine.accounts
    os.killpg(machine.process.pid, signal.SIGINT)
    assert machine.process.wait(10) == 0
    assert machine.start().accounts == accounts
    assert _can_sign_in(machine)


def test_the_local_aws_ends_in_order_when_the_machine_is_killed(make: MakeMachine) -> None:
    machine = make().start()
    assert machine.stop(signal.SIGKILL) == -signal.SIGKILL
    machine.start()
    assert _can_sign_in(machine)


def test_two_run_side_by_side_and_share_nothing(make: MakeMachine) -> None:
    one, other = make("one").start(), make("other").start()
    assert len({one.url, other.url, one.aws_endpoint, other.aws_endpoint}) == 4
    assert one.accounts != other.accounts
    assert done(one.anyone().get("/")) == done(other.anyone().get("/")) == {"up": True}


def test_the_asked_port_is_honoured_and_a_taken_one_is_refused_with_a_reason(make: MakeMachine) -> None:
    one = make("one").start()
    port = one.url.rsplit(":", 1)[1]
    refused = _run_briefly(one.directory.with_name("other"), port=port)
    assert refused.returncode == 1
    assert f"port {port} is taken" in refused.stderr
    one.stop()
    assert make("one", port=int(port)).start().url == one.url


def test_a_second_machine_on_the_same_state_is_refused_with_a_reason(make: MakeMachine) -> None:
    one = make().start()
    refused = _run_briefly(one.directory, port="0")
    assert refused.returncode == 1
    assert "in use" in refused.stderr
    assert json.loads((one.directory / "ready.json").read_text("utf-8")) == one.ready


def test_an_app_that_cannot_be_imported_leaves_nothing_running(tmp_path: Path) -> None:
    refused = _run_briefly(tmp_path / "state", port="0", APP_MODULE="tests.local.no_such_app")
    assert refused.returncode == 1
    assert "no_such_app" in refused.stderr
    port = json.loads((tmp_path / "state" / "aws-port.json").read_text("utf-8"))
    with pytest.raises(OSError, match="refused"):
        HttpClient(f"http://127.0.0.1:{port}").get("/_ministack/health", timeout=2)


def _run_briefly(state: Path, *, port: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a machine that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "infra.local"],
        cwd=ROOT,
        env={**os.environ, **SAMPLE_APP, **environment, "STATE": str(state), "PORT": port},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _put_versions(machine: OwnMachine, bucket: str, bodies: list[bytes]) -> list[str]:
    s3 = machine.client("s3")
    return [
        s3.put_object(Bucket=bucket, Key="key", Body=body, ChecksumAlgorithm="SHA256")["VersionId"]
        for body in bodies
    ]


def _versions(machine: OwnMachine, bucket: str, versions: list[str]) -> list[bytes]:
    s3 = machine.client("s3")
    return [s3.get_object(Bucket=bucket, Key="key", VersionId=one)["Body"].read() for one in versions]


def _secrets(machine: OwnMachine) -> dict[str, str]:
    names = ["/instant110/local/citizen-secret", "/instant110/local/wechat-app-secret"]
    found = machine.client("ssm").get_parameters(Names=names, WithDecryption=True)
    assert found["InvalidParameters"] == []
    return {parameter["Name"]: parameter["Value"] for parameter in found["Parameters"]}


def _can_sign_in(machine: OwnMachine) -> bool:
    account = machine.accounts[0]
    answer = machine.client("cognito-idp").initiate_auth(
        ClientId=machine.outputs()["StaffClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": account["username"], "PASSWORD": account["password"]},
    )
    return "IdToken" in answer["AuthenticationResult"]
