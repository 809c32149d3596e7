"""Figures from the table's stream: repeated, re-ordered, failing half-way, and never in anybody's way."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from math import ceil
from typing import Any

import pytest

from chalicelib.adapters import digests, figures, incidents
from chalicelib.domain import dispatching, handling
from chalicelib.domain.asked import incident_number, new_id
from chalicelib.domain.incident import (
    Change,
    Dispatch,
    DispatchStatus,
    Disposition,
    Feedback,
    Incident,
    Mode,
    TextState,
)
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.settings import settings
from chalicelib.triggers.table_stream import follow
from chalicelib.triggers.timers import take_timer
from infra.local.watch import calls
from tests.machine import Machine, eventually
from tests.within import event, now, stored

Record = dict[str, Any]
SYSTEM = Actor(role=Role.SYSTEM, id="test")


@pytest.fixture
def noon() -> datetime:
    """Noon in the county on a day on which nobody else counts anything."""
    return datetime(1900, 1, 1, 4, tzinfo=UTC) + timedelta(days=random.randrange(30_000))


class Story:
    """One incident from its filing to its end, and the stream's record of each state it was in."""

    def __init__(self, machine: Machine, noon: datetime) -> None:
        self.machine, self.at, self.id = machine, noon, new_id()
        self.images: list[dict[str, Any]] = []
        incident = Incident(
            id=self.id,
            number=incident_number(self.id, noon),
            citizen_id=new_id(),
            created_at=noon,
            rings_at=noon,
            mode=Mode.VOICE,
            priority=2,
        )
        incidents.file(incident, Change(incident=incident, kind="report.filed"), actor=SYSTEM)
        self._keep()

    def tell(self) -> "Story":
        """Answer, send two officers, hear from both, hear one again, close."""
        self._do(partial(handling.answer, call_taker_id="seat-test", at=self._later(14)))
        for one in ("d1", "d2"):
            self._do(partial(dispatching.dispatch, sent=self._sent(one)))
        self._do(partial(dispatching.progress, dispatch_id="d1", to=DispatchStatus.EN_ROUTE))
        self._do(partial(dispatching.feed_back, dispatch_id="d1", told=self._back(3), result="已处置"))
        self._do(partial(dispatching.feed_back, dispatch_id="d2", told=self._back(1), result="已处置"))
        self._do(partial(dispatching.feed_back, dispatch_id="d1", told=self._back(2), result="更正"))
        self._do(
            partial(
                handling.close, disposition=Disposition.RESOLVED, note=None, told=None, at=self._later(900)
            )
        )
        return self

    def records(self) -> list[Record]:
        """The stream's records, in order; each brings the state before and the new one."""
        return [
            record_of(image, self.images[place - 1] if place else None)
            for place, image in enumerate(self.images)
        ]

    def _do(self, step: Callable[[Incident], Change | None]) -> None:
        incidents.change(self.id, step, actor=SYSTEM, at=now())
        self._keep()

    def _keep(self) -> None:
        self.images.append(stored(self.machine, self.id, "incident"))

    def _later(self, seconds: int) -> datetime:
        return self.at + timedelta(seconds=seconds)

    def _sent(self, dispatch_id: str) -> Dispatch:
        return Dispatch(
            dispatch_id=dispatch_id,
            unit_id="unit",
            unit_name="测试派出所",
            officer_name="值班民警",
            phone="+8613900000000",
            note=None,
            dispatched_at=self._later(200),
            text=TextState.ACCEPTED,
        )

    def _back(self, helped: int) -> Feedback:
        at = self._later(800)
        return Feedback(arrived_at=at, ended_at=at, reported_at=at, people_helped=helped, major_cases=1)


WHOLE = {
    "filed:report": 1,
    "mode:voice": 1,
    "answered": 1,
    "wait-live:14": 1,
    "dispatch:240": 1,
    "officers": 2,
    "feedback:600": 2,
    "major": 2,
    "helped": 3,
    "closed:resolved": 1,
}
"""What the story adds to its day: 2 and 1 helped, not 3 and 1, because the first report was corrected."""


def record_of(image: dict[str, Any], old: dict[str, Any] | None) -> Record:
    """The sample event's record, for another state of an incident."""
    record: Record = event("table_changed")["Records"][0]
    change = {**record["dynamodb"], "NewImage": image, "SequenceNumber": new_id()}
    if old is not None:
        change["OldImage"] = old
    return {**record, "eventName": "MODIFY" if old else "INSERT", "dynamodb": change}


def counted(noon: datetime) -> dict[str, int]:
    """What the day holds, noughts left out."""
    day = noon.date()
    return {name: count for name, count in figures.days(day, day).get(day, {}).items() if count}


def test_a_whole_incident_counts_exactly_beside_the_machines_own_stream(
    inside: Machine, noon: datetime, table_changed: Callable[[list[Record]], list[str]]
) -> None:
    """The machine follows the same changes at the same time: every record comes at least twice."""
    told = Story(inside, noon).tell().records()
    rng = random.Random(1)
    for batch in ([*told, *told], rng.sample(told, len(told)), told[3:], told[:2], [told[-1]]):
        assert table_changed(batch) == []
    eventually(lambda: counted(noon) == WHOLE, within_seconds=30)


def test_a_batch_cut_anywhere_and_taken_up_again_counts_exactly(
    inside: Machine, noon: datetime, table_changed: Callable[[list[Record]], list[str]]
) -> None:
    told = Story(inside, noon).tell().records()
    for cut in range(len(told)):
        table_changed(told[:cut])
        table_changed(told[cut // 2 :])
    eventually(lambda: counted(noon) == WHOLE, within_seconds=30)


def test_a_change_that_moves_no_figure_asks_for_nothing(inside: Machine, noon: datetime) -> None:
    story = Story(inside, noon)
    incidents.change(story.id, lambda one: handling.note(one, text="x"), actor=SYSTEM, at=now())
    image = stored(inside, story.id, "incident")
    with calls() as asked:
        follow(record_of(image, story.images[0]), now=now(), is_newest=False)
    assert [one.name for one in asked] == []
    story.tell()


def units_of(item: dict[str, Any]) -> int:
    """The write units of an item in a transaction: two for each kilobyte begun (DynamoDB's price list)."""
    size = sum(len(name.encode()) + len(str(*value.values()).encode()) for name, value in item.items())
    return 2 * ceil(size / 1024)


def test_what_an_incident_costs_is_printed_and_within_its_budget(inside: Machine, noon: datetime) -> None:
    """From filing to closing with two officers and three reports: 8 of 9 changes move a figure."""
    story = Story(inside, noon).tell()
    eventually(lambda: counted(noon) == WHOLE, within_seconds=30)
    reader, table = inside.client("dynamodb"), inside.outputs()["FiguresTable"]
    told = {"kind": {"S": f"incident#{story.id}"}, "id": {"S": "-"}}
    forgotten = reader.delete_item(TableName=table, Key=told, ReturnValues="ALL_OLD")["Attributes"]
    with calls() as asked:
        for record in story.records():
            follow(record, now=now(), is_newest=False)
    names = [one.name for one in asked]
    assert set(names) == {"dynamodb:TransactWriteItems"}
    writes = [part for one in asked for part in json.loads(one.request)["TransactItems"]]
    day = reader.query(
        TableName=table,
        KeyConditionExpression="kind = :kind AND begins_with(id, :day)",
        ExpressionAttributeValues={":kind": {"S": "day"}, ":day": {"S": f"{noon.date()}#"}},
    )["Items"][0]
    dearest = max(units_of(forgotten), units_of(day))
    print(
        f"\n{len(names)} requests, {dearest * len(writes)} write units at most, {len(story.images)} changes"
    )
    assert len(names) == 8
    assert dearest * len(writes) <= 40


@pytest.fixture
def no_counters(inside: Machine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """This process finds no counters until the fixture's value is called; the machine's does."""

    def point_at(table: str) -> None:
        monkeypatch.setenv("FIGURES_TABLE", table)
        settings.cache_clear()
        for model in (figures.TallyItem, figures.CountedItem, digests.HeadItem):
            model._connection = None

    real = settings().figures_table
    point_at("no-such-table")
    yield lambda: point_at(real)
    point_at(real)


def test_counters_that_cannot_be_moved_hold_nobody_back_and_are_moved_later(
    inside: Machine,
    noon: datetime,
    no_counters: Callable[[], None],
    table_changed: Callable[[list[Record]], list[str]],
) -> None:
    story = Story(inside, noon).tell()
    with calls() as asked:
        assert table_changed(story.records()) == []
    assert "sqs:SendMessage" in [one.name for one in asked]
    no_counters()
    for _ in range(2):
        take_timer(Timer(kind=TimerKind.UNCOUNTED, incident_id=story.id, due_at=now()), now=now())
    eventually(lambda: counted(noon) == WHOLE, within_seconds=30)


def test_a_day_that_nobody_counted_on_is_not_there(inside: Machine) -> None:
    assert figures.days(date(1850, 1, 1), date(1850, 12, 31)) == {}
