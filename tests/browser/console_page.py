"""The console page as a call-taker uses it, and the queue put in order for a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from tests.machine import CitizenClient, Machine, done, once

DESK = {"width": 1920, "height": 969}


class ConsolePage:
    """One call-taker's browser tab."""

    def __init__(self, page: Page, machine: Machine, username: str) -> None:
        self.page = page
        self.machine = machine
        self.username = username

    def sign_in(self, *, seat: str = "听到了") -> "ConsolePage":
        """Sign in and answer the sound check: `听到了` makes the seat ready, `先不接警` takes a break."""
        account = next(one for one in self.machine.accounts if one["username"] == self.username)
        self.page.goto(f"{self.machine.url}/console")
        self.page.fill("input[name=username]", self.username)
        self.page.fill("input[name=password]", account["password"])
        self.page.click("button[type=submit]")
        self.page.get_by_role("button", name=seat).click()
        self.part("ringing").wait_for()
        return self

    def part(self, name: str) -> Locator:
        """A part of the queue: `ringing`, `mine` or `others`."""
        return self.page.get_by_test_id(f"queue-{name}")

    def card(self, incident_id: str) -> Locator:
        """The incident's card, wherever in the queue it stands."""
        return self.page.locator(f"[data-testid=card][data-id='{incident_id}']")

    def panel(self, incident_id: str) -> Locator:
        """The incident's panel."""
        return self.page.locator(f"[data-testid=panel][data-id='{incident_id}']")

    def answer(self, incident_id: str) -> Locator:
        """Answer from the queue and wait until the panel says so; answers the panel."""
        self.card(incident_id).get_by_role("button", name="接警", exact=False).last.click()
        panel = self.panel(incident_id)
        panel.locator("[data-testid=status][data-status=answered]").wait_for()
        return panel

    def open(self, incident_id: str) -> Locator:
        """Open the incident without answering it; answers the panel."""
        self.card(incident_id).locator(".card-open").click()
        panel = self.panel(incident_id)
        panel.get_by_test_id("status").wait_for()
        return panel

    def rings(self) -> int:
        """How often the bell has rung."""
        return int(self.page.get_by_test_id("bell").get_attribute("data-rung") or 0)


@contextmanager
def console(browser: Browser, machine: Machine, username: str) -> Iterator[ConsolePage]:
    """A call-taker's console in a browser context of its own, not signed in yet."""
    context = browser.new_context(viewport=DESK, locale="zh-CN")  # type: ignore[arg-type]
    try:
        yield ConsolePage(context.new_page(), machine, username)
    finally:
        context.close()


def report(citizen: CitizenClient, **fields: Any) -> dict[str, Any]:
    """File a photo-text report; answers the incident."""
    answer = citizen.post(
        "/reports/photo-text", {"text": "路口两车相撞，有人受伤。", **fields}, key=once("report")
    )
    incident: dict[str, Any] = done(answer)["incident"]
    return incident


def empty_the_queue(machine: Machine) -> None:
    """Close every open incident, so that a test knows what rings."""
    commander = machine.staff("commander1")
    cursor: str | None = None
    more = True
    while more:
        feed = done(commander.get("/console/feed", params={"cursor": cursor} if cursor else {}))
        for card in feed["incidents"]:
            if card["status"] != "closed":
                commander.post(f"/console/incidents/{card['id']}/close", {"disposition": "resolved"})
        cursor, more = feed["cursor"], feed.get("more", False)
