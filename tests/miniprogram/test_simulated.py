"""The mini-program's own pages, run unmodified on a simulated phone against the running backend."""

import json
import os
import subprocess
import uuid
from pathlib import Path

import pytest

from tests.machine import ROOT, Machine
from tests.media import picture, video

HERE = Path(__file__).parent
SCENES = sorted(path.name for path in HERE.glob("*.test.js"))


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    """What runs the pages, put in place by the same target as `make setup`."""
    subprocess.run(["make", "--quiet", "tests/miniprogram/node_modules/.made"], cwd=ROOT, check=True)


@pytest.fixture(scope="module")
def environment(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where the machine is, and nine photos and three videos to send."""
    folder = tmp_path_factory.mktemp("miniprogram")
    for number in range(9):
        (folder / f"photo-{number}").write_bytes(picture(seed=100 + number).content)
    for number in range(3):
        (folder / f"video-{number}").write_bytes(video(seed=100 + number).content)
    (folder / "ready.json").write_text(json.dumps(machine.ready), "utf-8")
    told = {
        "INSTANT110_MEDIA": str(folder),
        "INSTANT110_READY": str(folder / "ready.json"),
        "INSTANT110_BARRED": a_barred_citizen(machine),
    }
    return {**os.environ, **told, "TMPDIR": str(folder), "NO_PROXY": "*", "no_proxy": "*"}


def a_barred_citizen(machine: Machine) -> str:
    """The name of a citizen who may report as everybody does."""
    name = f"barred-{uuid.uuid4().hex}"
    machine.client("dynamodb").update_item(
        TableName=machine.outputs()["CitizensTable"],
        Key={"citizen_id": {"S": machine.citizen(name).citizen["id"]}},
        UpdateExpression="SET standing = :grade",
        ExpressionAttributeValues={":grade": {"S": "barred"}},
    )
    return name


@pytest.mark.parametrize("scene", SCENES)
def test_the_pages_do_what_the_scene_says(scene: str, environment: dict[str, str]) -> None:
    command = ["node", "--test", "--test-reporter=spec", "--test-force-exit", scene]
    ran = subprocess.run(
        command, cwd=HERE, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
