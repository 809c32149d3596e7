"""What all the drill's people share: the pace of the day, what was filed, who looks at what."""

import random
import threading
import time

import msgspec

from infra.drill.calls import Call
from infra.drill.marks import Marks
from infra.drill.service import JSON, Tally

DISPATCHED_KINDS = {"traffic", "dispute", "public_order", "criminal", "domestic", "missing", "fire"}
"""The kinds an officer is sent to; the others are advised and closed."""

MOVES_MPS = {"traffic": 12.0, "criminal": 2.0, "missing": 1.3, "help": 1.0}
"""How fast callers of a kind move, metres a second; who is not named here stands still."""


class Filed(msgspec.Struct, kw_only=True):
    """A report that the service took, and what it must therefore still have at the end."""

    call: Call
    incident_id: str
    number: str
    token: str
    text: str
    booked: bool
    messages: int = 0
    points: dict[int, float] = msgspec.field(default_factory=dict)
    """The points that were taken, by their time in milliseconds since 1970: when each was acknowledged."""


class Scene:
    """One drill: the pace, the measurements, and what everybody may know of everybody else."""

    def __init__(
        self, *, speed: float, start_s: int, end_s: int, seed: int, comes_within_s: float = 300
    ) -> None:
        self.speed, self.comes_within_s = speed, comes_within_s
        self.start_s, self.end_s = start_s, end_s
        self.marks, self.tally = Marks(), Tally()
        self.over = threading.Event()
        self.faults: list[str] = []
        self._seed = seed
        self._filed: dict[str, Filed] = {}
        self._by_number: dict[str, str] = {}
        self._looked_at: set[str] = set()
        self._looks: dict[str, list[float]] = {}
        self._closed: set[str] = set()
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._waits_until = 0.0

    def begin(self) -> None:
        """The day begins now."""
        self._began = self.marks.began_at = time.monotonic()

    def until(self, offset_s: float) -> float:
        """Seconds from now to a time of the day; negative when it is past."""
        return self._began + (offset_s - self.start_s) / self.speed - time.monotonic()

    def pass_time(self, day_seconds: float) -> bool:
        """Let that much of the day pass; False when the drill ended meanwhile."""
        return not self.over.wait(max(day_seconds / self.speed, 0.0))

    def may_come(self) -> bool:
        """After the drill, wait a moment for what is still on its way; False when it had time enough.

        Under load what follows from the table's stream is behind.
        """
        with self._lock:
            self._waits_until = self._waits_until or time.monotonic() + self.comes_within_s
        time.sleep(1)
        return time.monotonic() < self._waits_until

    def chance(self, whose: str) -> random.Random:
        """Somebody's own luck, the same in every drill with this seed."""
        return random.Random(f"{self._seed} {whose}")  # noqa: S311  # an exercise that can be repeated

    def file(self, filed: Filed) -> None:
        """A report was taken."""
        with self._lock:
            self._filed[filed.incident_id] = filed
            self._by_number[filed.number] = filed.incident_id

    def filed(self, incident_id: str) -> Filed | None:
        """The drill's own report of that id; None for anybody else's."""
        with self._lock:
            return self._filed.get(incident_id)

    def by_number(self, number: str) -> str | None:
        """The drill's own report of that number."""
        with self._lock:
            return self._by_number.get(number)

    def all_filed(self) -> list[Filed]:
        """Every report that was taken."""
        with self._lock:
            return list(self._filed.values())

    def look_at(self, incident_id: str, looking: bool) -> None:
        """A seat opened or shut the incident's panel."""
        with self._lock:
            (self._looked_at.add if looking else self._looked_at.discard)(incident_id)

    def is_looked_at(self, incident_id: str) -> bool:
        """Whether a console has it open, so that a point should be on a map at once."""
        with self._lock:
            return incident_id in self._looked_at

    def looked(self, incident_id: str, began: float) -> None:
        """A console's look at the track, begun then, was answered."""
        with self._lock:
            self._looks.setdefault(incident_id, []).append(began)

    def looks_since(self, incident_id: str, acknowledged: float) -> int:
        """How many looks at the track that were answered began after that."""
        with self._lock:
            return sum(began > acknowledged for began in self._looks.get(incident_id, []))

    def see(self, card: JSON) -> None:
        """A console was shown this card."""
        if card["status"] == "closed":
            with self._lock:
                self._closed.add(card["id"])

    def open_ids(self) -> list[str]:
        """The drill's reports that no console has seen closed."""
        with self._lock:
            return [one for one in self._filed if one not in self._closed]

    def note_fault(self, who: str, fault: Exception) -> None:
        """Somebody met what she could not work around; that is part of the result."""
        with self._lock:
            self.faults.append(f"{who}: {type(fault).__name__} {fault}")
