"""Every call that this process makes outside, seen and on request spoilt.

It sits below our code and below the libraries' own repeating: where botocore sends an attempt, and where
`requests` does. What an attempt was to do is done, or not, at the real service; only what comes back, when,
and how often, is this module's.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import botocore.endpoint
import botocore.handlers
import requests

from tests.faults.sends import AwsSend, Send, WebSend


class Fault(StrEnum):
    """What can become of a call."""

    REFUSED = "refused"
    """Nobody listens, however often it is tried."""

    FAILING = "failing"
    """The service answers every attempt with an error of its own, and has done nothing."""

    SLOW = "slow"
    """Carried out, and the answer comes as its client was about to give up: meanwhile the world goes on."""

    LATE = "late"
    """No answer in time, and the first attempt is carried out after the caller has gone on."""

    LOST = "lost"
    """Carried out, and no answer comes back, however often it is tried."""

    LOST_ONCE = "lost once"
    """Carried out, the answer lost, and the library tries again by itself."""

    REPEATED = "repeated"
    """The network carries the same request to the service twice."""

    HALF = "half done"
    """Of a batch the first half is done, and the service says so."""

    KILLED_BEFORE = "killed before"
    """The process dies as it is about to make the call."""

    KILLED_AFTER = "killed after"
    """The process dies before it hears of what was carried out."""


OF_READS = (Fault.REFUSED, Fault.FAILING, Fault.SLOW, Fault.LOST_ONCE, Fault.KILLED_BEFORE)
"""What makes a difference to a call that changes nothing."""

READS = (
    "Get",
    "Query",
    "BatchGet",
    "Head",
    "Describe",
    "List",
)


class Killed(BaseException):
    """The process is dead: nothing it would still do reaches anybody. No `except Exception` catches it."""


class Call:
    """One call of the code under test, by its name as in a policy, and how often it was attempted.

    Its client waits `patience_seconds` for the answer to an attempt.
    """

    def __init__(self, name: str, patience_seconds: float) -> None:
        self.name = name
        self.patience_seconds = patience_seconds
        self.attempts = 0

    @property
    def reads(self) -> bool:
        """Whether it changes nothing at the service."""
        return self.name.partition(":")[2].startswith(READS)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What can become of it: a batch can be half done, and `requests` repeats nothing by itself."""
        batches = self.name.partition(":")[2].startswith("Batch")
        every = [one for one in Fault if one in OF_READS or not self.reads]
        every = [one for one in every if one is not Fault.HALF]
        every += [Fault.HALF] if batches else []
        return tuple(one for one in every if one is not Fault.LOST_ONCE or not self.name.startswith("http:"))


class Watch:
    """The calls of a block, and which of them are spoilt how; `go_on` is the world in so many seconds."""

    def __init__(self, faults: Mapping[int, Fault], go_on: Callable[[float], None]) -> None:
        self.calls: list[Call] = []
        self.met: dict[int, Fault] = {}
        self._faults = faults
        self._go_on = go_on
        self._late: list[Callable[[], Any]] = []
        self._thread = threading.get_ident()
        self._is_dead = False

    @property
    def is_mine(self) -> bool:
        """Whether the thread that asks is the one under test."""
        return threading.get_ident() == self._thread

    def begin(self, name: str, patience_seconds: float) -> None:
        """A call begins; its attempts follow."""
        if self._is_dead:
            raise Killed
        self.calls.append(Call(name, patience_seconds))

    def attempt(self, send: Send) -> Any:
        """Make one attempt at the call that began last, as its fault has it."""
        if self._is_dead:
            raise Killed
        number = len(self.calls) - 1
        call = self.calls[number]
        call.attempts += 1
        fault = self._faults.get(number)
        if fault is None or fault not in call.faults:
            return send.deliver()
        self.met[number] = fault
        return self._spoilt(fault, call, send)

    def deliver_late(self) -> None:
        """Carry out what was late."""
        while self._late:
            self._late.pop(0)()

    def _spoilt(self, fault: Fault, call: Call, send: Send) -> Any:
        first = call.attempts == 1
        if fault is Fault.REFUSED:
            raise send.refused()
        if fault is Fault.FAILING:
            return send.failing()
        if fault is Fault.HALF:
            return send.half() if first else send.deliver()
        if fault is Fault.LATE:
            self._late += [send.deliver] if first else []
            raise send.timed_out()
        if fault is Fault.KILLED_BEFORE:
            raise self._kill()
        answer = send.deliver()
        if fault is Fault.KILLED_AFTER:
            raise self._kill()
        if fault is Fault.SLOW:
            self._go_on(call.patience_seconds)
        if fault is Fault.REPEATED:
            send.deliver()
        if fault is Fault.LOST or (fault is Fault.LOST_ONCE and first):
            raise send.timed_out()
        return answer

    def _kill(self) -> Killed:
        self._is_dead = True
        return Killed()


class Outside:
    """Stands between this process and all services; `sent` keeps what queues and telephones were given.

    `meanwhile` is what the world does in so many seconds while an answer is on its way.
    """

    def __init__(self) -> None:
        self.meanwhile: Callable[[float], None] = lambda _: None
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self._watch: Watch | None = None
        self.count = 0

    def stand_between(self) -> None:
        """From now on; before any client is made, because a client copies its handlers."""
        botocore.handlers.BUILTIN_HANDLERS.append(("before-call", self._begin))
        botocore.handlers.BUILTIN_HANDLERS.append(("before-send", self._attempt))
        # Only the waiting between botocore's own attempts is left out.
        vars(botocore.endpoint)["time"] = SimpleNamespace(sleep=lambda _: None)
        plain = requests.adapters.HTTPAdapter.send

        def send(adapter: Any, request: Any, **how: Any) -> Any:
            watch = self._watch
            if watch is None or not watch.is_mine:
                return plain(adapter, request, **how)
            _, read_seconds = how["timeout"]
            watch.begin(f"http:{request.path_url.partition('?')[0].rpartition('/')[2]}", read_seconds)
            return watch.attempt(WebSend(lambda: plain(adapter, request, **how)))

        requests.adapters.HTTPAdapter.send = send  # type: ignore[method-assign,assignment]

    @contextmanager
    def watching(self, faults: Mapping[int, Fault] | None = None) -> Iterator[Watch]:
        """Number the calls of the block from 0 and spoil those asked for."""
        watch = self._watch = Watch(faults or {}, self._go_on)
        try:
            yield watch
        finally:
            self._watch = None

    def _go_on(self, seconds: float) -> None:
        """Let the world go on; its calls are not those of the block that waits."""
        watch, self._watch = self._watch, None
        try:
            self.meanwhile(seconds)
        finally:
            self._watch = watch

    def _begin(self, model: Any, context: Any, **_: Any) -> None:
        if self._watch is not None and self._watch.is_mine:
            name = f"{model.service_model.service_name}:{model.name}"
            self._watch.begin(name, context["client_config"].read_timeout)

    def _attempt(self, request: Any, **_: Any) -> Any:
        self.count += 1
        send = AwsSend(request, self._note)
        watch = self._watch
        return watch.attempt(send) if watch is not None and watch.is_mine else send.deliver()

    def _note(self, request: Any) -> None:
        """Keep what was really put into a queue or given to SNS."""
        target, body = request.headers.get("X-Amz-Target", b""), request.body or b""
        if b"SendMessage" in (target if isinstance(target, bytes) else target.encode()):
            self.sent.append(("queue", json.loads(body)))
        elif isinstance(body, bytes | str) and b"Action=Publish" in _bytes(body):
            self.sent.append(("text", _form(_bytes(body))))


def _bytes(body: bytes | str) -> bytes:
    return body.encode() if isinstance(body, str) else body


def _form(body: bytes) -> dict[str, Any]:
    from urllib.parse import parse_qs

    return {name: values[0] for name, values in parse_qs(body.decode()).items()}
