"""Watches what this process asks of AWS, at botocore itself: every client of every library is seen.

Presigned addresses are seen as the calls they allow; presigned forms and what `requests` sends are not.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Protocol

import botocore.handlers
import msgspec

from infra.local.needs import needs


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One call: the service's name, the operation's, and the body or parameters as they are sent."""

    service: str
    operation: str
    request: Any

    @property
    def name(self) -> str:
        """As in a policy: `dynamodb:GetItem`."""
        return f"{self.service}:{self.operation}"


class Witness(Protocol):
    """Sees a call whole: its parameters before it is made, then its answer beside what it noted at first."""

    def asks(self, model: Any, parameters: Mapping[str, Any]) -> Any:
        """What to note before the call is made."""

    def answered(
        self, model: Any, parameters: Mapping[str, Any], answer: Mapping[str, Any], noted: Any
    ) -> None:
        """The call has come back, with what it was asked for or with an error of the service."""


NOTED = "instant110_noted"

_listeners: list["list[Asked] | OperationsFile"] = []
_grants: list["GrantsFile"] = []
_witnesses: list[Witness] = []
_changing = threading.Lock()
_function: ContextVar[str | None] = ContextVar("function", default=None)


@contextmanager
def running(function: str | None) -> Iterator[None]:
    """Say which of the app's functions this thread runs inside the block; None for a test's own calls."""
    before = _function.set(function)
    try:
        yield
    finally:
        _function.reset(before)


class LinesFile:
    """A file of lines, each of them once; it is whole after every one that is new."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = set(path.read_text("utf-8").splitlines()) if path.exists() else set()

    def add(self, line: str) -> None:
        with _changing:
            if line not in self._seen:
                self._seen.add(line)
                self._path.write_text("\n".join(sorted(self._seen)) + "\n", "utf-8")


class OperationsFile:
    """Keeps in a file which operations were asked for, each once."""

    def __init__(self, path: Path) -> None:
        self._lines = LinesFile(path)

    def append(self, asked: Asked) -> None:
        self._lines.add(asked.name)


class GrantsFile:
    """Keeps in a file what each function needed to be granted: function, action, resource, each line once."""

    def __init__(self, path: Path, names: Mapping[str, str]) -> None:
        self._lines = LinesFile(path)
        self._names = names

    def note(self, function: str, model: Any, asked: Mapping[str, Any]) -> None:
        for need in needs(model.service_model.service_name, model.name, asked, self._names):
            self._lines.add(" ".join((function, *need)))


def listen(listener: "list[Asked] | OperationsFile") -> None:
    """Have every later call appended. Clients made before the first `listen` of a process go unseen."""
    if not _listeners:
        botocore.handlers.BUILTIN_HANDLERS.append(("before-call", _saw))
        botocore.handlers.BUILTIN_HANDLERS.append(("before-parameter-build", _needed))
        botocore.handlers.BUILTIN_HANDLERS.append(("before-parameter-build", _asks))
        botocore.handlers.BUILTIN_HANDLERS.append(("after-call", _answered))
    _listeners.append(listener)


def note_grants(file: GrantsFile) -> None:
    """Have every later call of a function noted; `listen` was called before."""
    _grants.append(file)


def function_running() -> str | None:
    """Which of the app's functions this thread runs, where anyone said so."""
    return _function.get()


@contextmanager
def witnessed(witness: Witness) -> Iterator[None]:
    """Have the witness see every call inside the block, of all threads; `listen` was called before."""
    _witnesses.append(witness)
    try:
        yield
    finally:
        _witnesses.remove(witness)


@contextmanager
def calls() -> Iterator[list[Asked]]:
    """What this process asks of AWS inside the block, in order; call `listen` before any client is made."""
    heard: list[Asked] = []
    _listeners.append(heard)
    try:
        yield heard
    finally:
        _listeners.remove(heard)


def _saw(model: Any, params: Any, **_: Any) -> None:
    asked = Asked(service=model.service_model.service_name, operation=model.name, request=params.get("body"))
    for listener in list(_listeners):
        listener.append(asked)


def _needed(model: Any, params: Any, **_: Any) -> None:
    function = _function.get()
    if function is None or model.auth_type == "none":
        return
    for file in _grants:
        file.note(function, model, params)


def _asks(model: Any, params: Any, context: Any, **_: Any) -> None:
    if _witnesses:
        context[NOTED] = [(witness, params, witness.asks(model, params)) for witness in list(_witnesses)]


def _answered(model: Any, parsed: Any, context: Any, **_: Any) -> None:
    for witness, params, noted in context.pop(NOTED, ()):
        witness.answered(model, params, parsed, noted)
