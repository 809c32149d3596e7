"""The feed's own reader of the table's stream: doubled, reordered, poisoned and held back."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.adapters import incidents
from chalicelib.adapters.feed import read as read_feed
from chalicelib.adapters.tables import FeedItem
from chalicelib.domain import handling
from chalicelib.domain.timeline import Actor, Role
from chalicelib.triggers.feed_stream import show
from infra.local.watch import calls
from tests.desk import someone
from tests.machine import Machine, eventually
from tests.triggers.conftest import Invoke, queued, record_of, sequence_number
from tests.within import a_call_taker, an_incident, event, now, stored

SYSTEM = Actor(role=Role.SYSTEM, id="test")


def card(incident_id: str) -> Any:
    """The incident's card in the feed; LookupError while it has none."""
    try:
        return json.loads(FeedItem.get(incident_id, consistent_read=True).body)
    except FeedItem.DoesNotExist as fault:
        raise LookupError(incident_id) from fault


def forget_card(machine: Machine, incident_id: str) -> None:
    """Wait until the machine has put the card in the feed, and take it out again."""
    eventually(lambda: card(incident_id))
    table, key = machine.outputs()["FeedTable"], {"incident_id": {"S": incident_id}}
    machine.client("dynamodb").delete_item(TableName=table, Key=key)


def test_redelivered_and_reordered_records_leave_the_newest_card(
    inside: Machine, state_changed: Invoke
) -> None:
    incident = an_incident()
    images = [stored(inside, incident.id, "incident")]
    staff = a_call_taker()
    for step in (
        lambda i: handling.answer(i, call_taker_id=staff.username, at=now()),
        lambda i: handling.hear_from_citizen(i, text="在吗", at=now()),
        lambda i: handling.take(i, call_taker_id="seat-other", at=now(), reason="换班"),
    ):
        incidents.change(incident.id, step, actor=SYSTEM, at=now())
        images.append(stored(inside, incident.id, "incident"))
    eventually(lambda: card(incident.id)["version"] == 4)
    forget_card(inside, incident.id)
    first, second, third, fourth = (record_of(image) for image in images)
    batches = ([second, first], 2), ([first], 2), ([fourth, third, first], 4), ([third, second], 4)
    for batch, newest in batches:
        assert state_changed(batch) == []
        assert card(incident.id)["version"] == newest
    assert card(incident.id)["call_taker_id"] == "seat-other"


def test_an_older_card_published_late_does_not_move_the_feed(inside: Machine) -> None:
    incident = an_incident()
    old = stored(inside, incident.id, "incident")
    incidents.change(incident.id, lambda i: handling.note(i, text="x"), actor=SYSTEM, at=now())
    eventually(lambda: card(incident.id)["version"] == 2)
    stamp = FeedItem.get(incident.id).changed_at
    show(record_of(old), now=now())
    assert FeedItem.get(incident.id).changed_at == stamp


def test_of_many_changes_in_a_batch_one_card_is_written(inside: Machine, state_changed: Invoke) -> None:
    incident = an_incident()
    images = [stored(inside, incident.id, "incident")]
    for _ in range(3):
        incidents.change(incident.id, lambda i: handling.note(i, text="x"), actor=SYSTEM, at=now())
        images.append(stored(inside, incident.id, "incident"))
    with calls() as asked:
        assert state_changed([record_of(image) for image in images]) == []
    assert [one.name for one in asked] == ["dynamodb:UpdateItem"]


def test_a_poison_record_is_set_aside_with_the_name_of_the_function_and_the_rest_rings(
    inside: Machine, state_changed: Invoke
) -> None:
    incident = an_incident()
    forget_card(inside, incident.id)
    spoilt = record_of({"incident_id": {"S": someone()}, "part": {"S": "incident"}, "body": {"S": "no"}})
    with calls() as asked:
        assert state_changed([spoilt, record_of(stored(inside, incident.id, "incident"))]) == []
    assert [(one["function"], one["record"]) for one in queued(asked)] == [("state_changed", spoilt)]
    assert card(incident.id)["id"] == incident.id


def test_while_the_table_is_away_a_card_is_held_back_and_rings_later(
    inside: Machine, without: Callable[[str], Callable[[], None]], state_changed: Invoke
) -> None:
    incident = an_incident()
    forget_card(inside, incident.id)
    record = record_of(stored(inside, incident.id, "incident"))
    queues_back = without("sqs")
    poison = record_of({"incident_id": {"S": someone()}, "part": {"S": "incident"}, "body": {"S": "no"}})
    assert state_changed([poison, record]) == [sequence_number(poison)]
    with pytest.raises(LookupError):
        card(incident.id)
    queues_back()
    assert state_changed([poison, record]) == []
    assert card(incident.id)["id"] == incident.id


def test_it_takes_its_sample_event(inside: Machine, state_changed: Invoke) -> None:
    incident = an_incident()
    sample = event("state_changed")["Records"]
    head = json.loads(sample[0]["dynamodb"]["NewImage"]["body"]["S"])
    sample[0]["dynamodb"]["NewImage"]["body"]["S"] = json.dumps({**head, "id": incident.id, "version": 99})
    assert state_changed(sample) == []
    assert card(incident.id)["version"] == 99
    assert read_feed(None, now=now()).cards
