"""A stage for calls: the Kinesis Video stand-in, joins signed by the house's code, pages in Chromium."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import boto3
import msgspec
import requests
from playwright.sync_api import Browser, Page, WebSocket

from chalicelib.adapters import signaling
from chalicelib.domain.lines import Line, Party
from infra.local.aws import REGION
from infra.local.kvs.server import ANYBODYS_CREDENTIAL, RunningKvs, start_kvs
from infra.local.serving import LocalHandler, LocalServer
from infra.local.state import State
from tests.machine import ROOT, eventually

HERE = Path(__file__).parent
WEB = ROOT / "chalicelib" / "web"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
POLICY = "default-src 'self'; media-src 'self' blob:; connect-src 'self' ws://127.0.0.1:*"


AUDIBLE_DB = -50


class Stage:
    """The service as far as a call needs it: pages, and joins of one line an incident."""

    def __init__(self, kvs: RunningKvs) -> None:
        self.kvs = kvs
        self.refused: dict[str, tuple[int, str]] = {}
        """Joins that are refused from now on, by path: the status and the slug."""
        self._lines: dict[str, Line] = {}
        self._control = boto3.client(
            "kinesisvideo",
            region_name=REGION,
            endpoint_url=kvs.url,
            aws_access_key_id=ANYBODYS_CREDENTIAL.access_key,
            aws_secret_access_key=ANYBODYS_CREDENTIAL.secret_key,
        )

    def open_line(self, incident_id: str) -> Line:
        """Provision a line for the incident."""
        arn = self._control.create_signaling_channel(ChannelName=incident_id)["ChannelARN"]
        ends = {role: self._endpoints(arn, role) for role in ("MASTER", "VIEWER")}
        self._lines[incident_id] = Line(
            id=incident_id,
            region=REGION,
            channel_arn=arn,
            master_url=ends["MASTER"]["WSS"],
            viewer_url=ends["VIEWER"]["WSS"],
            signaling_endpoint=ends["MASTER"]["HTTPS"],
            stream_name=incident_id,
            data_endpoint=self.kvs.url,
        )
        return self._lines[incident_id]

    def join(self, path: str) -> tuple[int, bytes]:
        """Answer `/join/master/<line>/<seat>` and `/join/viewer/<line>/<incident>/<party>` as the house."""
        if path in self.refused:
            status, slug = self.refused[path]
            return status, json.dumps({"type": slug}).encode()
        _, _, role, line_id, *who = path.split("/")
        line, now = self._lines[line_id], datetime.now(UTC)
        if role == "master":
            return 200, msgspec.json.encode(signaling.join_as_master(line, now=now))
        named = Party(incident_id=who[0], name=who[1])
        return 200, msgspec.json.encode(signaling.join_as_viewer(line, named, now=now))

    def end(self, incident_id: str, **who: str) -> None:
        """End signaling connections of the incident's line: `role`, `client_id`, `ending`."""
        body = {"channel": incident_id, **who}
        requests.post(f"{self.kvs.url}/_standin/end", json=body, timeout=5).raise_for_status()

    def connections(self, incident_id: str) -> list[dict[str, str]]:
        """Who is connected to the incident's channel."""
        answer = requests.get(f"{self.kvs.url}/_standin/connections", timeout=5).json()
        return [one for one in answer if one["channel"] == incident_id]

    def _endpoints(self, arn: str, role: str) -> dict[str, str]:
        wanted: Any = {"Protocols": ["WSS", "HTTPS"], "Role": role}
        answer = self._control.get_signaling_channel_endpoint(
            ChannelARN=arn, SingleMasterChannelEndpointConfiguration=wanted
        )
        return {str(one["Protocol"]): one["ResourceEndpoint"] for one in answer["ResourceEndpointList"]}


class StageHandler(LocalHandler):
    """Serves the test's page, the pages' modules under the house's content policy, and joins."""

    stage: Stage

    def do_GET(self) -> None:  # noqa: N802
        self.serve()

    def do_POST(self) -> None:  # noqa: N802
        self.serve()

    def answer(self, body: bytes) -> None:
        path = self.path.partition("?")[0]
        self.route_template = path
        if path.startswith("/join/"):
            status, document = self.stage.join(path)
            self.reply(status, {"Content-Type": "application/json"}, document)
            return
        file = WEB / path.removeprefix("/web/") if path.startswith("/web/") else HERE / path.lstrip("/")
        if not file.is_file():
            self.reply(HTTPStatus.NOT_FOUND, {}, b"")
            return
        headers = {"Content-Type": TYPES[file.suffix], "Content-Security-Policy": POLICY}
        self.reply(HTTPStatus.OK, headers, file.read_bytes())


@contextmanager
def open_stage(directory: Path) -> Iterator[tuple[Stage, str]]:
    """A stage and its address, until it is left."""
    kvs = start_kvs(State(directory=directory))
    stage = Stage(kvs)
    server = LocalServer(0)
    server.start("stage", type("BoundStageHandler", (StageHandler,), {"stage": stage}))
    try:
        yield stage, server.url
    finally:
        server.stop(within_seconds=1.0)
        kvs.stop()


class Player:
    """One side of a call: a page in a context of its own, because a tab behind another starves."""

    def __init__(self, browser: Browser, url: str, faults: list[str]) -> None:
        self.context = browser.new_context(permissions=["camera", "microphone"])
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: faults.append(str(error)))
        self.page.on("websocket", self._overhear)
        self.sent: list[dict[str, Any]] = []
        self._url = f"{url}/page.html"
        self.load()

    def offers(self) -> list[str]:
        """The offers that left this page, in base64 as the channel carried them."""
        self.do("0")  # What was overheard is told only while the page is asked something.
        return [one["messagePayload"] for one in self.sent if one["action"] == "SDP_OFFER"]

    def _overhear(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self.sent.append(json.loads(frame)))

    def load(self) -> None:
        """Open the page, or open it again as a reload does."""
        self.page.goto(self._url)
        self.wait("window.page !== undefined")

    def enter(self, incident: str, name: str = "citizen", **options: object) -> "Player":
        """Enter the call as a viewer."""
        self.do("(options) => page.enter(options)", {"incident": incident, "name": name, **options})
        return self

    def host(self, incident: str, **options: object) -> "Player":
        """Open the hub."""
        self.do("(options) => page.host(options)", {"incident": incident, **options})
        return self

    def do(self, script: str, argument: object = None) -> Any:
        """Run a script in the page; its value."""
        return self.page.evaluate(script, argument)

    def wait(self, condition: str, seconds: float = 15) -> None:
        """Wait until a condition in the page holds."""
        eventually(lambda: self.do(condition), within_seconds=seconds)

    def sees(self, seconds: float = 15) -> None:
        """Wait until stamped frames arrive that were painted after this moment."""
        self.do("page.seen.lags.length = 0")
        self.wait("page.seen.lags.length >= 3", seconds)

    def hears(self, hertz: int, seconds: float = 15) -> float:
        """Wait until a tone is heard; its level in dB."""
        level: float = eventually(
            lambda: (heard := self.level(hertz)) > AUDIBLE_DB and heard, within_seconds=seconds
        )
        return level

    def level(self, hertz: int) -> float:
        """The level of a tone in what is heard, in dB; -200 where there is nothing to listen to."""
        level: float = self.do(f"page.hear({hertz}) ?? -200")
        return level

    def loses(self, hertz: int, below_db: float = -90) -> None:
        """Wait until a tone is not heard: an echo would stay, a crackle of a busy machine does not."""
        eventually(lambda: self.level(hertz) < below_db, within_seconds=5)

    def figures(self, side: str = "page.viewer.stats()") -> list[dict[str, Any]]:
        """What came and went, by the browser's own count."""
        found: list[dict[str, Any]] = self.do(f"page.figures({side})")
        return found
