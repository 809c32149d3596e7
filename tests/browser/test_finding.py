"""An incident found at the console by its number: with a key, however typed, also a closed one."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Shoot
from tests.browser.console_page import console, empty_the_queue, report
from tests.machine import Machine, done, eventually, once
from tests.media import send_still


def test_a_closed_incident_is_found_with_a_key_and_its_number_as_it_was_heard(
    browser: Browser, machine: Machine, shoot: Shoot
) -> None:
    empty_the_queue(machine)
    caller = machine.citizen(once("closed"))
    closed = done(caller.post("/reports/video110", {"text": "昨天报过的那起"}))["incident"]
    send_still(caller, closed["id"], 1)
    colleague = machine.staff("seat2")
    eventually(lambda: done(colleague.get(f"/console/incidents/{closed['id']}"))["incident"]["stills"] == 1)
    done(colleague.post(f"/console/incidents/{closed['id']}/answer", {}))
    done(colleague.post(f"/console/incidents/{closed['id']}/close", {"disposition": "advised"}))
    asked = {"number": closed["number"]}
    eventually(lambda: done(colleague.get("/console/incidents", params=asked))["items"])
    waiting = report(machine.citizen(once("waiting")))
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        expect(desk.card(waiting["id"])).to_be_visible()
        box = desk.page.get_by_label("按警情编号查找")
        told = desk.page.get_by_test_id("find").get_by_role("status")
        keys = desk.page.keyboard
        keys.press("F12")
        expect(box).to_be_focused()
        keys.insert_text("261122-0000000")
        keys.press("Enter")
        expect(told).to_have_text("没有找到警情编号 261122-0000000。请核对六位日期和后七位字符。")
        shoot(desk.page, "finding-none")
        keys.press("F12")
        wide = closed["number"].translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
        keys.insert_text(f" {wide.replace('０', 'Ｏ')} ")
        keys.press("Enter")
        panel = desk.panel(closed["id"])
        expect(panel.get_by_test_id("status")).to_have_text("已办结 · 已答复")
        expect(panel.get_by_test_id("report-text")).to_have_text("昨天报过的那起")
        expect(panel.get_by_test_id("call-state")).to_have_text("警情已办结")
        expect(panel.locator(".talk-closed")).to_have_text("警情已办结，不能再发消息。")
        expect(box).to_have_value("")
        shoot(desk.page, "finding-closed")
        keys.press("F12")
        keys.insert_text(waiting["number"][-4:].lower())
        keys.press("Enter")
        expect(desk.panel(waiting["id"])).to_be_visible()
