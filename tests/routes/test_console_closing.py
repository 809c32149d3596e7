"""Hidden numbers, links between incidents, and how an incident ends, over HTTP."""

from typing import Any

import pytest

from tests.desk import a_citizen, a_phone, a_report, an_answered, dispatched, entry_of, record, refused, work
from tests.machine import Machine, StaffClient, done, eventually

Seat = StaffClient


def at(incident_id: str, verb: str) -> str:
    return f"/console/incidents/{incident_id}/{verb}"


def whole_feed(seat: Seat) -> list[dict[str, Any]]:
    """Every open incident's card."""
    cards, cursor, more = [], "", True
    while more:
        page = done(seat.get("/console/feed", params={"cursor": cursor} if cursor else None))
        cards += page["incidents"]
        cursor, more = page["cursor"], page["more"]
    return cards


def test_a_hidden_number_is_shown_nowhere_until_an_override_says_why(machine: Machine, seat: Seat) -> None:
    phone, contact = a_phone(), a_phone()
    citizen = machine.citizen(phone, phone=phone)
    incident_id = a_report(citizen, callback_allowed=False, contact_phone=contact)
    answered = work(seat, incident_id, "answer")
    _, officer = dispatched(machine, seat, incident_id)
    opened = done(officer.open())

    def shown() -> list[Any]:
        read = record(seat, incident_id)
        return [
            read,
            [c for c in whole_feed(seat) if c["id"] == incident_id],
            done(officer.get("/link/incident")),
        ]

    for view in [answered, opened, *shown()]:
        assert phone[3:] not in str(view)
        assert contact[3:] not in str(view)
    assert opened["incident"]["contact"] == answered["incident"]["contact"] == "app_only"
    refused(seat.post(at(incident_id, "callback"), {"result": "reached"}), 409, "callback-forbidden")

    override = {"result": "attempting", "override_reason": "群众在应用内请求回电"}
    card = work(seat, incident_id, "callback", override)["incident"]
    assert card["phone"] == contact
    read, _, of_officer = shown()
    assert (read["caller"]["phone"], of_officer["incident"]["phone"]) == (contact, contact)
    made = entry_of(seat, incident_id, "callback.made")
    assert {**made["details"], **made["personal"]} == override
    eventually(lambda: [c["phone"] for c in whole_feed(seat) if c["id"] == incident_id][-1] == contact)
    own = done(citizen.get(f"/reports/{incident_id}"))["timeline"]
    assert "callback.made" not in [entry["kind"] for entry in own], "nothing has rung yet"
    work(seat, incident_id, "callback", {"result": "reached"})
    own = done(citizen.get(f"/reports/{incident_id}"))["timeline"]
    assert [entry["details"] for entry in own if entry["kind"] == "callback.made"] == [{"result": "reached"}]


def test_a_callback_is_on_the_record_with_its_result(machine: Machine, seat: Seat) -> None:
    incident_id = an_answered(machine, seat)
    for result in ("no_answer", "wrong_number", "refused", "reached"):
        work(seat, incident_id, "callback", {"result": result})
    made = [e["details"] for e in record(seat, incident_id)["timeline"] if e["kind"] == "callback.made"]
    assert [one["result"] for one in made] == ["no_answer", "wrong_number", "refused", "reached"]
    refused(seat.post(at(incident_id, "callback"), {"result": "maybe"}), 422, "body-invalid")


def test_a_link_stands_on_both_records_and_once(machine: Machine, seat: Seat) -> None:
    first, second = an_answered(machine, seat), an_answered(machine, seat)
    work(seat, second, "link", {"to": first})
    work(seat, second, "link", {"to": first})
    assert record(seat, second)["incident"]["linked_to"] == first
    of_first = record(seat, first)
    assert of_first["incident"]["linked_from"] == [second]
    assert [e["details"] for e in of_first["timeline"] if e["kind"] == "incident.linked"] == [
        {"from": second}
    ]
    refused(seat.post(at(first, "link"), {"to": first}), 422, "link-to-itself")
    refused(seat.post(at(first, "link"), {"to": "a" * 26}), 404, "incident-not-found")
    refused(seat.post(at(first, "link"), {"to": "nonsense"}), 404, "incident-not-found")


def test_a_duplicate_is_closed_only_after_it_was_linked(machine: Machine, seat: Seat) -> None:
    first, second = an_answered(machine, seat), an_answered(machine, seat)
    refused(seat.post(at(second, "close"), {"disposition": "duplicate"}), 409, "link-needed")
    work(seat, second, "link", {"to": first})
    assert work(seat, second, "close", {"disposition": "duplicate"})["incident"]["status"] == "closed"


def test_out_of_area_is_closed_with_who_was_told_when_and_by_whom(machine: Machine, seat: Seat) -> None:
    incident_id = an_answered(machine, seat)
    body: dict[str, Any] = {"disposition": "out_of_area"}
    refused(seat.post(at(incident_id, "close"), body), 422, "told-needed")
    told = {"force": "青州市公安局", "by": seat.username, "at": "2026-11-22T08:00:00Z"}
    for wrong in ({**told, "at": "2026-11-22T08:00:00"}, {**told, "force": ""}, {"force": "x", "by": "y"}):
        refused(seat.post(at(incident_id, "close"), {**body, "told": wrong}), 422, "body-invalid")
    work(seat, incident_id, "close", {**body, "told": told})
    closed = entry_of(seat, incident_id, "incident.closed")
    assert (closed["details"]["disposition"], closed["personal"]["told"]) == ("out_of_area", told)


@pytest.mark.parametrize(
    "disposition", ["resolved", "advised", "referred_12345", "no_contact", "false_report", "harassment"]
)
def test_closing_keeps_the_disposition_and_the_note(machine: Machine, seat: Seat, disposition: str) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    work(seat, incident_id, "answer")
    card = work(seat, incident_id, "close", {"disposition": disposition, "note": "内部说明"})["incident"]
    assert (card["status"], card["ringing"]) == ("closed", False)
    assert record(seat, incident_id)["incident"]["disposition"] == disposition
    assert entry_of(seat, incident_id, "incident.closed")["personal"] == {"note": "内部说明"}
    own = done(citizen.get(f"/reports/{incident_id}"))
    assert own["incident"]["disposition"] == disposition
    assert "内部说明" not in str(own)


def test_a_closed_incident_takes_notes_and_no_other_work(
    machine: Machine, seat: Seat, colleague: Seat
) -> None:
    incident_id = an_answered(machine, seat)
    work(seat, incident_id, "close", {"disposition": "resolved"})
    code = done(seat.get("/console/types"))["items"][0]["code"]
    for verb, body in {
        "take": {"reason": "改主意"},
        "classify": {"priority": 2, "type_code": code},
        "place": {"place": "路口"},
        "messages": {"text": "你好"},
        "callback": {"result": "reached"},
        "close": {"disposition": "advised"},
    }.items():
        by = colleague if verb == "take" else seat
        problem = refused(by.post(at(incident_id, verb), body), 409, "step-refused")
        assert problem["incident_status"] == "closed", verb
    work(seat, incident_id, "notes", {"text": "事后补记"})
    assert record(seat, incident_id)["incident"]["disposition"] == "resolved"


def test_an_incident_is_closed_from_waiting_by_a_commander(machine: Machine, seat: Seat) -> None:
    incident_id = a_report(a_citizen(machine))
    commander = machine.staff("commander1")
    refused(seat.post(at(incident_id, "close"), {"disposition": "resolved"}), 409, "not-yours")
    assert (
        work(commander, incident_id, "close", {"disposition": "resolved"})["incident"]["status"] == "closed"
    )


def test_a_message_after_closing_rings_as_a_linked_incident(machine: Machine, seat: Seat) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    work(seat, incident_id, "answer")
    work(seat, incident_id, "close", {"disposition": "resolved"})
    said = done(citizen.post(f"/reports/{incident_id}/messages", {"text": "他们又回来了"}))
    assert said["incident_id"] != incident_id

    def ringing() -> Any:
        return [card for card in whole_feed(seat) if card["id"] == said["incident_id"] and card["unread"]]

    card = eventually(ringing)[0]
    assert (card["ringing"], card["status"], card["linked_to"]) == (True, "waiting", incident_id)
    assert record(seat, incident_id)["incident"]["continued_by"] == said["incident_id"]
    texts = [e["personal"].get("text") for e in record(seat, said["incident_id"])["timeline"]]
    assert "他们又回来了" in texts


def test_unknown_incidents_are_not_found(seat: Seat) -> None:
    for incident_id in ("a" * 26, "A" * 26, "x", "..%2F"):
        refused(seat.get(f"/console/incidents/{incident_id}"), 404, "incident-not-found")
        refused(seat.post(f"/console/incidents/{incident_id}/answer", {}), 404, "incident-not-found")
