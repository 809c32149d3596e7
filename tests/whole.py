"""Every test: live calls first, then pages in browsers and all the rest, each in two shares side by side.

`python -m tests.whole` runs them. A call between browsers needs two processors for itself, and beside
anything else it is that one's load which is measured; of the others each share waits half of its time. With
`--again` only what failed: each part remembers that for itself. What the functions called in all parts is
looked at last, by `tests/deploy/test_grants.py`.
"""

import os
import subprocess
import sys
import tempfile
from typing import IO

from tests.machine import NOTES, ROOT

GRANTS = "tests/deploy/test_grants.py"
FIRST_SHARE = ("routes", "evidence", "security", "triggers", "workflows", "adapters")
"""In this order: behind the thousand changes of the feed's readers the stream is minutes late for others."""

TIMED = "test_console_line.py"
"""Six seconds until a cut line is red are what a call-taker is promised."""

ALONE = tuple(
    f"tests/browser/{one}"
    for one in ("call", "room", "test_live_citizen.py", "test_recorder.py", "test_recorder_outbox.py", TIMED)
)
AT_WORK = ("console_*", "alerts", "evidence_page", "figures_page", "finding", "officer_page", "sensitive")
DESK = tuple(
    str(one.relative_to(ROOT))
    for name in AT_WORK
    for one in sorted((ROOT / "tests" / "browser").glob(f"test_{name}.py"))
    if one.name != TIMED
)
"""The pages of who is at work; those of citizens, and of who keeps the service, are the other share."""

STAGES = (
    {"alone": [*ALONE]},
    {"desk": [*DESK], "pages": ["tests/browser", *(f"--ignore={one}" for one in (*ALONE, *DESK))]},
    {
        "first": [f"tests/{room}" for room in FIRST_SHARE],
        "second": [
            "tests",
            f"--ignore={GRANTS}",
            *(f"--ignore=tests/{room}" for room in ("browser", *FIRST_SHARE)),
        ],
    },
    {"grants": [GRANTS]},
)
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
    environment = {**os.environ, NOTES: str(notes)}
    codes = [code for stage in STAGES for code in _run(stage, again, environment)]
    return next((code for code in codes if code), 0)


def _run(stage: dict[str, list[str]], again: list[str], environment: dict[str, str]) -> list[int]:
    """The exit codes of a stage's parts. The first is heard while it runs, the others when all are over."""
    with tempfile.TemporaryFile() as told:
        first, *others = stage.items()
        started = [_start(name, [*paths, *again], environment, told) for name, paths in others]
        codes = [_start(first[0], [*first[1], *again], environment, None).wait()]
        codes += [one.wait() for one in started]
        told.seek(0)
        sys.stdout.write(told.read().decode("utf-8", "replace"))
        sys.stdout.flush()
    return [0 if code == NOTHING_TO_RUN else code for code in codes]


def _start(
    name: str, arguments: list[str], environment: dict[str, str], told: IO[bytes] | None
) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir=.pytest_cache/{name}", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=told, stderr=told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
