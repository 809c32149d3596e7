"""Chromium for the tests, and the screens in it: phones and a desk, each a browser context of its own."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Geolocation,
    Page,
    Playwright,
    expect,
)

from tests.chromium import launch
from tests.machine import PATIENCE, ROOT, Machine

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1920, "height": 1080}
IN_THE_COUNTY = Geolocation(latitude=36.42, longitude=118.505, accuracy=35)
EVERYWHERE: dict[str, object] = {
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "geolocation": IN_THE_COUNTY,
    "permissions": ["geolocation"],
}

Shoot = Callable[[Page, str], None]


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all browser tests."""
    expect.set_options(timeout=5_000 * PATIENCE)
    chromium = launch(playwright.chromium)
    yield chromium
    chromium.close()


class Screens:
    """Opens screens and remembers what went wrong in any of them."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._open: list[BrowserContext] = []
        self.faults: list[str] = []

    def phone(self, **options: object) -> Page:
        """A phone at a place in the county whose owner lets pages know where it is."""
        phone = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
        return self._page(**phone | options)

    def desk(self, **options: object) -> Page:
        """A desk screen."""
        return self._page(viewport=DESK, **options)

    def close(self) -> None:
        """Close them all."""
        for context in self._open:
            context.close()

    def _page(self, **options: object) -> Page:
        context = self._browser.new_context(
            **{"base_url": self._url, **EVERYWHERE, **options},  # type: ignore[arg-type]
        )
        self._open.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and re.search(
            "Content Security Policy|Uncaught|Failed to load module", message.text
        ):
            self.faults.append(message.text)


@pytest.fixture
def screens(browser: Browser, machine: Machine) -> Iterator[Screens]:
    """Screens of one test; a script error or a breach of the content policy in any of them fails it."""
    opened = Screens(browser, machine.url)
    yield opened
    opened.close()
    assert opened.faults == []


@pytest.fixture
def shoot() -> Shoot:
    """Saves what a page shows as docs/screenshots/<name>.png when INSTANT110_SCREENSHOTS asks for it."""

    def save(page: Page, name: str) -> None:
        if os.environ.get("INSTANT110_SCREENSHOTS"):
            folder = Path(ROOT) / "docs" / "screenshots"
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png")

    return save
