"""Thousands of reports at once: 300 where nobody says otherwise, `REPORTS_AT_ONCE=10000` for all of them."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
import requests

from tests.drill.conftest import crowd_of, resident_mb
from tests.machine import ROOT, HttpClient, OwnMachine, StaffClient, done

REPORTS = int(os.environ.get("REPORTS_AT_ONCE") or 300)
CONNECTIONS = 16
GROWTH_LIMIT_MB = 30
"""What thousands of reports may add to the memory of what takes them, after as many as a tenth of them."""

KINDS: list[tuple[str, dict[str, Any], int]] = [
    ("photo-text", {"text": "路灯坏了，有人摔倒"}, 3),
    ("silent", {}, 1),
    ("photo-text", {"text": "夜里施工太吵", "tip": True}, 4),
    ("voice", {}, 2),
    ("video110", {}, 1),
]
"""Address, body and the priority that the county's table gives, one report after another."""

SORTED_BY_THE_PAGE = """
import { incidentBoard } from "./chalicelib/web/console/board.js";
let text = "";
for await (const piece of process.stdin) text += piece;
const board = incidentBoard(() => "nobody");
board.startOver(JSON.parse(text));
console.log(JSON.stringify(board.ringing().map(({ id }) => id)));
"""

TRIES = 20

_connection = threading.local()
asked_again: list[int] = []
"""The answers of the kind "the fault is ours; try again"."""


@pytest.mark.timeout(7200)
def test_thousands_at_once_are_all_in_the_queue_oldest_first_within_priority(own: OwnMachine) -> None:
    first = max(REPORTS // 10, 30)
    people = crowd_of(own, first + REPORTS)
    before = {card["id"] for card in Feed(own.staff("seat2")).everything()}
    poller = own.staff("seat1")
    desk = signed_in(own)
    with watching(own) as memory, ThreadPoolExecutor(CONNECTIONS) as crowd:
        filed = list(crowd.map(lambda number: file(own, number, people), range(first)))
        # Once everything was asked for once, its clients of AWS are made, of which each costs megabytes.
        list(crowd.map(lambda one: read(own, one["id"], desk), filed))
        feed = Feed(poller)
        feed.follow_until({one["id"] for one in filed}, within_seconds=600)
        memory.begin()
        began = time.monotonic()
        filed += list(crowd.map(lambda number: file(own, number, people), range(first, first + REPORTS)))
        filed_s = time.monotonic() - began
        feed.follow_until({one["id"] for one in filed}, within_seconds=6000)
        feed_s = time.monotonic() - began
        desk = signed_in(own)  # a sign-in lasts an hour
        again = list(crowd.map(lambda one: read(own, one["id"], desk), filed))
    print(f"\nat once: {REPORTS} reports, {CONNECTIONS} connections: taken in {filed_s:.1f} s, ", end="")
    print(f"all in the feed after {feed_s:.1f} s; memory {memory}; asked again {len(asked_again)} times")
    assert again == filed, "each is read back as it was taken"
    fresh = [card for card in Feed(own.staff("seat2")).everything() if card["id"] not in before]
    assert {card["id"] for card in fresh} == {one["id"] for one in filed}, "nothing is lost, and nothing made"
    by_age = sorted(range(len(filed)), key=lambda number: (priority(number), filed[number]["created_at"]))
    assert sorted_by_the_page(fresh) == [filed[number]["id"] for number in by_age]
    assert memory.growth_mb < GROWTH_LIMIT_MB


def signed_in(own: OwnMachine) -> dict[str, str]:
    """What a commander sends with each request."""
    return {"Authorization": str(own.staff("commander1").session.headers["Authorization"])}


def priority(number: int) -> int:
    """Which priority the report of that number has."""
    return KINDS[number % len(KINDS)][2]


def connection(own: OwnMachine) -> HttpClient:
    """This thread's own connection, whoever's reports it sends."""
    if getattr(_connection, "url", None) != own.url:
        _connection.url, _connection.client = own.url, HttpClient(own.url)
    client: HttpClient = _connection.client
    return client


def file(own: OwnMachine, number: int, people: list[dict[str, str]]) -> dict[str, Any]:
    """File the report of that number, with its key; what its citizen was told."""
    where, body, _ = KINDS[number % len(KINDS)]
    ask = partial(connection(own).post, f"/reports/{where}", body, key="one", headers=people[number])
    return told(answered(ask)["incident"])


def read(own: OwnMachine, incident_id: str, who: dict[str, str]) -> dict[str, Any]:
    """The report as the console has it later."""
    path = f"/console/incidents/{incident_id}"
    return told(answered(partial(connection(own).get, path, headers=who))["incident"])


def answered(ask: Callable[..., requests.Response]) -> Any:
    """The answer, asked for again where the machine has too much to do, as every page does."""
    for _ in range(TRIES):
        answer = ask(timeout=120)
        if answer.status_code < 500:
            return done(answer)
        asked_again.append(answer.status_code)
    raise AssertionError(f"no answer in {TRIES} tries")


def told(incident: dict[str, Any]) -> dict[str, Any]:
    """What stays of a report nobody has touched; a live one is given up when no page speaks for it."""
    return {name: incident[name] for name in ("id", "number", "mode", "created_at", "text")}


def sorted_by_the_page(cards: list[dict[str, Any]]) -> list[str]:
    """The queue as the console's own module orders it."""
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", SORTED_BY_THE_PAGE],
        cwd=ROOT,
        input=json.dumps(cards),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    ids: list[str] = json.loads(ran.stdout)
    return ids


class Feed:
    """A console's reading of the feed."""

    def __init__(self, seat: StaffClient) -> None:
        self.seat = seat
        self.cards: dict[str, dict[str, Any]] = {}
        self._cursor: str | None = None

    def pages(self) -> Iterator[list[dict[str, Any]]]:
        """What changed since the last reading, page by page."""
        more = True
        while more:
            asked = {"cursor": self._cursor} if self._cursor else {}
            page = answered(partial(self.seat.get, "/console/feed", params=asked))
            self._cursor, more = page["cursor"], page["more"]
            yield page["incidents"]

    def everything(self) -> list[dict[str, Any]]:
        """Every card there is."""
        for page in self.pages():
            self.cards.update({card["id"]: card for card in page})
        return list(self.cards.values())

    def follow_until(self, ids: set[str], *, within_seconds: float) -> None:
        """Poll once a second, as a console does, until all of these were seen."""
        deadline = time.monotonic() + within_seconds
        while not ids <= {card["id"] for card in self.everything()}:
            assert time.monotonic() < deadline, f"{len(ids - self.cards.keys())} never came to the feed"
            time.sleep(1)


class watching:  # noqa: N801
    """The memory of the machine's process while the block runs, looked at each half second."""

    def __init__(self, own: OwnMachine) -> None:
        self._look: Callable[[], float] = lambda: resident_mb(own)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.before_mb = self.most_mb = self.last_mb = self._look()

    def begin(self) -> None:
        """Compare with what it is now."""
        self.before_mb = self.most_mb = self._look()

    @property
    def growth_mb(self) -> float:
        return self.most_mb - self.before_mb

    def __enter__(self) -> "watching":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def __str__(self) -> str:
        return f"{self.before_mb:.0f} MB before, {self.most_mb:.0f} at most, {self.last_mb:.0f} at the end"

    def _run(self) -> None:
        while not self._over.wait(0.5):
            self.last_mb = self._look()
            self.most_mb = max(self.most_mb, self.last_mb)
