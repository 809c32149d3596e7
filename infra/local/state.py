"""The directory in which one local machine keeps what must outlive a run."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class StateInUse(Exception):
    """Another machine is running on the same directory."""


@dataclass(frozen=True, kw_only=True)
class State:
    """Small JSON documents by name, each replaced whole or not at all."""

    directory: Path

    def read(self, name: str, default: Any = None) -> Any:
        """Return the document, or `default` when there is none yet."""
        try:
            return json.loads((self.directory / name).read_text("utf-8"))
        except FileNotFoundError:
            return default

    def write(self, name: str, document: Any) -> None:
        """Replace the document; a reader sees the old one or the new one, never half of it."""
        target = self.directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        draft.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
        # Some of these hold passwords of the demonstration.
        draft.chmod(0o600)
        draft.replace(target)

    def lines(self, name: str) -> list[Any]:
        """Return what was added to a list by name; of a last one that was cut off, nothing."""
        try:
            whole, _, _ = (self.directory / name).read_text("utf-8").rpartition("\n")
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in whole.splitlines()]

    def add(self, name: str, entry: Any) -> None:
        """Add to a list by name; it costs the same however long the list is."""
        target = self.directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a", encoding="utf-8") as out:
            out.write(json.dumps(entry) + "\n")

    def remove(self, name: str) -> None:
        """Forget the document, if there is one."""
        (self.directory / name).unlink(missing_ok=True)

    @contextmanager
    def held(self, *, within_seconds: float = 5.0) -> Iterator[int]:
        """Hold the directory against a second machine; raises `StateInUse`.

        Gives the descriptor that holds it. A child process that inherits it goes on holding when this one is
        killed, which is how a new machine waits until the old one's local AWS has written its state.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            deadline = time.monotonic() + within_seconds
            while not _locked(lock.fileno()):
                if time.monotonic() > deadline:
                    raise StateInUse(f"{self.directory} is in use by another running machine")
                time.sleep(0.1)
            yield lock.fileno()


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
