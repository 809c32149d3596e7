"""枫桥在线 in office hours: three in a call, the hand-over, the return of a transfer, an emergency."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.live_room import CITIZEN_HZ, SEAT_HZ, SECONDS, THIRD_HZ, Room
from tests.browser.room.scenes import (
    ask_department,
    called,
    clerk_in,
    department,
    hear_each_other,
    is_connected,
    officer_in,
)
from tests.desk import JSON, kinds, record, work
from tests.machine import Machine, StaffClient, eventually
from tests.within import queue_of

GAP_MOST_MS = 10_000
"""Printed; asserted only as far as it tells a hand-over from a call that was lost."""


def timeline(seat: StaffClient, incident_id: str) -> list[JSON]:
    entries: list[JSON] = record(seat, incident_id)["timeline"]
    return entries


def ring_out(machine: Machine, seat: StaffClient, incident_id: str) -> None:
    """Have the half minute of a transfer be over: its timer comes now."""
    asked = eventually(lambda: record(seat, incident_id)["incident"]["transfer"])
    timer = {
        "kind": "transfer_untaken",
        "incident_id": incident_id,
        "due_at": asked["asked_at"],
        "asked_at": asked["asked_at"],
    }
    queue = queue_of(machine, machine.outputs()["TimersQueueUrl"])
    machine.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(timer))


def test_three_hear_each_other_and_the_department_takes_the_call_over(
    room: Room, seat: StaffClient, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, citizen, incident_id = called(room, seat, "fengqiao")
    eventually(lambda: "recording.kept" in kinds(seat, incident_id), within_seconds=40)
    clerk, specialist = clerk_in(room, machine, desk, incident_id)
    clerk.sees(clerk.picture)
    told = hear_each_other(
        ("call-taker", desk, SEAT_HZ), ("specialist", clerk, THIRD_HZ), ("citizen", citizen, CITIZEN_HZ)
    )
    clerk.page.evaluate("(selector) => watchFrames(selector)", clerk.picture)
    clerk.panel(incident_id).get_by_test_id("transfer-lead").get_by_role("button").click()
    is_connected(clerk, incident_id)
    clerk.sees(clerk.picture)
    gap = clerk.page.evaluate("frames110.gap")
    with capsys.disabled():
        print("", *told, f"hand-over: the citizen's picture was gone for {gap / 1000:.2f} s", sep="\n  ")
    assert gap < GAP_MOST_MS
    stage = desk.panel(incident_id).locator(".stage")
    expect(stage).to_have_attribute("data-standing", "others", timeout=SECONDS)
    citizen.hears(THIRD_HZ)
    citizen.loses(SEAT_HZ)
    assert clerk.party(incident_id, "specialist").count() == 0
    assert record(seat, incident_id)["incident"]["call_taker_id"] == specialist.username
    must_keep_the_last_of_the_former_owner(seat, incident_id)


def must_keep_the_last_of_the_former_owner(seat: StaffClient, incident_id: str) -> None:
    """Wait for the fragment that the hand-over cut short, which came from a console that led no more."""

    def kept_after() -> list[JSON]:
        entries = timeline(seat, incident_id)
        taken = next(one["seq"] for one in entries if one["kind"] == "incident.taken")
        kept = [one for one in entries if one["kind"] == "recording.kept" and one["seq"] > taken]
        return [one for one in kept if one["actor"]["id"] == seat.username]

    eventually(kept_after, within_seconds=20)


def test_an_officer_by_link_hears_both_others_and_not_himself(
    room: Room, seat: StaffClient, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, citizen, incident_id = called(room, seat, "fengqiao")
    officer = officer_in(room, desk, seat, incident_id)
    officer.page.get_by_role("button", name="说话").click()
    told = hear_each_other(
        ("call-taker", desk, SEAT_HZ), ("officer", officer, THIRD_HZ), ("citizen", citizen, CITIZEN_HZ)
    )
    with capsys.disabled():
        print("", *told, sep="\n  ")
    (dispatch,) = record(seat, incident_id)["dispatches"]
    assert kinds(seat, incident_id).count("call.joined") == 1
    work(seat, incident_id, f"dispatches/{dispatch['dispatch_id']}/revoke", {"reason": "改派"})
    expect(desk.party(incident_id, "officer.")).to_have_count(0, timeout=SECONDS)
    desk.loses(THIRD_HZ)


def test_a_transfer_that_nobody_takes_comes_back_and_says_so(
    room: Room, seat: StaffClient, machine: Machine
) -> None:
    desk, citizen, incident_id = called(room, seat, "fengqiao")
    name = department(machine)
    ask_department(desk, incident_id, name)
    now = desk.panel(incident_id).get_by_test_id("transfer-now")
    expect(now).to_contain_text("正在呼叫")
    ring_out(machine, seat, incident_id)
    expect(now).to_have_text(f"{name} 无人接听，已转回", timeout=SECONDS)
    incident = record(seat, incident_id)["incident"]
    assert (incident["status"], incident["call_taker_id"]) == ("answered", seat.username)
    desk.stands(incident_id, "live")
    citizen.hears(SEAT_HZ)


def test_one_tap_makes_a_consult_an_emergency(room: Room, seat: StaffClient) -> None:
    desk, _, incident_id = called(room, seat, "fengqiao")
    panel = desk.panel(incident_id)
    panel.get_by_test_id("call-escalate").click()
    expect(panel.locator(".headline")).to_have_attribute("data-priority", "1")
    expect(desk.card(incident_id)).to_contain_text("转为紧急")
    expect(panel.get_by_test_id("call-escalate")).to_have_count(0)
    assert kinds(seat, incident_id).count("incident.escalated") == 1
    desk.stands(incident_id, "live")
