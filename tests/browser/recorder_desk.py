"""A desk that records a call in Chromium."""

from pathlib import Path, PurePosixPath
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from chalicelib.adapters import pages
from tests.desk import JSON
from tests.machine import Machine, StaffClient, eventually

SCRIPT = Path(__file__).with_name("recorder_page.js")
MODULES = ("recorder", "server")
WATCH = """
async ({ player, address }) => {
  const { default: Hls } = await import(new URL(`./assets/${player}`, document.baseURI));
  const video = Object.assign(document.createElement("video"), { muted: true });
  document.body.replaceChildren(video);
  const hls = new Hls({ enableWorker: false });
  globalThis.seen = { video, hls, faults: [] };
  hls.on(Hls.Events.ERROR, (_, fault) => fault.fatal && seen.faults.push(fault.details));
  hls.loadSource(address);
  hls.attachMedia(video);
  video.play().catch((fault) => seen.faults.push(String(fault)));
}
"""
PLAY = """
async ({ addresses, from }) => {
  const parts = [];
  for (const address of addresses) parts.push(await (await fetch(address)).blob());
  seen.hls.destroy();
  const video = Object.assign(document.createElement("video"), { muted: true, playbackRate: 2 });
  document.body.replaceChildren(video);
  seen.video = video;
  video.src = URL.createObjectURL(new Blob(parts, { type: "video/x-matroska" }));
  video.onloadedmetadata = () => (video.currentTime = from);
  await video.play();
}
"""


class RecordingDesk:
    """A page at the console's address whose script records an incident."""

    def __init__(self, browser: Browser, machine: Machine, *, seat: StaffClient, incident_id: str) -> None:
        self.context: BrowserContext = browser.new_context(base_url=machine.url, locale="zh-CN")
        self.page: Page = self.context.new_page()
        self._seat = seat
        self._incident_id = incident_id

    def start(self, **limits: object) -> "RecordingDesk":
        """Load the page and begin to record."""
        self.page.goto("./console")
        named = {name: pages._built(PurePosixPath(f"shared/recorder/{name}.js")).name for name in MODULES}
        told = {"token": self._seat.tokens["id_token"], "incidentId": self._incident_id, "limits": limits}
        self.page.evaluate(SCRIPT.read_text("utf-8"), {**named, **told})
        return self

    def do(self, script: str) -> Any:
        """Run a script in the page; its value."""
        return self.page.evaluate(script)

    def wait_for(self, condition: str, *, within_seconds: float = 30) -> None:
        """Wait until a condition on the recorder's `state` holds."""
        eventually(
            lambda: self.do(f"((state) => {condition})(stage.state)") or self._fail(),
            within_seconds=within_seconds,
        )

    def wait_until(self, condition: str) -> None:
        """Wait until a condition in the page holds; the page's policy forbids Playwright's own way."""
        eventually(lambda: self.do(condition), within_seconds=60)

    def goes_on_for(self, seconds: float) -> None:
        """Let that much of the call go by; a recording has the length that it has."""
        until = self.do("Date.now()") + seconds * 1000
        eventually(lambda: self.do("Date.now()") >= until, within_seconds=seconds + 30)

    def watch(self, address: str) -> None:
        """Play an HLS playlist with the house's hls.js; `seen` has the video and the faults."""
        self.page.goto("./console")
        player = pages._built(PurePosixPath("vendor/hls.js")).name
        self.page.evaluate(WATCH, {"player": player, "address": address})

    def play(self, addresses: list[str], *, began_ms: int) -> None:
        """Play originals as one file at double speed, from where it begins: its clock counts from 1970."""
        self.page.evaluate(PLAY, {"addresses": addresses, "from": began_ms / 1000})

    def stop(self) -> JSON:
        """Stop, and wait until all is brought in; the last state."""
        said: JSON = self.do("stage.stop()")
        return said

    def _fail(self) -> bool:
        raise AssertionError(self.do("stage.state"))
