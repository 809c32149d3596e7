"""What a call-taker types stays until it is sent: through tabs, reloads, languages and refusals."""

from playwright.sync_api import Browser, expect

from tests.browser.console_page import console, empty_the_queue, report
from tests.desk import dispatched
from tests.machine import Machine, done, once


def test_drafts_stay_with_their_incident_through_tabs_reload_and_language(
    browser: Browser, machine: Machine
) -> None:
    empty_the_queue(machine)
    first = report(machine.citizen(once("first")), text="店里打架")["id"]
    second = report(machine.citizen(once("second")), text="电动车被偷")["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        desk.answer(first).get_by_label("写给群众").fill("给第一位的话")
        panel = desk.answer(second)
        expect(panel.get_by_label("写给群众")).to_have_value("")
        panel.get_by_label("只给同事看").fill("第二起的备注")
        desk.page.keyboard.press("F3")
        expect(desk.panel(first).get_by_label("写给群众")).to_have_value("给第一位的话")
        desk.page.reload()
        expect(desk.panel(first).get_by_label("写给群众")).to_have_value("给第一位的话")
        desk.page.get_by_role("button", name="EN", exact=True).click()
        expect(desk.panel(first).get_by_label("To the citizen")).to_have_value("给第一位的话")
        desk.page.get_by_role("button", name="中文").click()
        desk.page.keyboard.press("F3")
        expect(desk.panel(second).get_by_label("只给同事看")).to_have_value("第二起的备注")


def test_a_message_that_did_not_leave_keeps_its_words_and_is_sent_once(
    browser: Browser, machine: Machine
) -> None:
    empty_the_queue(machine)
    citizen = machine.citizen(once("kept"))
    incident = report(citizen)["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident)
        words = panel.get_by_label("写给群众")
        words.fill("民警五分钟内到。")
        desk.page.context.set_offline(True)
        words.press("Enter")
        expect(panel.get_by_test_id("message").get_by_role("alert")).to_contain_text(
            "没有送达", timeout=15000
        )
        expect(words).to_have_value("民警五分钟内到。")
        desk.page.context.set_offline(False)
        words.press("Enter")
        expect(panel.locator(".line.ours .line-text")).to_have_text(["民警五分钟内到。"])
        expect(words).to_have_value("")
    entries = done(citizen.get(f"/reports/{incident}"))["timeline"]
    assert [one["details"]["text"] for one in entries if one["kind"] == "message.sent"] == [
        "民警五分钟内到。"
    ]


def test_enter_of_the_input_method_sends_nothing_and_a_moving_record_leaves_what_is_typed_alone(
    browser: Browser, machine: Machine
) -> None:
    empty_the_queue(machine)
    incident = report(machine.citizen(once("composing")))["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident)
        words = panel.get_by_label("写给群众")
        words.fill("weizhi")
        words.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
        words.press("Shift+Enter")
        expect(words).to_have_value("weizhi\n")
        expect(panel.locator(".line")).to_have_count(0)
        _, officer = dispatched(machine, machine.staff("seat1"), incident)
        panel.get_by_test_id("dock-dispatch").click()
        reason = panel.get_by_label("收回理由")
        reason.press_sequentially("改派")
        done(officer.open())
        expect(panel.locator(".dispatch")).to_contain_text("打开链接")
        expect(reason).to_be_focused()
        reason.press_sequentially("二所")
        expect(reason).to_have_value("改派二所")
