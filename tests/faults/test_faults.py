"""What breaks outside breaks no promise: a short round of it here, the whole by hand (docs/operations.md).

Each runs as a process of its own, because it stands between its process and every service. `FAULTS=all` runs
everything, for hours.
"""

import os
import subprocess
import sys

import pytest

from tests.faults.bugs import BUGS, Bug, catch
from tests.machine import ROOT

EVERYTHING = os.environ.get("FAULTS") == "all"
WITHIN_SECONDS = 24 * 3600 if EVERYTHING else 600

pytestmark = pytest.mark.timeout(WITHIN_SECONDS + 60)


def run(*arguments: str, **environment: str) -> str:
    """Run a module that must find nothing broken; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WITHIN_SECONDS,
        check=False,
    )
    said = "\n".join(line for line in done.stdout.splitlines() if not line.startswith("{"))
    assert done.returncode == 0, f"{said}\n{done.stderr[-3000:]}"
    return said


def test_no_fault_of_a_service_breaks_a_promise() -> None:
    if EVERYTHING:
        print(run("tests.faults.each", "--pairs", "1000"))
        return
    said = run("tests.faults.each", "--operations", "4", "--sample", "10", "--pairs", "2", "--seconds", "60")
    assert " 0 broken" in said


def test_whatever_people_do_at_random_with_faults_no_promise_is_broken() -> None:
    chosen = {"STEPS": os.environ.get("STEPS", "20"), "SEEDS": os.environ.get("SEEDS", "1")}
    said = run("tests.faults.days", **({"STEPS": "10000", "SEEDS": "20"} if EVERYTHING else chosen))
    assert " 0 broken" in said


def test_every_planted_bug_still_has_its_place() -> None:
    for bug in BUGS:
        found = (ROOT / bug.file).read_text("utf-8").count(bug.right)
        assert found == 1, f"{bug.name}: its text stands {found} times in {bug.file}"
        assert bug.right != bug.wrong
    assert len(BUGS) >= 20


@pytest.mark.parametrize("bug", BUGS if EVERYTHING else BUGS[1:2], ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught(bug: Bug) -> None:
    assert catch(bug), f"nothing caught: {bug.name}"
