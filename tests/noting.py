"""A function's work done in the test's own process, and what it needs noted as the machines note it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from infra.deploy.policies import placeholders
from infra.local.stack import upper_snake
from infra.local.watch import GrantsFile, note_grants, running
from tests.machine import GRANTS_NAME, Machine, keeps


@contextmanager
def running_as(machine: Machine, function: str) -> Iterator[None]:
    """Be one of the app's functions inside the block; `tests/deploy/test_grants.py` looks at its calls."""
    note(machine)
    with running(function):
        yield


@cache
def note(machine: Machine) -> None:
    """Have what this process calls as a function noted from now on."""
    outputs = {upper_snake(name): value for name, value in machine.outputs().items()}
    names = {name: placeholder for placeholder, name in placeholders(outputs).items()}
    directory = Path(tempfile.mkdtemp(prefix="noted-"))
    note_grants(GrantsFile(directory / GRANTS_NAME, names))
    keeps(directory)
