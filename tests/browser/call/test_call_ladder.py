"""The ladder: when a citizen's page sends live picture, stills or text, and what it says of it."""

from typing import Any

import pytest

from tests.browser.call.stage import Player

WELL = {
    "supported": True,
    "online": True,
    "line": True,
    "answered": True,
    "connected": True,
    "picture": "alive",
    "camera": "ready",
    "microphone": "ready",
    "stills": "ok",
}
WAITING = {"answered": False, "connected": False, "picture": "none"}
LOST = {"connected": False, "picture": "none"}

CLIMB = """([mode, steps]) => {
  let state = page.ladder.startLadder(mode, 0);
  const seen = [];
  for (const [until, facts] of steps) {
    for (let now = seen.length * 500; now < until * 1000; now += 500) {
      state = page.ladder.climb(state, facts, now);
      seen.push([state.rung, state.reason, state.stills]);
    }
  }
  return seen;
}"""


class Climb:
    """Every half second of a story: steps of (until which second, facts that differ from all well)."""

    def __init__(self, solo: Player, *steps: tuple[float, dict[str, Any]], mode: str = "video110") -> None:
        told = [[until, {**WELL, **facts}] for until, facts in steps]
        self._seen: list[tuple[str, str | None, bool]] = solo.do(CLIMB, [mode, told])

    def at(self, seconds: float) -> tuple[str, str | None, bool]:
        """The rung, the reason and whether stills go out."""
        rung, reason, stills = self._seen[int(seconds * 2)]
        return rung, reason, stills


def test_a_call_that_works_stays_live_and_sends_no_stills(solo: Player) -> None:
    assert Climb(solo, (60, {})).at(59) == ("live", None, False)


def test_while_nobody_has_answered_it_waits_and_shows_stills_for_the_preview(solo: Player) -> None:
    climb = Climb(solo, (60, WAITING), (62, {}))
    assert climb.at(0) == ("live", None, True)
    assert climb.at(59) == ("live", None, True)
    assert climb.at(61) == ("live", None, False)


def test_eight_seconds_after_the_answer_without_a_connection_it_steps_down(solo: Player) -> None:
    climb = Climb(solo, (5, WAITING), (20, LOST))
    assert climb.at(12)[0] == "live"
    assert climb.at(13) == ("stills", "ladder.no-connection", True)


def test_it_steps_up_when_the_call_has_stood_for_two_seconds(solo: Player) -> None:
    climb = Climb(solo, (20, LOST), (30, {}))
    assert climb.at(21.5) == ("stills", "ladder.no-connection", True)
    assert climb.at(22) == ("live", None, False)


def test_a_short_drop_changes_nothing_and_a_longer_one_sends_stills_before_it_steps_down(
    solo: Player,
) -> None:
    climb = Climb(solo, (10, {}), (30, LOST))
    assert climb.at(11) == ("live", None, False)
    assert climb.at(13) == ("live", None, True)
    assert climb.at(18) == ("stills", "ladder.no-connection", True)


def test_no_line_and_no_webrtc_step_down_at_once(solo: Player) -> None:
    assert Climb(solo, (1, {**WAITING, "line": False})).at(0) == ("stills", "ladder.no-line", True)
    withheld = {**WAITING, "line": False, "withheld": True}
    assert Climb(solo, (1, withheld)).at(0) == ("stills", "ladder.withheld", True)
    assert Climb(solo, (1, {**WAITING, "supported": False})).at(0) == ("stills", "ladder.no-webrtc", True)


def test_a_line_that_comes_free_brings_it_up(solo: Player) -> None:
    climb = Climb(solo, (10, {**WAITING, "line": False}), (12, LOST), (20, {}))
    assert climb.at(9.5) == ("stills", "ladder.no-line", True)
    assert climb.at(10) == ("live", None, True)
    assert climb.at(12) == ("live", None, False)


def test_a_line_without_a_connection_brings_it_down_again_and_says_so(solo: Player) -> None:
    climb = Climb(solo, (10, {**WAITING, "line": False}), (12, WAITING), (25, LOST))
    assert climb.at(11.5) == ("live", None, True)
    assert climb.at(20) == ("stills", "ladder.no-connection", True)


@pytest.mark.parametrize(
    ("picture", "reason"), [("dead", "ladder.picture-dead"), ("blank", "ladder.camera-blank")]
)
def test_a_dead_or_blank_picture_becomes_stills(solo: Player, picture: str, reason: str) -> None:
    climb = Climb(solo, (5, {}), (6, {"picture": picture}), (10, {}))
    assert climb.at(5) == ("stills", reason, True)
    assert climb.at(9)[0] == "live"


def test_stills_that_fail_become_text_and_are_tried_again(solo: Player) -> None:
    climb = Climb(solo, (60, {**LOST, "stills": "failing"}))
    assert climb.at(8) == ("stills", "ladder.no-connection", True)
    assert climb.at(16) == ("text", "ladder.stills-failing", False)
    assert climb.at(31) == ("stills", "ladder.no-connection", True)


def test_blank_stills_become_text_and_the_page_says_it_is_the_camera(solo: Player) -> None:
    climb = Climb(solo, (30, {"picture": "blank", "stills": "blank"}))
    assert climb.at(9) == ("text", "ladder.camera-blank", False)


def test_a_refused_camera_leaves_a_call_of_sound(solo: Player) -> None:
    climb = Climb(solo, (10, {"camera": "refused", "picture": "none"}))
    assert climb.at(9) == ("live", "ladder.camera-refused", False)


def test_refused_camera_and_microphone_leave_text(solo: Player) -> None:
    nothing = {**LOST, "camera": "refused", "microphone": "refused"}
    assert Climb(solo, (1, nothing)).at(0) == ("text", "ladder.camera-refused", False)


def test_without_a_network_it_says_so(solo: Player) -> None:
    climb = Climb(solo, (5, {}), (20, {**LOST, "online": False}))
    assert climb.at(14) == ("stills", "ladder.offline", True)


def test_a_voice_call_has_no_stills(solo: Player) -> None:
    climb = Climb(solo, (5, {"picture": "none"}), (20, LOST), mode="voice")
    assert climb.at(4) == ("live", None, False)
    assert climb.at(14) == ("text", "ladder.no-connection", False)
