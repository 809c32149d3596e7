"""The record as the table has it: what anyone changed, dropped, swapped or cut there is found."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from chalicelib.adapters import incidents
from chalicelib.adapters.tables import entry_part
from chalicelib.domain import handling
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.timeline import Actor, FaultKind, Role
from chalicelib.workflows.check_timeline import check_timeline
from tests.machine import Machine
from tests.within import a_call_taker, an_incident, now, stored

Item = dict[str, Any]
ENTRIES = 6


class Table:
    """The incidents' table by boto3 alone, as somebody with the keys to it would use it."""

    def __init__(self, machine: Machine, incident_id: str) -> None:
        self.machine, self.incident_id = machine, incident_id
        self._client = machine.client("dynamodb")
        self._name = machine.outputs()["IncidentsTable"]

    def entry(self, seq: int) -> Item:
        return stored(self.machine, self.incident_id, entry_part(seq))

    def put(self, item: Item) -> None:
        self._client.put_item(TableName=self._name, Item=item)

    def drop(self, seq: int) -> None:
        key = {"incident_id": {"S": self.incident_id}, "part": {"S": entry_part(seq)}}
        self._client.delete_item(TableName=self._name, Key=key)

    def faults(self) -> list[tuple[FaultKind, int]]:
        return [(fault.kind, fault.seq) for fault in check_timeline(self.incident_id)]


@pytest.fixture
def table(inside: Machine) -> Table:
    """An incident with six entries, which nobody owns, so that nothing follows from it while it is spoilt."""
    staff = a_call_taker()
    incident = an_incident()
    heard = partial(handling.hear_from_citizen, text="在吗", at=now())
    incidents.change(incident.id, heard, actor=staff.actor(), at=now())
    for text in ("第一", "第二", "第三"):
        incidents.change(incident.id, partial(handling.note, text=text), actor=staff.actor(), at=now())
    incidents.change(
        incident.id,
        lambda i: handling.classify(i, priority=1, type_code="other", summary="要点"),
        actor=staff.actor(),
        at=now(),
    )
    assert incidents.get(incident.id).version == ENTRIES
    return Table(inside, incident.id)


def test_an_untouched_record_has_no_fault(table: Table) -> None:
    assert table.faults() == []


def test_any_changed_byte_of_any_entry_is_found(table: Table) -> None:
    for seq in range(1, ENTRIES + 1):
        item = table.entry(seq)
        body = item["body"]["S"]
        for place in {0, len(body) - 1, *range(3, len(body), 67)}:
            other = "0" if body[place] != "0" else "1"
            table.put({**item, "body": {"S": body[:place] + other + body[place + 1 :]}})
            assert seq in {number for _, number in table.faults()}, (seq, place, body[place])
        table.put(item)
    assert table.faults() == []


def test_another_spelling_of_the_same_entry_is_found(table: Table) -> None:
    item = table.entry(2)
    table.put({**item, "body": {"S": item["body"]["S"].replace(":", ": ", 1)}})
    assert (FaultKind.UNREADABLE, 2) in table.faults()


def test_a_dropped_entry_is_found_wherever_it_stood(table: Table) -> None:
    for seq in range(1, ENTRIES + 1):
        item = table.entry(seq)
        table.drop(seq)
        named = FaultKind.MISSING if seq < ENTRIES else FaultKind.CUT_TAIL
        assert (named, seq) in table.faults()
        table.put(item)


def test_swapped_entries_are_found(table: Table) -> None:
    third, fourth = table.entry(3), table.entry(4)
    table.put({**fourth, "part": third["part"]})
    table.put({**third, "part": fourth["part"]})
    assert {(FaultKind.OUT_OF_ORDER, 3), (FaultKind.MISPLACED, 3), (FaultKind.MISPLACED, 4)} <= set(
        table.faults()
    )


def test_a_cut_tail_is_found_even_with_the_count_turned_back(table: Table) -> None:
    table.drop(ENTRIES)
    table.drop(ENTRIES - 1)
    assert table.faults() == [(FaultKind.CUT_TAIL, ENTRIES - 1)]
    head = stored(table.machine, table.incident_id, "incident")
    body = head["body"]["S"].replace(f'"version":{ENTRIES}', f'"version":{ENTRIES - 2}')
    table.put({**head, "body": {"S": body}})
    assert table.faults() == [(FaultKind.HEAD_DIFFERS, ENTRIES - 2)]


def test_an_entry_too_many_is_found(table: Table) -> None:
    last = table.entry(ENTRIES)
    table.put({**last, "part": {"S": entry_part(ENTRIES + 1)}})
    assert (FaultKind.MISPLACED, ENTRIES) in table.faults()


def test_an_entry_of_another_incident_is_found(table: Table) -> None:
    other = an_incident()
    theirs = stored(table.machine, other.id, entry_part(1))
    table.put({**theirs, "incident_id": {"S": table.incident_id}})
    assert (FaultKind.WRONG_INCIDENT, 1) in table.faults()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda item: {**item, "personal": {"S": item["personal"]["S"].replace("第二", "第贰")}},
        lambda item: {**item, "personal": {"S": "{"}},
        lambda item: {**item, "personal": {"N": "1"}},
        lambda item: {**item, "personal": {"S": '{"text":{"value":1,"salt":"no"}}'}},
    ],
)
def test_a_changed_personal_value_is_found(table: Table, spoil: Callable[[Item], Item]) -> None:
    table.put(spoil(table.entry(4)))
    assert table.faults() == [(FaultKind.PERSONAL_CHANGED, 4)]


def test_a_personal_value_that_was_added_is_found_and_an_erased_one_is_no_fault(table: Table) -> None:
    item = table.entry(4)
    salt = "0" * 32
    table.put({**item, "personal": {"S": f'{{"name":{{"value":"x","salt":"{salt}"}}}}'}})
    assert table.faults() == [(FaultKind.PERSONAL_UNKNOWN, 4)]
    table.put({name: value for name, value in item.items() if name != "personal"})
    assert table.faults() == []


@pytest.mark.parametrize("body", [{"S": ""}, {"S": "nonsense"}, {"N": "7"}, {"S": "{}"}, {"NULL": True}])
def test_an_unreadable_entry_is_a_fault_and_hides_no_other(table: Table, body: Item) -> None:
    table.put({**table.entry(3), "body": body})
    assert (FaultKind.UNREADABLE, 3) in table.faults()
    record = incidents.read(table.incident_id)
    assert [written.entry.seq for written in record.entries] == [1, 2, 4, 5, 6]


def test_an_item_under_no_number_is_a_fault(table: Table) -> None:
    table.put({**table.entry(3), "part": {"S": "entry#x"}, "body": {"S": "?"}})
    assert (FaultKind.UNREADABLE, 0) in table.faults()


def test_work_goes_on_while_the_record_is_checked(table: Table) -> None:
    actor = Actor(role=Role.SYSTEM, id="test")
    for _ in range(5):
        incidents.change(table.incident_id, lambda i: handling.note(i, text="x"), actor=actor, at=now())
        assert table.faults() == []


def test_an_incident_that_is_not_there_has_no_record_to_check(inside: Machine) -> None:
    with pytest.raises(IncidentNotFound):
        check_timeline("a" * 26)
