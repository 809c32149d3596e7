"""The feed under load and at rest: nothing is missed, and an idle console costs one small read."""

import json
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
import requests

from chalicelib.adapters import feed, incidents
from chalicelib.domain import handling
from chalicelib.domain.card import card_of
from chalicelib.domain.incident import Disposition, Incident
from chalicelib.domain.staff import Staff
from chalicelib.domain.timeline import Actor, Role
from chalicelib.workflows.follow_feed import FeedReply, follow_feed
from infra.local.watch import Asked, calls
from tests.machine import Machine, StaffClient, done, eventually
from tests.within import a_call_taker, an_incident, answered_by, now

WRITERS, READERS, CHANGES, INCIDENTS = 8, 3, 1000, 40
IDLE_BYTES = 300

pytestmark = pytest.mark.usefixtures("inside")

Cards = dict[str, dict[str, Any]]


class Reader:
    """A console that follows the feed from its start, keeping of each incident the newest card."""

    def __init__(self, console: StaffClient) -> None:
        self.cards: Cards = {}
        self.polls = self.seen = 0
        self._console = console
        self._at: dict[str, str] = {}

    def poll(self) -> None:
        more = True
        while more:
            page = done(self._console.get("/console/feed", params=self._at))
            self._at, more = {"cursor": page["cursor"]}, page["more"]
            self.polls += 1
            self.seen += len(page["incidents"])
            for card in page["incidents"]:
                if card["version"] > self.cards.get(card["id"], {"version": 0})["version"]:
                    self.cards[card["id"]] = card

    def follow(self, stop: threading.Event) -> None:
        """Poll until asked to stop, as often as a console in a hurry and as stubborn when an answer fails."""
        while not stop.wait(0.2):
            with suppress(requests.RequestException, AssertionError):
                self.poll()


def write(ids: list[str], count: int, name: str) -> None:
    """Change incidents that others change too; nobody owns one, so that none is released meanwhile."""
    actor = Actor(role=Role.SYSTEM, id=name)
    for n in range(count):
        steps = (
            partial(handling.hear_from_citizen, text="还在吗", at=now()),
            partial(handling.note, text="记一笔"),
            partial(handling.classify, priority=1 + n % 4, type_code="other", summary=f"{name}-{n}"),
            partial(handling.confirm_place, words=f"{name}-{n}", point=None),
        )
        incidents.change(random.choice(ids), steps[n % len(steps)], actor=actor, at=now())


def close(incident_id: str) -> None:
    """End it: it leaves the open ones, and a reader must still hear of that."""
    step = partial(handling.close, disposition=Disposition.ADVISED, note=None, told=None, at=now())
    incidents.change(incident_id, step, actor=Actor(role=Role.SYSTEM, id="closer"), at=now())


@pytest.mark.timeout(600)
def test_three_readers_end_with_the_newest_state_of_a_thousand_changes(machine: Machine) -> None:
    """Issue 2, show 6."""
    names = ("seat1", "commander1", "seat2")
    readers = [Reader(machine.staff(name)) for name in names[:READERS]]
    stop, began = threading.Event(), time.monotonic()
    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        following = [pool.submit(reader.follow, stop) for reader in readers]
        try:
            ids = list(pool.map(lambda _: an_incident().id, range(INCIDENTS)))
            closing = ids[::4]
            left = CHANGES - INCIDENTS - len(closing)
            shares = [left // WRITERS + (n < left % WRITERS) for n in range(WRITERS)]
            for writing in [pool.submit(write, ids, share, f"writer{n}") for n, share in enumerate(shares)]:
                writing.result()
            list(pool.map(close, closing))
            written_after = time.monotonic() - began
            newest = {one: newest_card(one) for one in ids}
            eventually(lambda: all(holds(reader, newest) for reader in readers), within_seconds=100)
            read_after = time.monotonic() - began
        finally:
            stop.set()
        for one in following:
            one.result()
    changes = sum(card["version"] for card in newest.values())
    polls, seen = [reader.polls for reader in readers], [reader.seen for reader in readers]
    print(f"\n{changes} changes in {written_after:.1f} s; all read {read_after - written_after:.2f} s later,")
    print(f"in {polls} polls of {READERS} readers who saw {seen} cards")
    assert changes == CHANGES
    for reader in readers:
        # When a commander is told next is no part of the incident: it is reckoned as the card is published.
        assert {one: {**reader.cards[one], "alert_due_at": None} for one in ids} == newest


def newest_card(incident_id: str) -> dict[str, Any]:
    """The card as it must stand in the end, from the incident itself."""
    card: dict[str, Any] = json.loads(msgspec.json.encode(card_of(incidents.get(incident_id))))
    return card


def holds(reader: Reader, newest: Cards) -> bool:
    return all(reader.cards.get(one, {}).get("version") == card["version"] for one, card in newest.items())


def names(asked: list[Asked]) -> list[str]:
    return [one.name for one in asked]


def read_on(staff: Staff, reply: FeedReply | None, at: datetime) -> FeedReply:
    """Poll until there is no more at once."""
    reply = follow_feed(staff, reply.cursor if reply else None, now=at)
    while reply.more:
        reply = follow_feed(staff, reply.cursor, now=at)
    return reply


@pytest.fixture
def at_rest() -> tuple[Staff, FeedReply, datetime]:
    """A reader who has read everything, a while after the last change of anything."""
    staff, later = a_call_taker(), now() + timedelta(minutes=5)
    reply = read_on(staff, None, later)
    return staff, read_on(staff, reply, later), later


def test_an_idle_poll_is_one_read_and_at_most_300_bytes(at_rest: tuple[Staff, FeedReply, datetime]) -> None:
    """Issue 2, show 10, and rule 6: the same with however much history there is."""
    staff, reply, later = at_rest
    for second in range(1, 4):
        with calls() as asked:
            reply = follow_feed(staff, reply.cursor, now=later + timedelta(seconds=second))
        assert names(asked) == ["dynamodb:Query"]
        answer = msgspec.json.encode(reply)
        assert reply.incidents == []
        assert len(answer) <= IDLE_BYTES
    print(f"\nan idle poll answers {len(answer)} bytes")


def test_an_owner_who_polls_is_seen_once_in_five_seconds_and_others_cost_no_write(
    at_rest: tuple[Staff, FeedReply, datetime],
) -> None:
    staff, reply, later = at_rest
    incident = answered_by(staff)
    publish(incident, version=50, at=later)
    writes = []
    for second in range(11):
        with calls() as asked:
            reply = follow_feed(staff, reply.cursor, now=later + timedelta(seconds=second))
        writes.append(names(asked).count("dynamodb:UpdateItem"))
    assert [second for second, wrote in enumerate(writes) if wrote] == [0, 5, 10]


def test_an_owner_whose_incident_was_taken_is_no_longer_seen_by_polling(
    at_rest: tuple[Staff, FeedReply, datetime],
) -> None:
    staff, reply, later = at_rest
    incident = answered_by(staff)
    publish(incident, version=50, at=later)
    reply = follow_feed(staff, reply.cursor, now=later)
    taken = msgspec.structs.replace(incident, call_taker_id="another")
    publish(taken, version=51, at=later + timedelta(seconds=1))
    reply = follow_feed(staff, reply.cursor, now=later + timedelta(seconds=2))
    with calls() as asked:
        follow_feed(staff, reply.cursor, now=later + timedelta(seconds=20))
    assert "dynamodb:UpdateItem" not in names(asked)


def test_a_card_stamped_late_is_still_read(at_rest: tuple[Staff, FeedReply, datetime]) -> None:
    """Clocks of functions differ by seconds; the overlap covers them."""
    staff, reply, later = at_rest
    reply = follow_feed(staff, reply.cursor, now=later + timedelta(seconds=30))
    incident = an_incident()
    publish(incident, version=50, at=later + timedelta(seconds=22))
    reply = follow_feed(staff, reply.cursor, now=later + timedelta(seconds=31))
    assert [card["version"] for card in cards_of(reply) if card["id"] == incident.id] == [50]


def cards_of(reply: FeedReply) -> list[dict[str, Any]]:
    """The cards of a page, read."""
    return [json.loads(bytes(card)) for card in reply.incidents]


def publish(incident: Incident, *, version: int, at: datetime) -> None:
    """Put a card in the feed that the machine, which knows only older ones, leaves alone."""
    assert feed.publish(card_of(msgspec.structs.replace(incident, version=version)), now=at)


def test_who_comes_new_gets_every_open_incident_page_by_page_and_no_closed_one() -> None:
    opened = [an_incident() for _ in range(3)]
    closed = an_incident()
    eventually(
        lambda: {one.id for one in opened} <= {card.id for card in feed.open_cards()}, within_seconds=30
    )
    close(closed.id)
    eventually(lambda: closed.id not in {card.id for card in feed.open_cards()}, within_seconds=30)
    staff, at, found = a_call_taker(), now(), set()
    reply = follow_feed(staff, None, now=at)
    found |= {card["id"] for card in cards_of(reply)}
    while reply.more:
        reply = follow_feed(staff, reply.cursor, now=at)
        found |= {card["id"] for card in cards_of(reply)}
    assert {one.id for one in opened} <= found
    assert closed.id not in found
