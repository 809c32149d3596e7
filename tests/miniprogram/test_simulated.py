"""The mini-program's own pages, run unmodified on a simulated phone against the running backend."""

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import a_report
from tests.machine import ROOT, Machine, done
from tests.media import picture, video

HERE = Path(__file__).parent
SCENES = sorted(path.name for path in HERE.glob("*.test.js"))
NODE = ("node", "--test", "--test-reporter=spec", "--test-force-exit")
ENDS_WITHIN_SECONDS = 300


class Scene:
    """One file of scenes, running."""

    def __init__(self, name: str, environment: dict[str, str], folder: Path) -> None:
        self.told = folder / f"{name}.log"
        with self.told.open("wb") as log:
            self.process = subprocess.Popen([*NODE, name], cwd=HERE, env=environment, stdout=log, stderr=log)

    def ends_well(self) -> None:
        """Wait for its end; fail with what it told unless all of it passed."""
        code = self.process.wait(ENDS_WITHIN_SECONDS)
        assert code == 0, self.told.read_text("utf-8", "replace")


@pytest.fixture(scope="module")
def _installed() -> None:
    """What runs the pages, put in place by the same target as `make setup`."""
    subprocess.run(["make", "--quiet", "tests/miniprogram/node_modules/.made"], cwd=ROOT, check=True)


@pytest.fixture(scope="module")
def scenes(
    _installed: None, machine: Machine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Scene]]:
    """All scenes, running at once: they mostly wait, as phones do."""
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
        "TMPDIR": str(folder),
    }
    running = {name: Scene(name, {**os.environ, **told}, folder) for name in SCENES}
    yield running
    for scene in running.values():
        scene.process.kill()
        scene.process.wait()


def a_barred_citizen(machine: Machine) -> str:
    """The name of a citizen who may report as everybody does."""
    name = f"barred-{uuid.uuid4().hex}"
    citizen = machine.citizen(name)
    decision = {
        "citizen_id": citizen.citizen["id"],
        "grade": "barred",
        "reason": "多次拨打骚扰电话",
        "incident_id": a_report(citizen),
    }
    done(machine.staff("commander1").post("/console/standing", decision))
    return name


@pytest.mark.parametrize("name", SCENES)
def test_the_pages_do_what_the_scene_says(name: str, scenes: dict[str, Scene]) -> None:
    scenes[name].ends_well()
