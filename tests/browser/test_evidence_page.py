"""The evidence at the console: the manifest, the recording played back from its originals, and who looked."""

import time

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Shoot
from tests.browser.console_page import console, empty_the_queue
from tests.machine import Machine, StaffClient, done, eventually
from tests.recording import a_live_call, a_piece, end, entries, put_piece

PIECES = (1, 2, 3, 7, 8)
"""Seconds of a call; those between are gone."""


def a_recorded_call(machine: Machine, seat: StaffClient) -> str:
    """A call with a hole in its recording; its id."""
    incident, began = a_live_call(machine, seat), time.time() - 30
    for seq, second in enumerate(PIECES, start=1):
        content, told = a_piece(second, of=began)
        done(put_piece(seat, incident, seq, content, told))
    return incident


def test_a_recording_plays_back_from_its_originals_over_its_gap(
    browser: Browser, machine: Machine, shoot: Shoot
) -> None:
    empty_the_queue(machine)
    seat = machine.staff("seat1")
    incident = a_recorded_call(machine, seat)
    with console(browser, machine, "commander1") as desk:
        desk.sign_in(seat="先不接警")
        panel = desk.open(incident)
        panel.get_by_test_id("dock-evidence").click()
        panel.get_by_test_id("read-evidence").click()
        evidence = panel.get_by_test_id("evidence")
        expect(evidence.get_by_test_id("play")).to_have_count(2)
        expect(evidence).to_contain_text("此处缺 3.0 秒")
        shoot(desk.page, "evidence-manifest")
        evidence.get_by_test_id("play").first.click()
        player = panel.get_by_test_id("player")
        expect(player).to_contain_text("第 1/2 段")
        shoot(desk.page, "evidence-player")
        expect(player).to_contain_text("第 2/2 段")
        decoded = "([video]) => video.videoWidth > 0"
        eventually(lambda: player.locator("video").evaluate_all(decoded))
        desk.page.keyboard.press("Escape")
        expect(player).to_be_hidden()
        panel.get_by_test_id("read-evidence").click()
        expect(evidence.get_by_text("commander1").first).to_be_visible()
    assert entries(seat, incident, "evidence.viewed")
    end(seat, incident)
