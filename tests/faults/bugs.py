"""Plants bugs one at a time in a copy of the source and says what caught each: `python -m tests.faults.bugs`.

Prints a table. `--only` takes those whose name contains a text, `--after` those behind a number, `--part 2/3`
the second third.
"""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from tests.faults.planted import BUGS, Bug

ROOT = Path(__file__).resolve().parents[2]
WITHIN_SECONDS = 900


class Caught(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one bug: the finding that caught it, None when nothing did."""

    number: int
    bug: Bug
    finding: str | None
    seconds: float

    def row(self) -> str:
        """Its line of the table."""
        how = shlex.join(self.bug.caught_by).removeprefix("pytest -q -x ").removeprefix("tests.faults.")
        finding = (self.finding or "NOT CAUGHT").replace("|", "/")
        return f"| {self.number} | {self.bug.name} | {how} | {finding} | {self.seconds:.0f} |"


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
        began = time.monotonic()
        finding = catch(bug)
        missed += finding is None
        seconds = time.monotonic() - began
        print(Caught(number=number, bug=bug, finding=finding, seconds=seconds).row(), flush=True)
    print(f"\n{len(chosen)} planted, {len(chosen) - missed} caught")
    return 1 if missed else 0


def catch(bug: Bug) -> str | None:
    """Run on a copy with the bug what must catch it: the finding it made, or None."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        copy_source(root)
        bug.plant(root)
        # A machine that runs elsewhere has no bug.
        environment = {name: value for name, value in os.environ.items() if name != "INSTANT110_MACHINE"}
        try:
            run = subprocess.run(
                [sys.executable, "-m", *bug.caught_by],
                cwd=root,
                env={**environment, "COLUMNS": "300"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=WITHIN_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
    finding = found_in(run.stdout)
    if run.returncode == 1 and finding is None:
        print("\n".join(run.stderr.splitlines()[-3:]), file=sys.stderr)
    return finding if run.returncode == 1 else None


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
