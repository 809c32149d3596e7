"""A machine for live calls: its office never closes and it has a line for every test; cameras, and a room."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.live_room import FEW_PICTURES, Room
from tests.chromium import CAMERAS, launch
from tests.desk import a_seat
from tests.machine import Machine, OwnMachine, StaffClient
from tests.own_county import never_closed


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """The machine of these tests; a line that a closed page left is not free again for 90 s."""
    county = never_closed(tmp_path_factory.mktemp("county") / "county")
    own = OwnMachine(tmp_path_factory.mktemp("room"), environment={"LINES": "40", "COUNTY_DIR": str(county)})
    try:
        yield own.start()
    finally:
        own.stop()


@pytest.fixture(scope="session")
def cameras(browser: Browser) -> Iterator[Browser]:
    """A Chromium whose pages may use camera and microphone."""
    chromium = launch(browser.browser_type, CAMERAS)
    yield chromium
    chromium.close()


@pytest.fixture
def rate() -> int:
    """Pictures a second of every camera; a module whose subject is the picture says more."""
    return FEW_PICTURES


@pytest.fixture
def room(cameras: Browser, machine: Machine, rate: int) -> Iterator[Room]:
    """The screens of one test; a script error in any of them fails it."""
    opened = Room(cameras, machine, rate=rate)
    yield opened
    opened.close()
    assert opened.faults == []


@pytest.fixture
def seat(machine: Machine) -> StaffClient:
    """A call-taker of this test's own, so that no other test shares her calls."""
    return a_seat(machine)
