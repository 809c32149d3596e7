"""What follows from the table's stream: redelivered, reordered, poisoned and held back."""

import base64
import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.adapters import feed, incidents
from chalicelib.adapters.tables import NOW, TrackItem, track_part
from chalicelib.domain import dispatching, handling
from chalicelib.domain.asked import new_id
from chalicelib.domain.card import card_of
from chalicelib.domain.incident import (
    Contact,
    Dispatch,
    DispatchStatus,
    Disposition,
    Incident,
    Mode,
    Status,
    TextState,
)
from chalicelib.domain.position import Position
from chalicelib.domain.timeline import Actor, Role, seal, write_entry
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.domain.tracks import TrackPoint, pack
from chalicelib.triggers.table_stream import follow
from chalicelib.triggers.timers import take_timer
from chalicelib.workflows.send_officer import send_link_again
from chalicelib.workflows.suggest_links import suggest_links
from chalicelib.workflows.text_officer import LATE, sweep_texts, text_officer
from infra.local.watch import Asked, calls
from tests.desk import a_phone, someone
from tests.machine import Machine, eventually
from tests.noting import running_as
from tests.triggers.conftest import Record, queued, record_of, sequence_number
from tests.within import a_call_taker, an_incident, event, kinds_of, now, queue_of, stored

SYSTEM = Actor(role=Role.SYSTEM, id="test")


def entry_record(incident: Incident, kind: str, **details: Any) -> Record:
    """The record of an entry that was just stored."""
    entry, _ = seal(
        incident_id=incident.id,
        previous=(incident.version, incident.head),
        at=now(),
        kind=kind,
        actor=SYSTEM,
        details=details,
    )
    body = write_entry(entry).decode()
    image = {"incident_id": {"S": incident.id}, "part": {"S": "entry#00000002"}, "body": {"S": body}}
    return record_of(image, "INSERT")


def sent_out(**fields: Any) -> tuple[Incident, Dispatch]:
    """An incident whose officer's text is still to go, of which the machine's own stream knows nothing."""
    dispatch = Dispatch(
        dispatch_id=new_id(),
        unit_id="unit",
        unit_name="测试派出所",
        officer_name="值班民警",
        phone=a_phone(),
        note=None,
        dispatched_at=now(),
        **fields,
    )
    return an_incident(status=Status.DISPATCHED, dispatches=(dispatch,)), dispatch


def mentioned(asked: list[Asked], incident: Incident) -> bool:
    """Whether anything was asked of AWS about an incident."""
    return any(incident.id in str(one.request) for one in asked)


def test_a_poison_record_is_set_aside_whole_and_the_rest_goes_on(
    inside: Machine, table_changed: Callable[[list[Record]], list[str]]
) -> None:
    mark, incident = someone(), an_incident()
    head = {"incident_id": {"S": mark}, "part": {"S": "incident"}, "body": {"S": '{"id": 7}'}}
    lost_part = {"incident_id": {"S": mark}, "body": {"S": "{}"}}
    broken = {"incident_id": {"S": mark}, "part": {"S": "entry#00000001"}, "body": {"S": "nonsense"}}
    numberless = {**head, "version": {"S": "x"}}
    poison = [record_of(one) for one in (head, lost_part, numberless)] + [record_of(broken, "INSERT")]
    good = record_of(stored(inside, incident.id, "incident"))
    with calls() as asked:
        assert table_changed([*poison, good]) == []
    assert mentioned(asked, incident)
    found: list[dict[str, Any]] = []

    def all_there() -> bool:
        found.extend(set_aside(inside, mark))
        return len(found) >= len(poison)

    eventually(all_there)
    assert sorted((one["record"] for one in found), key=sequence_number) == sorted(
        poison, key=sequence_number
    )
    assert {one["why"] for one in found} == {"ValidationError", "KeyError", "DecodeError"}
    assert {one["function"] for one in found} <= {"table_changed", "state_changed"}


def set_aside(machine: Machine, mark: str) -> list[dict[str, Any]]:
    """What was set aside of one incident and not received before."""
    queue = queue_of(machine, machine.outputs()["SetAsideQueueUrl"])
    answer = machine.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    bodies = [json.loads(message["Body"]) for message in answer.get("Messages", [])]
    return [body for body in bodies if mark in json.dumps(body)]


def test_a_text_goes_out_once_however_often_its_record_comes(inside: Machine) -> None:
    incident, dispatch = sent_out()
    record = entry_record(incident, "officer.dispatched", dispatch_id=dispatch.dispatch_id)
    for _ in range(3):
        follow(record, now=now())
    eventually(lambda: incidents.get(incident.id).dispatches[0].text is TextState.ACCEPTED)
    (text,) = inside.texts(dispatch.phone)
    assert "/officer#" in text["Message"]
    assert kinds_of(incident.id).count("officer.texted") == 1


def left_before_the_answer(**fields: Any) -> tuple[Incident, Record]:
    """A live report abandoned while the machine's own stream looked away, and the record of that."""
    left = an_incident(
        **{
            "mode": Mode.VIDEO110,
            "status": Status.ABANDONED,
            "phone": a_phone(),
            "phone_verified": True,
            **fields,
        }
    )
    return left, entry_record(left, "incident.abandoned")


def wake_text_back(incident: Incident) -> None:
    """Take the timer of the text now, as the queue would."""
    take_timer(Timer(kind=TimerKind.TEXT_BACK, incident_id=incident.id, due_at=now()), now=now())


def test_who_left_before_the_answer_is_texted_once_how_to_reach_help(inside: Machine) -> None:
    incident, left = left_before_the_answer()
    for _ in range(3):
        follow(left, now=now())
    assert eventually(lambda: "citizen.texted" in kinds_of(incident.id), within_seconds=30)
    wake_text_back(incident)
    (text,) = inside.texts(incident.phone)
    assert incident.number in text["Message"]
    assert "110" in text["Message"]
    assert "12110" in text["Message"]
    assert kinds_of(incident.id).count("citizen.texted") == 1


def test_while_sns_is_away_the_text_to_who_left_is_tried_again_and_goes_out_once(
    inside: Machine, without: Callable[[str], Callable[[], None]]
) -> None:
    incident, _ = left_before_the_answer()
    sns_back = without("sns")
    with running_as(inside, "timer_due"), calls() as asked:
        wake_text_back(incident)
    assert [one["delay"] for one in queued(asked)] == [10]
    assert "citizen.texted" not in kinds_of(incident.id)
    sns_back()
    for _ in range(2):
        wake_text_back(incident)
    assert len(inside.texts(incident.phone)) == 1


def test_who_must_not_be_rung_has_no_number_or_is_back_is_not_texted(inside: Machine) -> None:
    phone = a_phone()
    for fields in (
        {"contact": Contact.APP_ONLY},
        {"contact": Contact.APP_ONLY, "mode": Mode.SILENT},
        {"phone_verified": False},
        {"status": Status.WAITING},
        {"status": Status.ANSWERED},
    ):
        incident, _ = left_before_the_answer(**{"phone": phone, **fields})
        wake_text_back(incident)
        assert kinds_of(incident.id) == ["report.filed"]
    nobody, _ = left_before_the_answer(phone=None)
    wake_text_back(nobody)
    assert kinds_of(nobody.id) == ["report.filed"]
    assert inside.texts(phone) == []


def test_an_entry_seen_again_as_a_change_starts_nothing(inside: Machine) -> None:
    incident, dispatch = sent_out()
    record = entry_record(incident, "officer.dispatched", dispatch_id=dispatch.dispatch_id)
    follow({**record, "eventName": "MODIFY"}, now=now())
    follow({**record, "eventName": "REMOVE", "dynamodb": {"Keys": {}}}, now=now())
    assert inside.texts(dispatch.phone) == []


def test_a_fault_that_passes_holds_back_from_its_record_on_and_then_goes_out_once(
    inside: Machine,
    without: Callable[[str], Callable[[], None]],
    table_changed: Callable[[list[Record]], list[str]],
) -> None:
    before, (incident, dispatch), behind = an_incident(), sent_out(), an_incident()
    first, last = (record_of(stored(inside, one.id, "incident")) for one in (before, behind))
    held = entry_record(incident, "officer.dispatched", dispatch_id=dispatch.dispatch_id)
    queues_back = without("sqs")
    with calls() as asked:
        assert table_changed([first, held, last]) == [sequence_number(held)]
    assert mentioned(asked, before)
    assert not mentioned(asked, behind)
    assert incidents.get(incident.id).dispatches[0].text is TextState.PENDING
    assert inside.texts(dispatch.phone) == []
    queues_back()
    with calls() as asked:
        assert table_changed([held, last]) == []
    assert mentioned(asked, behind)
    eventually(lambda: inside.texts(dispatch.phone))
    assert len(inside.texts(dispatch.phone)) == 1


def test_a_telephone_company_that_is_away_holds_nothing_back(
    inside: Machine,
    without: Callable[[str], Callable[[], None]],
    table_changed: Callable[[list[Record]], list[str]],
) -> None:
    (incident, dispatch), behind = sent_out(), an_incident()
    records = [
        entry_record(incident, "officer.dispatched", dispatch_id=dispatch.dispatch_id),
        record_of(stored(inside, behind.id, "incident")),
    ]
    without("sns")
    with calls() as asked:
        assert table_changed(records) == []
    assert mentioned(asked, behind)


def test_while_sns_is_away_an_officers_text_is_tried_again_and_goes_out_once(
    inside: Machine, without: Callable[[str], Callable[[], None]]
) -> None:
    incident, dispatch = sent_out()
    timer = Timer(
        kind=TimerKind.TEXT_OFFICER, incident_id=incident.id, due_at=now(), dispatch_id=dispatch.dispatch_id
    )
    sns_back = without("sns")
    with running_as(inside, "timer_due"), calls() as asked:
        text_officer(timer, now=now())
    assert [one["delay"] for one in queued(asked)] == [10]
    assert incidents.get(incident.id).dispatches[0].text is TextState.PENDING
    sns_back()
    with ThreadPoolExecutor(8) as together:
        list(together.map(lambda _: text_officer(timer, now=now()), range(8)))
    assert len(inside.texts(dispatch.phone)) == 1


def test_a_report_near_a_pole_costs_no_more_than_another(inside: Machine) -> None:
    """A disc at the pole lies at every longitude: asked for by squares it would stop the shard for a day."""
    far = an_incident(mode=Mode.SILENT, position=Position(lat=89.99, lng=118.5))
    with calls() as asked:
        follow(entry_record(far, "report.filed"), now=now())
        suggest_links(far.id)
    assert len(asked) < 30


def step_record(incident: Incident, number: int, lat: float) -> Record:
    """The record of a batch of one point, as of a track at which the rules have not looked yet."""
    point = TrackPoint(lat=lat, lng=118.5, accuracy_m=5, at=now() + timedelta(seconds=number))
    packed = base64.b64encode(pack([point])).decode()
    image = {
        "incident_id": {"S": incident.id},
        "part": {"S": NOW},
        "number": {"N": str(number)},
        "b1": {"B": packed},
        "newest": {"B": packed},
    }
    record = record_of(image)
    record["dynamodb"]["OldImage"] = {**image, "number": {"N": str(number - 1)}}
    return record


def times_looked(asked: list[Asked], incident: Incident) -> int:
    """How often the rules looked: each time the incident is put where later ones are compared with it."""
    kept = [one for one in asked if one.name == "dynamodb:BatchWriteItem"]
    return sum(incident.id in str(one.request) for one in kept)


def test_of_a_caller_who_jumps_the_rules_look_once_at_all_that_came_together(
    inside: Machine, table_changed: Callable[[list[Record]], list[str]]
) -> None:
    incident = an_incident()
    steps = [step_record(incident, number, 36.5 + number % 2 / 10) for number in range(1, 13)]
    with calls() as asked:
        assert table_changed(steps) == []
    assert times_looked(asked, incident) == 1
    parts = TrackItem.part.startswith("been#0")
    assert [item.part for item in TrackItem.query(incident.id, parts, consistent_read=True)] == [
        track_part(number) for number in (4, 8, 12)
    ]
    with calls() as asked:
        assert table_changed(steps[-1:]) == []
    assert times_looked(asked, incident) == 0


def test_the_sweep_texts_an_officer_whose_timer_was_lost_once_and_not_before_it_is_late(
    inside: Machine, without: Callable[[str], Callable[[], None]]
) -> None:
    incident, dispatch = sent_out()
    eventually(
        lambda: any(card.id == incident.id and card.text_pending_since for card in feed.open_cards()),
        within_seconds=30,
    )
    late = dispatch.dispatched_at + LATE
    sweep_texts(feed.open_cards(), now=late - timedelta(seconds=1))
    assert inside.texts(dispatch.phone) == []
    sns_back = without("sns")
    with running_as(inside, "sweep"), calls() as asked:
        sweep_texts(feed.open_cards(), now=late)
    assert queued(asked) == []
    sns_back()
    for _ in range(2):
        sweep_texts(feed.open_cards(), now=late)
    assert len(inside.texts(dispatch.phone)) == 1
    assert incidents.get(incident.id).dispatches[0].text is TextState.ACCEPTED


def test_the_sweep_begins_with_no_further_officer_of_an_incident_when_there_is_no_time(
    inside: Machine,
) -> None:
    first, second = (sent_out()[1] for _ in range(2))
    incident = an_incident(status=Status.DISPATCHED, dispatches=(first, second))
    times = iter((True, True))
    late = second.dispatched_at + LATE
    sweep_texts([card_of(incident)], now=late, has_time=lambda: next(times, False))
    assert [len(inside.texts(one.phone)) for one in (first, second)] == [1, 0]


def test_what_one_start_cannot_do_keeps_no_other_from_its_own(
    inside: Machine, table_changed: Callable[[list[Record]], list[str]]
) -> None:
    incident, _ = sent_out()
    spoilt = entry_record(incident, "officer.dispatched")
    with calls() as asked:
        assert table_changed([spoilt]) == []
    assert [one.get("kind") or one["why"] for one in queued(asked)] == ["alert", "KeyError"]


def test_what_a_service_will_never_take_is_the_records_own_fault(
    table_changed: Callable[[list[Record]], list[str]], inside: Machine
) -> None:
    """An empty key is refused by DynamoDB however often it is asked; so the shard must not wait for it."""
    incident = an_incident()
    record = entry_record(replace(incident, id=""), "incident.answered")
    with calls() as asked:
        assert table_changed([record]) == []
    assert [one["record"] for one in queued(asked)] == [record]


def test_a_record_that_cannot_be_set_aside_now_is_held_back(
    without: Callable[[str], Callable[[], None]], table_changed: Callable[[list[Record]], list[str]]
) -> None:
    poison = record_of({"incident_id": {"S": someone()}, "part": {"S": "incident"}, "body": {"S": "no"}})
    queues_back = without("sqs")
    assert table_changed([poison]) == [sequence_number(poison)]
    queues_back()
    assert table_changed([poison]) == []


def test_a_poison_record_of_any_size_is_set_aside_with_its_content(
    inside: Machine, table_changed: Callable[[list[Record]], list[str]]
) -> None:
    mark = someone()
    images = [{"incident_id": {"S": mark}, "part": {"S": "incident"}, "body": {"S": f"{mark} 很长" * 20_000}}]
    poison = record_of(images[0])
    poison["dynamodb"]["OldImage"] = images[0]
    with calls() as asked:
        assert table_changed([poison]) == []
    kept = json.loads(gzip.decompress(base64.b64decode(queued(asked)[0]["packed"])))
    assert kept == poison


def test_a_text_that_never_went_out_can_be_asked_for_again(inside: Machine) -> None:
    incident, dispatch = sent_out()
    commander = a_call_taker("commander")
    send_link_again(incident.id, dispatch.dispatch_id, staff=commander, now=now())
    eventually(lambda: incidents.get(incident.id).dispatches[0].text is TextState.ACCEPTED)
    assert len(inside.texts(dispatch.phone)) == 1


def test_nothing_is_texted_for_a_closed_incident_or_an_officer_called_back(inside: Machine) -> None:
    incident, revoked = sent_out(status=DispatchStatus.REVOKED)
    follow(entry_record(incident, "officer.dispatched", dispatch_id=revoked.dispatch_id), now=now())
    closed, unsent = sent_out()
    incidents.change(
        closed.id,
        lambda i: handling.close(i, disposition=Disposition.ADVISED, note=None, told=None, at=now()),
        actor=SYSTEM,
        at=now(),
    )
    follow(entry_record(closed, "officer.dispatched", dispatch_id=unsent.dispatch_id), now=now())
    assert inside.texts(revoked.phone) == inside.texts(unsent.phone) == []


def test_calling_an_officer_back_sets_the_timer_by_which_a_commander_is_told(inside: Machine) -> None:
    incident, revoked = sent_out(status=DispatchStatus.REVOKED, revoked_at=now())
    with calls() as asked:
        follow(entry_record(incident, "dispatch.revoked", dispatch_id=revoked.dispatch_id), now=now())
    (timer,) = queued(asked)
    assert (timer["kind"], timer["incident_id"]) == (TimerKind.ALERT, incident.id)


def test_the_word_of_an_older_text_does_not_settle_a_newer_link() -> None:
    """A link asked for while the first text was on its way must still be texted."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    dispatch = Dispatch(
        dispatch_id="d",
        unit_id="u",
        unit_name="u",
        officer_name="o",
        phone="+8613900000000",
        note=None,
        dispatched_at=at,
        links_asked=2,
    )
    incident = Incident(
        id="i",
        number="n",
        mode=Mode.PHOTO_TEXT,
        citizen_id="c",
        created_at=at,
        rings_at=at,
        priority=3,
        status=Status.DISPATCHED,
        dispatches=(dispatch,),
    )

    def texted(number: int) -> Any:
        return dispatching.texted(
            incident, dispatch_id="d", link_number=number, state=TextState.ACCEPTED, why=None
        )

    assert texted(1) is None
    assert texted(2).incident.dispatches[0].text is TextState.ACCEPTED


def test_the_function_takes_its_sample_event(
    inside: Machine, table_changed: Callable[[list[Record]], list[str]]
) -> None:
    incident = an_incident()
    sample = event("table_changed")["Records"]
    assert [one["eventName"] for one in sample] == ["INSERT", "INSERT"]
    head = msgspec.json.decode(sample[0]["dynamodb"]["NewImage"]["body"]["S"])
    sample[0]["dynamodb"]["NewImage"]["body"]["S"] = json.dumps({**head, "id": incident.id, "version": 99})
    entry = json.loads(sample[1]["dynamodb"]["NewImage"]["body"]["S"])
    sample[1]["dynamodb"]["NewImage"]["body"]["S"] = json.dumps({**entry, "incident_id": incident.id})
    with calls() as asked:
        assert table_changed(sample) == []
    assert mentioned(asked, incident)
