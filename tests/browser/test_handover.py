"""What the mini-program hands over: the page signs in by a code and enters the report."""

import re
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens
from tests.browser.in_between import NOT_ALLOWED, turned_away
from tests.browser.test_citizen_page import SPOIL_TOKEN
from tests.desk import someone
from tests.machine import CitizenClient, Machine, done, eventually, once


def handed_over(screens: Screens, name: str, *, offline: bool = False, **facts: str) -> Page:
    """A web-view of the mini-program as it opens; `offline` cannot sign in until its route is taken away."""
    page = screens.phone()
    if offline:
        page.route("**/session", lambda route: route.abort())
    page.goto(f"./#{urlencode({**facts, 'code': once(f'login-{name}')})}")
    return page


def filed(machine: Machine, mode: str) -> tuple[str, CitizenClient, str]:
    """A name, its citizen beside the page, and the report that the mini-program filed for her."""
    name = f"mini-{someone()}"
    citizen = machine.citizen(name)
    return name, citizen, done(citizen.post(f"/reports/{mode}", {}))["incident"]["id"]


def test_a_call_is_entered_at_once_and_its_code_stands_nowhere(screens: Screens, machine: Machine) -> None:
    name, _, incident_id = filed(machine, "voice")
    page = handed_over(screens, name, call=incident_id, mode="voice", language="en")
    expect(page.locator(".live")).to_be_visible()
    assert page.url.endswith(f"#/call/{incident_id}")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate("history.length") <= 2
    assert "login" not in page.url
    page.evaluate("sessionStorage.clear()")
    page.route(f"**/reports/{incident_id}*", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("link", name="Call 110")).to_be_visible()
    expect(page.get_by_role("link", name="Back")).to_be_visible()


def test_a_silent_report_is_dark_from_its_first_moment_and_named_nowhere(
    screens: Screens, machine: Machine
) -> None:
    name, citizen, incident_id = filed(machine, "silent")
    page = handed_over(screens, name, offline=True, quiet=incident_id, language="zh-CN")
    assert page.title() == "记事"
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    page.get_by_role("button", name="他在旁边").click()
    expect(page.get_by_text("没有网络，正在重试")).to_be_visible()
    page.unroute("**/session")

    def told() -> list[str]:
        timeline = done(citizen.get(f"/reports/{incident_id}"))["timeline"]
        return [entry["details"].get("text") for entry in timeline if entry["kind"] == "message.sent"]

    eventually(lambda: told() == ["他在旁边"], within_seconds=15)
    assert incident_id not in page.url
    kept = page.evaluate("JSON.stringify(Object.values(localStorage))")
    assert incident_id not in kept
    assert len(done(citizen.get("/reports"))["items"]) == 1


def test_a_phone_that_signed_in_before_stays_dark_for_the_next_silent_report(
    screens: Screens, machine: Machine
) -> None:
    name, _, incident_id = filed(machine, "silent")
    page = handed_over(screens, name, quiet=incident_id, language="zh-CN")
    expect(page.get_by_text("已送到")).to_be_visible()
    later = page.context.new_page()
    code = once(f"login-{name}")
    later.goto(f"./#{urlencode({'quiet': incident_id, 'language': 'zh-CN', 'code': code})}")
    expect(later.get_by_text("已送到")).to_be_visible()
    assert later.url.endswith("#/n")
    later.evaluate(SPOIL_TOKEN)
    later.reload()
    expect(later.get_by_text("没有送到，请重新打开")).to_be_visible()
    later.get_by_role("button", name="有刀").click()
    expect(later.locator(".quiet-talk .mine")).to_contain_text("没有发出")
    assert later.evaluate("document.documentElement.matches('.quiet')")


def test_a_silent_page_that_a_gateway_turns_away_signs_in_for_as_long_as_its_code_lives(
    screens: Screens, machine: Machine
) -> None:
    name, _, incident_id = filed(machine, "silent")
    page = screens.phone()
    page.clock.install()
    turned_away(page, r"/session$", NOT_ALLOWED, times=20)
    page.goto(f"./#{urlencode({'quiet': incident_id, 'code': once(f'login-{name}')})}")
    state = page.locator(".quiet-state")

    def is_in() -> bool:
        page.clock.run_for(1500)
        return re.fullmatch(r"已送到(，前面还有 \d+ 个)?", state.inner_text()) is not None

    eventually(is_in, within_seconds=15)


def test_a_silent_page_whose_code_is_of_no_use_stays_dark_and_shows_no_form(
    screens: Screens, machine: Machine
) -> None:
    name, _, incident_id = filed(machine, "silent")
    used = once(f"login-{name}")
    done(machine.anyone().post("/session", {"code": used}))
    page = screens.phone()
    page.goto(f"./#{urlencode({'quiet': incident_id, 'code': used})}")
    expect(page.get_by_text("已送到，请返回后再打开")).to_be_visible()
    assert page.title() == "记事"
    assert "警" not in page.locator("body").inner_text()
    assert page.evaluate("document.documentElement.matches('.quiet')")
    assert incident_id not in page.url
