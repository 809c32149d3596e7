"""The stand-in's one port on loopback: control API, signaling, PutMedia, playback and the tests' handles.

It speaks plain HTTP and WebSocket. Clients find it by `endpoint_url` and by the endpoints it gives out.
"""

import json
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from infra.local.aws import ACCESS_KEY, REGION, SECRET_KEY, SESSION_TOKEN
from infra.local.kvs import hls, put_media
from infra.local.kvs.archive import Archive
from infra.local.kvs.calls import CallLog
from infra.local.kvs.channels import Channels
from infra.local.kvs.clock import Clock
from infra.local.kvs.control import Answer, Control
from infra.local.kvs.endings import Endings
from infra.local.kvs.faults import KvsFault
from infra.local.kvs.fragments import Fragments
from infra.local.kvs.handles import PREFIX, Handles
from infra.local.kvs.hls import Hls
from infra.local.kvs.joining import Joining, Role, role_of
from infra.local.kvs.put_media import PutMedia
from infra.local.kvs.rates import Rates
from infra.local.kvs.signaling import Hub
from infra.local.kvs.signatures import Credential, SignedRequest, Verifier, signed_headers
from infra.local.kvs.streams import Streams
from infra.local.kvs.websocket import WebSocket
from infra.local.serving import LocalHandler, LocalServer
from infra.local.state import State

ACCOUNT = "000000000000"
ICE_PATH = "/v1/get-ice-server-config"
MACHINE_CREDENTIAL = Credential(access_key=ACCESS_KEY, secret_key=SECRET_KEY, session_token=SESSION_TOKEN)
ANYBODYS_CREDENTIAL = Credential(access_key="test", secret_key="test")  # noqa: S106
"""What clients of a local AWS are given by custom; the machine itself never signs with it."""


class Kvs:
    """All parts of the stand-in, put together."""

    def __init__(self, state: State, *, url: str, credentials: Sequence[Credential]) -> None:
        prefix = f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}"
        self.log = CallLog()
        self.rates = Rates()
        self.verifier = Verifier(list(credentials), region=REGION)
        self.channels = Channels(state, arn_prefix=prefix)
        self.streams = Streams(state, arn_prefix=prefix)
        self.hub = Hub(self.rates, self.log)
        self.channels.on_delete(self.hub.put_out)
        self.joining = Joining(self.verifier, self.channels, self.rates)
        self.endings = Endings(self.hub)
        self.fragments = Fragments(state)
        self.put_media = PutMedia(self.streams, self.fragments, self.rates)
        self.hls = Hls(self.streams, self.fragments, self.rates, url=url)
        control = Control(self.channels, self.streams, self.fragments, self.rates, url=url)
        archive = Archive(self.streams, self.fragments, self.rates)
        self._operations: dict[str, Callable[[bytes], Answer]] = {
            **control.operations,
            **archive.operations,
            **self.hls.operations,
        }
        self.clock = Clock()
        self.handles = Handles(self.log, self.hub, self.endings, self.verifier, self.clock)
        self.sockets: weakref.WeakSet[WebSocket] = weakref.WeakSet()

    def operation_at(self, path: str) -> tuple[str, Callable[[bytes], Answer]] | None:
        """The operation that boto3 calls at this path."""
        name = "GetIceServerConfig" if path == ICE_PATH else path[1:2].upper() + path[2:]
        found = self._operations.get(name)
        return (name, found) if found else None


class KvsHandler(LocalHandler):
    """HTTP around `Kvs`; a request for an upgrade becomes a signaling connection."""

    kvs: Kvs
    _connection: put_media.Connection

    def do_GET(self) -> None:  # noqa: N802
        """A signaling connection at a role's endpoint, anything else as usual."""
        role = role_of(urlsplit(self.path).path)
        if role is None:
            self.serve()
        else:
            self._signal(role)

    def do_POST(self) -> None:  # noqa: N802
        """PutMedia holds its stream from the first byte of the body on, anything else as usual."""
        if self.path != put_media.PATH:
            self.serve()
            return
        with self.kvs.put_media.connection(self._lower_headers()) as self._connection:
            self.serve()

    def answer(self, body: bytes) -> None:
        path = urlsplit(self.path).path
        self.route_template = path
        try:
            if path.startswith(PREFIX):
                call = f"{self.command} {path.removeprefix(PREFIX)}"
                self._reply_json(self.kvs.handles.answer(call, body))
            elif path.startswith(hls.PREFIX) and self.command == "GET":
                self._play(path.removeprefix(hls.PREFIX))
            else:
                self._answer_signed(path, body)
        except KvsFault as fault:
            self._refuse(fault)

    def _answer_signed(self, path: str, body: bytes) -> None:
        name, operation = self._operation(path)
        resource, fault = "", None
        request = self._signed_request(body)
        try:
            self.kvs.verifier.verify_headers(request, now=datetime.now(UTC))
            resource, document = operation(body)
            if isinstance(document, bytes):
                self.reply(HTTPStatus.OK, {"Content-Type": "application/octet-stream"}, document)
            else:
                self._reply_json(document)
        except KvsFault as refused:
            fault = refused.code
            raise
        finally:
            signed = signed_headers(request)
            self.kvs.log.note(name, resource=resource, fault=fault, at=datetime.now(UTC), signed=signed)

    def _operation(self, path: str) -> tuple[str, Callable[[bytes], Answer]]:
        if self.command == "POST" and path == put_media.PATH:
            return "PutMedia", lambda body: self.kvs.put_media.put(
                self._lower_headers(), body, connection=self._connection
            )
        found = self.kvs.operation_at(path) if self.command == "POST" else None
        if found is None:
            raise KvsFault("UnknownOperationException", HTTPStatus.NOT_FOUND, f"Nothing is at {path}.")
        return found

    def _play(self, name: str) -> None:
        """What a player loads: by its session's token alone, and from any page."""
        query = dict(parse_qsl(urlsplit(self.path).query))
        kind, content = self.kvs.hls.answer(name, query, now=datetime.now(UTC))
        headers = {"Content-Type": kind, "Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
        self.reply(HTTPStatus.OK, headers, content)

    def _signal(self, role: Role) -> None:
        """Carry one signaling connection from its upgrade to its end."""
        self.close_connection = True
        fault, arn = None, ""
        try:
            channel, client_id = self.kvs.joining.check(
                role, self._signed_request(), now=self.kvs.clock.now()
            )
            arn = channel.arn
            peer = self.kvs.hub.join(channel, client_id, self._upgrade)
        except KvsFault as refused:
            fault = refused.code
            self._refuse(refused)
            return
        finally:
            self.kvs.log.note(role.operation, resource=arn, fault=fault, at=datetime.now(UTC))
        try:
            for text in peer.socket.texts():
                self.kvs.hub.route(peer, text)
        finally:
            self.kvs.hub.leave(peer)

    def _upgrade(self) -> WebSocket:
        self.wfile.flush()
        head = f"{self.requestline}\r\n{self.headers}".encode("latin-1")
        made = WebSocket(self.connection, self.rfile, head.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        self.kvs.sockets.add(made)
        return made

    def _signed_request(self, body: bytes = b"") -> SignedRequest:
        address = urlsplit(self.path)
        return SignedRequest(
            method=self.command,
            path=address.path,
            query=address.query,
            headers=self._lower_headers(),
            body=body,
        )

    def _lower_headers(self) -> dict[str, str]:
        names = {name.lower() for name in self.headers}
        return {name: ",".join(self.headers.get_all(name, [])) for name in names}

    def _reply_json(self, document: Any) -> None:
        self.reply(HTTPStatus.OK, {"Content-Type": "application/json"}, json.dumps(document).encode())

    def _refuse(self, fault: KvsFault) -> None:
        headers = {"Content-Type": "application/json", "x-amzn-ErrorType": fault.code}
        self.reply(fault.status, headers, json.dumps({"Message": fault.message}).encode())
        self.wfile.flush()


@dataclass(frozen=True, kw_only=True)
class RunningKvs:
    """The stand-in while it runs."""

    url: str
    server: LocalServer
    kvs: Kvs

    def stop(self, *, within_seconds: float = 1.0) -> None:
        """Cut all connections and serve no more."""
        self.kvs.endings.stop()
        for one in list(self.kvs.sockets):
            one.cut()
        self.server.stop(within_seconds=within_seconds)


def start_kvs(
    state: State, *, credentials: Sequence[Credential] = (MACHINE_CREDENTIAL, ANYBODYS_CREDENTIAL)
) -> RunningKvs:
    """Start the stand-in on a free port of loopback; what it keeps is below `kvs/` in the state."""
    server = LocalServer(0)
    kvs = Kvs(state, url=server.url, credentials=credentials)
    kvs.endings.start()
    server.start("kvs", type("BoundKvsHandler", (KvsHandler,), {"kvs": kvs}))
    return RunningKvs(url=server.url, server=server, kvs=kvs)
