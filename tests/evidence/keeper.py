"""The keeper's work of a minute, done as the function that has its role, without waiting for the minute.

As a program (`python -m tests.evidence.keeper READY_JSON`) it does it for a machine that this process is no
part of.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from infra.local import wechat
from infra.local.environment import app_environment, aws_environment, enter
from infra.local.stack import here, upper_snake
from tests.machine import ROOT, Machine, OwnMachine, gather_notes
from tests.noting import running_as


def keep(machine: Machine, now: datetime | None = None) -> None:
    """Do a minute's work; the machine's own keeper may be at it at the same time."""
    with running_as(machine, "keeper"):
        _work(now or datetime.now(UTC))


def keep_of(machine: OwnMachine) -> None:
    """Do a minute's work of a machine of the test's own, in a process of its own."""
    command = [sys.executable, "-m", "tests.evidence.keeper", str(machine.directory / "ready.json")]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)


def _work(now: datetime) -> None:
    # Not before the environment is entered: the app's triggers read it as they are imported.
    from chalicelib.triggers.erasing import WORK

    for do in WORK.values():
        do(now, lambda: True)


def main(ready: Path) -> None:
    """Enter the environment of the machine's functions, and work."""
    machine = Machine(json.loads(ready.read_text("utf-8")))
    endpoint = machine.aws_endpoint
    enter(aws_environment(endpoint))
    enter(
        app_environment(
            {upper_snake(name): here(value, endpoint) for name, value in machine.outputs().items()},
            root=ROOT,
            url=machine.url,
            wechat_endpoint=machine.wechat_endpoint,
            wechat_app_id=wechat.APP_ID,
            kvs_endpoint=machine.kvs_endpoint,
        )
    )
    keep(machine)
    gather_notes()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
