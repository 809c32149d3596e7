"""The stage of the call tests, one for all of them, and players who come and go with each test."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from infra.local.environment import aws_environment
from tests.browser.call.stage import Player, Stage, open_stage
from tests.chromium import CAMERAS, launch

NewPlayer = Callable[[], Player]


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, str]]:
    """The stage and its address; this process signs as the machine's functions do."""
    with open_stage(tmp_path_factory.mktemp("calls")) as (stage, url), pytest.MonkeyPatch.context() as patch:
        for name, value in aws_environment(stage.kvs.url).items():
            patch.setenv(name, value)
        yield stage, url


@pytest.fixture
def stage(staged: tuple[Stage, str]) -> Stage:
    return staged[0]


@pytest.fixture(scope="module")
def cameras(browser: Browser) -> Iterator[Browser]:
    """A Chromium with a camera and a microphone that ask nobody."""
    chromium = launch(browser.browser_type, CAMERAS)
    yield chromium
    chromium.close()


@pytest.fixture
def player(cameras: Browser, staged: tuple[Stage, str]) -> Iterator[NewPlayer]:
    """Makes players; a script error in any of them fails the test."""
    players: list[Player] = []
    faults: list[str] = []

    def make() -> Player:
        players.append(Player(cameras, staged[1], faults))
        return players[-1]

    yield make
    for one in players:
        one.context.close()
    assert faults == []


@pytest.fixture(scope="module")
def solo(cameras: Browser, staged: tuple[Stage, str]) -> Iterator[Player]:
    """One page for the rules that need no call."""
    faults: list[str] = []
    one = Player(cameras, staged[1], faults)
    yield one
    one.context.close()
    assert faults == []


@pytest.fixture
def incident(stage: Stage) -> str:
    """The id of an incident with a line of its own."""
    made = uuid.uuid4().hex
    stage.open_line(made)
    return made
