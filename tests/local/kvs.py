"""Kinesis Video's stand-in as tests use it: boto3 clients, URLs signed by botocore and signaling clients."""

import base64
import contextlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import boto3
import requests
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from requests_aws4auth import AWS4Auth
from websockets.exceptions import InvalidStatus
from websockets.http11 import Response
from websockets.sync.client import ClientConnection, connect

from infra.local.aws import REGION
from infra.local.kvs.server import RunningKvs, start_kvs
from infra.local.kvs.signatures import Credential
from infra.local.state import State
from tests.machine import HttpClient, done, eventually

SIGNED = {
    "host",
    "x-amz-*",
    "x-amzn-stream-name",
    "x-amzn-fragment-timecode-type",
    "x-amzn-producer-start-timestamp",
}
Outcome = TypeVar("Outcome")

KEY = Credential(access_key="AKIDKEY", secret_key="key-secret")
SESSION = Credential(access_key="AKIDSESSION", secret_key="session-secret", session_token="session/token+1=")


def started(directory: Path) -> RunningKvs:
    """A stand-in of a test's own that knows a key and a role's session."""
    return start_kvs(State(directory=directory), credentials=(KEY, SESSION))


def client_of(service: str, url: str, credential: Credential = KEY, *, region: str = REGION) -> Any:
    """boto3's client for one of the Kinesis Video services, without retries."""
    return boto3.client(  # type: ignore[call-overload]
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id=credential.access_key,
        aws_secret_access_key=credential.secret_key,
        aws_session_token=credential.session_token or None,
        config=Config(retries={"total_max_attempts": 1}),
    )


@dataclass(frozen=True, kw_only=True)
class Line:
    """One signaling channel with the endpoints of both roles."""

    arn: str
    endpoints: dict[str, str]

    def url(
        self,
        role: str,
        client_id: str | None = None,
        *,
        credential: Credential = KEY,
        region: str = REGION,
        service: str = "kinesisvideo",
        expires: int = 60,
        arn: str | None = None,
    ) -> str:
        """The signed URL for that role, made by botocore."""
        query = {"X-Amz-ChannelARN": self.arn if arn is None else arn}
        if client_id is not None:
            query["X-Amz-ClientId"] = client_id
        request = AWSRequest("GET", f"{self.endpoints[role]}?{urlencode(query, quote_via=quote, safe='')}")
        keys = Credentials(credential.access_key, credential.secret_key, credential.session_token or None)
        SigV4QueryAuth(keys, service, region, expires=expires).add_auth(request)
        return str(request.url)

    def master(self) -> "Party":
        """A connected master."""
        return Party(self.url("MASTER"))

    def viewer(self, client_id: str = "citizen") -> "Party":
        """A connected viewer."""
        return Party(self.url("VIEWER", client_id))


def line_of(url: str, name: str = "line-1", *, message_ttl_seconds: int = 60) -> Line:
    """Make a channel and look its endpoints up."""
    video = client_of("kinesisvideo", url)
    arn = video.create_signaling_channel(
        ChannelName=name, SingleMasterConfiguration={"MessageTtlSeconds": message_ttl_seconds}
    )["ChannelARN"]
    endpoints = {
        role: video.get_signaling_channel_endpoint(
            ChannelARN=arn, SingleMasterChannelEndpointConfiguration={"Protocols": ["WSS"], "Role": role}
        )["ResourceEndpointList"][0]["ResourceEndpoint"]
        for role in ("MASTER", "VIEWER")
    }
    return Line(arn=arn, endpoints=endpoints)


class Party:
    """One signaling client; raises `InvalidStatus` when it is not let in."""

    def __init__(self, url: str) -> None:
        self._open = contextlib.ExitStack()
        self.socket: ClientConnection = self._open.enter_context(
            connect(url, proxy=None, open_timeout=5, close_timeout=1)
        )

    def send(self, action: str, payload: object, *, to: str | None = None, correlation: str = "") -> None:
        """Send a message whose payload is encoded here."""
        self.send_raw(action, encoded(payload), to=to, correlation=correlation)

    def send_raw(self, action: str, payload: str, *, to: str | None = None, correlation: str = "") -> None:
        """Send a message with that very payload."""
        message = {"action": action, "messagePayload": payload}
        message |= {"recipientClientId": to} if to is not None else {}
        message |= {"correlationId": correlation} if correlation else {}
        self.socket.send(json.dumps(message))

    def received(self, *, within_seconds: float = 5) -> dict[str, Any]:
        """The next message; raises `TimeoutError`, or `ConnectionClosed` when there will be none."""
        document: dict[str, Any] = json.loads(self.socket.recv(timeout=within_seconds))
        return document

    def close(self) -> None:
        """Hang up."""
        self._open.close()


def encoded(payload: object) -> str:
    """A payload as the clients send it."""
    return base64.b64encode(json.dumps(payload).encode()).decode()


def decoded(message: dict[str, Any]) -> Any:
    """The payload of a received message."""
    return json.loads(base64.b64decode(message["messagePayload"]))


def refusal_of(url: str) -> tuple[int, str]:
    """Status and error code that the upgrade of this URL is refused with; fails when it is let in."""
    response = _refused(url)
    return response.status_code, response.headers["x-amzn-ErrorType"]


def refusal_message_of(url: str) -> str:
    """What the refusal says to a developer; fails when the URL is let in."""
    message: str = json.loads(bytes(_refused(url).body))["Message"]
    return message


def _refused(url: str) -> Response:
    try:
        with connect(url, proxy=None, open_timeout=5):
            pass
    except InvalidStatus as refused:
        return refused.response
    raise AssertionError("the connection was let in")


def put_media(
    url: str,
    body: bytes,
    *,
    timecodes: str = "ABSOLUTE",
    start_seconds: float = 1_795_000_000,
) -> list[dict[str, Any]]:
    """Put Matroska at the rate that the stream takes, and return the acknowledgements; an error fails."""
    headers = {
        "x-amzn-fragment-timecode-type": timecodes,
        "x-amzn-producer-start-timestamp": f"{start_seconds:.3f}",
    }
    answer = eventually(lambda: put_once(url, body, headers=headers))
    acks = [json.loads(line) for line in answer.content.splitlines()]
    assert acks[-1]["EventType"] != "ERROR", acks[-1]
    return acks


def put_once(
    url: str,
    body: bytes,
    *,
    stream: str | None = "line-1",
    headers: dict[str, Any] | None = None,
    credential: Credential = KEY,
    change: Any = None,
) -> requests.Response:
    """Put Matroska, signed by requests-aws4auth; `change` may change the request after it was signed."""
    stated = {
        "x-amzn-stream-name": stream,
        "x-amzn-fragment-timecode-type": "ABSOLUTE",
        "x-amzn-producer-start-timestamp": "1795000000.000",
        **(headers or {}),
    }
    session = requests.Session()
    session.trust_env = False
    auth = AWS4Auth(
        credential.access_key,
        credential.secret_key,
        REGION,
        "kinesisvideo",
        session_token=credential.session_token or None,
        include_hdrs=SIGNED,
    )
    given = {name: value for name, value in stated.items() if value is not None}
    prepared = session.prepare_request(
        requests.Request("POST", f"{url}/putMedia", data=body, headers=given, auth=auth)
    )
    if change is not None:
        change(prepared)
    return session.send(prepared, timeout=5)


def counts(url: str) -> dict[str, int]:
    """How often each operation was called so far."""
    counted: dict[str, int] = done(HttpClient(url).get("/_standin/calls"))["counts"]
    return counted


def connections(url: str) -> list[tuple[str, str]]:
    """Role and client id of everyone who is connected."""
    shown = done(HttpClient(url).get("/_standin/connections"))
    return sorted((one["role"], one["client_id"]) for one in shown)


def limit(url: str, **limits: Any) -> None:
    """Set the stand-in's limits on connections."""
    done(HttpClient(url).post("/_standin/limits", limits))


def together(count: int, call: Callable[[], Outcome]) -> list[Outcome]:
    """Make the same call that many times at once, and return what came of each."""
    with ThreadPoolExecutor(count) as pool:
        return [one.result() for one in [pool.submit(call) for _ in range(count)]]
