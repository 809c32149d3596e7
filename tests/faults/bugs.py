"""Plants bugs one at a time in a copy of the source and says what caught each: `python -m tests.faults.bugs`.

What must catch a bug is run without it first and must then find nothing: else it would catch anything.
Prints a table. `--only` takes those whose name contains a text, `--after` those behind a number,
`--part 2/3` the second third.
"""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import msgspec

from tests.faults.planted import BUGS, Bug

ROOT = Path(__file__).resolve().parents[2]
WITHIN_SECONDS = 900

Command = tuple[str, ...]


class BrokenCommand(Exception):
    """What must catch a bug fails on the unchanged source too; told in words."""


class Caught(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one bug: the finding that caught it, or why none did; and how long that took."""

    number: int
    bug: Bug
    said: str
    seconds: float

    def row(self) -> str:
        """Its line of the table."""
        how = shlex.join(self.bug.caught_by).removeprefix("pytest -q -x ").removeprefix("tests.faults.")
        said = self.said.replace("|", "/")
        return f"| {self.number} | {self.bug.name} | {how} | {said} | {self.seconds:.0f} |"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """How a command ended, None when it did not in time, and what it found."""

    status: int | None
    finding: str | None = None


def main() -> int:
    """Plant each, run what should catch it, and say so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--after", type=int, default=0)
    parser.add_argument("--part", default="1/1")
    asked = parser.parse_args()
    part, parts = map(int, asked.part.split("/"))
    chosen = [
        (number, bug)
        for number, bug in enumerate(BUGS, 1)
        if asked.only in bug.name and number > asked.after and number % parts == part % parts
    ]
    print("| | planted | caught by | what it said | s |\n| --- | --- | --- | --- | --- |", flush=True)
    missed = 0
    for number, bug in chosen:
        said, seconds, is_caught = _tried(bug)
        missed += not is_caught
        print(Caught(number=number, bug=bug, said=said, seconds=seconds).row(), flush=True)
    controls = len({bug.caught_by for _, bug in chosen})
    print(
        f"\n{len(chosen)} planted, {len(chosen) - missed} caught; {controls} commands run without a bug too"
    )
    return 1 if missed else 0


def _tried(bug: Bug) -> tuple[str, float, bool]:
    """What was said of a bug, how long that took without its control, and whether it was caught."""
    control(bug.caught_by)
    began = time.monotonic()
    try:
        finding = catch(bug)
    except BrokenCommand as fault:
        return f"COMMAND BROKEN: {fault}", 0, False
    return finding or "NOT CAUGHT", time.monotonic() - began, finding is not None


def catch(bug: Bug) -> str | None:
    """Run on a copy with the bug what must catch it: the finding it made, or None.

    Raises `BrokenCommand` when the same run finds something without the bug.
    """
    clean = control(bug.caught_by)
    if clean.status != 0:
        raise BrokenCommand(f"it ends with {clean.status} without the bug: {clean.finding}")
    run = _run(bug.caught_by, bug)
    return run.finding if run.status == 1 else None


@cache
def control(command: Command) -> Run:
    """How it ends on a copy of the unchanged source; run once for all bugs."""
    return _run(command)


def _run(command: Command, bug: Bug | None = None) -> Run:
    """Run a command on a copy of the source, with a bug or without."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        copy_source(root)
        if bug is not None:
            bug.plant(root)
        # A machine that runs elsewhere has no bug.
        environment = {name: value for name, value in os.environ.items() if name != "INSTANT110_MACHINE"}
        try:
            run = subprocess.run(
                [sys.executable, "-m", *command],
                cwd=root,
                env={**environment, "COLUMNS": "300"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=WITHIN_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Run(status=None)
    finding = found_in(run.stdout)
    if run.returncode != 0 and finding is None:
        print("\n".join(run.stderr.splitlines()[-3:]), file=sys.stderr)
    return Run(status=run.returncode, finding=finding)


def found_in(said: str) -> str | None:
    """What a run found broken, in one line: the finding of a run with faults, or the test that failed.

    A test that could not even begin (`ERROR`) has caught nothing.
    """
    for begins in ("BROKEN ", "FAILED "):
        for line in said.splitlines():
            if line.startswith(begins):
                return line.removeprefix(begins)[:240]
    return None


def copy_source(root: Path) -> None:
    """What a run needs, with the environments linked instead of copied."""
    for name in ("chalicelib", "infra", "tests", "events"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    for name in (".venv", ".venv-aws", "node_modules"):
        if (ROOT / name).exists():
            (root / name).symlink_to((ROOT / name).resolve())


if __name__ == "__main__":
    sys.exit(main())
