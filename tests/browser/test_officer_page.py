"""The officer's page: whom it lets in, what it hides, and what it does without a network."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Screens
from tests.browser.in_between import SlowRoad
from tests.browser.people import Officer
from tests.machine import Machine, StaffClient, done, eventually, once
from tests.media import send_still

POSITION = {"lat": 36.42, "lng": 118.505, "accuracy_m": 35, "crs": "wgs84"}


KEPT = "JSON.parse(Object.entries(localStorage).find(([name]) => name.includes('.link.'))[1])"
"""What the page keeps for its link."""


class Task:
    """An incident that a unit was sent to, with the link that was texted."""

    def __init__(self, machine: Machine, *, mode: str = "photo-text", **report: Any) -> None:
        self.staff: StaffClient = machine.staff("commander1")
        self.unit = done(machine.staff("admin1").get("/console/units"))["items"][0]
        phone, self.citizen = self.unit["phone"], machine.citizen(once("task").replace("#", "-"))
        before = len(machine.texts(phone))
        sent = {
            "text": "超市门口有人倒地不起",
            "contact_phone": "13800000011",
            "position": POSITION,
            **report,
        }
        self.incident_id = done(self.citizen.post(f"/reports/{mode}", sent))["incident"]["id"]
        self.work("answer", {})
        self.work("place", {"place": "民主路新华超市", "point": {"lat": 36.5102, "lng": 118.5401}})
        self.work("classify", {"priority": 1, "type_code": "help"})
        self.work("dispatch", {"unit_id": self.unit["id"]})
        text = eventually(lambda: machine.texts(phone)[before:])[-1]["Message"]
        found = re.search(r"https?://\S+/officer#[\w-]+", text)
        assert found, text
        self.link, self.digits = found[0], phone[-4:]

    def work(self, verb: str, body: dict[str, Any]) -> None:
        """Do one step of the call-taker's."""
        done(self.staff.post(f"/console/incidents/{self.incident_id}/{verb}", body))

    def reported_on_the_same_device(self, page: Page, machine: Machine) -> None:
        """Report back from the phone, but behind the page's back, as its second tab could."""
        kept = page.evaluate(KEPT)
        headers = {"X-Link-Token": self.link.partition("#")[2], "X-Device-Key": kept["device_key"]}
        now = datetime.now(UTC)
        told = {
            "arrived_at": (now - timedelta(minutes=20)).isoformat(),
            "ended_at": now.isoformat(),
            "result": "双方已调解",
        }
        done(machine.anyone().post("/link/feedback", told, headers=headers))

    def status(self) -> str:
        """How the incident stands."""
        status: str = done(self.staff.get(f"/console/incidents/{self.incident_id}"))["incident"]["status"]
        return status


@pytest.fixture
def officer(screens: Screens) -> Officer:
    """An officer with a phone."""
    return Officer(screens.phone())


def test_wrong_digits_are_counted_and_shown(machine: Machine, officer: Officer) -> None:
    task = Task(machine)
    officer.page.goto(task.link)
    wrong = "0000" if task.digits != "0000" else "1111"
    officer.page.get_by_label("后四位").fill(wrong)
    officer.page.get_by_role("button", name="打开").click()
    expect(officer.page.get_by_text("后四位不正确，还可以试 4 次")).to_be_visible()


def test_a_link_opened_on_one_phone_is_closed_to_another_and_survives_a_reload_without_a_network(
    machine: Machine, officer: Officer, screens: Screens
) -> None:
    task = Task(machine)
    officer.open(task.link, last_digits=task.digits)
    officer.page.clock.install()
    officer.page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # No timer looks again.
    officer.page.route("**/link/incident", lambda route: route.abort())
    officer.page.reload()
    expect(officer.page.get_by_text("网络不通")).to_be_visible()
    officer.page.unroute_all()
    officer.page.context.set_offline(True)
    officer.page.context.set_offline(False)
    expect(officer.page.get_by_role("heading", name="民主路新华超市")).to_be_visible()
    another = screens.phone()
    another.goto(task.link)
    another.get_by_label("后四位").fill(task.digits)
    another.get_by_role("button", name="打开").click()
    expect(another.get_by_role("heading", name="已在另一部手机上打开")).to_be_visible()


def test_the_way_leads_to_the_confirmed_point_in_the_map_applications_coordinates(
    machine: Machine, officer: Officer
) -> None:
    task = Task(machine)
    officer.open(task.link, last_digits=task.digits)
    expect(officer.page.get_by_text("接警员已确认地点")).to_be_visible()
    expect(officer.page.locator(".age")).to_have_text("群众位置：时间不明 · 精确到约 35 米")
    officer.page.get_by_role("button", name="导航").click()
    amap = officer.page.get_by_role("link", name="高德地图").get_attribute("href") or ""
    found = re.search(r"to=([\d.]+),([\d.]+),.*coordinate=gaode", amap)
    assert found, amap
    # GCJ-02 lies about 500 m to the east here and hardly to the north.
    assert 0.0045 < float(found[1]) - 118.5401 < 0.0065
    assert abs(float(found[2]) - 36.5102) < 0.001
    geo = officer.page.get_by_role("link", name="手机上的其他地图")
    expect(geo).to_have_attribute("href", re.compile(r"^geo:36\.510200,118\.540100"))


def test_nobody_who_hides_is_rung(machine: Machine, officer: Officer) -> None:
    task = Task(machine, callback_allowed=False)
    officer.open(task.link, last_digits=task.digits)
    expect(officer.page.get_by_role("alert").filter(has_text="勿回拨 · 勿鸣笛")).to_be_visible()
    expect(officer.page.get_by_text("号码已隐藏")).to_be_visible()
    assert officer.page.locator("a[href^='tel:']").count() == 0
    assert "13800000011" not in officer.page.content().replace(" ", "")


def test_without_a_network_a_step_waits_the_position_grows_old_and_what_is_refused_is_said(
    machine: Machine, officer: Officer
) -> None:
    task = Task(machine, position={**POSITION, "at": datetime.now(UTC).isoformat()})
    officer.page.clock.install()
    officer.open(task.link, last_digits=task.digits)
    expect(officer.page.locator(".age")).to_contain_text("群众位置：刚刚")
    expect(officer.page.locator(".map-position")).to_have_text("群众")
    expect(officer.page.locator(".map-position.stale")).to_have_count(0)
    officer.page.context.set_offline(True)
    officer.page.clock.fast_forward("06:00")
    expect(officer.page.locator(".age")).to_contain_text("群众最后位置 6 分钟前")
    expect(officer.page.locator(".map-position.stale")).to_have_text("群众最后位置")
    officer.taps("出发")
    expect(officer.page.get_by_text("“出发”会在联网后自动上报")).to_be_visible()
    assert task.status() == "dispatched"
    officer.page.context.set_offline(False)
    expect(officer.page.locator("#work .huge", has_text="到达现场")).to_be_visible()
    assert task.status() == "en_route"
    officer.page.context.set_offline(True)
    officer.taps("到达现场")
    expect(officer.page.get_by_text("“到达现场”会在联网后自动上报")).to_be_visible()
    task.reported_on_the_same_device(officer.page, machine)
    officer.page.context.set_offline(False)
    expect(officer.page.get_by_role("alert")).to_have_text("“到达现场”没有上报：当前状态下不能这样操作")
    expect(officer.page.get_by_text("已反馈，等待指挥中心办结。")).to_be_visible()


def test_a_report_half_written_is_there_after_a_reload_and_after_a_refusal(
    machine: Machine, officer: Officer
) -> None:
    task = Task(machine)
    officer.open(task.link, last_digits=task.digits)
    officer.taps("出发")
    officer.taps("到达现场")
    officer.taps("处理完毕")
    officer.page.get_by_label("处理结果").fill("老人低血糖，已由家属接回")
    officer.page.get_by_role("button", name="救助（人） +1").click()
    officer.page.reload()
    officer.taps("处理完毕")
    expect(officer.page.get_by_label("处理结果")).to_have_value("老人低血糖，已由家属接回")
    expect(officer.page.get_by_label("救助（人）", exact=True)).to_have_value("1")
    arrived = officer.page.get_by_label("到场时间")
    right = arrived.input_value()
    arrived.fill(f"2019{right[4:]}")
    officer.page.get_by_role("button", name="提交反馈").click()
    expect(officer.page.locator(".report-form").get_by_role("alert")).to_contain_text("不在最近一个月内")
    expect(arrived).to_have_value(f"2019{right[4:]}")
    expect(officer.page.get_by_label("处理结果")).to_have_value("老人低血糖，已由家属接回")
    arrived.fill(right)
    officer.page.get_by_role("button", name="提交反馈").click()
    expect(officer.page.get_by_text("已反馈，等待指挥中心办结。")).to_be_visible()


def test_a_link_called_back_says_so(machine: Machine, officer: Officer) -> None:
    task = Task(machine)
    officer.open(task.link, last_digits=task.digits)
    dispatches = done(task.staff.get(f"/console/incidents/{task.incident_id}"))["dispatches"]
    task.work(f"dispatches/{dispatches[0]['dispatch_id']}/revoke", {"reason": "改派"})
    expect(officer.page.get_by_role("heading", name="链接无效")).to_be_visible()


def test_messages_stand_when_a_later_look_brings_only_what_is_newer(
    machine: Machine, officer: Officer
) -> None:
    task = Task(machine)
    officer.open(task.link, last_digits=task.digits)
    lines = officer.page.locator(".chat-line .text")
    task.work("messages", {"text": "嫌疑人持刀", "to": "officers"})
    expect(lines).to_have_text(["嫌疑人持刀"])
    assert messages_of_a_look(officer.page) == []
    expect(lines).to_have_text(["嫌疑人持刀"])
    officer.page.get_by_label("写给指挥中心").fill("收到")
    officer.page.get_by_role("button", name="发送").click()
    expect(lines).to_have_text(["嫌疑人持刀", "收到"])
    officer.page.route(LOOK, partial(pass_over, "他从后门跑了"))
    for text in ("他从后门跑了", "往河边去了"):
        task.work("messages", {"text": text, "to": "officers"})
    expect(lines).to_have_text(["嫌疑人持刀", "收到", "往河边去了"])
    officer.page.unroute(LOOK)
    expect(lines).to_have_text(["嫌疑人持刀", "收到", "他从后门跑了", "往河边去了"])
    assert messages_of_a_look(officer.page) == []
    officer.page.reload()
    expect(lines).to_have_text(["嫌疑人持刀", "收到", "他从后门跑了", "往河边去了"])


def test_what_an_officer_types_while_his_message_is_on_its_way_stays(
    machine: Machine, officer: Officer
) -> None:
    task = Task(machine)
    officer.open(task.link, last_digits=task.digits)
    lines = officer.page.locator(".chat-line .text")
    words = officer.page.get_by_label("写给指挥中心")
    road = SlowRoad(officer.page, r"/link/messages$")
    words.fill("嫌疑人持刀")
    officer.page.get_by_role("button", name="发送").click()
    road.holds()
    words.press_sequentially("，往河边跑了")
    road.lets_go()
    expect(lines).to_have_text(["嫌疑人持刀"])
    expect(words).to_have_value("，往河边跑了")
    officer.page.reload()
    expect(words).to_have_value("，往河边跑了")
    officer.page.get_by_role("button", name="发送").click()
    road.holds()
    words.fill("我追过去")
    road.lets_go()
    expect(lines).to_have_text(["嫌疑人持刀", "，往河边跑了"])
    expect(words).to_have_value("我追过去")


LOOK = re.compile(r"/link/incident\?after=\d+$")


def messages_of_a_look(page: Page) -> list[Any]:
    """What the page's next look brings."""
    with page.expect_response(LOOK) as answer:
        page.evaluate("dispatchEvent(new Event('online'))")
    messages: list[Any] = answer.value.json()["messages"]
    return messages


def pass_over(text: str, route: Route) -> None:
    """Answer as a look that read on while that message was being stored."""
    answer = route.fetch()
    shown = answer.json()
    for passed in (one for one in shown["messages"] if one["text"] == text):
        messages = [one for one in shown["messages"] if one is not passed]
        shown.update(messages=messages, count=passed["seq"] - 1)
    route.fulfill(response=answer, json=shown)


def test_the_task_fits_a_small_phone_and_says_a_new_word_over_whatever_is_shown(
    machine: Machine, screens: Screens
) -> None:
    task = Task(machine, mode="silent")
    send_still(task.citizen, task.incident_id, 1)
    officer = Officer(screens.phone(viewport={"width": 320, "height": 640}))
    officer.open(task.link, last_digits=task.digits)
    expect(officer.page.locator(".map .leaflet-container, .map.leaflet-container")).to_be_visible()
    expect(officer.page.locator(".pictures .still-from")).to_have_text(re.compile(r"^[\d:]{8} 的静止画面$"))
    news = officer.page.locator("#work .news")
    expect(news).to_be_hidden()
    task.work("messages", {"text": "嫌疑人持刀", "to": "officers"})
    expect(news).to_have_text("指挥中心：嫌疑人持刀")
    assert officer.page.evaluate("document.documentElement.scrollWidth") <= 320
    officer.page.get_by_role("button", name="实时画面").click()
    over_the_picture = officer.page.locator(".live-stage .news")
    expect(over_the_picture).to_have_text("指挥中心：嫌疑人持刀")
    task.work("messages", {"text": "他从后门跑了", "to": "officers"})
    expect(over_the_picture).to_have_text("指挥中心：他从后门跑了")
    officer.page.get_by_role("button", name="退出").click()
    news.click()
    expect(officer.page.locator(".chat-line", has_text="他从后门跑了")).to_be_in_viewport()
    expect(news).to_be_hidden()
