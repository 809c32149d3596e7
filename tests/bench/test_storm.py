"""A storm: many reports of one event within a minute, on a machine of their own.

Sixty where nobody says otherwise, so that it takes seconds; `STORM=200` is the bureau's own worst minute.
"""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.desk import JSON, a_citizen, a_report, a_seat, kinds, someone
from tests.machine import CitizenClient, Machine, OwnMachine, StaffClient, done, eventually
from tests.routes.test_events import publish, suggestions
from tests.routes.test_watch import north_of, position

REPORTS = int(os.environ.get("STORM") or 60)


@pytest.fixture
def storm_machine(tmp_path: Path) -> Iterator[Machine]:
    """The whole service by itself: for a minute or two its stream has much to do."""
    own = OwnMachine(tmp_path / "machine")
    try:
        yield own.start()
    finally:
        own.stop()


@pytest.mark.timeout(600)
def test_a_storm_is_one_cluster_with_the_hurt_one_on_top(
    storm_machine: Machine,
) -> None:
    """Reports of one square within a minute: none refused, all led to the oldest, the hurt one first."""
    machine, point = storm_machine, {"lat": 36.4, "lng": 118.5}
    commander, seat = machine.staff("commander1"), a_seat(machine)
    publish(commander, point, kind="traffic", name="多车相撞", radius_m=400)
    began = time.monotonic()
    first_citizen = a_citizen(machine)
    first = a_report(first_citizen, position=position(point))
    eventually(
        lambda: suggestions(seat, first)["reports"] == 0 and "event.asked" in kinds(seat, first),
        within_seconds=30,
    )

    def file(number: int) -> tuple[CitizenClient, str]:
        citizen = machine.citizen(someone())
        away = north_of(point, (number % 10) * 20)
        return citizen, a_report(citizen, position=position(away))

    with ThreadPoolExecutor(8) as crowd:
        filed = list(crowd.map(file, range(REPORTS - 1)))
    took_s = time.monotonic() - began
    citizen, hurt = filed[REPORTS // 2]
    done(citizen.post(f"/reports/{hurt}/same-event", {"answer": "hurt"}))
    ids = [incident_id for _, incident_id in filed]
    led_to = {suggestions(seat, one)["items"][0]["incident_id"] for one in ids}
    ringing = eventually(lambda: all_of(open_cards(seat), {first, *ids}), within_seconds=90)
    eventually(lambda: first_in_queue(open_cards(seat), {first, *ids}) == hurt, within_seconds=40)
    print(f"\nstorm: {REPORTS} filed in {took_s:.1f} s, {len(ringing)} ring, led to {len(led_to)} incident")
    assert led_to == {first}


def open_cards(seat: StaffClient) -> list[JSON]:
    """Every ringing card of the feed."""
    page = done(seat.get("/console/feed"))
    cards = list(page["incidents"])
    while page["more"]:
        page = done(seat.get("/console/feed", params={"cursor": page["cursor"]}))
        cards += page["incidents"]
    return [card for card in cards if card["ringing"]]


def all_of(cards: list[JSON], ids: set[str]) -> list[JSON]:
    """The newest cards of these incidents, once each has one; nothing before."""
    newest = {card["id"]: card for card in cards if card["id"] in ids}
    return list(newest.values()) if newest.keys() == ids else []


def first_in_queue(cards: list[JSON], ids: set[str]) -> str:
    """Which of these incidents is to be answered first: by priority, then by age."""
    top = min(all_of(cards, ids), key=lambda card: (card["priority"], card["rings_at"]))
    return str(top["id"])
