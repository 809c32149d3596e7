"""The whole story of one report, at three screens: filed, answered, sent out, handled, closed."""

import hashlib
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.conftest import Screens, Shoot
from tests.browser.material import picture, video
from tests.browser.people import CallTaker, Citizen, Officer
from tests.machine import PATIENCE, Machine, StaffClient, done, eventually

TEXT = "两辆小货车在路口相撞，一名骑电动车的老人被带倒，腿在流血，路已经堵了。"
PLACE = "老供销社门口十字路口"
PHONE = "13800000007"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three pictures and a video."""
    return [
        picture(tmp_path, "路口.jpg", "JPEG", hour=12),
        picture(tmp_path, "车头.png", "PNG", hour=16),
        picture(tmp_path, "伤者.webp", "WEBP", hour=18),
        video(tmp_path, "现场.mp4"),
    ]


def test_a_report_with_pictures_is_worked_from_the_phone_to_its_end(
    machine: Machine,
    screens: Screens,
    shoot: Shoot,
    files: list[Path],
    record_property: Any,
) -> None:
    staff = machine.staff("seat1")
    unit = done(machine.staff("admin1").get("/console/units"))["items"][0]
    citizen, call_taker = Citizen(screens.phone()), CallTaker(screens.desk())
    call_taker.sign_in(next(one for one in machine.accounts if one["username"] == "seat1"))
    citizen.sign_in(f"story-{uuid.uuid4().hex[:8]}")

    citizen.write_report(text=TEXT, place=PLACE, phone=PHONE, files=files)
    incident, filed_at = citizen.report()
    after_ms = call_taker.shown_at(incident["id"]) - filed_at
    print(f"\nthe console showed the report {after_ms:.0f} ms after its 201")
    record_property("shown_after_ms", after_ms)
    assert after_ms < 2000 * PATIENCE
    citizen.sees("已收到")
    citizen.sees_files_accepted(4)

    panel = call_taker.answer(incident["id"])
    citizen.sees("接警员已接")
    expect(panel.get_by_test_id("phone")).to_have_text("138 0000 0007")
    expect(panel.locator(".facts time").first).to_have_attribute("datetime", incident["created_at"])
    expect(panel.locator(".place-words")).to_have_text(PLACE)
    expect(panel.get_by_test_id("report-text")).to_have_text(TEXT)
    call_taker.sees_pictures(panel, photos=3, videos=1)
    assert digests_shown(staff, incident["id"]) == {
        hashlib.sha256(one.read_bytes()).hexdigest() for one in files
    }

    call_taker.says(panel, "您好，救护车已经出发。老人现在意识清楚吗？请不要移动他。")
    citizen.hears("老人现在意识清楚吗")
    citizen.says("清楚，能说话，就是腿疼。")
    call_taker.hears(panel, "就是腿疼")
    call_taker.classify(panel, priority=2, type_name="道路交通", summary="两车相撞，一人腿部受伤，120 已出发")
    call_taker.confirm_place(panel, f"冶源街道{PLACE}")

    before = len(machine.texts(unit["phone"]))
    call_taker.dispatch(panel, unit_id=unit["id"], note="请带三角警示牌，注意路面漏油。")
    citizen.sees("已派警")
    officer = Officer(screens.phone())
    officer.open(texted_link(machine, unit["phone"], before), last_digits=unit["phone"][-4:])
    expect(officer.page.get_by_role("heading", level=1)).to_have_text(f"冶源街道{PLACE}")
    expect(officer.page.locator(".age")).to_have_text(
        re.compile(r"群众(位置：刚刚|最后位置 \d+ 分钟前) · 精确到约 35 米")
    )
    expect(officer.page.locator(".pictures li")).to_have_count(4)
    shoot(officer.page, "officer")
    officer.taps("出发")
    citizen.sees("民警在路上")
    shoot(call_taker.page, "console")
    citizen.page.evaluate("scrollTo(0, 0)")
    shoot(citizen.page, "citizen")
    officer.taps("到达现场")
    citizen.sees("民警已到现场")
    officer.reports(result="双方已分开，伤者送县医院，车辆移至路边，交警接手。", helped=1)
    citizen.sees("处理完毕")

    call_taker.close(panel, "已处置")
    citizen.sees("已办结")
    expect(officer.page.get_by_role("heading", name="任务已结束")).to_be_visible()
    assert steps_seen(citizen) == [
        "报警已收到",
        "接警员已接",
        f"已派 {unit['name']}",
        "民警已出发",
        "民警已到现场",
        "现场处理完毕",
        "已办结。民警已经处置完毕。",
    ]
    handled = next(one for one in timeline(staff, incident["id"]) if one["kind"] == "officer.handled")
    assert {
        name: handled["details"][name] for name in ("cases_solved", "people_arrested", "people_helped")
    } == {
        "cases_solved": 0,
        "people_arrested": 0,
        "people_helped": 1,
    }


def texted_link(machine: Machine, phone: str, before: int) -> str:
    """The link in the newest text to a number."""
    text = eventually(lambda: machine.texts(phone)[before:])[-1]["Message"]
    found = re.search(r"https?://\S+/officer#[\w-]+", text)
    assert found, text
    return found[0]


def timeline(staff: StaffClient, incident_id: str) -> list[dict[str, Any]]:
    """The incident's timeline as staff reads it."""
    entries: list[dict[str, Any]] = done(staff.get(f"/console/incidents/{incident_id}"))["timeline"]
    return entries


def digests_shown(staff: StaffClient, incident_id: str) -> set[str]:
    """SHA-256 of the bytes behind the addresses that the console is given."""
    media = done(staff.get(f"/console/incidents/{incident_id}"))["media"]
    return {hashlib.sha256(requests.get(one["url"], timeout=30).content).hexdigest() for one in media}


def steps_seen(citizen: Citizen) -> list[str]:
    """The record on the citizen's page, line by line."""
    return [line.strip() for line in citizen.page.locator(".record li > span").all_text_contents()]
