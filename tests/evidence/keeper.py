"""The keeper's work of a minute, done in the test's own process as the function that has its role."""

import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from chalicelib.triggers.erasing import WORK
from infra.deploy.policies import placeholders
from infra.local.stack import upper_snake
from infra.local.watch import GrantsFile, note_grants, running
from tests.machine import GRANTS_NAME, Machine, keeps


@cache
def _note(machine: Machine) -> None:
    """Have what the keeper needs be noted, as the machines note it for `tests/deploy/test_grants.py`."""
    outputs = {upper_snake(name): value for name, value in machine.outputs().items()}
    names = {name: placeholder for placeholder, name in placeholders(outputs).items()}
    directory = Path(tempfile.mkdtemp(prefix="keeper-"))
    note_grants(GrantsFile(directory / GRANTS_NAME, names))
    keeps(directory)


def keep(machine: Machine, now: datetime | None = None) -> None:
    """Do a minute's work; the machine's own keeper may be at it at the same time."""
    _note(machine)
    with running("keeper"):
        for do in WORK.values():
            do(now or datetime.now(UTC), lambda: True)
