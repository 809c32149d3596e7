"""静音报警 on the real pages: whatever is done at the console, nothing comes out of the phone that hides."""

import io
from pathlib import Path

from PIL import Image, ImageStat
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shoot
from tests.browser.live_room import CITIZEN_HZ, SEAT_HZ, SECONDS, THIRD_HZ, Room, Screen
from tests.browser.room.scenes import SCENE, admit, is_connected, officer_in
from tests.desk import a_phone, a_seat, kinds, record
from tests.machine import Machine, StaffClient, eventually

WATCH = Path(__file__).with_name("quiet_watch.js").read_text("utf-8")
DARK = 40
"""The most that the average of a dark page's pixels is worth, of 255; a white page is worth 255."""


def must_be_quiet(citizen: Screen) -> None:
    """Fail if anything is played, shown or said beyond the dark page, or a packet of sound ever came in."""
    page = citizen.page
    assert page.evaluate("soundsAloud()") == 0
    assert max(citizen.level(hertz) for hertz in (SEAT_HZ, THIRD_HZ)) == -200
    assert page.evaluate("soundReceived()") == 0
    assert page.evaluate("told") == []
    assert page.title() == "记事"
    aloud = "[aria-live], [role=alert], [role=status], dialog, audio"
    assert page.locator(aloud).locator("visible=true").count() == 0
    words = page.locator("body").inner_text()
    assert not [word for word in ("警", "110", "公安", "录音", "通话") if word in words]


def light_of(page: Page) -> float:
    """How bright the page is on the average, from 0 to 255, as its screenshot has it."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("L")
    return ImageStat.Stat(picture).mean[0]


def test_nothing_is_played_through_answer_words_officer_and_hand_over(
    room: Room, seat: StaffClient, machine: Machine
) -> None:
    phone = a_phone()
    desk = room.console(seat.account)
    citizen, incident_id = room.citizen("silent", WATCH, phone=phone)
    panel = desk.answer(incident_id)
    desk.stands(incident_id, "live")
    desk.hears(CITIZEN_HZ)
    must_be_quiet(citizen)
    panel.get_by_test_id("questions").get_by_role("button", name="有人受伤").click()
    expect(citizen.page.get_by_text("有人受伤吗？请回“是”或“否”。")).to_be_visible(timeout=SECONDS)
    citizen.page.get_by_role("button", name="否", exact=True).click()
    expect(panel.locator(".talk .line.theirs", has_text="否")).to_be_visible(timeout=SECONDS)
    must_be_quiet(citizen)
    officer = officer_in(room, desk, seat, incident_id)
    officer.page.get_by_role("button", name="说话").click()
    desk.hears(THIRD_HZ)
    must_be_quiet(citizen)
    other = room.console(a_seat(machine).account)
    other.card(incident_id).locator(".card-open").click()
    taking = other.panel(incident_id).get_by_test_id("take")
    taking.get_by_role("textbox").fill("换班")
    taking.get_by_role("button").click()
    other.stands(incident_id, "live")
    other.hears(CITIZEN_HZ)
    admit(other, incident_id, "officer.")
    officer.sees(SCENE)
    other.hears(THIRD_HZ)
    must_be_quiet(citizen)
    assert machine.texts(phone) == []


def test_nothing_is_played_through_reload_and_step_up_and_a_quick_exit_leaves_nothing(
    room: Room, seat: StaffClient, machine: Machine, shoot: Shoot
) -> None:
    phone = a_phone()
    desk = room.console(seat.account)
    citizen, incident_id = room.citizen("silent", WATCH, phone=phone)
    page = citizen.page
    desk.answer(incident_id)
    desk.stands(incident_id, "live")
    page.reload()
    is_connected(desk, incident_id)
    desk.hears(CITIZEN_HZ)
    must_be_quiet(citizen)
    desk.page.goto("about:blank")
    expect(page.locator(".quiet-trouble")).to_contain_text("先传照片", timeout=SECONDS)
    must_be_quiet(citizen)
    assert light_of(page) < DARK
    shoot(page, "silent-stills")
    desk.page.goto(f"{machine.url}/console")
    desk.stands(incident_id, "live")
    expect(page.locator(".quiet-trouble")).to_have_text("", timeout=SECONDS)
    must_be_quiet(citizen)
    assert light_of(page) < DARK
    page.get_by_role("button", name="退出").click()
    assert page.locator("body").inner_text().strip() == "暂无内容"
    must_be_quiet(citizen)
    assert light_of(page) < DARK
    expect(desk.panel(incident_id).get_by_text("已快速退出").first).to_be_visible(timeout=SECONDS)
    must_find_nothing(page, incident_id)
    assert machine.texts(phone) == []
    assert "citizen.texted" not in kinds(seat, incident_id)
    assert record(seat, incident_id)["incident"]["priority"] == 1


def must_find_nothing(page: Page, incident_id: str) -> None:
    """Open the page again as whoever takes the phone in hand would, and look for the report."""
    eventually(lambda: page.evaluate("localStorage.getItem('instant110.left')") is None)
    again = page.context.new_page()
    again.goto("./")
    expect(again.get_by_role("button", name="视频110")).to_be_visible()
    expect(again.locator(".going")).to_have_count(0)
    again.get_by_role("link", name="我的报警").click()
    expect(again.get_by_text("您还没有报过警")).to_be_visible()
    assert incident_id not in again.evaluate("JSON.stringify([localStorage, sessionStorage])")
