"""Every test, in two halves side by side: one waits for pictures in browsers, the other mostly for AWS.

`python -m tests.whole` runs them; with `--again` only what failed the last time. What the functions called in
both halves is looked at last, by `tests/deploy/test_grants.py`. Each half remembers for itself what failed.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.machine import NOTES, ROOT

GRANTS = "tests/deploy/test_grants.py"
HALVES = {"browser": ["tests/browser"], "rest": ["tests", "--ignore=tests/browser", f"--ignore={GRANTS}"]}
FAILED_ONLY = ["--last-failed", "--last-failed-no-failures=none"]
NOTHING_TO_RUN = 5


def main(arguments: list[str]) -> int:
    """Run all, or again what failed; the exit code is that of the first part that failed."""
    notes = ROOT / "build" / "noted"
    notes.mkdir(parents=True, exist_ok=True)
    if again := "--again" in arguments:
        codes = [_ended(_start(name, notes, FAILED_ONLY)) for name in HALVES]
    else:
        for old in notes.iterdir():
            old.unlink()
        codes = _side_by_side(notes)
    codes.append(_ended(_pytest("grants", notes, [GRANTS, *(FAILED_ONLY if again else [])])))
    return next((code for code in codes if code), 0)


def _side_by_side(notes: Path) -> list[int]:
    """The browsers' half speaks at once, the other when it is done."""
    log = ROOT / "build" / "rest.log"
    with log.open("wb") as out:
        rest = _start("rest", notes, [], out=out.fileno())
        browser = _ended(_start("browser", notes, []))
        code = _ended(rest)
    sys.stdout.write(log.read_text("utf-8"))
    sys.stdout.flush()
    return [browser, code]


def _start(name: str, notes: Path, more: list[str], out: int | None = None) -> subprocess.Popen[bytes]:
    return _pytest(name, notes, [*HALVES[name], *more], out)


def _pytest(name: str, notes: Path, arguments: list[str], out: int | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir=.pytest_cache/{name}", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, NOTES: str(notes)}, stdout=out)


def _ended(running: subprocess.Popen[bytes]) -> int:
    """Its exit code; none where there was nothing to run."""
    code = running.wait()
    return 0 if code == NOTHING_TO_RUN else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
