"""Pages of a test's own in Chromium, with the official libraries and joins for one line."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, Page, Playwright

from infra.local.serving import LocalHandler, LocalServer, Refused
from tests.chromium import CAMERAS, launch
from tests.machine import ROOT

LIBRARIES = {
    "/kvs-webrtc.js": "amazon-kinesis-video-streams-webrtc/dist/kvs-webrtc.min.js",
    "/hls.js": "hls.js/dist/hls.light.min.js",
}
PAGE = b"""<!doctype html><meta charset="utf-8"><title>test</title>
<script src="/kvs-webrtc.js"></script><script src="/hls.js"></script><video muted></video>"""


class Joins:
    """What pages ask `/join` for, counted: each join is signed anew."""

    def __init__(self, make: Callable[[str, str], dict[str, Any]]) -> None:
        self._make = make
        self.given: list[dict[str, Any]] = []

    def join(self, role: str, client_id: str) -> dict[str, Any]:
        """A fresh join for that role."""
        self.given.append(self._make(role, client_id))
        return self.given[-1]


class _PageHandler(LocalHandler):
    joins: Joins

    def answer(self, body: bytes) -> None:
        del body
        address = urlsplit(self.path)
        if address.path == "/":
            self.reply(HTTPStatus.OK, {"Content-Type": "text/html"}, PAGE)
        elif address.path in LIBRARIES:
            content = (ROOT / "node_modules" / LIBRARIES[address.path]).read_bytes()
            self.reply(HTTPStatus.OK, {"Content-Type": "text/javascript"}, content)
        elif address.path == "/join":
            query = dict(parse_qsl(address.query))
            join = self.joins.join(query["role"], query.get("client_id", ""))
            self.reply(HTTPStatus.OK, {"Content-Type": "application/json"}, json.dumps(join).encode())
        else:
            raise Refused(HTTPStatus.NOT_FOUND, "not-found", "No such thing here")


@contextmanager
def pages(playwright: Playwright, joins: Joins) -> Iterator[Callable[[], Page]]:
    """Opens pages, each in a browser context of its own."""
    server = LocalServer(0)
    server.start("test-pages", type("BoundPageHandler", (_PageHandler,), {"joins": joins}))
    browser = launch(playwright.chromium, CAMERAS)
    try:
        yield lambda: _page(browser, server.url)
    finally:
        browser.close()
        server.stop(within_seconds=0.5)


def _page(browser: Browser, url: str) -> Page:
    page = browser.new_context(permissions=["camera", "microphone"]).new_page()
    page.goto(url)
    return page
