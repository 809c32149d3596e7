"""Three lines and five who call: two wait on the ladder, are told how many ring before them, and step up."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.live_room import CITIZEN_HZ, SEAT_HZ, SECONDS, Room, Screen
from tests.desk import record
from tests.machine import Machine, OwnMachine, StaffClient, eventually
from tests.recording import line_of

CALLERS, LINES = 5, 3


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with three lines, on which nothing rings yet."""
    own = OwnMachine(tmp_path_factory.mktemp("queue"), environment={"LINES": str(LINES)})
    try:
        yield own.start()
    finally:
        own.stop()


@pytest.fixture
def room(cameras: Browser, machine: Machine) -> Iterator[Room]:
    """The screens of one test; a script error in any of them fails it."""
    opened = Room(cameras, machine)
    yield opened
    opened.close()
    assert opened.faults == []


def leave(machine: Machine, citizen: Screen, incident_id: str) -> None:
    """End a call on the phone, and have the minute be over that its line rests."""
    line = line_of(machine, incident_id)
    citizen.page.locator(".control.end").click()
    citizen.page.get_by_role("dialog").get_by_role("button", name="结束").click()
    citizen.page.locator(".stands").wait_for()
    table, key = machine.outputs()["DeskTable"], {"kind": {"S": "line"}, "id": {"S": line}}
    client = machine.client("dynamodb")
    eventually(lambda: "rests_until" in client.get_item(TableName=table, Key=key)["Item"])
    client.update_item(TableName=table, Key=key, UpdateExpression="REMOVE rests_until")


@pytest.mark.timeout(400)
def test_who_finds_no_line_waits_with_her_place_and_steps_up_when_one_is_free(
    room: Room, seat: StaffClient, machine: Machine
) -> None:
    callers = [room.citizen("video110") for _ in range(CALLERS)]
    desk = room.console(seat.account)
    for citizen, _ in callers[:LINES]:
        expect(citizen.page.locator(".trouble")).to_be_hidden()
    for ahead, (citizen, _) in list(enumerate(callers))[LINES:]:
        expect(citizen.page.locator(".trouble")).to_contain_text("视频线路正忙，正在每 2 秒传一张照片")
        expect(citizen.page.locator(".ahead")).to_have_text(f"前面还有 {ahead} 人", timeout=SECONDS)
    (fourth, fourth_id), (fifth, fifth_id) = callers[LINES:]
    desk.answer(fourth_id)
    desk.stands(fourth_id, "stills")
    expect(fifth.page.locator(".ahead")).to_have_text("前面还有 3 人", timeout=SECONDS)
    for one in callers[:2]:
        leave(machine, *one)
    desk.stands(fourth_id, "live")
    desk.hears(CITIZEN_HZ)
    fourth.hears(SEAT_HZ)
    expect(fourth.page.locator(".trouble")).to_be_hidden(timeout=SECONDS)
    must_wait_with_a_line(fifth)
    desk.answer(fifth_id)
    desk.stands(fifth_id, "live")
    fifth.hears(SEAT_HZ)
    assert [record(seat, incident_id)["incident"]["status"] for _, incident_id in callers[3:]] == [
        "answered",
        "answered",
    ]


def must_wait_with_a_line(citizen: Screen) -> None:
    """Wait until the page has a line and says that it waits for an answer, with its place, and no more."""
    expect(citizen.page.locator(".trouble")).to_be_hidden(timeout=SECONDS)
    expect(citizen.page.locator(".live[data-rung=live]")).to_be_visible()
    expect(citizen.page.locator(".ahead")).to_have_text("前面还有 3 人")
    expect(citizen.page.get_by_text("正在接通")).to_be_visible()
