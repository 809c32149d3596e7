"""Words that are a page's own language are shown as they were written, on every screen they reach."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens
from tests.browser.people import CallTaker, Citizen, Officer
from tests.desk import INSIDE, a_phone, record, someone, texted_token, work
from tests.machine import Machine, StaffClient, done

WORDS = "<img src=x onerror=window.ran=1><b>b</b>"
"""What runs where it is taken for markup; a page that shows it as text holds no element of it."""


def marked(kind: str) -> str:
    """The words, with what they stand for."""
    return f"{kind}{WORDS}"


def everything_said(machine: Machine, seat: StaffClient, filed: Any) -> dict[str, Any]:
    """Whatever staff can write about a report, written in markup; the unit that was sent."""
    admin, incident_id = machine.staff("admin1"), filed["incident"]["id"]
    unit = {"name": marked("派出所"), "officer_name": marked("民警"), "phone": a_phone()}
    made: dict[str, Any] = done(admin.post("/console/units", unit))
    done(admin.post("/console/departments", {"name": marked(someone())}))
    work(seat, incident_id, "answer")
    work(seat, incident_id, "classify", {"priority": 2, "type_code": "other", "summary": marked("摘要")})
    work(seat, incident_id, "place", {"place": marked("地点")})
    work(seat, incident_id, "notes", {"text": marked("备注")})
    work(seat, incident_id, "messages", {"text": marked("答复")})
    work(seat, incident_id, "dispatch", {"unit_id": made["id"], "note": marked("交代")})
    return made


def nothing_ran(page: Page) -> None:
    """No element was made of anybody's words, and none of it ran."""
    assert page.evaluate("globalThis.ran ?? 0") == 0
    assert page.locator("img[src='x'], [onerror]").count() == 0
    assert page.locator("b", has_text="b").count() == 0


def test_markup_in_anybodys_words_is_text_on_every_screen(machine: Machine, screens: Screens) -> None:
    citizen, desk, officer = Citizen(screens.phone()), CallTaker(screens.desk()), Officer(screens.phone())
    name, seat = someone(), machine.staff("seat1")
    sender = machine.citizen(name, phone=a_phone())
    report = {"text": marked("报警"), "place": marked("路口"), "position": INSIDE}
    filed = done(sender.post("/reports/photo-text", report))
    incident_id = filed["incident"]["id"]
    done(sender.post(f"/reports/{incident_id}/messages", {"text": marked("群众")}))

    desk.sign_in(seat.account)
    expect(desk.card(incident_id)).to_contain_text("<img src=x")
    nothing_ran(desk.page)
    unit = everything_said(machine, seat, filed)

    desk.card(incident_id).locator(".card-open").click()
    panel = desk.panel(incident_id)
    expect(panel.get_by_test_id("report-text")).to_have_text(marked("报警"))
    expect(panel.locator(".talk .line", has_text=marked("答复"))).to_be_visible()
    for tab in ("classify", "dispatch", "close", "timeline"):
        panel.get_by_test_id(f"dock-{tab}").click()
        expect(panel.get_by_test_id(tab)).to_be_visible()
        nothing_ran(desk.page)

    officer.open(f"./officer#{texted_token(machine, unit['phone'])}", last_digits=unit["phone"][-4:])
    expect(officer.page.get_by_text(marked("交代"))).to_be_visible()
    nothing_ran(officer.page)

    citizen.sign_in(name)
    citizen.page.goto(f"./#/reports/{incident_id}")
    expect(citizen.page.locator(".chat .theirs", has_text=marked("答复"))).to_be_visible()
    nothing_ran(citizen.page)
    assert record(seat, incident_id)["incident"]["text"] == marked("报警")
