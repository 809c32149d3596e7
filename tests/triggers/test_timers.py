"""Timers and the sweep: an owner who went silent loses what she holds, and nobody else does."""

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.adapters import desk, feed, incidents
from chalicelib.adapters.tables import FeedItem, entry_part
from chalicelib.domain.asked import new_id
from chalicelib.domain.card import card_of
from chalicelib.domain.desk import Seat, SeatState
from chalicelib.domain.incident import Disposition, Incident, Status
from chalicelib.domain.position import Position
from chalicelib.domain.staff import Staff
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.triggers.timers import BEGINS_WITHIN_SECONDS, SWEEPS, looks, take_timer
from chalicelib.workflows import work_incident
from chalicelib.workflows.follow_feed import follow_feed
from chalicelib.workflows.release_silent_owners import look_at_owner, sweep_owners, watch_owner
from chalicelib.workflows.work_incident import Work
from infra.local.watch import calls, witnessed
from tests.machine import Machine, eventually
from tests.triggers.conftest import queued
from tests.within import a_call_taker, answered_by, event, kinds_of, now, stored

LIMIT = timedelta(seconds=20)

pytestmark = pytest.mark.usefixtures("inside")


def timer_of(incident: Incident) -> Timer:
    """The timer that was set when its owner answered."""
    assert incident.owned_since is not None
    return Timer(
        kind=TimerKind.OWNER_SILENT,
        incident_id=incident.id,
        due_at=incident.owned_since + LIMIT,
        owned_since=incident.owned_since,
    )


def held_by(staff: Staff, **fields: Any) -> Incident:
    """An incident that this call-taker has just answered, as the feed tells already."""
    incident = answered_by(staff, **fields)
    eventually(lambda: feed.told_at(incident), within_seconds=30)
    return incident


def held_back(incident: Incident) -> None:
    """Have the incident's card be the one from before it was answered, as where the stream stands still."""
    before = replace(card_of(incident), version=incident.version - 1, call_taker_id=None, ringing=True)
    eventually(lambda: feed.told_at(incident), within_seconds=30)
    FeedItem(incident.id).delete()
    feed.publish(before, now=now())


class Console:
    """A console that polls each second, by its own clock and whatever it is told."""

    def __init__(self, staff: Staff, *, at: datetime) -> None:
        self._staff, self._at = staff, at
        self._cursor = self._poll(None)

    def until(self, end: datetime) -> None:
        """Poll on up to that moment."""
        while self._at < end:
            self._at += timedelta(seconds=1)
            self._cursor = self._poll(self._cursor)

    def _poll(self, cursor: str | None) -> str:
        reply = follow_feed(self._staff, cursor, now=self._at)
        while reply.more:
            reply = follow_feed(self._staff, reply.cursor, now=self._at)
        return reply.cursor


def test_an_owner_who_polls_keeps_what_the_feed_was_too_late_to_tell_her_of() -> None:
    staff = a_call_taker()
    incident = answered_by(staff)
    timer = timer_of(incident)
    held_back(incident)
    console = Console(staff, at=timer.due_at - LIMIT)
    console.until(timer.due_at)
    with calls() as asked:
        look_at_owner(timer, now=timer.due_at)
    assert incidents.get(incident.id).call_taker_id == staff.username
    assert [one["delay"] for one in queued(asked)] == [10]
    console.until(timer.due_at + timedelta(seconds=10))
    with calls() as asked:
        look_at_owner(timer, now=timer.due_at + timedelta(seconds=10))
    assert incidents.get(incident.id).call_taker_id == staff.username
    assert len(queued(asked)) == 1


def test_a_console_that_is_gone_loses_what_the_feed_was_too_late_to_tell_of_ten_seconds_later() -> None:
    incident = answered_by(a_call_taker())
    timer = timer_of(incident)
    held_back(incident)
    for seconds, owner in ((0, incident.call_taker_id), (4, incident.call_taker_id), (10, None)):
        look_at_owner(timer, now=timer.due_at + timedelta(seconds=seconds))
        assert incidents.get(incident.id).call_taker_id == owner


def test_an_owner_told_at_the_last_moment_is_given_the_time_to_be_heard_once() -> None:
    incident = answered_by(a_call_taker())
    timer = timer_of(incident)
    held_back(incident)
    feed.show(incident, now=timer.due_at - timedelta(seconds=1))
    with calls() as asked:
        look_at_owner(timer, now=timer.due_at)
    assert [one["delay"] for one in queued(asked)] == [4]
    moving = Position(lat=36.5, lng=118.5)
    feed.move(incident.id, moving, now=timer.due_at + timedelta(seconds=4))
    look_at_owner(timer, now=timer.due_at + timedelta(seconds=5))
    assert incidents.get(incident.id).call_taker_id is None


def test_an_owner_who_was_heard_and_fell_silent_is_given_no_more_time_while_her_caller_moves() -> None:
    staff = a_call_taker()
    incident = held_by(staff)
    timer = timer_of(incident)
    seen_at = timer.due_at - timedelta(seconds=18)
    desk.see_seat(staff.username, now=seen_at)
    moving = Position(lat=36.5, lng=118.5)
    feed.move(incident.id, moving, now=seen_at + LIMIT)
    look_at_owner(timer, now=seen_at + LIMIT)
    assert incidents.get(incident.id).call_taker_id is None


def test_a_silent_owner_loses_the_incident_when_the_timer_is_due_and_not_before() -> None:
    incident = held_by(a_call_taker())
    timer = timer_of(incident)
    with calls() as asked:
        take_timer(timer, now=timer.due_at - timedelta(milliseconds=1))
    assert incidents.get(incident.id).call_taker_id == incident.call_taker_id
    assert [one["delay"] for one in queued(asked)] == [1]
    take_timer(timer, now=timer.due_at)
    lost = incidents.get(incident.id)
    assert (lost.status, lost.call_taker_id, lost.rings_at) == (Status.WAITING, None, timer.due_at)


def test_a_timer_that_comes_twice_or_late_releases_once() -> None:
    incident = held_by(a_call_taker())
    for late in (60, 60, 7200):
        take_timer(timer_of(incident), now=timer_of(incident).due_at + timedelta(seconds=late))
    assert kinds_of(incident.id) == ["report.filed", "incident.answered", "incident.released"]


def test_an_owner_who_gave_a_sign_of_life_keeps_it_and_is_looked_at_again() -> None:
    staff = a_call_taker()
    incident = held_by(staff)
    timer = timer_of(incident)
    seen_at = timer.due_at - timedelta(seconds=5)
    desk.see_seat(staff.username, now=seen_at)
    with calls() as asked:
        look_at_owner(timer, now=timer.due_at)
    assert incidents.get(incident.id).call_taker_id == staff.username
    (again,) = queued(asked)
    assert datetime.fromisoformat(again["due_at"]) == seen_at + LIMIT
    assert again["delay"] == 15
    look_at_owner(timer, now=seen_at + LIMIT)
    assert incidents.get(incident.id).call_taker_id is None


def test_a_timer_of_an_earlier_owner_is_moot() -> None:
    incident = answered_by(a_call_taker())
    later = a_call_taker()
    taking = Work(incident_id=incident.id, staff=later, at=now() + timedelta(seconds=1))
    work_incident.take_incident(taking, reason="换班")
    with calls() as asked:
        look_at_owner(timer_of(incident), now=timer_of(incident).due_at + timedelta(seconds=1))
    assert incidents.get(incident.id).call_taker_id == later.username
    assert queued(asked) == []


def test_a_timer_of_a_closed_or_unknown_incident_is_moot() -> None:
    staff = a_call_taker()
    incident = answered_by(staff)
    closing = Work(incident_id=incident.id, staff=staff, at=now())
    work_incident.close_incident(closing, disposition=Disposition.ADVISED, note=None, told=None)
    late = timer_of(incident).due_at + timedelta(hours=1)
    with calls() as asked:
        look_at_owner(timer_of(incident), now=late)
        unknown = Timer(kind=TimerKind.OWNER_SILENT, incident_id=new_id(), due_at=late, owned_since=late)
        look_at_owner(unknown, now=late)
    assert incidents.get(incident.id).call_taker_id == staff.username
    assert queued(asked) == []


def test_an_incident_already_sent_out_rings_again_and_keeps_its_status() -> None:
    incident = held_by(a_call_taker(), status=Status.ABANDONED)
    dispatched = held_by(a_call_taker(), status=Status.DISPATCHED)
    for one in (incident, dispatched):
        look_at_owner(timer_of(one), now=timer_of(one).due_at)
    assert incidents.get(dispatched.id).status is Status.DISPATCHED
    assert incidents.get(dispatched.id).rings
    assert incidents.get(incident.id).status is Status.WAITING


def test_a_seat_that_is_off_is_silent_at_once() -> None:
    staff = a_call_taker()
    incident = answered_by(staff)
    desk.set_seat(Seat(username=staff.username, state=SeatState.OFF, seen_at=now()), now=now())
    look_at_owner(timer_of(incident), now=now())
    assert incidents.get(incident.id).call_taker_id is None


def test_watching_begins_twenty_seconds_before_the_first_look() -> None:
    staff = a_call_taker()
    incident = answered_by(staff)
    assert incident.owned_since is not None
    with calls() as asked:
        watch_owner(incident.id, now=incident.owned_since)
    (timer,) = queued(asked)
    assert (timer["incident_id"], timer["delay"]) == (incident.id, 20)


def test_the_sweep_finds_what_a_lost_timer_left_behind() -> None:
    silent, alive = a_call_taker(), a_call_taker()
    lost, kept = answered_by(silent), answered_by(alive)
    later = now() + timedelta(minutes=10)
    desk.see_seat(alive.username, now=later - timedelta(seconds=19))

    def listed() -> set[str]:
        return {card.id for card in feed.open_cards() if card.call_taker_id} & {lost.id, kept.id}

    eventually(lambda: len(listed()) == 2, within_seconds=30)
    assert sweep_owners(feed.open_cards(), now=later) >= 1
    assert incidents.get(lost.id).call_taker_id is None
    assert incidents.get(kept.id).call_taker_id == alive.username


class TakesOver:
    """Takes an incident over at the moment at which somebody has looked at its owner's seat."""

    def __init__(self, incident: Incident) -> None:
        self.by = a_call_taker()
        self._incident: Incident | None = incident

    def asks(self, model: Any, parameters: Any) -> Any:
        """Nothing is noted."""

    def answered(self, model: Any, asked: Any, answer: Any, noted: Any) -> None:
        incident = self._incident
        seat = str(asked.get("Key"))
        if incident is None or model.name != "GetItem" or str(incident.call_taker_id) not in seat:
            return
        self._incident = None
        taking = Work(incident_id=incident.id, staff=self.by, at=now())
        work_incident.take_incident(taking, reason="换班")


def test_an_incident_taken_over_while_its_owner_was_looked_at_is_not_counted_as_released() -> None:
    later = now() + timedelta(minutes=10)
    sweep_owners(feed.open_cards(), now=later)
    incident = answered_by(a_call_taker())
    eventually(
        lambda: incident.id in {card.id for card in feed.open_cards() if card.call_taker_id},
        within_seconds=30,
    )
    with witnessed(taking := TakesOver(incident)):
        assert sweep_owners(feed.open_cards(), now=later) == 0
    assert incidents.get(incident.id).call_taker_id == taking.by.username


def test_an_incident_that_cannot_be_changed_keeps_no_other_from_being_swept(inside: Machine) -> None:
    spoilt, lost = answered_by(a_call_taker()), answered_by(a_call_taker())
    last = stored(inside, spoilt.id, entry_part(spoilt.version))
    last["part"] = {"S": entry_part(spoilt.version + 1)}
    inside.client("dynamodb").put_item(TableName=inside.outputs()["IncidentsTable"], Item=last)

    def listed() -> set[str]:
        return {card.id for card in feed.open_cards() if card.call_taker_id} & {spoilt.id, lost.id}

    eventually(lambda: len(listed()) == 2, within_seconds=30)
    sweep_owners(feed.open_cards(), now=now() + timedelta(minutes=10))
    assert incidents.get(spoilt.id).call_taker_id == spoilt.call_taker_id
    assert incidents.get(lost.id).call_taker_id is None
    key = {name: last[name] for name in ("incident_id", "part")}
    inside.client("dynamodb").delete_item(TableName=inside.outputs()["IncidentsTable"], Key=key)


@pytest.fixture
def spoilt_card(inside: Machine) -> Iterator[str]:
    """A card among the open ones that nobody can read."""
    incident_id = new_id()
    stamp = "2001-01-01T00:00:00.000000Z"
    texts = {
        "incident_id": incident_id,
        "feed": "all",
        "open": "open",
        "rings_at": stamp,
        "changed_at": f"{now():%Y-%m-%dT%H:%M:%S.%fZ}",
        "body": '{"id": 7}',
    }
    item = {**{name: {"S": text} for name, text in texts.items()}, "version": {"N": "1"}}
    feed_table = inside.outputs()["FeedTable"]
    inside.client("dynamodb").put_item(TableName=feed_table, Item=item)
    yield incident_id
    inside.client("dynamodb").delete_item(TableName=feed_table, Key={"incident_id": {"S": incident_id}})


def test_a_card_that_cannot_be_read_stops_neither_a_sweep_nor_a_console(
    inside: Machine, spoilt_card: str
) -> None:
    lost = held_by(a_call_taker())
    eventually(lambda: lost.id in {card.id for card in feed.open_cards()}, within_seconds=30)
    sweep_owners(feed.open_cards(), now=now() + timedelta(minutes=10))
    assert incidents.get(lost.id).call_taker_id is None
    opened = follow_feed(a_call_taker(), None, now=now())
    assert opened.incidents
    changed = follow_feed(a_call_taker(), opened.cursor, now=now())
    assert all(b'"id":7' not in bytes(card) for card in (*opened.incidents, *changed.incidents))


def test_the_functions_take_their_sample_events() -> None:
    from app import app

    incident = answered_by(a_call_taker())
    sample = event("timer_due")
    body = json.loads(sample["Records"][0]["body"])
    assert incident.owned_since is not None
    moot = {**body, "incident_id": incident.id}
    sample["Records"][0]["body"] = json.dumps(moot)
    app.handler_map["timer_due"](sample, None)
    assert incidents.get(incident.id).call_taker_id == incident.call_taker_id
    owned = {**moot, "owned_since": (incident.owned_since).isoformat()}
    desk.set_seat(Seat(username=incident.call_taker_id or "", state=SeatState.OFF, seen_at=now()), now=now())
    sample["Records"][0]["body"] = json.dumps(owned)
    app.handler_map["timer_due"](sample, None)
    assert incidents.get(incident.id).call_taker_id is None
    app.handler_map["sweep"](event("sweep"), None)


def test_what_must_not_wait_comes_before_the_texts_and_what_can_after_them() -> None:
    order = list(SWEEPS)
    assert order[:2] == ["waiting", "lines"]
    assert order[-3:] == [*BEGINS_WITHIN_SECONDS, "digests"]


def test_without_the_cards_the_sweep_still_looks_at_what_needs_none() -> None:
    assert list(looks(None, began=time.monotonic())) == ["lines", "digests"]


def test_a_sweep_that_has_run_for_long_begins_with_no_text_and_goes_on_with_the_rest() -> None:
    past = now() - timedelta(hours=1)
    card = replace(card_of(answered_by(a_call_taker())), alert_due_at=past, text_pending_since=past)
    for began, is_begun in ((time.monotonic() - 60, False), (time.monotonic(), True)):
        due = looks([card], began=began)
        for name in BEGINS_WITHIN_SECONDS:
            with calls() as asked:
                due[name](now=now())
            assert bool(asked) is is_begun, name
        assert due["waiting"](now=now()) == 0


def test_the_sweep_reads_what_is_open_once_for_all_it_looks_for() -> None:
    from app import app

    answered_by(a_call_taker())
    with calls() as heard:
        app.handler_map["sweep"](event("sweep"), None)
    asked = [json.loads(one.request) for one in heard if one.operation == "Query"]
    begun = [one for one in asked if one.get("IndexName") == "open" and "ExclusiveStartKey" not in one]
    assert len(begun) == 1
