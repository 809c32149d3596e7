"""Every test, in two halves: live calls and pages in browsers, and all the rest.

`python -m tests.whole` runs them one after the other: a call between browsers needs two processors for
itself, and beside another half it is that one's load which is measured. With `--again` only what failed.
What the functions called in both halves is looked at last, by `tests/deploy/test_grants.py`. Each part
remembers for itself what failed.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.machine import NOTES, ROOT

GRANTS = "tests/deploy/test_grants.py"
PARTS = {
    "browser": ["tests/browser"],
    "rest": ["tests", "--ignore=tests/browser", f"--ignore={GRANTS}"],
    "grants": [GRANTS],
}
FAILED_ONLY = ["--last-failed", "--last-failed-no-failures=none"]
NOTHING_TO_RUN = 5


def main(arguments: list[str]) -> int:
    """Run all, or again what failed; the exit code is that of the first part that failed."""
    notes = ROOT / "build" / "noted"
    notes.mkdir(parents=True, exist_ok=True)
    again = FAILED_ONLY if "--again" in arguments else []
    if not again:
        for old in notes.iterdir():
            old.unlink()
    codes = [_run(name, notes, [*paths, *again]) for name, paths in PARTS.items()]
    return next((code for code in codes if code), 0)


def _run(name: str, notes: Path, arguments: list[str]) -> int:
    """A part's exit code; none where there was nothing to run. Each part remembers for itself what failed."""
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir=.pytest_cache/{name}", *arguments]
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, NOTES: str(notes)}, check=False).returncode
    return 0 if code == NOTHING_TO_RUN else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
