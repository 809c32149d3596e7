"""The manifest of an incident's evidence: whole, for those who work it, and never looked at unseen."""

import hashlib
from datetime import UTC, datetime
from functools import partial

import msgspec
import pytest

from chalicelib.adapters import incidents
from chalicelib.adapters.evidence import ENTRIES
from chalicelib.domain.handling import note
from chalicelib.domain.timeline import Entry, Personal, check_chain, check_personal
from tests.desk import (
    INSIDE,
    JSON,
    a_citizen,
    a_report,
    a_seat,
    an_answered,
    entry_of,
    kinds,
    record,
    refused,
    work,
)
from tests.machine import Machine, StaffClient, done, eventually
from tests.media import ask_upload, picture, send
from tests.recording import a_piece, put_piece
from tests.within import a_call_taker


@pytest.fixture
def owner(machine: Machine) -> StaffClient:
    """A call-taker of one test alone."""
    return a_seat(machine)


def evidence(seat: StaffClient, incident_id: str, **asked: str) -> JSON:
    """A page of the manifest."""
    page: JSON = done(seat.get(f"/console/incidents/{incident_id}/evidence", params=asked))
    return page


def test_the_manifest_holds_all_that_proves_an_incident(machine: Machine, owner: StaffClient) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    work(owner, incident_id, "answer")
    file = picture(seed=7)
    send(ask_upload(citizen, incident_id, file), file.content)
    content, told = a_piece(1)
    done(put_piece(owner, incident_id, 1, content, told))
    point = {**INSIDE, "at": datetime.now(UTC).isoformat()}
    done(citizen.post(f"/reports/{incident_id}/positions", {"points": [point]}))
    eventually(lambda: "media.accepted" in kinds(owner, incident_id))
    manifest = evidence(owner, incident_id)
    entries = [msgspec.convert(one["entry"], Entry) for one in manifest["timeline"]]
    assert check_chain(entries, count=manifest["count"], head=manifest["head"]) == []
    assert entries[-1].kind == "evidence.viewed"
    for entry, one in zip(entries, manifest["timeline"], strict=True):
        personal = msgspec.convert(one["personal"], Personal)
        assert (set(personal), check_personal(entry, personal)) == (set(entry.digests), [])
    (kept,), (fragment,), (seen,) = (manifest[name] for name in ("media", "recording", "positions"))
    assert kept["sha256"] == hashlib.sha256(file.content).hexdigest()
    assert owner.session.get(kept["url"], headers={"Authorization": None}).content == file.content
    assert owner.session.get(fragment["url"], headers={"Authorization": None}).content == content
    assert (seen["lat"], manifest["cursor"]) == (INSIDE["lat"], None)


def test_a_look_is_on_the_record_once_an_hour_for_each(machine: Machine, owner: StaffClient) -> None:
    incident_id = an_answered(machine, owner)
    for _ in range(2):
        evidence(owner, incident_id)
    assert kinds(owner, incident_id).count("evidence.viewed") == 1
    commander = machine.staff("commander1")
    evidence(commander, incident_id)
    assert kinds(owner, incident_id).count("evidence.viewed") == 2
    assert entry_of(owner, incident_id, "evidence.viewed")["actor"]["id"] == commander.username


def test_who_does_not_work_it_sees_nothing_and_leaves_nothing(machine: Machine, owner: StaffClient) -> None:
    incident_id = an_answered(machine, owner)
    path = f"/console/incidents/{incident_id}/evidence"
    refused(a_seat(machine).get(path), 409, "not-yours")
    body = {"manifest_sha256": "a" * 64, "count": 1}
    refused(a_seat(machine).post(f"{path}/copies", body), 409, "not-yours")
    assert not {"evidence.viewed", "evidence.exported"} & set(kinds(owner, incident_id))


def test_a_long_timeline_comes_in_pages_of_one_moment(inside: Machine, owner: StaffClient) -> None:
    incident_id, commander = an_answered(inside, owner), inside.staff("commander1")
    writer = a_call_taker().actor()
    for number in range(ENTRIES):
        step = partial(note, text=f"第{number}条")
        incidents.change(incident_id, step, actor=writer, at=datetime.now(UTC))
    first = evidence(commander, incident_id)
    assert len(first["timeline"]) == ENTRIES
    work(commander, incident_id, "notes", {"text": "翻页之间写下的"})
    rest = evidence(commander, incident_id, cursor=first["cursor"])
    entries = [msgspec.convert(one["entry"], Entry) for one in first["timeline"] + rest["timeline"]]
    assert check_chain(entries, count=first["count"], head=first["head"]) == []
    assert (rest["count"], rest["head"], rest["cursor"]) == (first["count"], first["head"], None)


@pytest.mark.parametrize("cursor", ["x", "WzEsImEiLCJub3doZXJlIiwiIl0=", "WzEsImEiLCJlbnRyaWVzIiwieCJd"])
def test_a_cursor_of_nowhere_is_refused(machine: Machine, owner: StaffClient, cursor: str) -> None:
    incident_id = an_answered(machine, owner)
    path = f"/console/incidents/{incident_id}/evidence"
    refused(owner.get(path, params={"cursor": cursor}), 422, "cursor-invalid")


def test_a_hidden_number_is_not_in_the_manifest_of_an_open_incident(
    machine: Machine, owner: StaffClient
) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen, callback_allowed=False, contact_phone=citizen.citizen["phone"])
    work(owner, incident_id, "answer")
    path = f"/console/incidents/{incident_id}/evidence"
    number = citizen.citizen["phone"].removeprefix("+86")
    assert number not in owner.get(path).text
    work(owner, incident_id, "close", {"disposition": "resolved"})
    assert number in owner.get(path).text


def test_a_copy_is_on_record_once_for_each_key(machine: Machine, owner: StaffClient) -> None:
    incident_id = an_answered(machine, owner)
    path, body = (
        f"/console/incidents/{incident_id}/evidence/copies",
        {"manifest_sha256": "a" * 64, "count": 2},
    )
    first = done(owner.post(path, body, key="copy"))
    assert done(owner.post(path, body, key="copy")) == first
    assert kinds(owner, incident_id).count("evidence.exported") == 1
    assert entry_of(owner, incident_id, "evidence.exported")["details"] == body
    refused(owner.post(path, {**body, "manifest_sha256": "A" * 64}), 422, "body-invalid")


def test_who_saw_files_or_recording_at_the_console_stands_in_the_manifest_once_an_hour(
    machine: Machine, owner: StaffClient
) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    work(owner, incident_id, "answer")
    send(ask_upload(citizen, incident_id, picture()), picture().content)
    done(put_piece(owner, incident_id, 1, *a_piece(1)))
    eventually(lambda: "media.accepted" in kinds(owner, incident_id), within_seconds=60)
    looker, commander = a_seat(machine), machine.staff("commander1")
    for _ in range(3):
        done(looker.get(f"/console/incidents/{incident_id}"))
        done(looker.get(f"/console/incidents/{incident_id}/recording"))
    seen = [one for one in evidence(commander, incident_id)["looks"] if one["actor"]["id"] == looker.username]
    hours = {one["at"][:13] for one in seen}
    assert len(seen) <= 2 * len(hours), "one of each an hour, also where the hour turns meanwhile"
    assert {one["looked"] for one in seen} == {"files", "recording"}
    assert {one["actor"]["role"] for one in seen} == {"call_taker"}
    written = {entry["actor"]["id"] for entry in record(owner, incident_id)["timeline"]}
    assert looker.username not in written, "a look changes no incident"
    assert commander.username in written, "who reads the evidence does"


def test_a_record_without_files_is_no_look(machine: Machine, owner: StaffClient) -> None:
    incident_id = an_answered(machine, owner)
    record(owner, incident_id)
    done(owner.get(f"/console/incidents/{incident_id}/recording"))
    assert evidence(owner, incident_id)["looks"] == []
