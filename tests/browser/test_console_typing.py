"""What a call-taker types stays until it is sent: through tabs, reloads, languages and refusals."""

from playwright.sync_api import Browser, expect

from tests.browser.console_page import console, empty_the_queue, report
from tests.browser.in_between import SlowRoad
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


def test_a_ready_phrase_that_is_tapped_while_a_message_is_on_its_way_stays(
    browser: Browser, machine: Machine
) -> None:
    empty_the_queue(machine)
    incident = report(machine.citizen(once("phrase")))["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident)
        words = panel.get_by_label("写给群众")
        road = SlowRoad(desk.page, r"/messages$")
        words.fill("民警五分钟内到。")
        words.press("Enter")
        road.holds()
        phrase = panel.locator(".phrase").first
        phrase.click()
        road.lets_go()
        expect(panel.locator(".line.ours .line-text")).to_have_text(["民警五分钟内到。"])
        expect(words).to_have_value(phrase.inner_text())
        desk.page.reload()
        expect(desk.panel(incident).get_by_label("写给群众")).to_have_value(phrase.inner_text())


def test_what_is_written_for_the_next_unit_while_one_is_being_sent_out_stays(
    browser: Browser, machine: Machine
) -> None:
    empty_the_queue(machine)
    incident = report(machine.citizen(once("units")))["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident)
        panel.get_by_test_id("dock-dispatch").click()
        form = panel.get_by_test_id("dispatch")
        form.locator(".choose").first.click()
        note = form.locator("textarea")
        note.fill("从东门进")
        road = SlowRoad(desk.page, r"/dispatch$")
        form.get_by_role("button").click()
        road.holds()
        note.fill("守住后门")
        form.locator(".choose").nth(1).click()
        road.lets_go()
        expect(panel.locator(".dispatch")).to_have_count(1)
        expect(form.get_by_role("button")).to_be_enabled()
        expect(note).to_have_value("守住后门")
        expect(form.locator(".choose").nth(1).get_by_role("radio")).to_be_checked()
        road.ends()
        form.get_by_role("button").click()
        expect(panel.locator(".dispatch")).to_have_count(2)
        expect(note).to_have_value("")


def test_a_summary_that_is_written_on_while_it_is_sent_stays(browser: Browser, machine: Machine) -> None:
    empty_the_queue(machine)
    incident = report(machine.citizen(once("summary")))["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident)
        panel.get_by_test_id("dock-classify").click()
        form = panel.get_by_test_id("classify")
        form.locator(".types .choose").first.click()
        summary = form.locator("textarea")
        summary.fill("两车相撞")
        road = SlowRoad(desk.page, r"/classify$")
        form.get_by_role("button").click()
        road.holds()
        summary.press_sequentially("，一人被困")
        road.lets_go()
        expect(form.locator(".done")).to_be_visible()
        expect(summary).to_have_value("两车相撞，一人被困")
        desk.page.reload()
        desk.panel(incident).get_by_test_id("dock-classify").click()
        expect(desk.panel(incident).get_by_test_id("classify").locator("textarea")).to_have_value(
            "两车相撞，一人被困"
        )


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
