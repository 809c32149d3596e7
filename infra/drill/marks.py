"""What was measured: for each series, from when to when, in seconds of a wall clock that only rises."""

import threading
import time
from collections.abc import Hashable, Sequence

RING = "report → ring"
MAP = "point → map"
HIT = "report → hit"
TEXT = "hit → text"
ANSWER = "report → answer"
FILED = "report → receipt"
SERIES = (FILED, RING, ANSWER, MAP, HIT, TEXT)
MEANING = {
    FILED: "from the citizen's tap to the service's receipt (201)",
    RING: "from the tap to the first seat in whose feed the card rings",
    ANSWER: "from the tap to a call-taker's answer that was accepted",
    MAP: "from sending a point to the look of the console, with that incident open, that shows it",
    HIT: "from the entry of the report to the entry of what makes it sensitive, by the service's clock",
    TEXT: "from the entry of the hit to the entry that SNS took the commander's text, by the service's clock",
}


class Marks:
    """Beginnings and ends by what they are of; the first end counts."""

    def __init__(self) -> None:
        self.began_at = time.monotonic()
        self._begun: dict[tuple[str, Hashable], float] = {}
        self._ended: dict[tuple[str, Hashable], float] = {}
        self._lock = threading.Lock()

    def begin(self, series: str, of: Hashable, at: float) -> None:
        """It began then."""
        with self._lock:
            self._begun.setdefault((series, of), at)

    def end(self, series: str, of: Hashable, at: float) -> None:
        """It was there then; it need not have been told of the beginning yet."""
        with self._lock:
            self._ended.setdefault((series, of), at)

    def took(self, series: str) -> list[tuple[float, float]]:
        """When each began, in seconds since the drill did, and how many seconds it took; by time."""
        with self._lock:
            return sorted(
                (begun - self.began_at, self._ended[key] - begun)
                for key, begun in self._begun.items()
                if key[0] == series and key in self._ended
            )

    def open(self, series: str) -> set[Hashable]:
        """What began and never ended."""
        with self._lock:
            return {of for kind, of in self._begun if kind == series and (kind, of) not in self._ended}


def percentile(sorted_values: Sequence[float], percent: float) -> float:
    """The smallest value that this share of them does not exceed (nearest rank); raises on none at all."""
    if not sorted_values:
        raise ValueError("no values")
    rank = -(-len(sorted_values) * percent // 100)
    return sorted_values[max(int(rank), 1) - 1]
