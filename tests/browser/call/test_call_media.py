"""Camera and microphone as a browser gives them, and whether a picture lives."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.call.conftest import NewPlayer
from tests.browser.call.stage import Stage
from tests.chromium import ASKING, CAMERAS, launch
from tests.machine import eventually

OPEN = """async (options) => {
  const media = await page.openMedia(options);
  page.media = media;
  const { audio, video } = media.tracks;
  return { audio: audio?.readyState, video: video?.readyState, states: media.states, reasons: media.reasons };
}"""
WATCH = """(track) => {
  page.said = [];
  page.watch = page.watchPicture(track, (state) => page.said.push(state), { patienceMs: 1500 });
}"""


@pytest.fixture(scope="module")
def strict(browser: Browser) -> Iterator[Browser]:
    """A Chromium with devices that gives them only to whom it was told to."""
    arguments = [one for one in CAMERAS if one != ASKING]
    chromium = launch(browser.browser_type, arguments)
    yield chromium
    chromium.close()


def visit(browser: Browser, url: str, permissions: list[str]) -> Page:
    page = browser.new_context(permissions=permissions).new_page()
    page.goto(f"{url}/page.html")
    eventually(lambda: page.evaluate("window.page !== undefined"))
    return page


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ({"camera", "microphone"}, []),
        ({"microphone"}, ["call.camera-refused"]),
        ({"camera"}, ["call.microphone-refused"]),
        (set(), ["call.camera-refused", "call.microphone-refused"]),
    ],
)
def test_what_is_refused_is_told_and_the_rest_is_used(
    strict: Browser, staged: tuple[Stage, str], given: set[str], reasons: list[str]
) -> None:
    page = visit(strict, staged[1], sorted(given))
    got = page.evaluate(OPEN, {})
    assert got["reasons"] == reasons
    assert got["video"] == ("live" if "camera" in given else None)
    assert got["audio"] == ("live" if "microphone" in given else None)
    page.context.close()


def test_a_browser_without_devices_says_they_are_missing(browser: Browser, staged: tuple[Stage, str]) -> None:
    page = visit(browser, staged[1], ["camera", "microphone"])
    assert page.evaluate(OPEN, {})["reasons"] == ["call.camera-missing", "call.microphone-missing"]
    page.context.close()


def test_a_voice_report_never_asks_for_the_camera(strict: Browser, staged: tuple[Stage, str]) -> None:
    page = visit(strict, staged[1], ["microphone"])
    got = page.evaluate(OPEN, {"picture": False})
    assert got["states"] == {"camera": "unwanted", "microphone": "ready"}
    assert got["reasons"] == []
    page.context.close()


def test_a_camera_can_be_turned_muted_and_closed(player: NewPlayer) -> None:
    page = player()
    assert page.do(OPEN, {})["video"] == "live"
    assert page.do("page.media.switchCamera().then((track) => track.readyState)") == "live"
    assert page.do("(page.media.mute('video', true), page.media.tracks.video.enabled)") is False
    assert page.do("(page.media.close(), page.media.tracks.video.readyState)") == "ended"


def test_a_moving_picture_is_alive_and_one_that_stops_is_dead(player: NewPlayer) -> None:
    page = player()
    page.do("page.canvas = page.plain('#345')")
    page.do(f"({WATCH})(page.canvas.track)")
    eventually(lambda: page.do("page.said") == ["alive"])
    page.do("page.canvas.freeze()")
    eventually(lambda: page.do("page.said") == ["alive", "dead"])


def test_a_black_picture_is_blank_and_a_dark_one_is_not(player: NewPlayer) -> None:
    black, dark = player(), player()
    black.do(f"({WATCH})(page.plain('#000').track)")
    dark.do(f"({WATCH})(page.plain('#181818').track)")
    eventually(lambda: black.do("page.said") == ["blank"])
    assert dark.do("page.said") == ["alive"]


def test_a_call_tells_when_its_own_picture_stops_and_lives_again(player: NewPlayer, incident: str) -> None:
    citizen, desk = player().enter(incident), player().host(incident)
    desk.sees()
    eventually(lambda: ["sent", "alive"] in citizen.do("page.pictures"))
    eventually(lambda: ["received", "alive"] in citizen.do("page.pictures"))
    citizen.do("page.canvas = page.plain('#345')")
    citizen.do("page.viewer.send({ video: page.canvas.track })")
    citizen.do("page.canvas.freeze()")
    eventually(lambda: citizen.do("page.pictures").count(["sent", "dead"]) == 1, within_seconds=15)
    citizen.do("page.viewer.send({ video: page.tracks.video })")
    last_sent = "page.pictures.filter(([side]) => side === 'sent').at(-1)[1]"
    eventually(lambda: citizen.do(last_sent) == "alive", within_seconds=15)
    desk.sees()


def test_a_camera_that_gives_no_frame_is_dead(player: NewPlayer) -> None:
    page = player()
    page.do("page.silent = new MediaStreamTrackGenerator({ kind: 'video' })")
    page.do(f"({WATCH})(page.silent)")
    eventually(lambda: page.do("page.said") == ["dead"])
