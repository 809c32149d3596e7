"""The bell of the console: when it rings, when it does not, and that no browser tab in front silences it."""

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.console_page import console, empty_the_queue, report
from tests.browser.hidden_tab import RealBrowser
from tests.machine import Machine, done, eventually, once

# Notes the pitch of every tone that is made, in order.
LISTEN = """
window.pitches = [];
const Tone = OscillatorNode;
window.OscillatorNode = class extends Tone {
  constructor(context, options) { super(context, options); window.pitches.push(options.frequency); }
};
"""


def test_a_report_rings_a_ready_seat_until_it_is_answered(browser: Browser, machine: Machine) -> None:
    empty_the_queue(machine)
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        expect(desk.part("ringing")).to_have_attribute("data-count", "0")
        before = desk.rings()
        incident = report(machine.citizen(once("rings")))
        expect(desk.part("ringing")).to_have_attribute("data-count", "1", timeout=3000)
        eventually(lambda: desk.rings() >= before + 2, within_seconds=8)
        eventually(lambda: "待接" in desk.page.title())
        desk.answer(incident["id"])
        expect(desk.part("ringing")).to_have_attribute("data-count", "0")
        answered = desk.rings()
        desk.page.wait_for_timeout(4000)  # The third priority rings every 3 s: silence is what is waited for.
        assert desk.rings() == answered


def test_news_of_an_own_incident_sounds_once_unless_it_is_on_the_screen(
    browser: Browser, machine: Machine
) -> None:
    empty_the_queue(machine)
    hidden, shown = machine.citizen(once("behind")), machine.citizen(once("before"))
    behind, before = report(hidden)["id"], report(shown)["id"]
    with console(browser, machine, "seat1") as desk:
        desk.page.add_init_script(LISTEN)
        desk.sign_in()
        desk.answer(behind)
        panel = desk.answer(before)
        expect(desk.part("ringing")).to_have_attribute("data-count", "0")
        desk.page.evaluate("window.pitches = []")
        done(shown.post(f"/reports/{before}/messages", {"text": "我在门口"}, key=once("word")))
        expect(panel.locator(".line.theirs")).to_have_text(re.compile("我在门口"))
        expect(desk.card(before)).to_contain_text("新消息")
        for words in ("他来了", "有刀"):  # The second one changes nothing of the card.
            done(hidden.post(f"/reports/{behind}/messages", {"text": words}, key=once("word")))
            expect(desk.panel(behind).locator(".line.theirs", has_text=words)).to_have_count(1)
            expect(desk.page.locator("#announcer")).to_have_text(re.compile("来了新消息"))
        soft = eventually(lambda: len(heard := desk.page.evaluate("window.pitches")) >= 4 and heard)
        assert soft == [784, 1047, 784, 1047]
        done(hidden.post(f"/reports/{behind}/quick-exit", {}))
        expect(desk.page.locator("#announcer")).to_have_text(re.compile("群众已快速退出"))
        assert desk.page.evaluate("window.pitches")[4:] == [988, 1319] * 3


def test_a_seat_on_a_break_stays_silent_and_says_so(browser: Browser, machine: Machine) -> None:
    empty_the_queue(machine)
    with console(browser, machine, "seat1") as desk:
        desk.sign_in(seat="先不接警")
        before = desk.rings()
        report(machine.citizen(once("break")))
        expect(desk.page.get_by_text("本席未就绪，不响铃")).to_be_visible(timeout=3000)
        assert desk.rings() == before
        desk.page.get_by_test_id("seat").select_option("ready")
        eventually(lambda: desk.rings() > before)
        expect(desk.page.get_by_text("本席未就绪，不响铃")).to_be_hidden()


def test_each_priority_has_a_melody_of_its_own(browser: Browser, machine: Machine) -> None:
    empty_the_queue(machine)
    with console(browser, machine, "seat1") as desk:
        desk.page.add_init_script(LISTEN)
        desk.sign_in()
        incident = report(machine.citizen(once("melody")))
        heard: dict[int, tuple[float, ...]] = {}
        commander = machine.staff("commander1")
        for priority in (3, 4, 2, 1):
            body = {"priority": priority, "type_code": "other"}
            commander.post(f"/console/incidents/{incident['id']}/classify", body)
            expect(desk.card(incident["id"])).to_have_attribute("data-priority", str(priority))
            desk.page.evaluate("window.pitches = []")
            rung = desk.rings()
            eventually(lambda rung=rung: desk.rings() > rung, within_seconds=8)  # type: ignore[misc]
            heard[priority] = tuple(desk.page.evaluate("window.pitches"))
        assert len(set(heard.values())) == 4
        assert len(heard[1]) > len(heard[2]) > len(heard[3]) > len(heard[4])


def test_a_console_hidden_behind_another_tab_still_rings(machine: Machine, tmp_path: Path) -> None:
    empty_the_queue(machine)
    account = next(one for one in machine.accounts if one["username"] == "seat1")
    chromium = RealBrowser(tmp_path / "profile")
    try:
        tab = chromium.tab(f"{machine.url}/console")
        eventually(lambda: tab.run("document.querySelector('input[name=password]') !== null"))
        tab.run(
            "for (const [name, value] of Object.entries("
            f"{json.dumps({'username': account['username'], 'password': account['password']})}))"
            " document.querySelector(`input[name=${name}]`).value = value;"
            "document.querySelector('button[type=submit]').click()"
        )
        eventually(lambda: tab.run("document.querySelector('.volume') !== null"))
        tab.run("document.querySelector('dialog .primary').click()")
        eventually(lambda: tab.run("document.querySelector('[data-testid=queue-ringing]') !== null"))
        chromium.tab("about:blank")
        eventually(lambda: tab.run("document.visibilityState") == "hidden")
        rung = "Number(document.querySelector('[data-testid=bell]').dataset.rung)"
        before = tab.run(rung)
        report(machine.citizen(once("hidden")))
        eventually(lambda: bool(tab.run(rung) >= before + 2), within_seconds=8)
        eventually(lambda: bool(tab.run("document.title.includes('待接')")))
        # The feed is asked for in the Worker: a page hidden for long has its timers run once a minute.
        asked = (
            "performance.getEntriesByType('resource').filter(one => one.name.includes('console/feed')).length"
        )
        assert tab.run(asked) == 0
    finally:
        chromium.close()
