"""An owner whose console says nothing loses the incident, in real time and through the real queue."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.desk import a_citizen, a_report, a_seat, entry_of, record, work
from tests.machine import Machine, OwnMachine, StaffClient, done, eventually

SILENT_WITHIN_SECONDS = 25


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine that waits for an owner as long as the bureau's does, not as long as the tests' does."""
    own = OwnMachine(tmp_path_factory.mktemp("quick"))
    try:
        yield own.start()
    finally:
        own.stop()


class Follower:
    """A console that goes on polling, and what it was told of one incident."""

    def __init__(self, seat: StaffClient, incident_id: str) -> None:
        self._seat, self._incident_id = seat, incident_id
        self._cursor: str = done(seat.get("/console/feed"))["cursor"]

    def rings_again(self) -> bool:
        """Whether it rings that did once before, by one more poll."""
        page: dict[str, Any] = done(self._seat.get("/console/feed", params={"cursor": self._cursor}))
        self._cursor = page["cursor"]
        cards = [card for card in page["incidents"] if card["id"] == self._incident_id]
        return any(card["ringing"] and card["rings_at"] > card["created_at"] for card in cards)


def test_a_silent_console_loses_its_incident_within_25_seconds_and_one_that_polls_keeps_it(
    quick: Machine,
) -> None:
    """Issue 2, show 10."""
    silent, polling, citizen = a_seat(quick), a_seat(quick), a_citizen(quick)
    lost, kept = a_report(citizen), a_report(citizen)
    follower = Follower(polling, lost)
    work(polling, kept, "answer")
    work(silent, lost, "answer")
    began = time.monotonic()
    eventually(follower.rings_again, within_seconds=SILENT_WITHIN_SECONDS)
    seconds = time.monotonic() - began
    print(f"\na silent owner's incident rang again after {seconds:.1f} s")
    assert 15 < seconds <= SILENT_WITHIN_SECONDS
    released = entry_of(polling, lost, "incident.released")
    assert released["details"] == {"why": "owner-silent", "from": silent.username}
    assert record(polling, lost)["incident"]["status"] == "waiting"
    assert record(polling, kept)["incident"]["call_taker_id"] == polling.username
    assert work(polling, lost, "answer")["incident"]["call_taker_id"] == polling.username
