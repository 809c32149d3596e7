"""What several tests of live calls begin with, and what they look for in a call of three."""

from collections.abc import Sequence

from playwright.sync_api import expect

from tests.browser.live_room import SECONDS, THIRD_HZ, Console, Room, Screen
from tests.desk import a_seat
from tests.machine import Machine, StaffClient, done, eventually, once

SCENE = "dialog.live .live-picture"
APART_DB = 60
"""How far below the others everyone's own tone must be in what he hears."""

Heard = tuple[str, Screen, int]
"""Somebody in a call: what he is called, his screen, and the tone he speaks with."""


def called(room: Room, seat: StaffClient, mode: str = "video110") -> tuple[Console, Screen, str]:
    """A citizen in a call with this seat; the console, the citizen's phone and the incident's id."""
    desk = room.console(seat.account)
    citizen, incident_id = room.citizen(mode)
    desk.answer(incident_id)
    desk.stands(incident_id, "live")
    return desk, citizen, incident_id


def admit(desk: Console, incident_id: str, name: str) -> None:
    """Let somebody into the call."""
    desk.party(incident_id, name).get_by_role("button", name="准入").click()


def officer_in(room: Room, desk: Console, seat: StaffClient, incident_id: str) -> Screen:
    """An officer who is sent out, opens the live picture by his link, and is let in."""
    officer = room.officer(incident_id, seat)
    officer.page.get_by_role("button", name="实时画面").click()
    admit(desk, incident_id, "officer.")
    officer.sees(SCENE)
    return officer


def department(machine: Machine) -> str:
    """A department of this test's own; its name."""
    name = once("部门")
    done(machine.staff("admin1").post("/console/departments", {"name": name}))
    return name


def ask_department(desk: Console, incident_id: str, name: str) -> None:
    """Ring a department for the incident that is on the screen."""
    desk.page.keyboard.press("F11")
    panel = desk.panel(incident_id)
    panel.locator(".departments .choose", has_text=name).click()
    panel.get_by_role("button", name="请该部门加入").click()


def clerk_in(room: Room, machine: Machine, desk: Console, incident_id: str) -> tuple[Console, StaffClient]:
    """A specialist whose department is asked and who comes in as the third; his console, and who he is."""
    name = department(machine)
    account = a_seat(machine, "specialist")
    clerk = room.console(account.account, THIRD_HZ)
    clerk.page.get_by_test_id("seat-department").select_option(label=name)
    ask_department(desk, incident_id, name)
    ringing = clerk.page.get_by_test_id("queue-ringing")
    ringing.locator(f"[data-id='{incident_id}']").get_by_role("button", name="接听").click()
    clerk.stands(incident_id, "live")
    return clerk, account


def hear_each_other(*everyone: Heard) -> list[str]:
    """Wait until each hears all the others, and himself at least 60 dB below them; the figures, as lines."""
    return [_hears(one, [other for other in everyone if other is not one]) for one in everyone]


def _hears(listener: Heard, others: Sequence[Heard]) -> str:
    name, screen, own = listener
    for _, _, hertz in others:
        screen.hears(hertz)

    def levels() -> tuple[float, float]:
        return min(screen.level(hertz) for _, _, hertz in others), screen.level(own)

    def apart() -> tuple[float, float] | None:
        quietest, self_heard = levels()
        return (quietest, self_heard) if quietest - self_heard >= APART_DB else None

    found = eventually(apart, within_seconds=15)
    assert found is not None
    return f"{name} hears the others at {found[0]:.0f} dB or more and himself at {found[1]:.0f} dB"


def is_connected(desk: Console, incident_id: str, party: str = "citizen") -> None:
    """Wait until a party's connection stands."""
    expect(desk.party(incident_id, party)).to_have_attribute("data-state", "connected", timeout=SECONDS)
