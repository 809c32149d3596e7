"""Standing on the pages: marked, reviewed, felt by the citizen, opened with one tap, read in her profile."""

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Screens, Shoot
from tests.browser.console_page import console, empty_the_queue, report
from tests.browser.live import LiveCitizen
from tests.browser.live_room import ALL_ALLOWED
from tests.chromium import CAMERAS, launch
from tests.machine import Machine, done, eventually, once


@pytest.fixture
def cameras(browser: Browser) -> Iterator[Browser]:
    """A Chromium with a camera and a microphone that ask nobody."""
    chromium = launch(browser.browser_type, CAMERAS)
    yield chromium
    chromium.close()


@pytest.fixture
def screens(cameras: Browser, machine: Machine) -> Iterator[Screens]:
    """Screens of one test; a script error or a breach of the content policy in any of them fails it."""
    opened = Screens(cameras, machine.url)
    yield opened
    opened.close()
    assert opened.faults == []


def test_a_marked_report_is_reviewed_and_its_citizen_limited(
    browser: Browser, machine: Machine, shoot: Shoot
) -> None:
    empty_the_queue(machine)
    citizen = machine.citizen(once("marked"), phone="13905363333")
    incident = report(citizen, text="试试看有没有人接")["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident)
        panel.get_by_test_id("dock-marking").click()
        form = panel.get_by_test_id("marking")
        form.locator(".choose", has_text="骚扰报警").click()
        form.get_by_role("textbox").fill("当日第六次，接通后辱骂接警员")
        form.get_by_role("button", name="标记并冻结证据").click()
        expect(panel.get_by_test_id("marking-now")).to_contain_text("等待指挥长复核")
        shoot(desk.page, "standing-marking")
    commander = machine.staff("commander1")
    eventually(lambda: incident in str(done(commander.get("/console/reviews"))))
    with console(browser, machine, "commander1") as desk:
        desk.sign_in(seat="先不接警")
        desk.page.get_by_role("button", name="复核").click()
        review = desk.page.locator(f".review[data-key='{incident}']")
        expect(review).to_contain_text("当日第六次，接通后辱骂接警员")
        review.locator(".choose[data-value='restricted']").click()
        review.get_by_label("理由（告知本人）").fill("同一天六次报警，接通后没有警情，并辱骂接警员")
        shoot(desk.page, "standing-review")
        review.get_by_role("button", name="决定").click()
        expect(review).to_have_count(0)
    limit = done(citizen.get("/session"))["citizen"]["limit"]
    assert limit["grade"] == "restricted"


def test_a_restricted_citizen_sees_stills_words_and_then_the_video_she_is_granted(
    cameras: Browser, screens: Screens, machine: Machine, shoot: Shoot
) -> None:
    """Issue 4, show 5: the citizen's page as one whose use is limited."""
    empty_the_queue(machine)
    name = f"limited{uuid.uuid4().hex[:8]}"
    known = machine.citizen(name)
    evidence = report(known)["id"]
    decision = {
        "citizen_id": known.citizen["id"],
        "grade": "restricted",
        "reason": "11月20日、22日两次报警，民警到场核实均无此事",
        "incident_id": evidence,
    }
    done(machine.staff("commander1").post("/console/standing", decision))
    phone = LiveCitizen(screens.phone(permissions=ALL_ALLOWED))
    phone.sign_in(name)
    filed = phone.taps("视频110", "video110")
    assert filed["call"] is None
    incident = filed["incident"]["id"]
    expect(phone.page.locator(".trouble")).to_contain_text("视频由接警员开通")
    shoot(phone.page, "standing-citizen-live")
    with console(cameras, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident)
        expect(panel.locator(".standing")).to_contain_text("已限制")
        expect(panel.get_by_test_id("withheld")).to_be_visible()
        expect(panel.get_by_test_id("citizen-still")).to_be_visible(timeout=20_000)
        shoot(desk.page, "standing-withheld")
        panel.get_by_role("button", name="准许视频").click()
        expect(panel.get_by_test_id("withheld")).to_be_hidden()
        phone.is_connected()
        expect(phone.page.locator(".trouble")).not_to_contain_text("视频由接警员开通")
    phone.page.goto(f"{machine.url}/#/me")
    section = phone.page.get_by_test_id("limit")
    expect(section).to_contain_text("民警到场核实均无此事")
    expect(section).to_contain_text("您随时可以报警")
    for word in ("信誉", "拉黑", "重点人"):
        assert word not in phone.page.content()
    shoot(phone.page, "standing-citizen-profile")


def test_a_barred_citizens_report_rings_behind_the_others(browser: Browser, machine: Machine) -> None:
    """Which comes up after two minutes is the domain's rule, and tested there with the clock moved."""
    empty_the_queue(machine)
    barred = machine.citizen(once("barred"))
    decision = {
        "citizen_id": barred.citizen["id"],
        "grade": "barred",
        "reason": "多次谎报",
        "incident_id": report(barred)["id"],
    }
    done(machine.staff("commander1").post("/console/standing", decision))
    empty_the_queue(machine)
    first = done(barred.post("/reports/voice", {"text": "喂"}))["incident"]["id"]
    tip = report(machine.citizen(once("tip")), text="河边有人倒垃圾", tip=True)["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        expect(desk.card(first)).to_contain_text("受限 · 稍后")
        expect(desk.card(tip)).to_be_visible()
        cards = desk.part("ringing").get_by_test_id("card").all()
        order = [card.get_attribute("data-id") for card in cards]
        assert order.index(tip) < order.index(first)
    barred.post(f"/reports/{first}/hangup", {})
