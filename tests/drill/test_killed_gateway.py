"""The gateway killed under load: once where nobody says otherwise, `KILLS=10` for ten times.

AWS goes on meanwhile, as Amazon's does when one of our processes dies.
"""

import os
import signal
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
import requests

from chalicelib.domain.timeline import Entry, check_chain
from infra.export_evidence import Service
from tests.drill.conftest import crowd_of
from tests.machine import HttpClient, OwnMachine, StaffClient, done, eventually

KILLS = int(os.environ.get("KILLS") or 1)
CITIZENS = 6
BETWEEN_KILLS = 10
"""How many more reports are acknowledged before the next kill."""

PATIENCE_SECONDS = 240

WHERE = ("photo-text", "voice", "silent")


class Citizen:
    """Files one report after another, with a word to each; what breaks off is sent again, with its key."""

    def __init__(self, url: str, who: dict[str, str], books: "Books") -> None:
        self.client = HttpClient(url, who)
        self.books = books
        self.filed: dict[str, str] = {}
        """The incident of each key that was acknowledged."""

    def run(self) -> None:
        """Go on until the test has seen enough; a report that was begun is brought to its end."""
        while not self.books.enough.is_set():
            key = uuid.uuid4().hex
            where = WHERE[len(self.filed) % len(WHERE)]
            filed = self._until_taken(f"/reports/{where}", {"text": f"报警 {key}"}, key)
            incident_id = filed["incident"]["id"]
            self.filed[key] = incident_id
            self._until_taken(f"/reports/{incident_id}/messages", {"text": f"补充 {key}"}, key)
            self.books.acknowledged(incident_id)

    def _until_taken(self, path: str, body: dict[str, str], key: str) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self.client.post(path, body, key=key, timeout=20)
                if answer.ok:
                    return answer.json()
                if answer.status_code == 404:
                    self.books.lose(f"{path} is not there")
                self.books.note(f"answered {answer.status_code}")
            except requests.RequestException as fault:
                self.books.note(type(fault).__name__)
            self.books.pause.wait(0.2)
        raise AssertionError(f"{path} was not taken in {PATIENCE_SECONDS} s")

    def listed(self) -> Counter[str]:
        """Her own reports as the list has them, page by page."""
        ids: Counter[str] = Counter()
        asked: dict[str, str] = {}
        while True:
            page = done(self.client.get("/reports", params=asked))
            ids.update(one["id"] for one in page["items"])
            if page["cursor"] is None:
                return ids
            asked = {"cursor": page["cursor"]}


class Books:
    """What all citizens together were told, and what broke off."""

    def __init__(self) -> None:
        self.enough = threading.Event()
        self.pause = threading.Event()
        self.ids: list[str] = []
        self.broken: Counter[str] = Counter()
        self.lost: list[str] = []
        self._changed = threading.Condition()

    def acknowledged(self, incident_id: str) -> None:
        with self._changed:
            self.ids.append(incident_id)
            self._changed.notify_all()

    def note(self, what: str) -> None:
        with self._changed:
            self.broken[what] += 1

    def lose(self, what: str) -> None:
        """Give up: what was acknowledged is not there."""
        with self._changed:
            self.lost.append(what)
            self._changed.notify_all()
        self.enough.set()
        raise AssertionError(what)

    def wait_for(self, count: int) -> None:
        with self._changed:
            came = self._changed.wait_for(lambda: self.lost or len(self.ids) >= count, 300)
            assert not self.lost, self.lost
            assert came, f"only {len(self.ids)}"


@pytest.mark.timeout(1800)
def test_no_acknowledged_report_is_lost_when_the_gateway_is_killed(own: OwnMachine) -> None:
    books = Books()
    citizens = [Citizen(own.url, who, books) for who in crowd_of(own, CITIZENS)]
    with ThreadPoolExecutor(CITIZENS) as pool:
        at_work = [pool.submit(citizen.run) for citizen in citizens]
        try:
            for number in range(1, KILLS + 1):
                kill(own, books, number)
            books.wait_for(len(books.ids) + BETWEEN_KILLS)
        finally:
            books.enough.set()
        for one in at_work:
            one.result()
    print(f"killed {KILLS} times: {len(books.ids)} reports acknowledged; broken off {dict(books.broken)}")
    every_report_is_there_once(own, citizens)


def kill(own: OwnMachine, books: Books, number: int) -> None:
    """Wait for more reports, kill the gateway in the midst of the next ones, and start it again."""
    books.wait_for(len(books.ids) + BETWEEN_KILLS)
    before = len(books.ids)
    assert own.stop(signal.SIGKILL) == -signal.SIGKILL
    own.start()
    broken = sum(books.broken.values())
    print(
        f"\nkill {number}: after {before} reports, back in {own.started_in_seconds:.1f} s, {broken=}", end=""
    )


def every_report_is_there_once(own: OwnMachine, citizens: list[Citizen]) -> None:
    """Read, listed, one a key, in the feed, and each with a whole timeline that has the citizen's word."""
    commander, seat = own.staff("commander1"), own.staff("seat1")
    evidence = Service(own.url, str(commander.session.headers["Authorization"]))
    for citizen in citizens:
        assert citizen.listed() == Counter(citizen.filed.values())
        for key, incident_id in citizen.filed.items():
            said = (f"报警 {key}", f"补充 {key}")
            assert shown(citizen.client, incident_id) == said, "lost or doubled"
            whole(evidence.evidence(incident_id))
    filed = {one for citizen in citizens for one in citizen.filed.values()}
    eventually(lambda: open_ids(seat) >= filed, within_seconds=120)


def shown(client: HttpClient, incident_id: str) -> tuple[str, ...]:
    """The report's words and its messages, as its citizen sees them."""
    record = done(client.get(f"/reports/{incident_id}"))
    messages = [one["details"]["text"] for one in record["timeline"] if one["kind"] == "message.sent"]
    return record["incident"]["text"], *messages


def whole(evidence: dict[str, Any]) -> None:
    """Its entries are a chain without a gap, up to the head that the incident names."""
    entries = [msgspec.convert(one["entry"], Entry) for one in evidence["timeline"]]
    assert check_chain(entries, count=evidence["count"], head=evidence["head"]) == []


def open_ids(seat: StaffClient) -> set[str]:
    """What the console sees as open."""
    ids: set[str] = set()
    asked: dict[str, str] = {}
    while True:
        page = done(seat.get("/console/feed", params=asked))
        ids |= {card["id"] for card in page["incidents"]}
        if not page["more"]:
            return ids
        asked = {"cursor": page["cursor"]}
