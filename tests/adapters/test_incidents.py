"""Storing incidents: both the incident and its entry or neither, however many write at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

import msgspec
import pytest

from chalicelib.adapters import incidents
from chalicelib.adapters.tables import EntryItem, entry_part
from chalicelib.domain import handling
from chalicelib.domain.asked import Asked, new_id
from chalicelib.domain.incident import Change, Disposition, Incident
from chalicelib.domain.refusals import AlreadyAnswered, IncidentChanged, IncidentNotFound, KeyReused
from chalicelib.domain.timeline import Actor, Role
from chalicelib.workflows.check_timeline import check_timeline
from tests.within import an_incident, kinds_of, now

ACTOR = Actor(role=Role.SYSTEM, id="test")

pytestmark = pytest.mark.usefixtures("inside")


def note(incident_id: str, text: str, **options: Any) -> incidents.Changed:
    return incidents.change(incident_id, partial(handling.note, text=text), actor=ACTOR, at=now(), **options)


def insist(incident_id: str, text: str) -> incidents.Changed:
    """Write a note, and again when others were first a dozen times, as every client does."""
    while True:
        with suppress(IncidentChanged):
            return note(incident_id, text)


def test_writers_at_once_all_stand_on_the_record_in_one_chain() -> None:
    incident = an_incident()
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda n: insist(incident.id, str(n)), range(40)))
    assert sorted(one.seq for one in done) == list(range(2, 42))
    assert check_timeline(incident.id) == []
    written = incidents.read(incident.id).entries[1:]
    assert {one.personal["text"].value for one in written} == {str(n) for n in range(40)}


def test_a_refused_step_writes_nothing() -> None:
    incident = an_incident()
    answer = partial(handling.answer, at=now())
    incidents.change(incident.id, partial(answer, call_taker_id="a"), actor=ACTOR, at=now())
    with pytest.raises(AlreadyAnswered):
        incidents.change(incident.id, partial(answer, call_taker_id="b"), actor=ACTOR, at=now())
    assert kinds_of(incident.id) == ["report.filed", "incident.answered"]


def test_a_fault_between_leaves_neither_half() -> None:
    incident = an_incident()

    def broken(_: Any) -> None:
        raise RuntimeError("the transaction is never sent")

    with pytest.raises(RuntimeError):
        note(incident.id, "x", together=incidents.Together(write=broken))
    assert incidents.get(incident.id) == incident
    assert kinds_of(incident.id) == ["report.filed"]


def test_one_key_twenty_times_at_once_is_one_entry_and_one_answer() -> None:
    incident, asked = an_incident(), Asked(marker=new_id(), digest="one")
    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(lambda _: note(incident.id, "x", asked=asked), range(20)))
    assert {one.seq for one in done} == {2}
    assert kinds_of(incident.id) == ["report.filed", "note.written"]
    with pytest.raises(KeyReused):
        note(incident.id, "y", asked=Asked(marker=asked.marker, digest="other"))


def test_filing_again_answers_with_the_incident_as_it_stands_now() -> None:
    incident = an_incident()
    note(incident.id, "x")
    fresh = Change(incident=incident, kind="report.filed")
    again = incidents.file(incident, fresh, actor=ACTOR)
    assert again.version == 2
    other: Incident = Incident(**{**as_fields(incident), "request_digest": "another"})
    with pytest.raises(KeyReused):
        incidents.file(other, fresh, actor=ACTOR)


def as_fields(incident: Incident) -> dict[str, Any]:
    return {name: getattr(incident, name) for name in incident.__struct_fields__}


def test_reading_on_brings_only_newer_entries_with_the_incident() -> None:
    incident = an_incident()
    for text in "abc":
        note(incident.id, text)
    record = incidents.read(incident.id, after=2)
    assert [one.entry.seq for one in record.entries] == [3, 4]
    assert record.incident.version == 4
    assert incidents.read(incident.id, after=99_999_999).entries == []


def test_the_next_look_begins_where_nothing_was_missing_however_new_the_incident_is() -> None:
    incident = an_incident()
    for text in "bcd":
        note(incident.id, text)
    whole = incidents.read(incident.id)
    first, second, _, fourth = whole.entries
    late = msgspec.structs.replace(whole, entries=[first, second, fourth])
    assert (whole.read_up_to(0), late.read_up_to(0)) == (4, 2)
    assert incidents.read(incident.id, after=2).read_up_to(2) == 4
    assert incidents.read(incident.id, after=4).read_up_to(4) == 4


def test_an_owner_holds_only_what_is_open_and_hers() -> None:
    mine, closed, lost = an_incident(), an_incident(), an_incident()
    name = f"seat-{new_id()}"
    for one in (mine, closed, lost):
        answer = partial(handling.answer, call_taker_id=name, at=now())
        incidents.change(one.id, answer, actor=ACTOR, at=now())
    close = partial(handling.close, disposition=Disposition.ADVISED, note=None, told=None, at=now())
    incidents.change(closed.id, close, actor=ACTOR, at=now())
    release = partial(handling.release, owner_id=name, at=now(), why="released")
    incidents.change(lost.id, release, actor=ACTOR, at=now())
    assert incidents.owned_by(name) == [mine.id]


def test_an_unknown_incident_is_not_found() -> None:
    for ask in (incidents.get, incidents.read, incidents.as_stored):
        with pytest.raises(IncidentNotFound):
            ask("a" * 26)


def test_a_record_too_long_for_one_look_is_read_in_several() -> None:
    incident = an_incident()
    entry = incidents.read(incident.id).entries[0].entry
    last = incidents.ENTRIES_AT_ONCE + 3
    with EntryItem.batch_write() as batch:
        for seq in range(2, last + 1):
            body = msgspec.structs.replace(entry, seq=seq)
            batch.save(EntryItem(incident_id=incident.id, part=entry_part(seq), body=body))
    looked = incidents.read(incident.id)
    assert [one.entry.seq for one in looked.entries] == list(range(1, incidents.ENTRIES_AT_ONCE + 1))
    assert looked.incident == incident, "what stands behind the entries is read all the same"
    rest = incidents.read(incident.id, after=looked.read_up_to(0))
    assert [one.entry.seq for one in rest.entries] == list(range(incidents.ENTRIES_AT_ONCE + 1, last + 1))
