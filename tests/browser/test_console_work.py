"""The work at the console: keys, ownership, hiding, the place, the pictures."""

import hashlib
import io
import time
from typing import Any

import requests
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.console_page import console, empty_the_queue, report
from tests.machine import CitizenClient, Machine, done, eventually, once


def test_the_function_keys_do_what_their_marks_say(browser: Browser, machine: Machine) -> None:
    empty_the_queue(machine)
    later = report(machine.citizen(once("later")), text="河边有人倒垃圾", tip=True)["id"]
    urgent = report(machine.citizen(once("urgent")))["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        expect(desk.part("ringing")).to_have_attribute("data-count", "2")
        keys = desk.page.keyboard
        desk.open(later)
        keys.press("F8")
        expect(desk.page.locator(".console > .notice")).to_have_text("接警后才能派警。")
        help_page = desk.page.get_by_role("heading", name="快捷键")
        keys.press("F1")
        expect(help_page).to_be_visible()
        keys.press("F2")
        expect(help_page).to_be_hidden()
        expect(desk.panel(urgent).get_by_test_id("status")).to_have_attribute("data-status", "answered")
        keys.press("F2")
        expect(desk.panel(later).get_by_test_id("status")).to_have_attribute("data-status", "answered")
        keys.press("F3")
        panel = desk.panel(urgent)
        expect(panel).to_be_visible()
        keys.press("F4")
        expect(panel.get_by_label("写给群众")).to_be_focused()
        keys.press("F6")
        expect(panel.get_by_label("只给同事看")).to_be_focused()
        for key, name in (("F7", "classify"), ("F8", "dispatch"), ("F9", "close")):
            keys.press(key)
            expect(panel.get_by_test_id(f"dock-{name}")).to_have_attribute("aria-selected", "true")
            expect(panel.get_by_test_id(name)).to_be_visible()
        keys.press("F1")
        expect(help_page).to_be_visible()


def test_whoever_comes_second_is_told_who_came_first(browser: Browser, machine: Machine) -> None:
    empty_the_queue(machine)
    incident = report(machine.citizen(once("two")))["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.open(incident)
        desk.page.context.set_offline(True)
        done(machine.staff("seat2").post(f"/console/incidents/{incident}/answer", {}))
        desk.page.context.set_offline(False)
        with desk.page.expect_response(f"**/{incident}/answer") as refused:
            panel.get_by_test_id("answer").get_by_role("button").click()
        assert refused.value.status == 409
        expect(panel.get_by_test_id("answer").get_by_role("alert")).to_have_text("seat2 已经接了这起警情。")
        expect(panel.get_by_test_id("take")).to_be_visible()
        expect(panel.get_by_test_id("dock-close")).to_be_hidden()
        panel.get_by_label("接管理由").fill("对方席位故障")
        panel.get_by_test_id("take").get_by_role("button").click()
        expect(panel.get_by_test_id("dock-close")).to_be_visible()


def test_the_number_of_somebody_hiding_appears_only_with_a_reason(browser: Browser, machine: Machine) -> None:
    empty_the_queue(machine)
    citizen = machine.citizen(once("hiding"), phone="13905361234")
    incident = report(citizen, text="他在外面砸门", callback_allowed=False)["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        expect(desk.card(incident)).to_contain_text("勿回拨 · 勿鸣笛")
        panel = desk.answer(incident)
        expect(panel.get_by_test_id("no-call")).to_be_visible()
        assert "139 0536 1234" not in desk.page.content()
        panel.get_by_test_id("dock-callback").click()
        show = panel.get_by_role("button", name="记录理由并显示号码")
        panel.get_by_label("回拨理由").fill("对方说已经安全，请求来电")
        show.click()
        expect(panel.get_by_test_id("phone")).to_have_text("139 0536 1234")
        expect(panel.get_by_test_id("no-call")).to_be_visible()
        panel.get_by_test_id("dock-timeline").click()
        expect(panel.get_by_test_id("timeline")).to_contain_text("对方说已经安全，请求来电")


def test_the_place_is_corrected_in_words_and_by_a_click_on_the_map(
    browser: Browser, machine: Machine
) -> None:
    empty_the_queue(machine)
    incident = report(machine.citizen(once("place")), place="村口")["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident)
        panel.get_by_label("核实 / 更正地点").fill("冶源街道 老龙湾东门")
        panel.get_by_role("button", name="在地图上点选").click()
        panel.locator(".map").click(position={"x": 150, "y": 180})
        expect(panel.locator(".map-place")).to_have_count(1)
        panel.get_by_role("button", name="确认地点").click()
        expect(panel.get_by_test_id("place").first).to_have_text("冶源街道 老龙湾东门")
        expect(panel.get_by_text("已核实")).to_be_visible()
    place = done(machine.staff("seat1").get(f"/console/incidents/{incident}"))["incident"]["place"]
    assert place["words"] == "冶源街道 老龙湾东门"
    assert 36.0 < place["point"]["lat"] < 36.7
    assert 118.1 < place["point"]["lng"] < 118.9


def test_pictures_are_reviewed_in_place_and_refused_ones_are_named(
    browser: Browser, machine: Machine
) -> None:
    empty_the_queue(machine)
    citizen = machine.citizen(once("pictures"))
    incident = report(citizen)["id"]
    for shade in (60, 160):
        _upload(citizen, incident, _jpeg(shade))
    _upload(citizen, incident, b"this is no picture" * 40)
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident)
        expect(panel.locator(".thumb-open img")).to_have_count(2, timeout=10000)
        loaded = "images => images.every(image => image.complete && image.naturalWidth === 640)"
        eventually(lambda: panel.locator(".thumb-open img").evaluate_all(loaded), within_seconds=10)
        expect(panel.locator(".refused")).to_contain_text("内容与所说的格式不符")
        panel.locator(".thumb-open").first.click()
        viewer = panel.get_by_role("group", name="查看照片或视频")
        expect(viewer).to_contain_text("1 / 2 · JPEG")
        first = viewer.locator("img").get_attribute("src")
        desk.page.keyboard.press("ArrowRight")
        expect(viewer).to_contain_text("2 / 2 · JPEG")
        assert viewer.locator("img").get_attribute("src") != first
        desk.page.keyboard.press("r")
        desk.page.keyboard.press("+")
        expect(viewer.locator("img")).to_have_css("rotate", "90deg")
        expect(desk.part("ringing")).to_be_visible()
        desk.page.keyboard.press("Escape")
        expect(viewer).to_be_hidden()


def test_a_citizens_message_reaches_the_open_panel_without_a_reload(
    browser: Browser, machine: Machine
) -> None:
    empty_the_queue(machine)
    citizen = machine.citizen(once("writes"))
    incident = report(citizen)["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident)
        done(citizen.post(f"/reports/{incident}/messages", {"text": "他们往东跑了"}, key=once("message")))
        expect(panel.locator(".line.theirs .line-text")).to_have_text("他们往东跑了", timeout=4000)
        expect(desk.card(incident)).to_contain_text("新消息")
        panel.get_by_label("写给群众").fill("收到")
        panel.get_by_label("写给群众").press("Enter")
        expect(desk.card(incident)).not_to_contain_text("新消息")
        panel.get_by_label("只给同事看").fill("通知东侧卡口")
        panel.get_by_label("只给同事看").press("Enter")
        expect(panel.locator(".line.note .line-text")).to_have_text("通知东侧卡口")
    shown = done(citizen.get(f"/reports/{incident}"))
    assert "通知东侧卡口" not in str(shown)


def test_an_incident_out_of_the_area_is_closed_with_who_was_told(browser: Browser, machine: Machine) -> None:
    empty_the_queue(machine)
    incident = report(machine.citizen(once("outside")))["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident)
        desk.page.keyboard.press("F9")
        expect(panel.get_by_label("告知时间")).to_have_value("")  # It would be that of the answer.
        panel.get_by_role("radio", name="已转当地公安机关").check()
        expect(panel.get_by_label("告知时间")).not_to_have_value("")
        panel.get_by_role("button", name="办结", exact=True).click()
        expect(panel.get_by_test_id("close").get_by_role("alert").last).to_contain_text("没有填好")
        panel.get_by_label("公安机关", exact=True).fill("青州市公安局 110")
        panel.get_by_role("button", name="办结", exact=True).click()
        expect(panel.get_by_test_id("status")).to_have_text("已办结 · 已转当地公安机关")
        expect(panel.get_by_test_id("timeline")).to_contain_text("已告知 青州市公安局 110（seat1")
        expect(desk.card(incident)).to_have_count(0)


def test_signing_out_hands_over_what_is_open(browser: Browser, machine: Machine) -> None:
    empty_the_queue(machine)
    filed = time.monotonic()
    incident = report(machine.citizen(once("handed")))["id"]
    with console(browser, machine, "seat1") as leaving, console(browser, machine, "seat2") as staying:
        staying.sign_in()
        leaving.sign_in()
        leaving.answer(incident)
        expect(staying.part("others").locator(f"[data-id='{incident}']")).to_be_visible()
        leaving.page.get_by_role("button", name="签退").click()
        leaving.page.get_by_role("button", name="交出并签退").click()
        expect(leaving.page.get_by_role("heading", name="接警员签到")).to_be_visible()
        ringing = staying.part("ringing").locator(f"[data-id='{incident}']")
        expect(ringing).to_contain_text("再次响铃", timeout=4000)
        assert leaving.page.evaluate("sessionStorage.length") == 0
        waited = time.monotonic() - filed
        minutes, seconds = staying.open(incident).locator(".headline-age").inner_text().split(":")
        assert int(minutes) * 60 + int(seconds) >= waited - 2, "报警至今 counts from the report"


def _jpeg(shade: int) -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), (shade, 80, 80)).save(picture, "JPEG")
    return picture.getvalue()


def _upload(citizen: CitizenClient, incident_id: str, content: bytes) -> None:
    wanted: dict[str, Any] = {"kind": "photo", "content_type": "image/jpeg", "size_bytes": len(content)}
    wanted["sha256"] = hashlib.sha256(content).hexdigest()
    form = done(citizen.post(f"/reports/{incident_id}/media", wanted, key=once("media")))
    stored = requests.post(form["url"], data=form["fields"], files={"file": content}, timeout=30)
    assert stored.ok, stored.text
