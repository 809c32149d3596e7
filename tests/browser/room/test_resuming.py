"""A call goes on, on the same incident, through reloads, lost signaling and an end that was not meant."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.live_room import CITIZEN_HZ, SEAT_HZ, SECONDS, Console, Room, Screen
from tests.browser.room.scenes import called, is_connected
from tests.desk import kinds, record
from tests.machine import HttpClient, Machine, StaffClient, done, eventually
from tests.recording import line_of

HOUR = {"connection_seconds": 3600, "idle_seconds": 600, "ending": "close"}
FOUND_OUT_WITHIN_SECONDS = 60
"""Printed. The console opens its channel anew when a party is lost; at the latest by its own probe."""


class Channel:
    """The signaling channel of one call, as the stand-in has it."""

    def __init__(self, machine: Machine, incident_id: str) -> None:
        self.name = line_of(machine, incident_id)
        self._kvs = HttpClient(machine.kvs_endpoint)

    def end(self, role: str, ending: str) -> None:
        """End the connections of a role now."""
        done(self._kvs.post("/_standin/end", {"channel": self.name, "role": role, "ending": ending}))

    def roles(self) -> list[str]:
        """Who is connected."""
        there = done(self._kvs.get("/_standin/connections"))
        return sorted(one["role"] for one in there if one["channel"] == self.name)

    def openings(self, role: str) -> int:
        """How often a role has connected so far, to any channel of the machine."""
        counts: dict[str, int] = done(self._kvs.get("/_standin/calls"))["counts"]
        return counts[f"ConnectAs{role.title()}"]

    def is_whole(self) -> bool:
        """Whether both sides are connected."""
        return self.roles() == ["MASTER", "VIEWER"]


@pytest.fixture
def limits(machine: Machine) -> Iterator[Any]:
    """Sets the service's limits for all connections; afterwards they are an hour and ten minutes again."""
    kvs = HttpClient(machine.kvs_endpoint)

    def limit(**changed: object) -> None:
        done(kvs.post("/_standin/limits", {**HOUR, **changed}))

    yield limit
    limit()


def must_go_on(desk: Console, citizen: Screen, incident_id: str) -> None:
    """Wait until both see and hear each other."""
    desk.stands(incident_id, "live")
    desk.sees(desk.picture)
    desk.hears(CITIZEN_HZ)
    citizen.sees("video.theirs")
    citizen.hears(SEAT_HZ)


@pytest.mark.parametrize("ending", ["close", "cut"])
@pytest.mark.parametrize("role", ["VIEWER", "MASTER"])
def test_a_closed_channel_is_opened_again_and_nobody_sees_a_difference(
    room: Room, seat: StaffClient, machine: Machine, role: str, ending: str
) -> None:
    desk, citizen, incident_id = called(room, seat)
    channel = Channel(machine, incident_id)
    eventually(channel.is_whole)
    stream = desk.page.evaluate("(selector) => document.querySelector(selector).srcObject.id", desk.picture)
    before = channel.openings(role)
    channel.end(role, ending)
    eventually(lambda: channel.openings(role) > before and channel.is_whole(), within_seconds=15)
    must_go_on(desk, citizen, incident_id)
    shown = desk.page.evaluate("(selector) => document.querySelector(selector).srcObject.id", desk.picture)
    assert shown == stream, "the connection of the call was never replaced"
    citizen.page.reload()
    must_go_on(desk, citizen, incident_id)


def test_an_hours_limit_that_ends_in_silence_is_found_out_and_the_call_goes_on(
    room: Room, seat: StaffClient, machine: Machine, limits: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, citizen, incident_id = called(room, seat)
    channel = Channel(machine, incident_id)
    eventually(channel.is_whole)
    limits(connection_seconds=0.1, ending="mute")
    eventually(lambda: channel.roles() == [])
    limits()
    must_go_on(desk, citizen, incident_id)
    began = time.monotonic()
    citizen.page.reload()
    eventually(channel.is_whole, within_seconds=FOUND_OUT_WITHIN_SECONDS)
    is_connected(desk, incident_id)
    must_go_on(desk, citizen, incident_id)
    with capsys.disabled():
        print(
            f"\n  both channels deaf, citizen's page loaded again: {time.monotonic() - began:.1f} s", end=" "
        )


def test_a_citizens_page_that_is_loaded_again_goes_on_with_the_call(
    room: Room, seat: StaffClient, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, citizen, incident_id = called(room, seat)
    began = time.monotonic()
    citizen.page.reload()
    citizen.sees("video.theirs")
    with capsys.disabled():
        print(f"\n  citizen's page loaded again: picture after {time.monotonic() - began:.1f} s", end=" ")
    must_go_on(desk, citizen, incident_id)
    assert kinds(seat, incident_id).count("report.filed") == 1
    assert record(seat, incident_id)["incident"]["status"] == "answered"


def end_of(citizen: Screen) -> None:
    """End the call on the phone."""
    citizen.page.locator(".control.end").click()
    citizen.page.get_by_role("dialog").get_by_role("button", name="结束").click()


def test_who_ended_the_call_and_comes_back_is_put_through_by_itself(room: Room, seat: StaffClient) -> None:
    desk, citizen, incident_id = called(room, seat)
    for times in (1, 2):
        end_of(citizen)
        desk.stands(incident_id, "ended")
        citizen.page.get_by_role("link", name="回到通话").click()
        must_go_on(desk, citizen, incident_id)
        assert kinds(seat, incident_id).count("call.resumed") == times
    expect(desk.panel(incident_id).get_by_test_id("call-reopen")).to_have_count(0)


def test_who_left_before_the_answer_and_comes_back_waits_again(room: Room, seat: StaffClient) -> None:
    desk = room.console(seat.account)
    citizen, incident_id = room.citizen("video110")
    end_of(citizen)
    expect(desk.card(incident_id)).to_contain_text("接通前中断", timeout=SECONDS)
    citizen.page.get_by_role("link", name="回到通话").click()
    eventually(lambda: record(seat, incident_id)["incident"]["status"] == "waiting", within_seconds=15)
    desk.answer(incident_id)
    must_go_on(desk, citizen, incident_id)


def test_a_call_opened_again_at_the_console_closes_when_the_citizen_ends_it_once_more(
    room: Room, seat: StaffClient
) -> None:
    desk, citizen, incident_id = called(room, seat)
    end_of(citizen)
    desk.stands(incident_id, "ended")
    desk.panel(incident_id).get_by_test_id("call-reopen").click()
    expect(desk.panel(incident_id).get_by_test_id("call-reopen")).to_have_count(0)
    citizen.page.get_by_role("link", name="回到通话").click()
    must_go_on(desk, citizen, incident_id)
    end_of(citizen)
    desk.stands(incident_id, "ended")
