"""The hub of signaling: who is connected to which channel, and whose messages go to whom."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from infra.local.kvs.calls import CallLog
from infra.local.kvs.channels import Channel
from infra.local.kvs.faults import KvsFault, invalid_argument, limit_exceeded, not_found
from infra.local.kvs.messages import Action, Sent, correlation_id_of, event, read_message, status_response
from infra.local.kvs.rates import Rates
from infra.local.kvs.websocket import WebSocket

MOST_VIEWERS = 10
GOING_AWAY = 1001


@dataclass(eq=False, kw_only=True)
class Peer:
    """One connected client; the master has no client id. Times are of the monotonic clock."""

    channel: Channel
    client_id: str
    socket: WebSocket
    opened_at: float = field(default_factory=time.monotonic)

    @property
    def is_master(self) -> bool:
        return not self.client_id


@dataclass(frozen=True, kw_only=True)
class _Held:
    """A viewer's message that waits for a master."""

    sender: str
    sent: Sent
    until: float


@dataclass(kw_only=True)
class _Room:
    master: Peer | None = None
    viewers: dict[str, Peer] = field(default_factory=dict)
    held: list[_Held] = field(default_factory=list)

    def has(self, peer: Peer) -> bool:
        return (self.master if peer.is_master else self.viewers.get(peer.client_id)) is peer


class Hub:
    """All rooms. One lock: messages of a channel are few, and their order must hold."""

    def __init__(self, rates: Rates, log: CallLog) -> None:
        self._rates = rates
        self._log = log
        self._lock = threading.RLock()
        self._rooms: dict[str, _Room] = {}
        self.on_join: Callable[[], None] = lambda: None

    def join(self, channel: Channel, client_id: str, upgrade: Callable[[], WebSocket]) -> Peer:
        """Let a client in, the master without a client id; the newest of one name puts the older out.

        Raises `ClientLimitExceededException` for an eleventh viewer, before `upgrade` is called.
        """
        with self._lock:
            room = self._rooms.setdefault(channel.arn, _Room())
            if client_id and client_id not in room.viewers and len(room.viewers) >= MOST_VIEWERS:
                raise limit_exceeded(f"The channel has {MOST_VIEWERS} viewers.")
            peer = Peer(channel=channel, client_id=client_id, socket=upgrade())
            older = self._seat(room, peer)
            if older is not None:
                older.socket.close(GOING_AWAY, "replaced by a newer connection")
            if peer.is_master:
                self._deliver_held(room, peer)
        self.on_join()
        return peer

    def leave(self, peer: Peer) -> None:
        """Take a client off its channel; one that was replaced already changes nothing."""
        self._rates.forget(_connection_of(peer))
        with self._lock:
            room = self._rooms[peer.channel.arn]
            if not room.has(peer):
                return
            if peer.is_master:
                room.master = None
            else:
                del room.viewers[peer.client_id]

    def route(self, peer: Peer, text: str) -> None:
        """Pass a client's message on, or tell it why not, if it asked to be told.

        Blank texts are how some clients keep a connection from idling out; they say nothing.
        """
        if not text.strip():
            return
        operation, fault = "SendUnknown", None
        try:
            sent = read_message(text)
            operation = sent.action.operation
            self._rates.take(sent.action, _connection_of(peer))
            self._pass_on(peer, sent)
        except KvsFault as refused:
            fault = refused
            correlation_id = correlation_id_of(text)
            if correlation_id:
                peer.socket.send(status_response(correlation_id, refused))
        self._log.note(
            operation,
            resource=peer.channel.arn,
            fault=fault.code if fault else None,
            at=datetime.now(UTC),
        )

    def put_out(self, channel: Channel) -> None:
        """Close every connection of a channel that is gone."""
        for peer in self.peers():
            if peer.channel.arn == channel.arn:
                self.leave(peer)
                peer.socket.close(GOING_AWAY, "the channel was deleted")

    def peers(self) -> list[Peer]:
        """Everyone who is connected."""
        with self._lock:
            return [
                peer
                for room in self._rooms.values()
                for peer in (*([room.master] if room.master else []), *room.viewers.values())
            ]

    def _seat(self, room: _Room, peer: Peer) -> Peer | None:
        """Give the peer its seat, and return who sat there."""
        if peer.is_master:
            older, room.master = room.master, peer
        else:
            older = room.viewers.get(peer.client_id)
            room.viewers[peer.client_id] = peer
        return older

    def _pass_on(self, peer: Peer, sent: Sent) -> None:
        with self._lock:
            room = self._rooms[peer.channel.arn]
            if not room.has(peer):
                return
            if not peer.is_master:
                self._to_master(room, peer, sent)
                return
            if not sent.recipient_client_id:
                raise invalid_argument("A master must name recipientClientId.")
            viewer = room.viewers.get(sent.recipient_client_id)
            if viewer is None:
                raise not_found("viewer")
            viewer.socket.send(event(sent.action, sent.message_payload))

    def _to_master(self, room: _Room, peer: Peer, sent: Sent) -> None:
        if room.master is not None:
            text = event(sent.action, sent.message_payload, sender_client_id=peer.client_id)
            room.master.socket.send(text)
            return
        if sent.action is Action.OFFER:
            # An offer that is still undelivered is overwritten by the sender's next one.
            room.held = [
                one for one in room.held if (one.sender, one.sent.action) != (peer.client_id, Action.OFFER)
            ]
        until = time.monotonic() + peer.channel.message_ttl_seconds
        room.held.append(_Held(sender=peer.client_id, sent=sent, until=until))

    def _deliver_held(self, room: _Room, master: Peer) -> None:
        held, room.held = room.held, []
        for one in held:
            if one.until > time.monotonic():
                text = event(one.sent.action, one.sent.message_payload, sender_client_id=one.sender)
                master.socket.send(text)


def _connection_of(peer: Peer) -> str:
    return f"connection-{id(peer)}"
