"""A commander is texted without anyone asking, looks, and says that he knows; the console shows it."""

import re
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from chalicelib.adapters import incidents
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.triggers.timers import take_timer
from tests.browser.conftest import Screens, Shoot
from tests.browser.people import CallTaker, Citizen
from tests.desk import a_phone, a_report, someone
from tests.machine import Machine, done, eventually
from tests.within import now

COMMANDER = "值班指挥长"


def texts_about(machine: Machine, number: str) -> list[dict[str, Any]]:
    return [text for text in machine.texts() if number in text["Message"]]


@pytest.fixture
def desk(screens: Screens, machine: Machine) -> CallTaker:
    """A commander at the console."""
    at_desk = CallTaker(screens.desk())
    at_desk.sign_in(next(one for one in machine.accounts if one["username"] == "commander1"))
    return at_desk


def open_ack(page: Page, text: dict[str, Any]) -> None:
    """Follow the link of a text and say the digits of its number."""
    found = re.search(r"https?://\S+/ack#[\w-]+", text["Message"])
    assert found
    page.goto(found[0])
    page.get_by_label("后四位").fill(text["PhoneNumber"][-4:])
    page.get_by_role("button", name="查看警情").click()
    expect(page.get_by_test_id("alert")).to_be_visible()


def watched(machine: Machine, **whom: str) -> None:
    """Put somebody on the list of key persons."""
    done(machine.staff("commander1").post("/console/watch/persons", {"reason": "演练", **whom}))


def filed(machine: Machine) -> tuple[str, str]:
    """A report of a key person; its id and number."""
    phone = a_phone()
    watched(machine, phone=phone)
    incident_id = a_report(machine.citizen(someone(), phone=phone))
    return incident_id, incidents.get(incident_id).number


def test_a_key_person_files_a_commander_is_texted_acknowledges_and_the_console_sees_it(
    inside: Machine, screens: Screens, desk: CallTaker, shoot: Shoot
) -> None:
    citizen, name = Citizen(screens.phone()), f"key-{someone()}"
    watched(inside, openid=f"openid-{name}")
    citizen.sign_in(name)
    citizen.write_report(text="路口有人打架", place="民主路", phone="13900000021", files=[])
    incident, filed_at = citizen.report()
    incident_id, number = incident["id"], incident["number"]
    (text,) = eventually(lambda: texts_about(inside, number), within_seconds=10)
    took = time.time() - filed_at / 1000
    print(f"from the answer to the citizen to the commander's text: {took:.2f} s")
    assert took < 10
    card = desk.card(incident_id)
    expect(card.locator("[data-alert=accepted]")).to_have_text("已短信指挥长")
    card.locator(".card-open").click()
    strip = desk.panel(incident_id).get_by_test_id("alerts")
    for words in (COMMANDER, "未确认", "重点人"):
        expect(strip).to_contain_text(words)
    shoot(desk.page, "console-alert")
    phone = screens.phone(viewport={"width": 320, "height": 640})
    open_ack(phone, text)
    expect(phone.get_by_role("heading", name=number)).to_be_visible()
    expect(phone.locator("[data-reason=key_person]")).to_have_text("命中重点人员规则")
    assert incidents.get(incident_id).alerts[0].acknowledged_at is None
    shoot(phone, "ack-alert")
    phone.get_by_role("button", name="确认知悉").click()
    expect(phone.get_by_test_id("acked")).to_be_visible()
    shoot(phone, "ack-done")
    expect(strip).to_contain_text("已确认")
    expect(card.locator("[data-alert=acknowledged]")).to_have_text("指挥长已确认")
    phone.reload()
    expect(phone.get_by_test_id("acked")).to_be_visible()


def test_without_an_acknowledgement_the_next_commander_is_texted_after_a_minute_and_no_typing_is_broken_off(
    inside: Machine, desk: CallTaker
) -> None:
    incident_id, number = filed(inside)
    eventually(lambda: texts_about(inside, number))
    desk.card(incident_id).locator(".card-open").click()
    strip = desk.panel(incident_id).get_by_test_id("alerts")
    strip.locator("summary").click()
    reason = strip.get_by_role("textbox")
    reason.press_sequentially("误")
    later = now() + timedelta(seconds=61)
    take_timer(Timer(kind=TimerKind.ALERT, incident_id=incident_id, due_at=later), now=later)
    told = eventually(lambda: (found := texts_about(inside, number))[1:] and found)
    assert len({text["PhoneNumber"] for text in told}) == 2
    expect(strip.locator(".alert-line")).to_have_count(2)
    expect(reason).to_be_focused()
    reason.press_sequentially("报")
    expect(reason).to_have_value("误报")


def test_the_code_of_a_text_does_what_its_link_does(inside: Machine, screens: Screens, shoot: Shoot) -> None:
    incident_id, number = filed(inside)
    (text,) = eventually(lambda: texts_about(inside, number))
    found = re.search(r"输入 (\d{4}) (\d{4})", text["Message"])
    assert found
    phone = screens.phone(viewport={"width": 320, "height": 640})
    phone.goto("./ack")
    shoot(phone, "ack-code")
    wrong = f"{(int(found[1]) + 1) % 10_000:04d}"
    phone.get_by_label("确认码").fill(f"{wrong} {found[2]}")
    phone.get_by_label("后四位").fill(text["PhoneNumber"][-4:])
    phone.get_by_role("button", name="查看警情").click()
    expect(phone.get_by_text("没有这个确认码")).to_be_visible()
    phone.get_by_label("确认码").fill(f"{found[1]} {found[2]}")
    phone.get_by_role("button", name="查看警情").click()
    phone.get_by_role("button", name="确认知悉").click()
    expect(phone.get_by_test_id("acked")).to_be_visible()
    assert incidents.get(incident_id).alerts[0].acknowledged_at is not None


def test_a_commander_keeps_the_roster_and_is_told_when_nobody_is_on_duty(
    inside: Machine, desk: CallTaker, shoot: Shoot
) -> None:
    keeper = inside.staff("commander1")
    page, banner = desk.page, desk.page.get_by_test_id("nobody-on-duty")
    page.get_by_role("button", name="值班表").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("现在值班")).to_be_visible()
    shoot(page, "console-duty")
    before = done(keeper.get("/console/duty"))["items"]
    try:
        for shift in before:
            assert keeper.delete(f"/console/duty/{shift['id']}").status_code == 204
        form = dialog.get_by_test_id("shift")
        form.get_by_label("岗位").fill("夜班指挥长")
        form.get_by_label("电话").fill("13800000013")
        form.get_by_role("button", name="加入值班表").click()
        row = dialog.get_by_test_id("shifts").locator("li", has_text="夜班指挥长")
        expect(row).to_be_visible()
        expect(dialog.get_by_text("现在没有指挥长值班")).to_be_visible()
        shoot(page, "console-duty-nobody")
        row.get_by_role("button", name="移除").click()
        row.get_by_role("button", name="确认移除").click()
        expect(row).to_have_count(0)
        dialog.get_by_role("button", name="关闭").click()
        expect(banner).to_contain_text("指挥中心值班室")
        shoot(page, "console-nobody")
    finally:
        put_back(inside, before)


def put_back(machine: Machine, shifts: list[dict[str, Any]]) -> None:
    """Have the roster be as it was for the other tests."""
    keeper = machine.staff("commander1")
    for shift in shifts:
        assert datetime.fromisoformat(shift["to"])
        done(keeper.post("/console/duty", {name: value for name, value in shift.items() if name != "id"}))
