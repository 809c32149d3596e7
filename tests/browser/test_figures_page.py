"""The figures page: what the service says stands there, for whom it is, and the sheet to take along."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Screens
from tests.browser.console_page import console
from tests.machine import Machine, done

TILES = {
    "reports": "报警",
    "tips": "线索",
    "consults": "咨询",
    "major_cases": "重大案件",
    "cases_solved": "破案",
    "people_arrested": "抓获",
    "people_helped": "救助",
}


def opened(page: Page) -> Page:
    """The figures, opened by their button and drawn."""
    page.get_by_role("button", name="数据", exact=True).click()
    expect(page.get_by_test_id("tile-reports")).to_be_visible()
    return page


def stats(machine: Machine) -> dict[str, Any]:
    read: dict[str, Any] = done(machine.staff("commander1").get("/console/stats"))
    return read


def test_the_page_says_what_the_service_says(browser: Browser, machine: Machine) -> None:
    with console(browser, machine, "commander1") as desk:
        page = opened(desk.sign_in(seat="先不接警").page)
        said = stats(machine)
        for name, words in TILES.items():
            tile = page.get_by_test_id(f"tile-{name}")
            expect(tile).to_have_text(f"{words}{said['totals'][name]:,}")
        for seconds in (15, 20):
            expect(page.get_by_test_id(f"gauge-{seconds}")).to_contain_text(f"{seconds} 秒内接通")
            expect(page.get_by_test_id(f"gauge-{seconds}").locator("line.mark")).to_have_count(1)
        page.get_by_text("表格", exact=True).click()
        expect(page.locator(".days tbody tr")).to_have_count(30)
        expect(page.locator(".days tbody tr").first).to_contain_text(said["by_day"][-1]["day"])


def test_another_span_is_asked_for_and_shown(browser: Browser, machine: Machine) -> None:
    with console(browser, machine, "commander1") as desk:
        page = opened(desk.sign_in(seat="先不接警").page)
        with page.expect_response(lambda answer: "/console/stats" in answer.url) as awaited:
            page.get_by_role("button", name="近 7 天").click()
        assert len(awaited.value.json()["by_day"]) == 7
        expect(page.get_by_role("button", name="近 7 天")).to_have_attribute("aria-pressed", "true")


def test_the_sheet_is_saved_as_a_file(browser: Browser, machine: Machine) -> None:
    with console(browser, machine, "seat1") as desk:
        page = opened(desk.sign_in(seat="先不接警").page)
        with page.expect_download() as awaited:
            page.get_by_role("button", name="下载表格").click()
        assert awaited.value.suggested_filename.endswith(".csv")
        text = Path(awaited.value.path()).read_text("utf-8")
        assert text.startswith("\ufeff日期,新注册群众,报警")


def test_the_figures_give_way_to_an_incident_that_is_opened(browser: Browser, machine: Machine) -> None:
    citizen = machine.citizen("figures-page")
    filed = done(citizen.post("/reports/photo-text", {"text": "树倒在路上"}))
    incident_id = filed["incident"]["id"]
    with console(browser, machine, "seat1") as desk:
        page = opened(desk.sign_in(seat="先不接警").page)
        desk.open(incident_id)
        expect(page.get_by_test_id("figures")).to_be_hidden()
        expect(desk.panel(incident_id)).to_be_visible()


@pytest.mark.parametrize(("username", "reads"), [("admin1", True), ("specialist1", False)])
def test_an_administrator_reads_them_and_a_specialist_does_not(
    screens: Screens, machine: Machine, username: str, reads: bool
) -> None:
    account = next(one for one in machine.accounts if one["username"] == username)
    page = screens.desk()
    page.goto("./console")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", account["password"])
    page.click("button[type=submit]")
    if reads:
        opened(page)
    else:
        page.get_by_role("button", name="先不接警").click()
        expect(page.get_by_test_id("queue-ringing")).to_be_visible()
        expect(page.get_by_role("button", name="数据", exact=True)).to_have_count(0)
