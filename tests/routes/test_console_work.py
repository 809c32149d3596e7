"""What a call-taker does with an incident, over HTTP."""

from typing import Any

import pytest

from tests.desk import (
    a_citizen,
    a_report,
    a_unit,
    an_answered,
    dispatched,
    entry_of,
    kinds,
    record,
    refused,
    someone,
    texted_token,
    work,
)
from tests.machine import Machine, StaffClient, done, eventually

Seat = StaffClient


def at(incident_id: str, verb: str) -> str:
    return f"/console/incidents/{incident_id}/{verb}"


def test_an_answered_incident_is_the_call_takers_and_answering_again_changes_nothing(
    machine: Machine, seat: Seat
) -> None:
    incident_id = a_report(a_citizen(machine))
    first = work(seat, incident_id, "answer")
    card = first["incident"]
    assert (card["status"], card["call_taker_id"], card["ringing"]) == ("answered", seat.username, False)
    # The machine may have named the place in between, which is an entry of its own.
    again = work(seat, incident_id, "answer")
    assert again["incident"]["call_taker_id"] == seat.username
    assert kinds(seat, incident_id).count("incident.answered") == 1


def test_a_second_call_taker_is_told_who_holds_it(machine: Machine, seat: Seat, colleague: Seat) -> None:
    incident_id = an_answered(machine, seat)
    problem = refused(colleague.post(at(incident_id, "answer"), {}), 409, "already-answered")
    assert problem["call_taker_id"] == seat.username
    problem = refused(colleague.post(at(incident_id, "release"), {}), 409, "not-yours")
    assert problem["call_taker_id"] == seat.username


def test_a_released_incident_waits_and_rings_again(machine: Machine, seat: Seat, colleague: Seat) -> None:
    incident_id = an_answered(machine, seat)
    before = record(seat, incident_id)["incident"]["rings_at"]
    card = work(seat, incident_id, "release")["incident"]
    assert (card["status"], card["call_taker_id"], card["ringing"]) == ("waiting", None, True)
    assert card["rings_at"] > before
    assert work(colleague, incident_id, "answer")["incident"]["call_taker_id"] == colleague.username


def test_taking_over_names_the_reason_and_whom_it_was_taken_from(
    machine: Machine, seat: Seat, colleague: Seat
) -> None:
    incident_id = an_answered(machine, seat)
    taken = work(colleague, incident_id, "take", {"reason": "同事去处理别的警情"})
    assert taken["incident"]["call_taker_id"] == colleague.username
    entry = entry_of(colleague, incident_id, "incident.taken")
    assert entry["actor"] == {"role": "call_taker", "id": colleague.username}
    assert entry["details"] == {"from": seat.username}
    assert entry["personal"] == {"reason": "同事去处理别的警情"}
    work(colleague, incident_id, "take", {"reason": "再一次"})
    assert kinds(colleague, incident_id).count("incident.taken") == 1
    refused(colleague.post(at(incident_id, "take"), {"reason": " "}), 422, "body-invalid")


def test_classification_is_kept_and_held_to_the_bureaus_kinds(machine: Machine, seat: Seat) -> None:
    incident_id = an_answered(machine, seat)
    code = done(seat.get("/console/types"))["items"][0]["code"]
    work(seat, incident_id, "classify", {"priority": 1, "type_code": code, "summary": "两人受伤"})
    incident = record(seat, incident_id)["incident"]
    assert (incident["priority"], incident["type_code"], incident["summary"]) == (1, code, "两人受伤")
    wrong = [
        ({"priority": 0, "type_code": code}, "priority"),
        ({"priority": 5, "type_code": code}, "priority"),
        ({"priority": 2, "type_code": "no-such-kind"}, "type_code"),
        ({"priority": 2, "type_code": code, "colour": "red"}, "body"),
        ({"priority": 2, "type_code": code, "summary": "长" * 501}, "summary"),
    ]
    for body, field in wrong:
        assert refused(seat.post(at(incident_id, "classify"), body), 422, "body-invalid")["field"] == field


def test_a_corrected_place_is_stored_in_wgs84_and_keeps_its_point_when_only_words_change(
    machine: Machine, seat: Seat
) -> None:
    incident_id = an_answered(machine, seat)
    gcj02 = {"lat": 36.510402, "lng": 118.545528, "crs": "gcj02"}
    work(seat, incident_id, "place", {"place": "兴隆路与民主路路口", "point": gcj02})
    place = work(seat, incident_id, "place", {"place": "兴隆路南侧"})["incident"]["place"]
    assert (place["words"], place["confirmed"]) == ("兴隆路南侧", True)
    assert place["point"]["lng"] == pytest.approx(118.54, abs=0.002)
    assert place["point"]["lng"] != gcj02["lng"]
    far = {"place": "某处", "point": {"lat": 91, "lng": 118}}
    assert refused(seat.post(at(incident_id, "place"), far), 422, "body-invalid")["field"] == "point.lat"


def test_a_note_is_staffs_alone_and_a_message_reaches_the_citizen(machine: Machine, seat: Seat) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    work(seat, incident_id, "answer")
    work(seat, incident_id, "notes", {"text": "报警人情绪激动"})
    work(seat, incident_id, "messages", {"text": "民警马上就到"})
    done(citizen.post(f"/reports/{incident_id}/messages", {"text": "快一点"}))
    own = done(citizen.get(f"/reports/{incident_id}"))
    said = [(e["by"], e["details"]["text"]) for e in own["timeline"] if e["kind"] == "message.sent"]
    assert said == [("police", "民警马上就到"), ("you", "快一点")]
    assert "报警人情绪激动" not in str(own)
    assert entry_of(seat, incident_id, "note.written")["personal"] == {"text": "报警人情绪激动"}
    assert record(seat, incident_id)["incident"]["unread"] is True
    work(seat, incident_id, "messages", {"text": "收到"})
    assert record(seat, incident_id)["incident"]["unread"] is False


@pytest.mark.parametrize(
    ("verb", "kind"),
    [("notes", "note.written"), ("messages", "message.sent"), ("dispatch", "officer.dispatched")],
)
def test_a_retry_with_the_same_key_stands_once_on_the_record(
    machine: Machine, seat: Seat, verb: str, kind: str
) -> None:
    incident_id, key = an_answered(machine, seat), someone()
    body: dict[str, Any] = {"text": "第一次"} if verb != "dispatch" else {"unit_id": a_unit(machine)["id"]}
    first = work(seat, incident_id, verb, body, key=key)
    work(seat, incident_id, "notes", {"text": "其间"})
    assert work(seat, incident_id, verb, body, key=key)["seq"] == first["seq"]
    assert kinds(seat, incident_id).count(kind) == (2 if verb == "notes" else 1)
    other = {**body, "note": "别的"} if verb == "dispatch" else {"text": "另一段话"}
    refused(seat.post(at(incident_id, verb), other, key=key), 422, "key-reused")


def test_a_key_belongs_to_the_one_who_used_it(machine: Machine, seat: Seat, commander: Seat) -> None:
    incident_id, key = an_answered(machine, seat), someone()
    work(seat, incident_id, "notes", {"text": "甲"}, key=key)
    work(commander, incident_id, "notes", {"text": "乙"}, key=key)
    assert kinds(seat, incident_id).count("note.written") == 2


def test_only_the_owner_or_a_commander_works_an_incident(
    machine: Machine, seat: Seat, colleague: Seat, commander: Seat
) -> None:
    incident_id = an_answered(machine, seat)
    dispatch_id, _ = dispatched(machine, seat, incident_id)
    bodies: dict[str, Any] = {
        "release": {},
        "classify": {"priority": 2, "type_code": done(seat.get("/console/types"))["items"][0]["code"]},
        "place": {"place": "路口"},
        "messages": {"text": "你好"},
        "dispatch": {"unit_id": a_unit(machine)["id"]},
        f"dispatches/{dispatch_id}/resend": {},
        f"dispatches/{dispatch_id}/revoke": {"reason": "换人"},
        "callback": {"result": "reached"},
        "link": {"to": a_report(a_citizen(machine))},
        "close": {"disposition": "resolved"},
    }
    for verb, body in bodies.items():
        problem = refused(colleague.post(at(incident_id, verb), body), 409, "not-yours")
        assert problem["call_taker_id"] == seat.username, verb
    work(colleague, incident_id, "notes", {"text": "旁观者也可以记一笔"})
    work(commander, incident_id, "classify", bodies["classify"])
    # A commander's hand does not make the incident hers.
    assert record(seat, incident_id)["incident"]["call_taker_id"] == seat.username


def test_a_second_dispatch_leaves_the_status_and_names_both_units(machine: Machine, seat: Seat) -> None:
    incident_id = an_answered(machine, seat)
    dispatched(machine, seat, incident_id)
    dispatched(machine, seat, incident_id)
    read = record(seat, incident_id)
    assert read["incident"]["status"] == "dispatched"
    assert read["incident"]["units"] == [one["unit_name"] for one in read["dispatches"]]
    refused(seat.post(at(incident_id, "dispatch"), {"unit_id": "none"}), 404, "unit-not-found")


def test_officers_cannot_be_sent_to_what_nobody_answered(machine: Machine, commander: Seat) -> None:
    incident_id = a_report(a_citizen(machine))
    body = {"unit_id": a_unit(machine)["id"]}
    problem = refused(commander.post(at(incident_id, "dispatch"), body), 409, "step-refused")
    assert problem["incident_status"] == "waiting"


def test_the_last_officer_called_back_leaves_the_incident_to_its_call_taker(
    machine: Machine, seat: Seat
) -> None:
    incident_id = an_answered(machine, seat)
    first, _ = dispatched(machine, seat, incident_id)
    second, _ = dispatched(machine, seat, incident_id)
    reason = {"reason": "派错单位"}
    assert work(seat, incident_id, f"dispatches/{first}/revoke", reason)["incident"]["status"] == "dispatched"
    card = work(seat, incident_id, f"dispatches/{second}/revoke", reason)["incident"]
    assert (card["status"], card["units"]) == ("answered", [])
    again = seat.post(at(incident_id, f"dispatches/{first}/revoke"), reason)
    refused(again, 404, "dispatch-not-found")


def test_a_resent_link_is_a_second_text_with_another_token(machine: Machine, seat: Seat) -> None:
    incident_id = an_answered(machine, seat)
    dispatch_id, officer = dispatched(machine, seat, incident_id)
    eventually(lambda: record(seat, incident_id)["dispatches"][0]["text"] == "accepted")
    work(seat, incident_id, f"dispatches/{dispatch_id}/resend")
    token = texted_token(machine, officer.phone, text=2)
    assert token != officer.token
    refused(officer.open(), 404, "link-not-found")
    officer.session.headers["X-Link-Token"] = token
    assert officer.open().ok
