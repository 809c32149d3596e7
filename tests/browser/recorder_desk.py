"""A desk that records a call in Chromium, and what became of the recording: at the service, and frame by frame."""

import io
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import av
import msgspec
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from chalicelib.adapters import pages
from tests.browser.conftest import find_chromium
from tests.desk import JSON, record
from tests.machine import HttpClient, Machine, StaffClient, done, eventually

ARGUMENTS = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--autoplay-policy=no-user-gesture-required",
)
SCRIPT = Path(__file__).with_name("recorder_page.js")
HEIGHT, WIDTH = 480, 640
FRAME_MS = 40


class Decoded(NamedTuple):
    """What a decoder made of Matroska: the times of pictures and sound in ms, and how loud the loudest sample was."""

    pictures_ms: list[int]
    sound_ms: list[int]
    sizes: set[tuple[int, int]]
    codecs: set[str]
    loudest: float


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A fragment as the service gives it back, with the bytes of the original."""

    seq: int
    sha256: str
    started_ms: int
    duration_ms: int
    copy: str
    content: bytes


class RecordingDesk:
    """A page of the console's address whose script records an incident."""

    def __init__(self, browser: Browser, machine: Machine, *, seat: StaffClient, incident_id: str) -> None:
        self.context: BrowserContext = browser.new_context(base_url=machine.url)
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

    def state(self) -> JSON:
        """What the recorder said last."""
        said: JSON = self.do("stage.state")
        return said

    def wait_for(self, condition: str, *, within_seconds: float = 30) -> None:
        """Wait until a condition on `state` holds."""
        eventually(lambda: self.do(f"((state) => {condition})(stage.state)"), within_seconds=within_seconds)

    def records_for(self, seconds: float) -> None:
        """Wait until that much more of the call's time has gone by."""
        self.page.wait_for_timeout(seconds * 1000)

    def stop(self) -> JSON:
        """Stop, and wait until all is brought in; the last state."""
        said: JSON = self.do("stage.stop()")
        return said


MODULES = ("recorder", "server")


def launch(browser: Browser) -> Browser:
    """A Chromium that plays sound unasked."""
    return browser.browser_type.launch(executable_path=find_chromium(), args=list(ARGUMENTS))


def fragments(seat: StaffClient, incident_id: str) -> list[Kept]:
    """All fragments the service has, with the bytes of their originals."""
    found: list[Kept] = []
    cursor: int | None = 0
    while cursor is not None:
        page = done(seat.get(f"/console/incidents/{incident_id}/recording?after={cursor}"))
        found += [_kept(one) for one in page["items"]]
        cursor = page["cursor"]
    return found


def entries(seat: StaffClient, incident_id: str) -> dict[int, JSON]:
    """The timeline's details of each fragment, by its number."""
    timeline = record(seat, incident_id)["timeline"]
    told = [one["details"] for one in timeline if one["kind"] == "recording.kept"]
    return {one["seq"]: one for one in told}


def decoded(content: bytes) -> Decoded:
    """Decode everything; raises what the decoder raises."""
    pictures, sound, sizes, loudest = [], [], set(), 0.0
    with av.open(io.BytesIO(content)) as media:
        codecs = {stream.codec_context.name for stream in media.streams}
        for packet in media.demux():
            for frame in packet.decode():
                assert frame.pts is not None
                assert frame.time_base is not None
                at_ms = round(frame.pts * frame.time_base * 1000)
                if isinstance(frame, av.VideoFrame):
                    pictures.append(at_ms)
                    sizes.add((frame.width, frame.height))
                else:
                    sound.append(at_ms)
                    loudest = max(loudest, *map(abs, memoryview(bytes(frame.planes[0])).cast("f")))
    return Decoded(pictures, sound, sizes, codecs, loudest)


def pictures_of(content: bytes) -> list[Image.Image]:
    """Every picture, in order."""
    with av.open(io.BytesIO(content)) as media:
        return [frame.to_image() for frame in media.decode(video=0)]


def _kept(item: JSON) -> Kept:
    content = HttpClient(item["url"]).get("").content
    return Kept(
        seq=item["seq"],
        sha256=item["sha256"],
        started_ms=round(datetime.fromisoformat(item["started_at"]).timestamp() * 1000),
        duration_ms=item["duration_ms"],
        copy=item["copy"],
        content=content,
    )
