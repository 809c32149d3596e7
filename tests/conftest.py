"""What all tests share: one running machine for the whole session."""

import json
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.machine import Machine, OwnMachine


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """The whole service, started for this session, or the one whose `ready.json` INSTANT110_MACHINE names."""
    if running := os.environ.get("INSTANT110_MACHINE"):
        yield Machine(json.loads(Path(running).read_text("utf-8")))
        return
    own = OwnMachine(tmp_path_factory.mktemp("machine"))
    try:
        yield own.start()
    finally:
        own.stop()


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
