"""Commanders' texts from the stream and the timers: once each, none lost, whatever fails in between."""

import random
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.adapters import duty, feed, incidents
from chalicelib.adapters import reported as book
from chalicelib.adapters.county import fallback
from chalicelib.adapters.tables import HEAD, DeskItem, IncidentItem, entry_part
from chalicelib.domain import alerting, handling
from chalicelib.domain.alerting import LAPSES_AFTER
from chalicelib.domain.alerts import AlertState, ReasonCode
from chalicelib.domain.asked import BEIJING, incident_number, new_id
from chalicelib.domain.card import card_of
from chalicelib.domain.duty import Shift
from chalicelib.domain.hits import Hit, Rule
from chalicelib.domain.incident import Change, Disposition, Incident, Mode
from chalicelib.domain.repeats import BY_CITIZEN, reported
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.settings import settings
from chalicelib.triggers.timers import take_timer
from chalicelib.workflows.alert_commander import look_at_alerts, situation_at, sweep_alerts, watch_alerts
from infra.local.watch import calls, running
from tests.desk import a_phone, someone
from tests.machine import PATIENCE, Machine, eventually
from tests.triggers.conftest import Record, queued, record_of
from tests.triggers.test_table_stream import set_aside
from tests.within import kinds_of, now, stored

pytestmark = pytest.mark.usefixtures("noted")

SYSTEM = Actor(role=Role.SYSTEM, id="test")
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
STANDING = "+8613800000100"


def a_midnight() -> datetime:
    """A midnight in Beijing, years ahead and no other test's: nobody is on duty but whom it puts there."""
    return datetime(2040, 1, 1, tzinfo=BEIJING).astimezone(UTC) + timedelta(days=random.randrange(20_000))


def on_duty(start: datetime, end: datetime, *, order: int = 1) -> str:
    """Put a post on the roster; its number."""
    phone = a_phone()
    shift = Shift(
        id=duty.shift_id(start), name="值班指挥长", phone=phone, starts_at=start, ends_at=end, order=order
    )
    duty.put(shift, asked=None, now=start)
    return phone


def filed(at: datetime, *, kind: str = "report.filed", **fields: Any) -> Incident:
    """An incident that was filed at that moment."""
    incident_id = new_id()
    incident = Incident(
        **{
            "id": incident_id,
            "number": incident_number(incident_id, at),
            "mode": Mode.VIDEO110,
            "citizen_id": new_id(),
            "created_at": at,
            "rings_at": at,
            "priority": 1,
            "phone": a_phone(),
            **fields,
        }
    )
    return incidents.file(incident, Change(incident=incident, kind=kind), actor=SYSTEM)


def look(incident: Incident, at: datetime) -> None:
    """What a timer due at that moment does when it comes."""
    timer = Timer(kind=TimerKind.ALERT, incident_id=incident.id, due_at=at)
    with running("timer_due"):
        take_timer(timer, now=at)


def hit(rule: Rule, at: datetime) -> Hit:
    return Hit(id=new_id(), rule=rule, reason="r", found_at=at)


def find_hits(incident: Incident, *hits: Hit) -> None:
    """Have the rules find something, as their own step stores it."""

    def step(before: Incident) -> Change:
        details = {"hits": [{"id": one.id, "rule": one.rule} for one in hits]}
        return Change(
            incident=replace(before, hits=(*before.hits, *hits)), kind="hits.found", details=details
        )

    incidents.change(incident.id, step, actor=SYSTEM, at=hits[0].found_at)


def texts_about(machine: Machine, incident: Incident) -> list[dict[str, Any]]:
    return [text for text in machine.texts() if incident.number in text["Message"]]


def test_unacknowledged_each_next_one_is_texted_and_last_the_standing_number(inside: Machine) -> None:
    at = a_midnight()
    first, second = on_duty(at, at + HOUR), on_duty(at, at + HOUR, order=2)
    incident = filed(at)
    for seconds, told in ((14, 0), (15, 1), (74, 1), (75, 2), (134, 2), (135, 3), (1000, 3)):
        look(incident, at + seconds * SECOND)
        assert len(texts_about(inside, incident)) == told, seconds
    told_to = {text["PhoneNumber"] for text in texts_about(inside, incident)}
    assert told_to == {first, second, STANDING}
    assert kinds_of(incident.id).count("alert.sending") == 3


def test_a_text_has_nothing_of_the_citizen(inside: Machine) -> None:
    at = a_midnight()
    incident = filed(at, text="有人在路口打架")
    look(incident, at + 15 * SECOND)
    (text,) = texts_about(inside, incident)
    way = r"请在确认页面输入 \d{4} \d{4}，或打开：\S+/ack#[a-z2-7]{26}"
    assert re.fullmatch(rf"【即时报警】警情 {incident.number}：无人接警。{way}", text["Message"])


def test_at_the_change_at_midnight_the_next_shift_is_the_next_recipient(inside: Machine) -> None:
    midnight = a_midnight()
    before, after = on_duty(midnight - HOUR, midnight), on_duty(midnight, midnight + HOUR)
    incident = filed(midnight - 30 * SECOND)
    look(incident, midnight - 15 * SECOND)
    look(incident, midnight + 45 * SECOND)
    assert [alert.phone for alert in incidents.get(incident.id).alerts] == [before, after]


def test_in_a_gap_the_standing_number_is_texted_at_once(inside: Machine) -> None:
    at = a_midnight()
    on_duty(at - 2 * HOUR, at - HOUR)
    incident = filed(at)
    look(incident, at + 15 * SECOND)
    (text,) = texts_about(inside, incident)
    assert fallback() is not None
    assert text["PhoneNumber"] == STANDING


def test_a_shift_that_cannot_be_read_keeps_no_other_commander_from_being_texted(inside: Machine) -> None:
    at = a_midnight()
    spoilt = DeskItem(kind=duty.KIND, id=duty.shift_id(at), body='{"name": 7}')
    spoilt.save()
    phone = on_duty(at, at + HOUR)
    incident = filed(at)
    look(incident, at + 15 * SECOND)
    assert [text["PhoneNumber"] for text in texts_about(inside, incident)] == [phone]
    assert [shift.phone for shift in duty.shifts(None, now=at)[0] if shift.starts_at == at] == [phone]
    spoilt.delete()


def test_however_many_timers_come_at_once_one_text_goes_out(inside: Machine) -> None:
    at = a_midnight()
    phone = on_duty(at, at + HOUR)
    incident = filed(at)
    with ThreadPoolExecutor(8) as together:
        list(together.map(lambda _: look(incident, at + 15 * SECOND), range(16)))
    assert len(inside.texts(phone)) == len(texts_about(inside, incident)) == 1


def test_a_moot_timer_does_nothing(inside: Machine) -> None:
    at = a_midnight()
    incident = filed(at)
    answer = partial(handling.answer, call_taker_id="s", at=at + 14 * SECOND)
    incidents.change(incident.id, answer, actor=SYSTEM, at=at)
    look(incident, at + 15 * SECOND)
    look_at_alerts(Timer(kind=TimerKind.ALERT, incident_id=new_id(), due_at=at), now=at)
    assert texts_about(inside, incident) == []
    assert "alert.sending" not in kinds_of(incident.id)


def test_the_timer_is_set_for_the_next_moment_at_which_there_is_something_to_do() -> None:
    at = a_midnight()
    on_duty(at, at + HOUR)
    incident = filed(at)
    with calls() as asked:
        watch_alerts(incident.id, now=at)
        look(incident, at + 15 * SECOND)
        watch_alerts(incident.id, now=at + 15 * SECOND)
    assert [one["delay"] for one in queued(asked)] == [15, 60]


def test_a_sender_lost_before_the_text_is_taken_up_and_the_text_goes_out_once(inside: Machine) -> None:
    at = a_midnight()
    on_duty(at, at + HOUR)
    incident, came = filed(at), at + 15 * SECOND
    lost_after_reserving(incident, came)
    assert texts_about(inside, incident) == []
    look(incident, came + LAPSES_AFTER - SECOND)
    assert texts_about(inside, incident) == []
    look(incident, came + LAPSES_AFTER)
    assert len(texts_about(inside, incident)) == 1


def test_a_sender_lost_after_the_text_has_the_same_text_sent_once_more_and_never_a_third_time(
    inside: Machine,
) -> None:
    at = a_midnight()
    phone = on_duty(at, at + HOUR)
    incident, came = filed(at), at + 15 * SECOND
    reserved_item = lost_after_reserving(incident, came)
    look(incident, came + LAPSES_AFTER)
    forget_what_became_of_it(inside, reserved_item, versions=2)
    look(incident, came + LAPSES_AFTER)
    for seconds in (46, 90, 104):
        look(incident, came + seconds * SECOND)
    texts = inside.texts(phone)
    assert len(texts) == 2
    assert texts[0]["Message"] == texts[1]["Message"]


def lost_after_reserving(incident: Incident, at: datetime) -> Incident:
    """Reserve a text as one does who is then never heard of again."""
    situation = situation_at(at)
    step = partial(alerting.reserve, situation=situation, ticket=new_id())
    return incidents.change(incident.id, step, actor=SYSTEM, at=at).incident


def forget_what_became_of_it(machine: Machine, reserved: Incident, *, versions: int) -> None:
    """Put the incident back as it was when a text had been reserved and, for all it knows, not sent."""
    for version in range(reserved.version + 1, reserved.version + 1 + versions):
        key = {"incident_id": {"S": reserved.id}, "part": {"S": entry_part(version)}}
        table = machine.outputs()["IncidentsTable"]
        machine.client("dynamodb").delete_item(TableName=table, Key=key)
    item = IncidentItem.get(reserved.id, HEAD, consistent_read=True)
    item.update([IncidentItem.body.set(reserved), IncidentItem.version.set(reserved.version)])


def test_while_sns_is_away_the_text_waits_and_then_goes_to_the_same_recipient(
    inside: Machine, without: Callable[[str], Callable[[], None]]
) -> None:
    at = a_midnight()
    phone = on_duty(at, at + HOUR)
    incident = filed(at)
    sns_back = without("sns")
    for seconds in (15, 25, 45):
        look(incident, at + seconds * SECOND)
    (alert,) = incidents.get(incident.id).alerts
    assert (alert.state, alert.attempts, alert.phone) == (AlertState.UNSENT, 3, phone)
    sns_back()
    look(incident, at + 75 * SECOND)
    assert len(inside.texts(phone)) == 1
    assert incidents.get(incident.id).alerts[0].state is AlertState.ACCEPTED


@pytest.fixture
def small_budget(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Three texts a recipient and day."""
    monkeypatch.setenv("ALERT_BUDGET_DAILY", "3")
    settings.cache_clear()
    yield 3
    monkeypatch.undo()
    settings.cache_clear()


def test_a_storm_of_repeat_reports_stays_within_the_budget_and_what_was_folded_is_told(
    inside: Machine, small_budget: int
) -> None:
    at = a_midnight()
    phone = on_duty(at, at + HOUR)
    storm = [filed(at, mode=Mode.PHOTO_TEXT, hits=(hit(Rule.REPEAT, at),)) for _ in range(20)]
    with ThreadPoolExecutor(8) as together:
        list(together.map(lambda one: look(one, at), storm))
    assert len(inside.texts(phone)) == small_budget
    states = [incidents.get(one.id).alerts[0].state for one in storm]
    assert (states.count(AlertState.ACCEPTED), states.count(AlertState.FOLDED)) == (3, 17)
    person = filed(at, mode=Mode.PHOTO_TEXT, hits=(hit(Rule.KEY_PERSON, at),))
    unanswered = filed(at)
    look(person, at)
    look(unanswered, at + 15 * SECOND)
    said = [int(n) for text in inside.texts(phone) for n in re.findall(r"另有(\d+)起", text["Message"])]
    assert sum(said) == 17
    assert len(inside.texts(phone)) == small_budget + 2


@pytest.fixture
def few_of_one(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Two reports of one citizen are told of one by one."""
    monkeypatch.setenv("ALERT_REPORTS_OF_ONE", "2")
    settings.cache_clear()
    yield 2
    monkeypatch.undo()
    settings.cache_clear()


def flood(at: datetime, number: int, *, hits: tuple[Hit, ...] = ()) -> list[Incident]:
    """So many calls of one citizen, a second apart, with what the rules find of them."""
    citizen_id = new_id()
    calls = []
    for n in range(number):
        then = at + n * SECOND
        evidence = {"by": "citizen", "count": n + 1}
        repeat = replace(hit(Rule.REPEAT, then), id=BY_CITIZEN, evidence=evidence)
        calls.append(filed(then, citizen_id=citizen_id, hits=(*hits, *((repeat,) if n else ()))))
        book.keep(reported(calls[-1], phones=(), points=()))
    return calls


def test_one_citizen_cannot_spend_the_texts_by_filing_call_after_call(
    inside: Machine, few_of_one: int
) -> None:
    at = a_midnight()
    phone = on_duty(at, at + HOUR)
    calls = flood(at, 12)
    for one in calls:
        look(one, one.created_at + 15 * SECOND)
    assert len(inside.texts(phone)) == few_of_one
    assert [kinds_of(one.id)[-1] for one in calls[few_of_one:]] == ["alert.folded"] * 10
    (alert,) = incidents.get(calls[-1].id).alerts
    assert [reason.code for reason in alert.reasons] == [ReasonCode.REPEAT, ReasonCode.UNANSWERED]


def test_in_a_flood_a_key_person_is_told_of_and_so_is_a_call_whose_earlier_ones_are_over(
    inside: Machine, few_of_one: int
) -> None:
    at = a_midnight()
    phone = on_duty(at, at + HOUR)
    calls = flood(at, 4)
    for one in calls[:2]:
        look(one, one.created_at + 15 * SECOND)
        close = partial(
            handling.close, disposition=Disposition.NO_CONTACT, note=None, told=None, at=at + 20 * SECOND
        )
        incidents.change(one.id, close, actor=SYSTEM, at=at)
    look(calls[2], at + 30 * SECOND)
    assert texts_about(inside, calls[2])
    find_hits(calls[3], hit(Rule.KEY_PERSON, at + 30 * SECOND))
    look(calls[3], at + 30 * SECOND)
    assert texts_about(inside, calls[3])
    assert len(inside.texts(phone)) == 4


def test_the_budget_begins_anew_at_midnight_in_beijing(inside: Machine, small_budget: int) -> None:
    midnight = a_midnight()
    phone = on_duty(midnight - HOUR, midnight + HOUR)
    for at in (midnight - SECOND, midnight):
        for _ in range(small_budget + 1):
            look(filed(at, mode=Mode.PHOTO_TEXT, hits=(hit(Rule.REPEAT, at),)), at)
    assert len(inside.texts(phone)) == 2 * small_budget


def test_the_sweep_finds_what_no_timer_was_ever_set_for(inside: Machine) -> None:
    at = now() - timedelta(minutes=2)
    late = filed(at, kind="test.filed")
    eventually(lambda: any(card.id == late.id and card.alert_due_at for card in feed.open_cards()))
    sweep_alerts(feed.open_cards(), now=now())
    assert len(texts_about(inside, late)) == 1


def test_of_what_is_late_the_sweep_begins_with_what_has_waited_longest(inside: Machine) -> None:
    at = a_midnight()
    on_duty(at, at + HOUR)
    first, second = filed(at), filed(at)
    cards = [
        replace(card_of(one), alert_due_at=at + seconds * SECOND)
        for one, seconds in ((second, 16), (first, 15))
    ]
    times = iter((True,))
    sweep_alerts(cards, now=at + 40 * SECOND, has_time=lambda: next(times, False))
    assert [len(texts_about(inside, one)) for one in (first, second)] == [1, 0]


def test_a_hit_is_texted_within_two_seconds(inside: Machine) -> None:
    """The best of three: what else this machine does at the moment is no matter of the service."""
    took = []
    for _ in range(3):
        incident = filed(now(), mode=Mode.PHOTO_TEXT)
        find_hits(incident, hit(Rule.KEY_PERSON, now()))
        found_at = time.monotonic()
        (text,) = eventually(partial(texts_about, inside, incident), within_seconds=10)
        took.append(time.monotonic() - found_at)
        assert "重点警情" in text["Message"]
    print(f"from hit to text: {[round(one, 2) for one in took]} s")
    assert min(took) < 2 * PATIENCE


def test_records_doubled_shuffled_and_among_poison_text_each_recipient_once(
    inside: Machine, table_changed: Callable[[list[Record]], list[str]]
) -> None:
    mark = someone()
    storm = [filed(now(), mode=Mode.PHOTO_TEXT) for _ in range(5)]
    for incident in storm:
        find_hits(incident, hit(Rule.KEY_PERSON, now()), hit(Rule.KEY_PLACE, now()))
    poison = record_of({"incident_id": {"S": mark}, "part": {"S": "entry#1"}, "body": {"S": "no"}}, "INSERT")
    records = [
        record_of(stored(inside, one.id, part), "INSERT")
        for one in storm
        for part in ("incident", entry_part(1), entry_part(2))
    ]
    batch = [poison, *records, *records]
    random.Random(4).shuffle(batch)
    assert table_changed(batch) == []
    for incident in storm:
        eventually(partial(texts_about, inside, incident))
    assert table_changed(batch[: len(batch) // 2]) == []
    assert [len(texts_about(inside, one)) for one in storm] == [1] * len(storm)
    for incident in storm:
        assert kinds_of(incident.id).count("alert.sending") == 1
    assert eventually(lambda: set_aside(inside, mark))
