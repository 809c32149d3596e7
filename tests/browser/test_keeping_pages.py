"""Legal hold and erasing on the pages: what a commander holds no admin erases, and what is released goes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shoot
from tests.browser.console_page import DESK, ConsolePage, console, empty_the_queue, report
from tests.evidence.keeper import keep
from tests.machine import CitizenClient, Machine, done, eventually, once


@pytest.fixture
def admins_page(browser: Browser, machine: Machine) -> Iterator[Page]:
    """The page of an administrator, who has no desk, with the dialog of erasing open."""
    account = next(one for one in machine.accounts if one["username"] == "admin1")
    context = browser.new_context(viewport=DESK, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{machine.url}/console")
    page.fill("input[name=username]", "admin1")
    page.fill("input[name=password]", account["password"])
    page.get_by_role("button", name="签到").click()
    page.get_by_role("button", name="删除个人信息").click()
    yield page
    context.close()


def a_closed(machine: Machine, citizen: CitizenClient) -> dict[str, str]:
    """An incident of hers that seat2 worked and closed, once it can be found by its number."""
    incident: dict[str, str] = report(citizen, text="邻居家有人打骂孩子")
    seat = machine.staff("seat2")
    done(seat.post(f"/console/incidents/{incident['id']}/answer", {}))
    done(seat.post(f"/console/incidents/{incident['id']}/close", {"disposition": "advised"}))
    asked = {"number": incident["number"]}
    eventually(lambda: done(seat.get("/console/incidents", params=asked))["items"])
    return incident


def find(desk: ConsolePage, number: str) -> None:
    """Open an incident by its number."""
    desk.page.keyboard.press("F12")
    desk.page.keyboard.insert_text(number)
    desk.page.keyboard.press("Enter")


def test_a_commander_places_a_hold_and_releases_it_and_others_see_that_it_stands(
    browser: Browser, machine: Machine, shoot: Shoot
) -> None:
    empty_the_queue(machine)
    incident = a_closed(machine, machine.citizen(once("held")))
    with console(browser, machine, "commander1") as desk, console(browser, machine, "seat2") as seat:
        desk.sign_in(seat="先不接警")
        find(desk, incident["number"])
        panel = desk.panel(incident["id"])
        panel.get_by_test_id("dock-evidence").click()
        stands = panel.get_by_test_id("hold-stands")
        expect(stands).to_contain_text("没有保全")
        panel.get_by_label("保全理由").fill("县检察院调取，函号 2026-17")
        panel.get_by_role("button", name="保全", exact=True).click()
        expect(stands).to_contain_text("保全中：commander1 于")
        expect(stands).to_contain_text("县检察院调取，函号 2026-17")
        shoot(desk.page, "hold-placed")
        seat.sign_in(seat="先不接警")
        find(seat, incident["number"])
        seen = seat.panel(incident["id"])
        seen.get_by_test_id("dock-evidence").click()
        expect(seen.get_by_test_id("hold-stands")).to_contain_text("保全中：commander1 于")
        expect(seen.get_by_role("button", name="解除保全")).to_be_hidden()
        panel.get_by_label("解除理由").fill("案件终结，院方已书面确认")
        panel.get_by_role("button", name="解除保全").click()
        expect(stands).to_contain_text("没有保全")
        expect(panel.get_by_label("保全理由")).to_have_value("")
        panel.get_by_test_id("dock-timeline").click()
        expect(panel.get_by_test_id("timeline")).to_contain_text("案件终结，院方已书面确认")


def test_an_admin_is_told_what_must_be_kept_and_erases_only_with_the_number_typed_once_more(
    inside: Machine, admins_page: Page, shoot: Shoot
) -> None:
    empty_the_queue(inside)
    incident = a_closed(inside, inside.citizen(once("erased"), phone="13905364444"))
    number, hold = incident["number"], f"/console/incidents/{incident['id']}/hold"
    commander, dialog = inside.staff("commander1"), admins_page.get_by_test_id("erasing")
    done(commander.post(hold, {"reason": "县检察院调取"}))
    look = dialog.get_by_role("button", name="查看")
    dialog.get_by_label("此人任意一起警情的编号").fill(f" {number.lower()} ")
    look.click()
    expect(dialog).to_contain_text("现在不能删除：有警情在证据保全中。")
    expect(dialog.locator(".erasing-against")).to_contain_text(number)
    expect(dialog.get_by_test_id("erase")).to_have_count(0)
    shoot(admins_page, "erasing-refused")
    done(commander.delete(hold, params={"reason": "案件终结"}))
    look.click()
    form = dialog.get_by_test_id("erase")
    erase = form.get_by_role("button", name="删除此人的全部个人信息")
    form.get_by_label("依据").fill("依申请，卷号 2026-17")
    expect(erase).to_be_disabled()
    form.get_by_label("请再输入一遍警情编号").fill(number[:-1])
    expect(erase).to_be_disabled()
    form.get_by_label("请再输入一遍警情编号").fill(number)
    shoot(admins_page, "erasing-confirm")
    erase.click()
    expect(dialog).to_contain_text("已受理")
    asked = {"number": number}
    whose = done(inside.staff("admin1").get("/console/citizens", params=asked))["items"][0]
    item = dialog.locator(f".erasure[data-key='{whose['citizen_id']}']")
    expect(item).to_contain_text("卷号 2026-17")
    keep(inside)
    expect(item).to_have_attribute("data-state", "done", timeout=60_000)
    expect(item).to_contain_text("已处理 1 起警情")
    dialog.get_by_label("此人任意一起警情的编号").fill(number)
    look.click()
    expect(dialog).to_contain_text("此人的信息已经全部删除。")
    shoot(admins_page, "erasing-done")
