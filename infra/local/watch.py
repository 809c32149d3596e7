"""Watches what this process asks of AWS, at botocore itself: every client of every library is seen."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import botocore.handlers
import msgspec


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One call: the service's name, the operation's, and the body or parameters as they are sent."""

    service: str
    operation: str
    request: Any

    @property
    def name(self) -> str:
        """As in a policy: `dynamodb:GetItem`."""
        return f"{self.service}:{self.operation}"


_listeners: list["list[Asked] | OperationsFile"] = []
_changing = threading.Lock()


class OperationsFile:
    """Keeps in a file which operations were asked for, each once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = set(path.read_text("utf-8").split()) if path.exists() else set()

    def append(self, asked: Asked) -> None:
        with _changing:
            if asked.name not in self._seen:
                self._seen.add(asked.name)
                self._path.write_text("\n".join(sorted(self._seen)) + "\n", "utf-8")


def listen(listener: "list[Asked] | OperationsFile") -> None:
    """Have every later call appended. Clients made before the first `listen` of a process go unseen."""
    if not _listeners:
        botocore.handlers.BUILTIN_HANDLERS.append(("before-call", _saw))
    _listeners.append(listener)


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
