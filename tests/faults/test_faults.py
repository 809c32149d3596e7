"""What breaks outside breaks no promise: a short round of it here, the whole by hand (docs/operations.md).

Each runs as a process of its own, because it stands between its process and every service. `FAULTS=all` runs
everything, for hours; `PART=2/7` a part of it, so that seven nights do it all.
"""

import os
import re
import subprocess
import sys

import pytest

from tests.faults.bugs import catch
from tests.faults.planted import BUGS, Bug
from tests.machine import ROOT

DONE = re.compile(r"(\d+) of \d+ cases, in (\d+) the faults were met")
EVERYTHING = os.environ.get("FAULTS") == "all"
PART, PARTS = map(int, os.environ.get("PART", "1/1").split("/"))
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


def share_of(count: int) -> range:
    """The numbers from 0 on that are this part's."""
    return range(count * (PART - 1) // PARTS, count * PART // PARTS)


@pytest.mark.skipif(EVERYTHING, reason="all of it is run instead")
def test_neither_faults_nor_what_people_do_at_random_break_a_promise() -> None:
    """A few operations with a few faults, and a short day; in one world, which takes a while to make."""
    few = ("--operations", "4", "--sample", "10", "--pairs", "2", "--seconds", "60")
    said = run("tests.faults.each", *few, "--days", os.environ.get("STEPS", "20"))
    assert said.count(" 0 broken") == 2
    done, met = map(int, DONE.findall(said)[0])
    assert done >= 10, said
    assert met >= done / 2, said


@pytest.mark.skipif(not EVERYTHING, reason="takes hours")
def test_no_fault_of_a_service_breaks_a_promise() -> None:
    print(run("tests.faults.each", "--part", f"{PART}/{PARTS}", "--pairs", str(len(share_of(1000)))))


@pytest.mark.skipif(not EVERYTHING, reason="takes hours")
def test_whatever_people_do_at_random_with_faults_no_promise_is_broken() -> None:
    for number in share_of(20):
        # A world of its own for each: the local AWS is slower the more stands in it.
        print(run("tests.faults.days", STEPS="10000", SEEDS="1", FIRST_SEED=str(110 + number)))


def test_every_planted_bug_still_has_its_place() -> None:
    for bug in BUGS:
        found = (ROOT / bug.file).read_text("utf-8").count(bug.right)
        assert found == 1, f"{bug.name}: its text stands {found} times in {bug.file}"
        assert bug.right != bug.wrong
    assert len(BUGS) >= 20


@pytest.mark.parametrize(
    "bug", BUGS[PART - 1 :: PARTS] if EVERYTHING else BUGS[1:2], ids=lambda bug: bug.name
)
def test_a_planted_bug_is_caught(bug: Bug) -> None:
    assert catch(bug), f"nothing caught: {bug.name}"
