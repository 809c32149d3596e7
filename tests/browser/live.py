"""The two ends of a live report in the tests: a citizen's phone, and a desk that is nothing but the hub."""

import re
from pathlib import Path, PurePosixPath
from typing import Any

from playwright.sync_api import Page, expect

from chalicelib.adapters import pages
from tests.browser.conftest import Screens
from tests.browser.people import Citizen
from tests.machine import StaffClient, done, eventually

OPEN_HUB = Path(__file__).with_name("hub_desk.js").read_text("utf-8")
FULL = ["geolocation", "camera", "microphone"]


class LiveCitizen(Citizen):
    """Somebody who reports live."""

    def taps(self, entry: str, mode: str) -> dict[str, Any]:
        """Tap an entry of home; the answer of the service."""
        with self.page.expect_response(re.compile(rf"/reports/{mode}$")) as awaited:
            self.page.get_by_role("button", name=entry).click()
        assert awaited.value.status == 201, awaited.value.text()
        answer: dict[str, Any] = awaited.value.json()
        return answer

    def is_connected(self) -> None:
        """Wait until the page says that it is, and the call-taker's picture moves."""
        expect(self.page.locator(".live[data-state=connected]")).to_be_visible(timeout=20_000)

    def sees_the_call_taker(self) -> None:
        """Wait until frames of the call-taker are decoded, and then more of them."""
        count = "document.querySelector('.theirs').getVideoPlaybackQuality().totalVideoFrames"
        before = eventually(lambda: self.page.evaluate(count), within_seconds=15)
        eventually(lambda: self.page.evaluate(count) > before, within_seconds=10)

    def hears(self, text: str) -> None:
        """Wait for a message of the call-taker."""
        expect(self.page.locator(".theirs", has_text=text)).to_be_visible()

    def tone_db(self, hertz: int) -> float:
        """How loud a tone is in what the page plays."""
        level: float = self.page.evaluate(TONE, hertz)
        return level


class Desk:
    """A hub in a page of its own; the report is answered when it opens."""

    def __init__(
        self, screens: Screens, staff: StaffClient, incident_id: str, *, silent: bool = False
    ) -> None:
        self.staff = staff
        self.incident_id = incident_id
        self.page: Page = screens.desk(permissions=[])
        self.page.goto("./console")
        self.open(silent=silent)

    def open(self, *, silent: bool = False) -> None:
        """Open the hub, or open it again; the incident is answered first, as nobody keeps it meanwhile."""
        done(self.staff.post(f"/console/incidents/{self.incident_id}/answer", {}))
        name = pages._built(PurePosixPath("shared/call/hub.js")).name
        module = self.page.evaluate("(name) => new URL(`./assets/${name}`, document.baseURI).href", name)
        token = self.staff.session.headers["Authorization"]
        wanted = {"module": module, "incidentId": self.incident_id, "silent": silent, "token": token}
        self.page.evaluate(OPEN_HUB, wanted)

    def sees(self) -> None:
        """Wait until the citizen's picture is decoded, and then more of it."""
        count = "desk.picture.getVideoPlaybackQuality().totalVideoFrames"
        before = eventually(lambda: self.page.evaluate(count), within_seconds=20)
        eventually(lambda: self.page.evaluate(count) > before, within_seconds=10)

    def hears(self) -> None:
        """Wait until the citizen's microphone (Chromium's own beeps) is heard."""
        eventually(lambda: self.page.evaluate("(desk.hub.levels().citizen ?? -100) > -60"), within_seconds=20)

    def says(self, text: str) -> None:
        """Write to the citizen."""
        done(self.staff.post(f"/console/incidents/{self.incident_id}/messages", {"text": text}))


def record(staff: StaffClient, incident_id: str) -> dict[str, Any]:
    """The whole record as staff reads it."""
    found: dict[str, Any] = done(staff.get(f"/console/incidents/{incident_id}"))
    return found


def messages(staff: StaffClient, incident_id: str) -> list[str]:
    """What was written, by whomever."""
    entries = record(staff, incident_id)["timeline"]
    return [one["personal"]["text"] for one in entries if one["kind"] == "message.sent"]


TONE = """async (hertz) => {
  const stream = document.querySelector(".theirs").srcObject;
  const sound = (window.ear ??= new AudioContext({ sampleRate: 48000 }));
  const analyser = new AnalyserNode(sound, { fftSize: 8192, smoothingTimeConstant: 0, minDecibels: -200 });
  const source = sound.createMediaStreamSource(new MediaStream(stream.getAudioTracks()));
  source.connect(analyser);
  await new Promise((done) => setTimeout(done, 400));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  source.disconnect();
  const middle = Math.round(hertz / (sound.sampleRate / analyser.fftSize));
  return Math.max(-200, ...bins.slice(middle - 2, middle + 3));
}"""
