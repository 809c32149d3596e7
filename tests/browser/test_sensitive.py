"""Sensitive incidents in the browser: hits, the verdict on them, the lists, reports of one event."""

import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Screens, Shoot
from tests.browser.console_page import console, empty_the_queue, report
from tests.browser.people import Citizen
from tests.desk import a_phone, someone
from tests.machine import Machine, done, once

Point = dict[str, float]


def somewhere() -> Point:
    """A point within the county where no other test reports from."""
    return {"lat": round(random.uniform(36.25, 36.29), 6), "lng": round(random.uniform(118.45, 118.60), 6)}


def position(point: Point) -> dict[str, Any]:
    return {**point, "crs": "wgs84", "accuracy_m": 30}


def test_hits_stand_with_their_evidence_before_answering_and_are_judged(
    browser: Browser, machine: Machine, shoot: Shoot
) -> None:
    empty_the_queue(machine)
    point, commander = somewhere(), machine.staff("commander1")
    edge = {**point, "lat": point["lat"] + 110 / 111_195}
    place = {"name": "实验小学", "centre": edge, "radius_m": 100, "reason": "学校"}
    done(commander.post("/console/watch/places", place))
    phone = a_phone()
    done(commander.post("/console/watch/persons", {"phone": phone, "reason": "多次扬言报复"}))
    citizen = machine.citizen(once("key"), phone=phone)
    incident = report(citizen, position=position(point))["id"]
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        expect(desk.card(incident).get_by_text("重点", exact=True)).to_be_visible()
        panel = desk.open(incident)
        hits = panel.get_by_test_id("hits")
        person, near = hits.locator("[data-rule=key_person]"), hits.locator("[data-rule=key_place]")
        expect(person).to_contain_text("多次扬言报复")
        expect(person).to_contain_text("手机号相符")
        expect(near).to_contain_text("距离 10 m，定位误差 ±30 m")
        expect(person.get_by_role("button", name="属实")).to_be_hidden()
        shoot(desk.page, "console-hits-waiting")
        desk.answer(incident)
        person.get_by_role("button", name="属实").click()
        near.get_by_role("button", name="排除").click()
        expect(person).to_have_attribute("data-verdict", "confirmed")
        expect(near).to_have_attribute("data-verdict", "dismissed")
        expect(desk.card(incident).get_by_text("重点", exact=True)).to_have_attribute("title", "重点人")
        shoot(desk.page, "console-hits-judged")


def test_a_report_of_the_same_event_is_linked_with_one_tap(
    browser: Browser, machine: Machine, shoot: Shoot
) -> None:
    empty_the_queue(machine)
    point = somewhere()
    first = report(machine.citizen(once("first")), position=position(point))
    second = report(
        machine.citizen(once("second")), position=position({**point, "lat": point["lat"] + 0.001})
    )
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        desk.answer(second["id"])
        cluster = desk.panel(second["id"]).get_by_test_id("cluster")
        expect(cluster).to_contain_text(first["number"], timeout=30_000)
        expect(cluster).to_contain_text("相距 111 m")
        shoot(desk.page, "console-cluster")
        cluster.get_by_role("button", name="并案").click()
        expect(cluster).to_be_hidden()
        expect(desk.card(second["id"])).to_contain_text("并案")


def test_a_commander_keeps_the_lists_at_the_console(browser: Browser, machine: Machine, shoot: Shoot) -> None:
    name, phone = f"水库 {once('x')[-6:]}", a_phone()
    with console(browser, machine, "commander1") as desk:
        desk.sign_in()
        desk.page.get_by_role("button", name="布控名单").click()
        dialog = desk.page.get_by_role("dialog")
        person = dialog.get_by_test_id("watch-person")
        person.get_by_label("手机号").fill(phone)
        person.get_by_label("布控理由").fill("走失老人")
        person.get_by_role("button", name="添加").click()
        persons = dialog.get_by_test_id("watch.persons")
        added = persons.locator("li", has_text=phone[-4:])
        expect(added).to_contain_text("走失老人")
        expect(added).to_contain_text("commander1")
        place = dialog.get_by_test_id("watch-place")
        place.get_by_label("名称").fill(name)
        place.get_by_label("布控理由").fill("水库")
        place.get_by_label("多边形").check()
        canvas = place.locator(".map")
        box = canvas.bounding_box()
        assert box is not None
        for x, y in ((0.45, 0.4), (0.6, 0.4), (0.5, 0.6)):
            canvas.click(position={"x": box["width"] * x, "y": box["height"] * y})
        expect(place).to_contain_text("已点 3 个")
        shoot(desk.page, "console-watch-lists")
        place.get_by_role("button", name="添加").click()
        listed = dialog.get_by_test_id("watch.places").locator("li", has_text=name)
        expect(listed).to_contain_text("3 角多边形")
        listed.get_by_role("button", name="移除").click()
        listed.get_by_role("button", name="确认移除").click()
        expect(listed).to_have_count(0)


def test_a_call_taker_does_not_see_the_lists(browser: Browser, machine: Machine) -> None:
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        expect(desk.page.get_by_role("button", name="布控名单")).to_have_count(0)


def test_a_citizen_near_a_known_event_is_asked_and_says_that_somebody_is_hurt(
    screens: Screens, machine: Machine, shoot: Shoot
) -> None:
    until = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    centre = {"lat": 36.42, "lng": 118.505}
    event = {
        "kind": "fire",
        "name": "冶源街道仓库起火",
        "centre": centre,
        "radius_m": 200,
        "expires_at": until,
    }
    made = done(machine.staff("commander1").post("/console/events", {**event, "expires_at": until}))
    try:
        citizen = Citizen(screens.phone())
        citizen.sign_in(f"near-{someone()}")
        page = citizen.page
        page.get_by_role("link", name="图文报警").click()
        page.get_by_label("发生了什么").fill("看到很大的烟")
        expect(page.get_by_text("已附上您的位置")).to_be_visible()
        incident, _ = citizen.report()
        asked = page.get_by_test_id("event")
        expect(asked).to_contain_text("冶源街道仓库起火")
        shoot(page, "citizen-event-asked")
        asked.get_by_role("button", name="是同一件事", exact=True).click()
        expect(asked).to_contain_text("已记下：是同一件事")
        asked.get_by_role("button", name="有人受伤").click()
        expect(asked).to_contain_text("已加急")
        expect(asked.get_by_role("button")).to_have_count(0)
        shoot(page, "citizen-event-hurt")
        expect(page.locator("body")).not_to_contain_text(re.compile("重点|取消"))
        card = done(machine.staff("seat1").get(f"/console/incidents/{incident['id']}"))["incident"]
        assert (card["priority"], card["hurt"]) == (1, True)
    finally:
        machine.staff("commander1").delete(f"/console/events/{made['id']}")
