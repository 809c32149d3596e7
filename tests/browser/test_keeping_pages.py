"""Legal hold on the pages: a commander places it and releases it."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Shoot
from tests.browser.console_page import ConsolePage, console, empty_the_queue, report
from tests.machine import CitizenClient, Machine, done, eventually, once


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
