"""What all tests share: one running machine for the whole session."""

import importlib
import json
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from chalicelib.settings import settings
from infra.local import wechat
from infra.local.environment import app_environment, aws_environment, enter
from infra.local.known_types import know_types
from infra.local.stack import here, upper_snake
from infra.local.watch import OperationsFile, listen
from tests.machine import ROOT, Machine, OwnMachine, gather_notes, keeps, must_not_scan

UNHURRIED = {
    # A line that was given back rests for a minute: with few of them tests would wait for one another.
    "LINES": "40",
    # A seat without a page does not poll: on a busy machine it would lose what it holds between two steps.
    "OWNER_SILENCE_SECONDS": "3600",
    # Tests leave a thousand reports unanswered: telling commanders would be most of what the machine does.
    "ALERT_PICTURES_SECONDS": "3600",
    "ALERT_UNDISPATCHED_SECONDS": "3600",
    "ALERT_UNOPENED_SECONDS": "3600",
}
"""What the machine of all tests does later than a bureau's, so that none is in the way of another."""


@pytest.fixture(scope="session", autouse=True)
def _no_scan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test makes this process ask for a Scan; `OwnMachine.stop` says the same of the machines."""
    directory = tmp_path_factory.mktemp("asked")
    listen(OperationsFile(directory / "aws_operations.txt"))
    yield
    must_not_scan(directory)


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """The whole service, started for this session, or the one whose `ready.json` INSTANT110_MACHINE names."""
    if running := os.environ.get("INSTANT110_MACHINE"):
        keeps(Path(running).parent)
        yield Machine(json.loads(Path(running).read_text("utf-8")))
        must_not_scan(Path(running).parent)
        return
    own = OwnMachine(tmp_path_factory.mktemp("machine"), environment=UNHURRIED)
    try:
        yield own.start()
    finally:
        own.stop()


@pytest.fixture(scope="session")
def inside(machine: Machine) -> Machine:
    """The machine, with this process set up as one of its functions: its own code runs in the test."""
    endpoint = machine.aws_endpoint
    outputs = {upper_snake(name): here(value, endpoint) for name, value in machine.outputs().items()}
    enter(aws_environment(endpoint))
    enter(
        app_environment(
            outputs,
            root=ROOT,
            url=machine.url,
            wechat_endpoint=machine.wechat_endpoint,
            wechat_app_id=wechat.APP_ID,
            kvs_endpoint=machine.kvs_endpoint,
        )
    )
    settings.cache_clear()
    importlib.import_module("app")
    know_types()
    return machine


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one driver of browsers: a process cannot have two of Playwright's synchronous ones."""
    with sync_playwright() as driver:
        yield driver


def pytest_sessionfinish() -> None:
    """Leave what the machines noted for the look at all of it."""
    gather_notes()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the end of the machine's log beside a failure."""
    report = yield
    used = getattr(item, "funcargs", {}).get("machine")
    if report.failed and isinstance(used, Machine):
        report.sections.append(("the machine's log", used.log_tail()))
    return report
