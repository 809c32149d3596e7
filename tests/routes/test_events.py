"""Reports of one event: repeats, suggested links, published events, and the citizen's word on them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.desk import a_citizen, a_phone, a_report, a_seat, kinds, record, refused, someone, work
from tests.machine import CitizenClient, Machine, StaffClient, done, eventually
from tests.reporting import record_of
from tests.routes.test_watch import north_of, position, somewhere

JSON = dict[str, Any]


@pytest.fixture(scope="module")
def commander(machine: Machine) -> StaffClient:
    return machine.staff("commander1")


@pytest.fixture(scope="module")
def seat(machine: Machine) -> StaffClient:
    return a_seat(machine)


def repeats(seat: StaffClient, incident_id: str) -> list[JSON]:
    """The repeats an incident hit, once there are any."""
    return eventually(
        lambda: [hit for hit in record(seat, incident_id)["hits"] if hit["rule"] == "repeat"],
        within_seconds=15,
    )


def publish(commander: StaffClient, point: JSON, **fields: Any) -> JSON:
    until = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    body = {"kind": "fire", "name": "仓库起火", "centre": point, "radius_m": 300, "expires_at": until}
    made: JSON = done(commander.post("/console/events", {**body, **fields}))
    return made


def asked(citizen: CitizenClient, incident_id: str, within_seconds: float = 5.0) -> JSON:
    """The question a citizen is asked, once it is."""
    question: JSON = eventually(
        lambda: record_of(citizen, incident_id)["incident"]["event_asked"], within_seconds=within_seconds
    )
    return question


def suggestions(seat: StaffClient, incident_id: str) -> JSON:
    found: JSON = done(seat.get(f"/console/incidents/{incident_id}/suggestions"))
    return found


def test_a_second_report_of_the_same_citizen_is_a_repeat(machine: Machine, seat: StaffClient) -> None:
    citizen = a_citizen(machine)
    first = a_report(citizen, position=None)
    second = a_report(citizen, position=None)
    (hit,) = repeats(seat, second)
    assert hit["id"] == "repeat:citizen"
    assert hit["evidence"]["incidents"] == [record(seat, first)["incident"]["number"]]
    assert record(seat, first)["hits"] == []


def test_a_number_given_by_two_citizens_is_a_repeat(machine: Machine, seat: StaffClient) -> None:
    phone = a_phone()
    a_report(a_citizen(machine), position=None, contact_phone=phone)
    second = a_report(a_citizen(machine), position=None, contact_phone=phone)
    assert [hit["id"] for hit in repeats(seat, second)] == ["repeat:phone"]


def test_three_people_at_one_spot_are_a_repeat(machine: Machine, seat: StaffClient) -> None:
    point = somewhere()
    filed = [a_report(a_citizen(machine), position=position(north_of(point, away))) for away in (0, 100, 200)]
    (hit,) = repeats(seat, filed[2])
    assert (hit["id"], hit["evidence"]["count"]) == ("repeat:place", 3)
    assert all(record(seat, one)["hits"] == [] for one in filed[:2])


def test_a_report_near_others_is_led_to_the_oldest_and_linked_with_one_tap(
    machine: Machine, seat: StaffClient
) -> None:
    point = somewhere()
    first, second, third = (
        a_report(a_citizen(machine), position=position(north_of(point, away))) for away in (0, 50, 400)
    )
    elsewhere = a_report(a_citizen(machine), position=position(north_of(point, 900)))
    eventually(lambda: suggestions(seat, first)["reports"] == 2)
    found = suggestions(seat, third)
    assert [one["incident_id"] for one in found["items"]] == [first, second]
    assert found["items"][0]["apart_m"] == pytest.approx(400, abs=1)
    assert suggestions(seat, first)["items"] == []
    work(seat, second, "answer")
    work(seat, second, "link", {"to": first})
    assert [one["incident_id"] for one in suggestions(seat, third)["items"]] == [first]
    eventually(lambda: suggestions(seat, elsewhere)["reports"] == 1)


def test_a_citizen_near_a_published_event_is_asked_and_a_hidden_one_never(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    point = somewhere()
    own = a_report(a_citizen(machine), position=position(point))
    event = publish(commander, point, incident_id=own)
    near, hidden = a_citizen(machine), a_citizen(machine)
    incident_id = a_report(near, position=position(north_of(point, 100)))
    silent = done(hidden.post("/reports/silent", {"position": position(point)}))["incident"]["id"]
    question = asked(near, incident_id)
    assert question == {"event_id": event["id"], "event": "fire", "name": "仓库起火", "answer": None}
    assert near.post(f"/reports/{incident_id}/same-event", {"answer": "same"}).status_code == 200
    assert asked(near, incident_id)["answer"] == "same"
    first = suggestions(seat, incident_id)["items"][0]
    assert (first["incident_id"], first["said_same"]) == (own, True)
    stands = record(seat, incident_id)["incident"]
    assert (stands["status"], stands["linked_to"], stands["priority"]) == ("waiting", None, 3)
    eventually(lambda: "place.named" in kinds(seat, silent))
    assert "event.asked" not in kinds(seat, silent)
    assert commander.delete(f"/console/events/{event['id']}").status_code == 204
    later = a_report(a_citizen(machine), position=position(point))
    repeats(seat, later)
    assert "event.asked" not in kinds(seat, later)


def test_somebody_hurt_jumps_the_queue_even_after_closing(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    point = somewhere()
    publish(commander, point)
    citizen = a_citizen(machine)
    incident_id = a_report(citizen, position=position(point))
    asked(citizen, incident_id)
    said = done(citizen.post(f"/reports/{incident_id}/same-event", {"answer": "hurt"}))
    assert said["incident_id"] == incident_id
    card = record(seat, incident_id)["incident"]
    assert (card["priority"], card["hurt"], card["unread"], card["status"]) == (1, True, True, "waiting")
    again = a_report(a_citizen(machine), position=position(point))
    other = machine.citizen(someone())
    refused(other.post(f"/reports/{again}/same-event", {"answer": "hurt"}), 404, "incident-not-found")
    closed = a_report(other, position=None)
    work(seat, closed, "answer")
    work(seat, closed, "close", {"disposition": "advised"})
    opened = done(other.post(f"/reports/{closed}/same-event", {"answer": "hurt"}))["incident_id"]
    assert opened != closed
    assert record(seat, opened)["incident"]["priority"] == 1


def test_only_a_commander_publishes_and_only_known_kinds(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    until = "2099-01-01T00:00:00Z"
    body = {"kind": "party", "name": "x", "centre": somewhere(), "radius_m": 10, "expires_at": until}
    refused(commander.post("/console/events", body), 422, "body-invalid")
    refused(seat.post("/console/events", body), 403, "not-allowed")
    event = publish(commander, somewhere())
    assert event["id"] in [one["id"] for one in done(seat.get("/console/events"))["items"]]
