"""What was asked of the stand-in, so that a test can count it."""

import threading
from collections import Counter, deque
from collections.abc import Sequence
from datetime import datetime
from typing import Any

_KEPT_CALLS = 2000


class CallLog:
    """Counts every call and keeps the last ones; no payload, no signature."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._calls: deque[dict[str, Any]] = deque(maxlen=_KEPT_CALLS)

    def note(
        self, operation: str, *, resource: str, fault: str | None, at: datetime, signed: Sequence[str] = ()
    ) -> None:
        """Note one call; `fault` is the error code of a refused one, `signed` the headers it signed."""
        with self._lock:
            self._counts[operation] += 1
            if fault:
                self._refused[f"{operation} {fault}"] += 1
            call = {"operation": operation, "resource": resource, "fault": fault, "at": at.isoformat()}
            self._calls.append({**call, "signed": list(signed)})

    def document(self) -> dict[str, Any]:
        """`counts` by operation, `refused` by operation and error code, the last `calls` oldest first."""
        with self._lock:
            return {
                "counts": dict(self._counts),
                "refused": dict(self._refused),
                "calls": list(self._calls),
            }
