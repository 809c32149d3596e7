"""All that a browser fetched or holds, as text, so that a test can look for what must not be in it."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response, WebSocket
from playwright.sync_api import Error as PlaywrightError

KEPT = """async () => {
  const come = (asked) => new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = failed;
  });
  const databases = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await come(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      databases[`${name}/${store}`] = await come(database.transaction(store).objectStore(store).getAll());
    }
    database.close();
  }
  return JSON.stringify({
    localStorage: { ...localStorage }, sessionStorage: { ...sessionStorage }, databases,
    name: window.name, caches: await caches.keys(), history: history.state,
  });
}"""


class Piece(NamedTuple):
    """Something a page fetched, sent, said or holds."""

    page: str
    kind: str
    text: str


class Gathered:
    """Listens to pages from their making on; ask `all()` at the end."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._responses: list[tuple[str, Response]] = []
        self._pages: list[tuple[str, Page]] = []
        self._files: set[str] = set()
        self.unread = 0

    def listen(self, name: str, page: Page) -> None:
        """Listen to a page from now on, its workers and its WebSockets too."""
        self._pages.append((name, page))

        def note(kind: str, text: str) -> None:
            self._pieces.append(Piece(name, kind, text))

        def asked(request: Request) -> None:
            note("address", request.url)
            note("request", json.dumps(request.headers) + (_text(request.post_data_buffer or b"")))

        def wired(socket: WebSocket) -> None:
            note("websocket", socket.url)
            socket.on("framesent", lambda frame: note("frame sent", str(frame)))
            socket.on("framereceived", lambda frame: note("frame received", str(frame)))

        def said(message: ConsoleMessage) -> None:
            note("console", message.text)

        page.on("request", asked)
        page.on("response", lambda response: self._responses.append((name, response)))
        page.on("websocket", wired)
        page.on("console", said)

    def read(self) -> None:
        """Read what came so far, while the browser still has it."""
        for name, response in self._responses:
            # Each page fetches the same files; one look at a file is enough.
            if response.url in self._files:
                continue
            if urlsplit(response.url).path.endswith((".js", ".css", ".svg")):
                self._files.add(response.url)
            try:
                text = _text(response.body())
            except PlaywrightError:
                # A redirect, an answer that broke off, or one that its page has left behind.
                self.unread += 1
                text = ""
            self._pieces.append(Piece(name, "response", json.dumps(response.headers) + text))
        self._responses.clear()

    def all(self) -> list[Piece]:
        """Everything, with what the pages hold at this moment: document, storage, cookies, the whole heap."""
        self.read()
        for name, page in self._pages:
            self._pieces += [Piece(name, kind, text) for kind, text in _held(page)]
        return self._pieces


def _held(page: Page) -> Iterator[tuple[str, str]]:
    yield "document", page.content()
    yield "storage", page.evaluate(KEPT)
    yield "cookies", json.dumps(page.context.cookies())
    yield "heap", _heap(page)


def _heap(page: Page) -> str:
    """Every string and name in the page's memory (V8 cuts each at 1,024 characters)."""
    chunks: list[str] = []
    devtools: Any = page.context.new_cdp_session(page)
    devtools.on("HeapProfiler.addHeapSnapshotChunk", lambda one: chunks.append(one["chunk"]))
    devtools.send("HeapProfiler.enable")
    devtools.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    devtools.detach()
    return "".join(chunks)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
