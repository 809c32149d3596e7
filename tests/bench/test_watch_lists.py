"""The lists of what is watched: the same hits as a linear scan, and the same cost however long the lists are.

`INSTANT110_ENTRIES` says how many entries the long lists have; 100,000 take minutes to put in locally.
"""

import os
import random
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from chalicelib.adapters import watch
from chalicelib.adapters.watch import WatchItem
from chalicelib.domain import sensitivity
from chalicelib.domain.asked import new_id
from chalicelib.domain.cells import cells_of, stretches_of
from chalicelib.domain.position import Point
from chalicelib.domain.sensitivity import Numbers, Where
from chalicelib.domain.watching import Circle, KeyPerson, KeyPlace, Ring
from chalicelib.settings import settings
from infra.local.watch import calls
from tests.desk import a_phone
from tests.machine import Machine

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
INCIDENTS = 10_000
SHORT, LONG = 100, int(os.environ.get("INSTANT110_ENTRIES", "4000"))
ACCURACIES_M = (None, 0.0, 5.0, 30.0, 120.0, 900.0, 3_000.0, 50_000.0, 1e7)

Index = dict[tuple[int, int, int], list[KeyPlace]]


def a_point(chance: random.Random) -> Point:
    """Somewhere in the county, crowded on purpose so that much is near to much."""
    return Point(lat=chance.uniform(36.2, 36.6), lng=chance.uniform(118.3, 118.8))


def a_place(chance: random.Random, *, large: bool = True) -> KeyPlace:
    """A circle of metres to tens of kilometres, or a polygon of a house to a province."""
    centre = a_point(chance)
    area: Circle | Ring = Circle(centre=centre, radius_m=10 ** chance.uniform(0.5, 4.5 if large else 2))
    if chance.random() < 0.3:
        size = 10 ** chance.uniform(-3.5, 0.3 if large else -2.5)
        corners = [
            Point(lat=centre.lat + chance.uniform(-size, size), lng=centre.lng + chance.uniform(-size, size))
            for _ in range(chance.randrange(3, 8))
        ]
        area = Ring(corners=tuple(corners))
    return KeyPlace(
        id=f"{chance.getrandbits(64):016x}",
        owner="bench",
        created_at=NOW,
        name="部位",
        area=area,
        reason="重点",
    )


def whereabouts(chance: random.Random) -> list[Where]:
    found = [Where(of="position", point=a_point(chance), accuracy_m=chance.choice(ACCURACIES_M))]
    if chance.random() < 0.3:
        found.append(Where(of="place", point=a_point(chance)))
    return found


def by_cells(index: Index, places: Iterable[Where]) -> list[KeyPlace]:
    """What the store would bring: the entries of the stretches asked for."""
    found: dict[str, KeyPlace] = {}
    for place in places:
        for stretch in stretches_of(place.bounds):
            for column in range(stretch.first, stretch.last + 1):
                for one in index.get((stretch.level, stretch.row, column), ()):
                    found[one.id] = one
    return list(found.values())


def test_ten_thousand_incidents_hit_what_a_linear_scan_finds_none_more_none_fewer() -> None:
    chance = random.Random(110)
    watched = [a_place(chance) for _ in range(120)]
    index: Index = {}
    for one in watched:
        for cell in cells_of(one.area.bounds):
            index.setdefault((cell.level, cell.row, cell.column), []).append(one)
    hits = looked_at = 0
    for _ in range(INCIDENTS):
        places = whereabouts(chance)
        candidates = by_cells(index, places)
        found = sensitivity.key_place_hits(places, candidates, now=NOW)
        assert found == sensitivity.key_place_hits(places, watched, now=NOW)
        hits, looked_at = hits + len(found), looked_at + len(candidates)
    print(f"\nlinear scan: {INCIDENTS} incidents, {len(watched)} places, {hits} hits, {looked_at} looked at")
    assert hits > INCIDENTS


@contextmanager
def own_table(machine: Machine) -> Iterator[None]:
    """A table of the lists that nothing else writes to."""
    before, name = os.environ["WATCH_TABLE"], f"watch-{uuid.uuid4().hex[:8]}"
    keys, client = {"key": "HASH", "id": "RANGE"}, machine.client("dynamodb")
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()],
    )
    os.environ["WATCH_TABLE"] = name
    settings.cache_clear()
    try:
        yield
    finally:
        os.environ["WATCH_TABLE"] = before
        settings.cache_clear()
        client.delete_table(TableName=name)


def fill(entries: list[KeyPlace | KeyPerson]) -> None:
    """Put entries where they are looked up, without the transaction that adding them one by one has."""

    def put(part: list[KeyPlace | KeyPerson]) -> None:
        with WatchItem.batch_write() as batch:
            for entry in part:
                for item in watch._items(entry, None):
                    batch.save(item)

    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(put, [entries[at : at + 500] for at in range(0, len(entries), 500)]))


def a_person(chance: random.Random, phone: str | None = None) -> KeyPerson:
    number = phone or f"+86138{chance.randrange(10**8):08d}"
    return KeyPerson(id=new_id(), owner="bench", created_at=NOW, phone=number, reason="重点")


def cost_of(who: Numbers, places: list[Where]) -> tuple[Counter[str], list[Any]]:
    """What one incident asks of the store, and what it hits."""
    with calls() as asked:
        watched = [one for one in watch.placed_near(places) if isinstance(one, KeyPlace)]
        persons = watch.persons(who)
    hits = sensitivity.key_person_hits(who, persons, now=NOW)
    return Counter(one.name for one in asked), [*hits, *sensitivity.key_place_hits(places, watched, now=NOW)]


def some_entries(chance: random.Random, count: int) -> list[KeyPlace | KeyPerson]:
    return [a_place(chance, large=False) if at % 2 else a_person(chance) for at in range(count)]


def test_an_incident_costs_the_same_with_short_lists_and_with_long_ones(inside: Machine) -> None:
    chance = random.Random(1)
    asking = [(Numbers(openid=new_id(), phones=(a_phone(),)), whereabouts(chance)) for _ in range(60)]
    costs: list[list[Counter[str]]] = []
    entries: list[KeyPlace | KeyPerson] = []
    with own_table(inside):
        for size in (SHORT, LONG):
            # One of those who ask is on the list.
            known = a_person(chance, chance.choice(asking)[0].phones[0])
            more = [*some_entries(chance, size - len(entries) - 1), known]
            fill(more)
            entries += more
            began = time.monotonic()
            measured = [cost_of(*one) for one in asking]
            each_ms = (time.monotonic() - began) * 1000 / len(asking)
            assert [hits for _, hits in measured] == [linear(*one, entries) for one in asking]
            costs.append([count for count, _ in measured])
            totals = [count.total() for count in costs[-1]]
            least, most = min(totals), max(totals)
            print(f"\n{len(entries)} entries: {least} to {most} requests an incident, {each_ms:.0f} ms")
    assert costs[0] == costs[1]
    assert set().union(*costs[0]) == {"dynamodb:Query"}


def linear(who: Numbers, places: list[Where], entries: list[KeyPlace | KeyPerson]) -> list[Any]:
    """What going through the lists from one end to the other finds."""
    persons = [one for one in entries if isinstance(one, KeyPerson)]
    watched = [one for one in entries if isinstance(one, KeyPlace)]
    found = sensitivity.key_person_hits(who, persons, now=NOW)
    return [*found, *sensitivity.key_place_hits(places, watched, now=NOW)]
