"""A commander is texted without anyone asking, looks, and says that he knows; the console shows it."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page, expect

from chalicelib.adapters import incidents
from chalicelib.domain.asked import new_id
from chalicelib.domain.hits import Hit, Rule
from chalicelib.domain.incident import Change, Incident
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.triggers.timers import take_timer
from tests.browser.conftest import Screens, Shoot
from tests.browser.people import CallTaker
from tests.desk import a_citizen, a_report
from tests.machine import Machine, done, eventually
from tests.within import now

COMMANDER = "值班指挥长"


def hit_a_key_person(incident_id: str) -> None:
    """What the rules do when the reporter is on the list of key persons."""

    def step(incident: Incident) -> Change:
        found = Hit(id=new_id(), rule=Rule.KEY_PERSON, reason="r", found_at=now())
        details = {"hits": [{"id": found.id, "rule": found.rule}]}
        return Change(incident=replace(incident, hits=(found,)), kind="hits.found", details=details)

    incidents.change(incident_id, step, actor=Actor(role=Role.SYSTEM, id="rules"), at=now())


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


def filed(machine: Machine) -> tuple[str, str]:
    """A report whose citizen is a key person; its id and number."""
    incident_id = a_report(a_citizen(machine))
    hit_a_key_person(incident_id)
    return incident_id, incidents.get(incident_id).number


def test_a_commander_is_texted_acknowledges_by_link_and_the_console_sees_it(
    inside: Machine, screens: Screens, desk: CallTaker, shoot: Shoot
) -> None:
    incident_id, number = filed(inside)
    (text,) = eventually(lambda: texts_about(inside, number))
    card = desk.card(incident_id)
    expect(card.locator("[data-alert=accepted]")).to_have_text("已短信指挥长")
    card.locator(".card-open").click()
    strip = desk.panel(incident_id).get_by_test_id("alerts")
    expect(strip).to_contain_text(COMMANDER)
    expect(strip).to_contain_text("未确认")
    expect(strip).to_contain_text("重点人")
    shoot(desk.page, "console-alert")
    phone = screens.phone(viewport={"width": 320, "height": 640})
    open_ack(phone, text)
    expect(phone.get_by_role("heading", name=number)).to_be_visible()
    expect(phone.locator(".reasons li")).to_have_text("命中重点人员规则")
    assert incidents.get(incident_id).alerts[0].acknowledged_at is None
    shoot(phone, "ack-alert")
    phone.get_by_role("button", name="确认知悉").click()
    expect(phone.get_by_test_id("acked")).to_be_visible()
    shoot(phone, "ack-done")
    expect(strip).to_contain_text("已确认")
    expect(card.locator("[data-alert=acknowledged]")).to_have_text("指挥长已确认")
    phone.reload()
    expect(phone.get_by_test_id("acked")).to_be_visible()


def test_without_an_acknowledgement_the_next_commander_is_texted_after_a_minute(
    inside: Machine, desk: CallTaker
) -> None:
    incident_id, number = filed(inside)
    eventually(lambda: texts_about(inside, number))
    later = now() + timedelta(seconds=61)
    take_timer(Timer(kind=TimerKind.ALERT, incident_id=incident_id, due_at=later), now=later)
    told = eventually(lambda: (found := texts_about(inside, number))[1:] and found)
    assert len({text["PhoneNumber"] for text in told}) == 2
    desk.card(incident_id).locator(".card-open").click()
    strip = desk.panel(incident_id).get_by_test_id("alerts")
    expect(strip.locator(".alert-line")).to_have_count(2)


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
            done(keeper.delete(f"/console/duty/{shift['id']}"))
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
