"""Ends signaling connections as the service does: after an hour, after ten idle minutes, or when told to."""

import threading
import time
from enum import StrEnum

import msgspec

from infra.local.kvs.signaling import GOING_AWAY, Hub, Peer


class Ending(StrEnum):
    """How a connection ends.

    `close` says goodbye, `cut` drops the connection without a word, `mute` leaves it open and deaf: nothing
    goes through any more and nobody says so.
    """

    CLOSE = "close"
    CUT = "cut"
    MUTE = "mute"


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The service's quotas: an hour a connection, ten minutes without a message."""

    connection_seconds: float = 3600
    idle_seconds: float = 600
    ending: Ending = Ending.CLOSE


class Endings:
    """Watches all connections from one thread, which sleeps until the next one is due."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._limits = Limits()
        self._changed = threading.Condition()
        self._is_stopped = False
        hub.on_join = self._wake

    def start(self) -> None:
        """Begin to watch."""
        threading.Thread(target=self._watch, name="kvs-endings", daemon=True).start()

    def stop(self) -> None:
        """Watch no more."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def limit(self, limits: Limits) -> None:
        """Hold the connections to these limits from now on, those that are open too."""
        with self._changed:
            self._limits = limits
            self._changed.notify_all()

    def end(self, peer: Peer, ending: Ending) -> None:
        """End one connection in that way."""
        self._hub.leave(peer)
        if ending is Ending.CLOSE:
            peer.socket.close(GOING_AWAY, "Going away")
        elif ending is Ending.CUT:
            peer.socket.cut()

    def _watch(self) -> None:
        while True:
            with self._changed:
                self._changed.wait(self._seconds_to_next())
                if self._is_stopped:
                    return
                limits = self._limits
            for peer in self._hub.peers():
                if _due_at(peer, limits) <= time.monotonic():
                    self.end(peer, limits.ending)

    def _seconds_to_next(self) -> float | None:
        due = [_due_at(peer, self._limits) for peer in self._hub.peers()]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


def _due_at(peer: Peer, limits: Limits) -> float:
    return min(
        peer.opened_at + limits.connection_seconds,
        peer.socket.active_at + limits.idle_seconds,
    )
