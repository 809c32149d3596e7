"""The three people of an incident, each at a screen: what they see, and what they do there."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect


class Citizen:
    """Somebody with a phone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, name: str) -> None:
        """Enter by the demonstration's sign-in."""
        self.page.goto("./")
        self.page.get_by_label("演示用户名").fill(name)
        self.page.get_by_role("button", name="进入").click()
        expect(self.page.get_by_role("link", name="图文报警")).to_be_visible()

    def write_report(self, *, text: str, place: str, phone: str, files: Sequence[Path]) -> None:
        """Fill in the form of 图文报警 as far as the big button."""
        self.page.get_by_role("link", name="图文报警").click()
        self.page.get_by_label("发生了什么").fill(text)
        self.page.locator(".add input").set_input_files(list(files))
        expect(self.page.locator(".picture")).to_have_count(len(files))
        self.page.get_by_label("在哪里").fill(place)
        expect(self.page.get_by_text("已附上您的位置")).to_be_visible()
        self.page.get_by_label("联系电话").fill(phone)

    def report(self) -> tuple[dict[str, Any], float]:
        """Tap 报警; the incident as the service answered it, and when its answer had come (ms since 1970)."""
        with self.page.expect_response(re.compile(r"/reports/photo-text$")) as awaited:
            self.page.get_by_role("button", name="报警", exact=True).click()
        answer = awaited.value
        assert answer.status == 201, answer.text()
        incident: dict[str, Any] = answer.json()["incident"]
        timing = answer.request.timing
        return incident, timing["startTime"] + timing["responseEnd"]

    def sees_files_accepted(self, count: int) -> None:
        """Wait until the service has checked that many files."""
        expect(self.page.locator(".picture[data-state=accepted]")).to_have_count(count, timeout=20_000)

    def sees(self, standing: str) -> None:
        """Wait until the report stands so."""
        expect(self.page.locator(".stands")).to_have_text(standing)

    def hears(self, text: str) -> None:
        """Wait for a message of the call-taker."""
        expect(self.page.locator(".chat .theirs", has_text=text)).to_be_visible()

    def says(self, text: str) -> None:
        """Write to the call-taker, and see that it is in the record."""
        self.page.get_by_role("textbox", name="写给接警员").fill(text)
        self.page.get_by_role("button", name="发送").click()
        expect(self.page.locator(".chat .mine[data-state='']", has_text=text)).to_be_visible()


class CallTaker:
    """Somebody at the console."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, account: dict[str, Any]) -> None:
        """Sign in, hear the bell, be ready."""
        self.page.goto("./console")
        self.page.get_by_label("用户名").fill(account["username"])
        self.page.get_by_label("密码").fill(account["password"])
        self.page.get_by_role("button", name="签到").click()
        self.page.get_by_role("button", name="听到了，开始接警").click()
        expect(self.page.get_by_test_id("queue-ringing")).to_be_visible()
        self.page.evaluate(WATCH_CARDS)

    def shown_at(self, incident_id: str) -> float:
        """When the card of an incident appeared in the queue, without a reload (ms since 1970)."""
        expect(self.card(incident_id)).to_be_visible()
        at: float = self.page.evaluate("id => globalThis.cardsSeenAt?.get(id) ?? -1", incident_id)
        assert at > 0, "the page was loaded again"
        return at

    def card(self, incident_id: str) -> Locator:
        """The card of an incident in the queue."""
        return self.page.locator(f"[data-testid=card][data-id='{incident_id}']")

    def panel(self, incident_id: str) -> Locator:
        """The panel of an incident."""
        return self.page.locator(f"[data-testid=panel][data-id='{incident_id}']")

    def answer(self, incident_id: str) -> Locator:
        """Answer from the card; the panel that opens."""
        self.card(incident_id).get_by_role("button", name="接警").click()
        panel = self.panel(incident_id)
        expect(panel).to_have_attribute("data-status", "answered")
        return panel

    def sees_pictures(self, panel: Locator, *, photos: int, videos: int) -> None:
        """Wait until the browser has really decoded that many."""
        grid = panel.get_by_test_id("pictures")
        expect(grid.locator("img")).to_have_count(photos, timeout=20_000)
        expect(grid.locator("video")).to_have_count(videos, timeout=20_000)
        decoded = "media => media.every(one => one.naturalWidth > 0 || one.videoWidth > 0)"
        self.page.wait_for_function(
            f"grid => ({decoded})([...grid.querySelectorAll('img, video')])", arg=grid.element_handle()
        )

    def confirm_place(self, panel: Locator, place: str) -> None:
        """Say where it is."""
        form = panel.get_by_test_id("place").and_(panel.locator("form"))
        form.get_by_role("textbox").fill(place)
        form.get_by_role("button", name="确认地点").click()
        expect(panel.locator(".place-kind")).to_have_text("已核实")

    def classify(self, panel: Locator, *, priority: int, type_name: str, summary: str) -> None:
        """Say how urgent it is and what it is."""
        panel.get_by_test_id("dock-classify").click()
        form = panel.get_by_test_id("classify")
        form.locator(f".choose[data-value='{priority}']").click()
        form.locator(".choose", has_text=type_name).click()
        form.get_by_label("摘要").fill(summary)
        form.get_by_role("button", name="确定").click()
        expect(form.get_by_role("status")).to_be_visible()

    def says(self, panel: Locator, text: str) -> None:
        """Write to the citizen."""
        form = panel.get_by_test_id("message")
        form.get_by_role("textbox").fill(text)
        form.get_by_role("button", name="发送").click()
        expect(panel.locator(".talk .line", has_text=text)).to_be_visible()

    def hears(self, panel: Locator, text: str) -> None:
        """Wait for a message of the citizen."""
        expect(panel.locator(".talk .line.theirs", has_text=text)).to_be_visible()

    def dispatch(self, panel: Locator, *, unit_id: str, note: str) -> None:
        """Send a unit out."""
        panel.get_by_test_id("dock-dispatch").click()
        form = panel.get_by_test_id("dispatch")
        form.locator(f".choose[data-value='{unit_id}']").click()
        form.get_by_label("交代事项").fill(note)
        form.get_by_role("button", name="派警").click()
        expect(panel).to_have_attribute("data-status", "dispatched")

    def close(self, panel: Locator, disposition: str) -> None:
        """End the incident."""
        panel.get_by_test_id("dock-close").click()
        form = panel.get_by_test_id("close")
        form.locator(".choose", has_text=disposition).click()
        form.get_by_role("button", name="办结").click()
        expect(panel).to_have_attribute("data-status", "closed")


class Officer:
    """Somebody who was sent out, with a phone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, link: str, *, last_digits: str) -> None:
        """Open the link of the text and say the digits."""
        self.page.goto(link)
        self.page.get_by_label("后四位").fill(last_digits)
        self.page.get_by_role("button", name="打开").click()
        expect(self.page.get_by_role("button", name="导航")).to_be_visible()

    def taps(self, step: str) -> None:
        """Tap the big button, which names the next step."""
        self.page.locator("#work .huge", has_text=step).click()

    def reports(self, *, result: str, helped: int) -> None:
        """Fill in what came of it and send it."""
        self.taps("处理完毕")
        self.page.get_by_label("处理结果").fill(result)
        for _ in range(helped):
            self.page.get_by_role("button", name="救助（人） +1").click()
        self.page.get_by_role("button", name="提交反馈").click()
        expect(self.page.get_by_text("已反馈，等待指挥中心办结。")).to_be_visible()


WATCH_CARDS = """() => {
  const seen = (globalThis.cardsSeenAt = new Map());
  const look = () => {
    for (const card of document.querySelectorAll("[data-testid=card]")) {
      if (!seen.has(card.dataset.id)) seen.set(card.dataset.id, Date.now());
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true });
  look();
}"""
