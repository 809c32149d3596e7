"""The README's walk by hand, run as a stranger would type it."""

import json
import re
import subprocess
from pathlib import Path

from tests.machine import ROOT, Machine


def test_the_walk_of_the_readme_ends_with_the_answer(machine: Machine, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (walk,) = [block for block in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) if "curl" in block]
    (tmp_path / "ready.json").write_text(json.dumps(machine.ready))
    here = walk.replace("http://127.0.0.1:8000", machine.url).replace(".local/ready.json", "ready.json")
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", here],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    record = json.loads(done.stdout[done.stdout.rindex('{"incident":') :])
    words = [entry["details"].get("text") for entry in record["timeline"]]
    assert "已收到，民警马上到。" in words
