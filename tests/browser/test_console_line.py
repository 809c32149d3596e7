"""The console's line to the service: it is seen when it is gone, and it comes back by itself."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Route, expect

from tests.browser.console_page import console, empty_the_queue, report
from tests.browser.in_between import NOT_ALLOWED, turned_away
from tests.machine import Machine, once


def test_a_cut_line_shows_red_within_six_seconds_and_recovers(browser: Browser, machine: Machine) -> None:
    empty_the_queue(machine)
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        lost = desk.page.get_by_test_id("lost")
        expect(lost).to_be_hidden()
        desk.page.context.set_offline(True)
        expect(lost).to_be_visible(timeout=6500)
        expect(lost).to_contain_text("已断线")
        expect(desk.page).to_have_title("【已断线】接警台")
        incident = report(machine.citizen(once("cut")))
        desk.page.context.set_offline(False)
        expect(desk.card(incident["id"])).to_be_visible(timeout=5000)
        expect(lost).to_be_hidden()


def test_a_token_the_service_no_longer_takes_is_renewed_unseen(browser: Browser, machine: Machine) -> None:
    empty_the_queue(machine)
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        stored = "JSON.parse(sessionStorage.getItem('instant110.console.session'))"
        desk.page.evaluate(
            f"const held = {stored}; held.id_token = held.id_token.slice(0, -6) + 'AAAAAA';"
            "sessionStorage.setItem('instant110.console.session', JSON.stringify(held))"
        )
        broken = desk.page.evaluate(f"{stored}.id_token")
        desk.page.reload()
        incident = report(machine.citizen(once("renewed")))
        expect(desk.card(incident["id"])).to_be_visible(timeout=5000)
        assert desk.page.evaluate(f"{stored}.id_token") != broken
        expect(desk.page.locator("dialog.sign-in")).to_be_hidden()


def test_a_computer_whose_clock_is_hours_ahead_asks_for_no_token_before_its_time(
    browser: Browser, machine: Machine
) -> None:
    empty_the_queue(machine)
    with console(browser, machine, "seat1") as desk:
        asked: list[str] = []
        desk.page.on("request", lambda one: asked.append(one.url))
        desk.page.clock.install(time=datetime.now(UTC) + timedelta(hours=8))
        desk.sign_in()
        for _ in range(2):
            for _ in range(5):
                desk.page.context.wait_for_event("response", lambda one: "/console/feed" in one.url)
            sessions = [one for one in asked if one.endswith("/console/session")]
            assert len(sessions) <= 2, "the sign-in, and at most one renewal"
            desk.page.reload()
            desk.part("ringing").wait_for()


def test_a_clock_that_is_set_back_does_not_stop_the_feed(browser: Browser, machine: Machine) -> None:
    """Each look of the worker at the computer's clock finds it an hour earlier."""
    set_back = "const real = Date.now; let back = 0; Date.now = () => real() - (back += 3_600_000);"

    def with_such_a_clock(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=f"{answer.text()}\n{set_back}")

    with console(browser, machine, "seat1") as desk:
        desk.page.context.route("**/console-poller.*.js", with_such_a_clock)
        desk.sign_in()
        for _ in range(4):
            desk.page.context.wait_for_event("response", lambda one: "/console/feed" in one.url)


def test_a_console_opens_though_the_gateway_turns_it_away_for_a_while(
    browser: Browser, machine: Machine
) -> None:
    with console(browser, machine, "seat1") as desk:
        turned_away(desk.page, r"/(county|console/(seat|types))$", NOT_ALLOWED, times=5)
        desk.sign_in()


def test_a_lost_sign_in_is_asked_for_over_the_work_and_keeps_it(browser: Browser, machine: Machine) -> None:
    empty_the_queue(machine)
    incident = report(machine.citizen(once("expired")))
    account = next(one for one in machine.accounts if one["username"] == "seat1")
    refused = {"status": 401, "content_type": "application/problem+json", "body": '{"type": "unauthorized"}'}
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident["id"])
        panel.get_by_label("写给群众").fill("请说明具体位置")
        desk.page.context.route("**/console/**", lambda route: route.fulfill(**refused))
        expect(desk.page.get_by_role("heading", name="登录已过期")).to_be_visible()
        desk.page.context.unroute_all()
        desk.page.fill("input[name=password]", account["password"])
        desk.page.click("dialog.sign-in button[type=submit]")
        expect(desk.page.locator("dialog.sign-in")).to_be_hidden()
        expect(panel.get_by_label("写给群众")).to_have_value("请说明具体位置")
        panel.get_by_label("写给群众").press("Enter")
        expect(panel.locator(".line.ours")).to_contain_text("请说明具体位置")
        expect(desk.page.get_by_test_id("lost")).to_be_hidden()
