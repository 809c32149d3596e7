"""Everyone of a live call at screens of their own, each with a face and a tone, and what each is given."""

import re
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import EVERYWHERE, PHONE
from tests.desk import texted_token
from tests.machine import Machine, done, eventually

DESK = {"width": 1920, "height": 1080}
HAND: dict[str, Any] = {
    "viewport": PHONE,
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
ALL_ALLOWED = ["geolocation", "camera", "microphone"]
AUDIBLE_DB = -60
SECONDS = 45_000
"""How long a loaded machine may take for a call to stand."""

CITIZEN_HZ, SEAT_HZ, THIRD_HZ = 440, 1000, 2100

FEW_PICTURES, ALL_PICTURES = 10, 25
"""Pictures a second: enough to be alive, and as many as a phone's camera gives."""

HERE = Path(__file__).parent
STAMPS = (HERE / "call" / "stamps.js").read_text("utf-8")
BODY = (HERE / "live_body.js").read_text("utf-8")
"""A face that moves and a voice of one tone, and what is played, for the test to ask."""


class Screen:
    """One page of one person."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def hears(self, hertz: int) -> None:
        """Wait until a tone is played here."""
        eventually(lambda: self.level(hertz) > AUDIBLE_DB, within_seconds=30)

    def level(self, hertz: int) -> float:
        """How loud a tone is played here now, in dB; -200 where nothing is."""
        level: float = self.page.evaluate("(hertz) => levelOf(hertz)", hertz)
        return level

    def loses(self, hertz: int) -> None:
        """Wait until a tone is not played here: an echo would stay, a crackle of a busy machine does not."""
        eventually(lambda: self.level(hertz) < AUDIBLE_DB - 20, within_seconds=15)

    def sees(self, selector: str) -> None:
        """Wait until a picture moves in an element."""
        frames = (
            "(selector) => document.querySelector(selector)?.getVideoPlaybackQuality().totalVideoFrames ?? 0"
        )
        before = self.page.evaluate(frames, selector)
        eventually(lambda: self.page.evaluate(frames, selector) > before + 3, within_seconds=30)

    def shows_stamps(self, count: int) -> None:
        """Wait until that many pictures were shown whose age could be read."""
        eventually(lambda: self.page.evaluate("stamps.seen.lags.length") >= count, within_seconds=30)


class Console(Screen):
    """Somebody at the console."""

    picture = "[data-testid=citizen-picture]"

    def card(self, incident_id: str) -> Locator:
        """The incident's card."""
        return self.page.locator(f"[data-testid=card][data-id='{incident_id}']")

    def panel(self, incident_id: str) -> Locator:
        """The incident's panel."""
        return self.page.locator(f"[data-testid=panel][data-id='{incident_id}']")

    def answer(self, incident_id: str) -> Locator:
        """Answer; the panel."""
        self.card(incident_id).get_by_role("button", name="接警").click()
        return self.panel(incident_id)

    def stands(self, incident_id: str, standing: str) -> None:
        """Wait until the call stands so."""
        stage = self.panel(incident_id).locator(f".stage[data-standing='{standing}']")
        stage.wait_for(timeout=SECONDS)

    def party(self, incident_id: str, name: str) -> Locator:
        """Somebody in the call, by the start of the party's name."""
        return self.panel(incident_id).locator(f".party[data-party^='{name}']")


class Room:
    """Opens the screens of one test and closes them after it."""

    def __init__(
        self,
        browser: Browser,
        machine: Machine,
        *,
        listen: Callable[[str, Page], None] = lambda *_: None,
        rate: int = FEW_PICTURES,
    ) -> None:
        """`listen` is told of each page as it is made, and whose it is; `rate` is pictures a second."""
        self._browser = browser
        self._listen = listen
        self._rate = rate
        self.machine = machine
        self._open: list[BrowserContext] = []
        self.faults: list[str] = []

    def close(self) -> None:
        """Close every screen."""
        for context in self._open:
            context.close()

    def hold_still(self) -> None:
        """Every camera gives one picture from now on; what is slow to look at is left the processor."""
        for context in self._open:
            for page in context.pages:
                page.evaluate("camera110.moves = false")

    def console(self, account: dict[str, Any], hertz: int = SEAT_HZ) -> Console:
        """A console, signed in and ready."""
        page = self._page("console", hertz, viewport=DESK)
        page.goto("./console")
        page.get_by_label("用户名").fill(account["username"])
        page.get_by_label("密码").fill(account["password"])
        page.get_by_role("button", name="签到").click()
        page.get_by_role("button", name="听到了，开始接警").click()
        expect(page.get_by_test_id("queue-ringing")).to_be_visible()
        return Console(page)

    def window_of(self, desk: Console) -> Console:
        """Another window of the same browser and the same sign-in."""
        page = self._watched(desk.page.context.new_page())
        page.add_init_script(f"{STAMPS}({BODY})({SEAT_HZ}, {self._rate})")
        kept = desk.page.evaluate("JSON.stringify(sessionStorage)")
        page.add_init_script(f"for (const [k, v] of Object.entries({kept})) sessionStorage.setItem(k, v);")
        page.goto(f"{self.machine.url}/console")
        expect(page.get_by_test_id("queue-ringing")).to_be_visible()
        return Console(page)

    def citizen(self, mode: str, script: str = "", *, phone: str | None = None) -> tuple[Screen, str]:
        """A citizen who files a live report, with a verified number if one is given; the incident's id."""
        page = self._page("citizen", CITIZEN_HZ, **HAND)
        if script:
            page.add_init_script(script)
        name = f"live{uuid.uuid4().hex[:10]}"
        if phone:
            self.machine.citizen(name, phone=phone)
        page.goto("./")
        page.get_by_label("演示用户名").fill(name)
        page.get_by_role("button", name="进入").click()
        with page.expect_response(re.compile(r"/reports/(video110|silent|voice|fengqiao)$")) as filed:
            page.locator(f"button[data-mode='{mode}']").click()
        return Screen(page), str(filed.value.json()["incident"]["id"])

    def officer(self, incident_id: str, staff: Any) -> Screen:
        """An officer who is sent out and has opened the link on a phone."""
        phone = f"+86137{time.time_ns() % 10**8:08d}"
        unit = {"name": "城关派出所 2 组", "officer_name": "值班民警", "phone": phone}
        made = done(self.machine.staff("admin1").post("/console/units", unit))
        done(staff.post(f"/console/incidents/{incident_id}/dispatch", {"unit_id": made["id"]}))
        page = self._page("officer", THIRD_HZ, **HAND)
        page.goto(f"./officer#{texted_token(self.machine, phone)}")
        page.get_by_label("后四位").fill(phone[-4:])
        page.get_by_role("button", name="打开").click()
        expect(page.get_by_role("button", name="实时画面")).to_be_visible(timeout=SECONDS)
        return Screen(page)

    def blank(self, hertz: int) -> Screen:
        """A page with a face and a tone and nothing of ours running in it."""
        page = self._page("blank", hertz)
        page.goto("./openapi.json")
        return Screen(page)

    def _page(self, whose: str, hertz: int, **options: Any) -> Page:
        known = {"base_url": self.machine.url, **EVERYWHERE, "permissions": ALL_ALLOWED, **options}
        context = self._browser.new_context(**known)
        context.set_default_timeout(SECONDS)
        self._open.append(context)
        page = self._watched(context.new_page())
        self._listen(whose, page)
        page.add_init_script(f"{STAMPS}({BODY})({hertz}, {self._rate})")
        return page

    def _watched(self, page: Page) -> Page:
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page
