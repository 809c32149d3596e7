"""Many threads read many types for the first time, which ends a process that did not know them (-11)."""

import subprocess
import sys

from tests.machine import ROOT

STORM = """
import sys, threading
from typing import Annotated
import msgspec
from infra.local.known_types import know_types

THREADS, KINDS = 6, 300
sys.setswitchinterval(1e-6)
kinds = []
for number in range(KINDS):
    count = Annotated[int, msgspec.Meta(ge=0)]
    inner = msgspec.defstruct(f"Inner{number}", [(f"a{n}", count, 0) for n in range(9)])
    kinds.append(msgspec.defstruct(f"Outer{number}", [(f"b{n}", inner | None, None) for n in range(9)]))
if sys.argv[1] == "known":
    know_types()
start = threading.Barrier(THREADS)

def read():
    for kind in kinds:
        start.wait()
        msgspec.json.decode(b'{"b0": {"a8": 1}, "b8": {"a0": 1}}', type=kind)

threads = [threading.Thread(target=read) for _ in range(THREADS)]
[one.start() for one in threads]
[one.join() for one in threads]
"""


def ended(known: str) -> int:
    """The exit code of a process in which all threads read each type at once."""
    return subprocess.run(
        [sys.executable, "-c", STORM, known], cwd=ROOT, capture_output=True, check=False
    ).returncode


def test_types_that_are_known_are_read_by_many_threads_at_once() -> None:
    assert ended("known") == 0
