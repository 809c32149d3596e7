"""One attempt at a call: how it is carried out, and what it looks like to the library when it is not."""

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import requests
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.httpsession import URLLib3Session

AT_ONCE: Any = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
"""As the clients' own sessions have it: else each request waits 40 ms for its own acknowledgement."""


class Send:
    """One attempt: how it is carried out, and what it looks like when it is not."""

    def deliver(self) -> Any:
        """Carry it out; the answer."""
        raise NotImplementedError

    def half(self) -> Any:
        """Carry out half of it."""
        raise NotImplementedError

    def refused(self) -> Exception:
        """Nobody listened."""
        raise NotImplementedError

    def timed_out(self) -> Exception:
        """No answer came."""
        raise NotImplementedError

    def failing(self) -> Any:
        """The service's own error."""
        raise NotImplementedError


class AwsSend(Send):
    """An attempt of botocore's."""

    _session = URLLib3Session(timeout=20, socket_options=AT_ONCE)

    def __init__(self, request: Any, told: Callable[[Any], None]) -> None:
        self._request = request
        self._told = told

    def deliver(self) -> Any:
        answer = self._session.send(self._request)
        if answer.status_code < 300:
            self._told(self._request)
        return answer

    def half(self) -> Any:
        """Only the first half of the items, the others named as DynamoDB names them."""
        whole = json.loads(self._request.body)
        now, left, named = _halves(whole["RequestItems"])
        self._request.body = json.dumps({**whole, "RequestItems": now}).encode()
        self._request.headers["Content-Length"] = str(len(self._request.body))
        answer = self.deliver()
        body = json.dumps({**json.loads(answer.content), named: left}).encode()
        return _answer(self._request.url, answer.status_code, body)

    def refused(self) -> Exception:
        return EndpointConnectionError(endpoint_url=self._request.url)

    def timed_out(self) -> Exception:
        return ReadTimeoutError(endpoint_url=self._request.url)

    def failing(self) -> Any:
        """DynamoDB's word for too much at once, and of others a plain 500."""
        if "DynamoDB" not in str(self._request.headers.get("X-Amz-Target", "")):
            return _answer(self._request.url, 500, b"")
        body = b'{"__type": "com.amazonaws#ProvisionedThroughputExceededException", "message": "slower"}'
        return _answer(self._request.url, 400, body)


class WebSend(Send):
    """An attempt of `requests`."""

    def __init__(self, deliver: Callable[[], requests.Response]) -> None:
        self._deliver = deliver

    def deliver(self) -> Any:
        return self._deliver()

    def refused(self) -> Exception:
        return requests.ConnectionError("refused")

    def timed_out(self) -> Exception:
        return requests.ReadTimeout("no answer in time")

    def failing(self) -> Any:
        answer = requests.Response()
        answer.status_code, answer._content = 503, b""
        return answer


def _halves(items: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], str]:
    """The first half of each table's items, the rest, and what the rest is called."""
    rest: Any
    now: dict[str, Any] = {}
    left: dict[str, Any] = {}
    named = "UnprocessedItems"
    for table, asked in items.items():
        if isinstance(asked, list):
            half = (len(asked) + 1) // 2
            now[table], rest = asked[:half], asked[half:]
        else:
            named, half = "UnprocessedKeys", (len(asked["Keys"]) + 1) // 2
            now[table], keys = {**asked, "Keys": asked["Keys"][:half]}, asked["Keys"][half:]
            rest = {**asked, "Keys": keys} if keys else None
        left |= {table: rest} if rest else {}
    return now, left, named


class _Raw:
    """A body as AWSResponse reads it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._body


def _answer(url: str, status: int, body: bytes) -> AWSResponse:
    headers: Any = {"x-amzn-RequestId": "made-up", "Content-Type": "application/x-amz-json-1.0"}
    return AWSResponse(url, status, headers, _Raw(body))
