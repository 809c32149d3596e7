"""One WebSocket on a connection whose request head was read already, written to from any thread."""

import contextlib
import logging
import socket
import struct
import threading
import time
from collections.abc import Iterator
from io import BufferedIOBase

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State as Phase
from websockets.server import ServerProtocol

# Well above the largest message allowed, so that one a little too large is refused with a status response.
_FRAME_LIMIT_BYTES = 64 * 1024
_SEND_WITHIN_SECONDS = 3
_silent = logging.getLogger("instant110.local.websocket")
_silent.setLevel(logging.CRITICAL)


class WebSocket:
    """Text messages both ways; every fault of the connection ends it and is no error here."""

    def __init__(self, connection: socket.socket, incoming: BufferedIOBase, head: bytes) -> None:
        """Answer the request `head` with the upgrade, or with a refusal when it asks for none."""
        self._connection = connection
        self._incoming = incoming
        self._lock = threading.Lock()
        self._protocol = ServerProtocol(max_size=_FRAME_LIMIT_BYTES, logger=_silent)
        self._partial = bytearray()
        self.active_at = time.monotonic()
        connection.settimeout(None)
        # A client that reads nothing must not hold up the others' messages for ever.
        timeout = struct.pack("ll", _SEND_WITHIN_SECONDS, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeout)
        self._protocol.receive_data(head)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._protocol.send_response(self._protocol.accept(event))
        self._flush()

    def send(self, text: str) -> None:
        """Send one message; one that is too late is lost, as on any broken line."""
        with self._lock:
            if self._protocol.state is Phase.OPEN:
                self._protocol.send_text(text.encode())
                self._flush()
                self.active_at = time.monotonic()

    def close(self, code: int, reason: str) -> None:
        """Say goodbye; the client's answer ends the connection."""
        with self._lock:
            if self._protocol.state is Phase.OPEN:
                self._protocol.send_close(code, reason)
                self._flush()

    def cut(self) -> None:
        """End the connection without a word."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def texts(self) -> Iterator[str]:
        """What the client sends, until the connection ends."""
        while data := self._read():
            self.active_at = time.monotonic()
            with self._lock:
                self._protocol.receive_data(data)
                events = self._protocol.events_received()
                self._flush()
                ended = self._protocol.close_expected()
            for event in events:
                if isinstance(event, Frame):
                    yield from self._joined(event)
            if ended:
                return

    def _read(self) -> bytes:
        try:
            return self._incoming.read1(65536)
        except OSError:
            return b""

    def _joined(self, frame: Frame) -> Iterator[str]:
        if frame.opcode in (Opcode.TEXT, Opcode.CONT):
            self._partial += frame.data
            if frame.fin:
                yield self._partial.decode(errors="replace")
                self._partial.clear()

    def _flush(self) -> None:
        try:
            for data in self._protocol.data_to_send():
                if data:
                    self._connection.sendall(data)
                else:
                    self._connection.shutdown(socket.SHUT_WR)
        except OSError:
            self.cut()
