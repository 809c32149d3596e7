"""What attacks begin with: the app's routes, callers of every kind, and what the machine wrote down."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk import a_seat
from tests.machine import HttpClient, Machine, StaffClient
from tests.security.routes import Route, routes_of


@pytest.fixture(scope="session")
def routes(inside: Machine) -> list[Route]:
    """Every route of the app."""
    from app import app

    return list(routes_of(app))


@pytest.fixture(scope="module")
def seat(machine: Machine) -> StaffClient:
    """A call-taker of this module's own."""
    return a_seat(machine)


@pytest.fixture(scope="module")
def callers(machine: Machine, seat: StaffClient) -> dict[str, HttpClient]:
    """One of each kind, signed in."""
    return {
        "nobody": machine.anyone(),
        "citizen": machine.citizen("attacker"),
        "call_taker": seat,
        "commander": machine.staff("commander1"),
        "specialist": machine.staff("specialist1"),
        "admin": machine.staff("admin1"),
    }


@pytest.fixture(scope="module")
def written(machine: Machine) -> Callable[[], str]:
    """All that the machine wrote since then: the gateway's log, and the functions' own with their metrics."""
    running = os.environ.get("INSTANT110_MACHINE")
    folder = Path(running).parent if running else machine.log.parent if machine.log else Path("-")
    files = [path for path in (folder / "machine.log", folder / "terminal.log") if path.exists()]
    assert files, "the machine's logs are not here"
    before = {path: path.stat().st_size for path in files}

    def since() -> str:
        return "\n".join(path.read_bytes()[before[path] :].decode("utf-8", "replace") for path in files)

    return since
