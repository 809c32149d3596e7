"""What tests may do to the stand-in beside the service's own API, unsigned, below `/_standin/`."""

from typing import Any

import msgspec

from infra.local.kvs.calls import CallLog
from infra.local.kvs.clock import Ahead, Clock
from infra.local.kvs.endings import Ending, Endings, Limits
from infra.local.kvs.faults import not_found
from infra.local.kvs.forms import read
from infra.local.kvs.messages import event
from infra.local.kvs.signaling import Hub, Peer
from infra.local.kvs.signatures import Credential, Verifier

PREFIX = "/_standin/"


class _Who(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Connections of a channel, by its name: all of them, or those of one role or one client."""

    channel: str
    role: str = ""
    client_id: str = ""
    ending: Ending = Ending.CLOSE


class Handles:
    """`calls`, `connections`, `limits`, `end`, `go_away`, `credentials` and `clock`."""

    def __init__(self, log: CallLog, hub: Hub, endings: Endings, verifier: Verifier, clock: Clock) -> None:
        self._clock = clock
        self._log = log
        self._hub = hub
        self._endings = endings
        self._verifier = verifier

    def answer(self, call: str, body: bytes) -> Any:
        """Do what the call asks; raises `KvsFault` for an unknown one.

        `GET calls`: what was asked so far. `GET connections`: who is connected.
        `POST limits` `{connection_seconds, idle_seconds, ending}`: for all connections from now on.
        `POST end` and `POST go_away` `{channel, role?, client_id?, ending?}`: at once.
        `POST credentials` `{access_key, secret_key, session_token?}`: accepted from now on.
        `POST clock` `{ahead_seconds}`: how far the clock by which addresses end is set forward.
        """
        if call == "GET calls":
            return self._log.document()
        if call == "GET connections":
            return [_shown(peer) for peer in self._hub.peers()]
        if call == "POST limits":
            self._endings.limit(read(body, Limits))
        elif call == "POST end":
            who = read(body, _Who)
            for peer in self._asked(who):
                self._endings.end(peer, who.ending)
        elif call == "POST go_away":
            for peer in self._asked(read(body, _Who)):
                peer.socket.send(event("GO_AWAY", ""))
        elif call == "POST credentials":
            self._verifier.add(read(body, Credential))
        elif call == "POST clock":
            self._clock.set(read(body, Ahead))
        else:
            raise not_found("handle")
        return {}

    def _asked(self, who: _Who) -> list[Peer]:
        return [
            peer
            for peer in self._hub.peers()
            if peer.channel.name == who.channel
            and who.role in ("", _shown(peer)["role"])
            and who.client_id in ("", peer.client_id)
        ]


def _shown(peer: Peer) -> dict[str, str]:
    role = "MASTER" if peer.is_master else "VIEWER"
    return {"channel": peer.channel.name, "role": role, "client_id": peer.client_id}
