"""What the local HTTP servers share: a threaded server on loopback whose connections cannot wedge it."""

import json
import logging
import socket
import sys
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

log = logging.getLogger("instant110.local")

BODY_LIMIT_BYTES = 10 * 1024 * 1024
_DISCARD_LIMIT_BYTES = 64 * 1024 * 1024
_DISCARD_WITHIN_SECONDS = 5


class Refused(Exception):
    """A request that is answered with a problem document."""

    def __init__(self, status: HTTPStatus, slug: str, title: str, **headers: str) -> None:
        super().__init__(slug)
        self.status = status
        self.slug = slug
        self.title = title
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def document(self) -> bytes:
        """The body, as RFC 9457 has it."""
        problem = {"type": self.slug, "title": self.title, "status": int(self.status)}
        return json.dumps(problem, ensure_ascii=False).encode()


class PortTaken(Exception):
    """Something else listens on the asked port."""


class LocalServer(ThreadingHTTPServer):
    """A thread a connection; open connections are ended when the server stops."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, port: int) -> None:
        """Take the port, 0 for any free one, without serving yet; raises `PortTaken`."""
        try:
            super().__init__(("127.0.0.1", port), LocalHandler)
        except OSError as error:
            raise PortTaken(f"port {port} is taken; choose another with PORT=…") from error
        self._busy = 0
        self._idle = threading.Condition()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self, name: str, handler: type[BaseHTTPRequestHandler]) -> None:
        """Serve from a thread of that name."""
        self.RequestHandlerClass = handler
        threading.Thread(target=self.serve_forever, args=(0.1,), name=name, daemon=True).start()

    def stop(self, *, within_seconds: float) -> None:
        """Take no more requests and give those in progress time to be answered."""
        self.shutdown()
        self.server_close()
        deadline = time.monotonic() + within_seconds
        with self._idle:
            self._idle.wait_for(lambda: self._busy == 0, deadline - time.monotonic())

    def began(self) -> None:
        """Count a request as in progress."""
        with self._idle:
            self._busy += 1

    def ended(self) -> None:
        """Count a request as answered."""
        with self._idle:
            self._busy -= 1
            self._idle.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is."""
        fault = sys.exc_info()[1]
        if not isinstance(fault, ConnectionError | TimeoutError):
            log.error("http.connection_failed %s", type(fault).__name__)


class LocalHandler(BaseHTTPRequestHandler):
    """Reads one request whole, has `answer` answer it, and turns every fault into a problem document."""

    protocol_version = "HTTP/1.1"
    # Buffered writes without Nagle: headers and body leave in one segment and at once.
    disable_nagle_algorithm = True
    wbufsize = -1
    # An idle connection, and one that stops in mid-request, is closed after this long.
    timeout = 60
    server: LocalServer
    route_template = "-"

    def answer(self, body: bytes) -> None:
        """Answer the request; raise `Refused` to refuse it."""
        raise NotImplementedError

    def serve(self) -> None:
        """Answer one request, whatever happens."""
        began_at = time.monotonic()
        self.route_template, self.answered_status = "-", 0
        self.server.began()
        try:
            self._serve_safely()
            self.wfile.flush()
        finally:
            self.server.ended()
            milliseconds = (time.monotonic() - began_at) * 1000
            log.info(
                "http.answered %s %s %d %.1f ms",
                self.command,
                self.route_template,
                self.answered_status,
                milliseconds,
            )

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = serve  # noqa: N815

    def _serve_safely(self) -> None:
        try:
            self.answer(self._read_body())
        except Refused as refused:
            self.refuse(refused)
        except (ConnectionError, TimeoutError):
            raise
        except Exception:
            log.exception("http.failed %s %s", self.command, self.route_template)
            self.refuse(
                Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error", "Something went wrong here")
            )

    def _read_body(self) -> bytes:
        chunked = "chunked" in self.headers.get("transfer-encoding", "").lower()
        if self._cut_short() or (chunked and "content-length" in self.headers):
            raise self._unreadable()
        if chunked:
            return self._read_chunks()
        stated = self.headers.get_all("content-length") or ["0"]
        if len(set(stated)) != 1 or not (stated[0].isascii() and stated[0].isdigit()):
            raise self._unreadable()
        length = int(stated[0])
        if length > BODY_LIMIT_BYTES:
            raise self._too_large(left=length)
        return self._read_exactly(length)

    def _cut_short(self) -> bool:
        """Whether a header's name ended the headers early: the body's length may be behind it, unseen."""
        return bool(self.headers.defects or self.headers.get_payload())

    def _read_chunks(self) -> bytes:
        chunks = bytearray()
        while length := self._chunk_length():
            if len(chunks) + length > BODY_LIMIT_BYTES:
                raise self._too_large(left=_DISCARD_LIMIT_BYTES)
            chunks += self._read_exactly(length)
            self.rfile.readline(8)
        while self.rfile.readline(65537).strip():
            pass
        return bytes(chunks)

    def _chunk_length(self) -> int:
        try:
            length = int(self.rfile.readline(1024).split(b";")[0].strip(), 16)
        except ValueError as error:
            raise self._unreadable() from error
        if length < 0:
            raise self._unreadable()
        return length

    def _read_exactly(self, length: int) -> bytes:
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError("the client went away in the middle of the body")
        return body

    def _unreadable(self) -> Refused:
        self.close_connection = True
        return Refused(HTTPStatus.BAD_REQUEST, "bad-request", "The request cannot be read")

    def _too_large(self, *, left: int) -> Refused:
        self.close_connection = True
        self._left_to_discard = min(left, _DISCARD_LIMIT_BYTES)
        return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", "The body is larger than 10 MB")

    _left_to_discard = 0

    def refuse(self, refused: Refused) -> None:
        """Send the problem document; after one that left a body unread, also take what is still coming."""
        headers = {"Content-Type": "application/problem+json", **refused.headers}
        self.reply(refused.status, headers, refused.document())
        if self._left_to_discard:
            self._discard()

    def _discard(self) -> None:
        """Read on for a while: closing with bytes unread would reset the connection under the answer."""
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_DISCARD_WITHIN_SECONDS)
        deadline = time.monotonic() + _DISCARD_WITHIN_SECONDS
        left = self._left_to_discard
        while left > 0 and time.monotonic() < deadline:
            piece = self.rfile.read1(65536)
            if not piece:
                return
            left -= len(piece)

    def reply(self, status: int, headers: dict[str, Any], body: bytes) -> None:
        """Send one whole answer; a header whose value is a list is sent once for each."""
        self.answered_status = int(status)
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                for one in value if isinstance(value, list) else [value]:
                    self.send_header(name, _one_line(str(one)))
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the parser refuses (a bad request line, huge headers, an unknown method) is a problem too."""
        self.close_connection = True
        self.command = self.command or "-"
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self.refuse(Refused(HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "No such method here"))
        else:
            self.refuse(Refused(HTTPStatus(code), "bad-request", "The request cannot be read"))

    def version_string(self) -> str:
        return "instant110"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: paths and queries can carry what belongs to people."""


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")
