"""The officer's link, from the text to the feedback, over HTTP."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters.tables import entry_part
from tests.desk import (
    Officer,
    a_citizen,
    a_report,
    an_answered,
    dispatched,
    entry_of,
    kinds,
    record,
    refused,
    texted_token,
    work,
)
from tests.machine import Machine, StaffClient, done, eventually
from tests.media import ask_upload, picture, send

Seat = StaffClient


def feedback(**changed: Any) -> dict[str, Any]:
    """What an officer reports back, with some of it changed."""
    now = datetime.now(UTC)
    said = {
        "arrived_at": (now - timedelta(minutes=20)).isoformat(),
        "ended_at": now.isoformat(),
        "result": "双方已调解",
        "cases_solved": 1,
        "people_arrested": 0,
        "people_helped": 2,
    }
    return {**said, **changed}


def test_a_link_previewer_opens_the_page_and_binds_nothing(machine: Machine, seat: Seat) -> None:
    incident_id = an_answered(machine, seat)
    _, officer = dispatched(machine, seat, incident_id)
    for agent in ("WeChat", "previewer/1.0"):
        page = machine.anyone().get(f"/officer#{officer.token}", headers={"User-Agent": agent})
        assert page.status_code == 200
        refused(officer.get("/link/incident"), 403, "link-bound-elsewhere")
    assert record(seat, incident_id)["dispatches"][0]["status"] == "sent"
    assert "link.opened" not in kinds(seat, incident_id)
    opened = done(officer.open())
    assert opened["allowed"] == ["en_route", "on_scene", "handled"]
    assert opened["incident"]["id"] == incident_id
    assert record(seat, incident_id)["dispatches"][0]["status"] == "opened"


def test_the_text_and_the_record_hold_neither_the_other(machine: Machine, seat: Seat) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen, text="请到三号楼")
    work(seat, incident_id, "answer")
    _, officer = dispatched(machine, seat, incident_id)
    (text,) = machine.texts(officer.phone)
    assert citizen.citizen["phone"] not in text["Message"]
    assert "三号楼" not in text["Message"]
    assert officer.token not in str(record(seat, incident_id))


def test_five_wrong_tries_end_the_link_and_say_so_on_the_record(machine: Machine, seat: Seat) -> None:
    incident_id = an_answered(machine, seat)
    dispatch_id, officer = dispatched(machine, seat, incident_id)
    wrong = f"{(int(officer.phone[-4:]) + 1) % 10_000:04d}"
    for left in (4, 3, 2, 1, 0):
        assert refused(officer.open(wrong), 403, "digits-refused")["tries_left"] == left
    refused(officer.open(), 404, "link-not-found")
    assert entry_of(seat, incident_id, "link.locked")["details"]["dispatch_id"] == dispatch_id
    work(seat, incident_id, f"dispatches/{dispatch_id}/resend")
    again = Officer(machine.url, texted_token(machine, officer.phone, text=2), officer.phone)
    assert done(again.open())["device_key"]


def test_guessing_in_parallel_gets_no_more_than_five_tries(machine: Machine, seat: Seat) -> None:
    incident_id = an_answered(machine, seat)
    _, officer = dispatched(machine, seat, incident_id)
    guesses = [f"{(int(officer.phone[-4:]) + n) % 10_000:04d}" for n in range(1, 25)]
    with ThreadPoolExecutor(12) as at_once:
        answers = list(at_once.map(lambda guess: Officer.open(officer, guess), guesses))
    counted = [a.json()["tries_left"] for a in answers if a.json()["type"] == "digits-refused"]
    assert len(counted) == len(set(counted)) <= 5
    assert {a.json()["type"] for a in answers} <= {"digits-refused", "incident-changed", "link-not-found"}
    for guess in guesses[: 5 - len(counted)]:
        refused(officer.open(guess), 403, "digits-refused")
    refused(officer.open(), 404, "link-not-found")
    assert kinds(seat, incident_id).count("link.locked") == 1


def test_a_link_belongs_to_the_first_device_alone(machine: Machine, seat: Seat) -> None:
    incident_id = an_answered(machine, seat)
    _, officer = dispatched(machine, seat, incident_id)
    done(officer.open())
    other = Officer(machine.url, officer.token, officer.phone)
    refused(other.open(), 403, "link-bound-elsewhere")
    other.session.headers["X-Device-Key"] = "guessed"
    for answer in (
        other.open(),
        other.get("/link/incident"),
        other.post("/link/status", {"status": "en_route"}),
        other.post("/link/feedback", feedback()),
    ):
        refused(answer, 403, "link-bound-elsewhere")
    again = done(officer.open())
    assert again["device_key"] is None
    assert kinds(seat, incident_id).count("link.opened") == 1
    assert record(seat, incident_id)["dispatches"][0]["status"] == "opened"


def test_of_two_devices_at_once_one_gets_the_key(machine: Machine, seat: Seat) -> None:
    incident_id = an_answered(machine, seat)
    _, officer = dispatched(machine, seat, incident_id)
    devices = [Officer(machine.url, officer.token, officer.phone) for _ in range(6)]
    with ThreadPoolExecutor(6) as at_once:
        answers = list(at_once.map(Officer.open, devices))
    assert sorted(a.status_code for a in answers)[0] == 200
    assert sum(a.ok for a in answers) == 1
    assert {a.json()["type"] for a in answers if not a.ok} <= {"link-bound-elsewhere", "incident-changed"}


def test_a_link_that_was_never_made_is_unknown(machine: Machine) -> None:
    for token in ("", "x", "A" * 22):
        stranger = Officer(machine.url, token, "+8613900000000")
        refused(stranger.open(), 404, "link-not-found")
        refused(stranger.get("/link/incident"), 404, "link-not-found")
    refused(Officer(machine.url, "x", "").open("12a4"), 422, "body-invalid")


def test_a_link_dies_with_its_dispatch_with_a_newer_link_and_with_the_incident(
    machine: Machine, seat: Seat
) -> None:
    incident_id = an_answered(machine, seat)
    first, revoked = dispatched(machine, seat, incident_id)
    second, replaced = dispatched(machine, seat, incident_id)
    _, last = dispatched(machine, seat, incident_id)
    for officer in (revoked, replaced, last):
        done(officer.open())
    work(seat, incident_id, f"dispatches/{first}/revoke", {"reason": "改派"})
    work(seat, incident_id, f"dispatches/{second}/resend")
    for officer in (revoked, replaced):
        refused(officer.get("/link/incident"), 404, "link-not-found")
        refused(officer.post("/link/status", {"status": "en_route"}), 404, "link-not-found")
        refused(officer.open(), 404, "link-not-found")
    done(last.get("/link/incident"))
    work(seat, incident_id, "close", {"disposition": "resolved"})
    for answer in (
        last.open(),
        last.get("/link/incident"),
        last.post("/link/status", {"status": "on_scene"}),
        last.post("/link/feedback", feedback()),
    ):
        refused(answer, 410, "link-ended")


def test_an_officer_goes_forward_and_never_back(machine: Machine, seat: Seat) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    work(seat, incident_id, "answer")
    _, officer = dispatched(machine, seat, incident_id)
    done(officer.open())
    for status in ("en_route", "en_route", "on_scene"):
        said = done(officer.post("/link/status", {"status": status}))
        assert said["incident"]["status"] == said["dispatch"]["status"] == status
    problem = refused(officer.post("/link/status", {"status": "en_route"}), 409, "step-refused")
    assert problem["dispatch_status"] == "on_scene"
    for status in ("handled", "sent", "revoked", "nowhere"):
        refused(officer.post("/link/status", {"status": status}), 422, "body-invalid")
    done(officer.post("/link/feedback", feedback()))
    refused(officer.post("/link/status", {"status": "on_scene"}), 409, "step-refused")
    own = [e["kind"] for e in done(citizen.get(f"/reports/{incident_id}"))["timeline"]]
    assert [k for k in own if k.startswith("officer.")] == [
        "officer.dispatched",
        "officer.en_route",
        "officer.on_scene",
        "officer.handled",
    ]


def test_feedback_keeps_times_and_counts_and_stands_once(machine: Machine, seat: Seat) -> None:
    incident_id = an_answered(machine, seat)
    _, officer = dispatched(machine, seat, incident_id)
    done(officer.open())
    said = done(officer.post("/link/feedback", feedback()))
    assert (said["incident"]["status"], said["allowed"]) == ("handled", [])
    done(officer.post("/link/feedback", feedback(result="再说一次")))
    assert kinds(seat, incident_id).count("officer.handled") == 1
    entry = entry_of(seat, incident_id, "officer.handled")
    counts = {name: entry["details"][name] for name in ("cases_solved", "people_arrested", "people_helped")}
    assert counts == {"cases_solved": 1, "people_arrested": 0, "people_helped": 2}
    assert entry["personal"] == {"result": "双方已调解"}
    assert entry["actor"]["role"] == "officer"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"cases_solved": -1}, "cases_solved"),
        ({"people_arrested": 10_001}, "people_arrested"),
        ({"people_helped": "two"}, "people_helped"),
        ({"people_helped": 1.5}, "people_helped"),
        ({"result": " "}, "result"),
        ({"result": "长" * 2001}, "result"),
        ({"arrived_at": "2026-11-22T08:00:00"}, "arrived_at"),
        ({"arrived_at": "2001-01-01T00:00:00Z"}, "arrived_at"),
        ({"arrived_at": "2101-01-01T00:00:00Z"}, "arrived_at"),
        ({"ended_at": "2101-01-01T00:00:00Z"}, "ended_at"),
        ({"ended_at": "2001-01-01T00:00:00Z"}, "ended_at"),
        ({"ended_at": "soon"}, "ended_at"),
        ({"weather": "fine"}, "body"),
    ],
)
def test_impossible_feedback_is_refused_and_changes_nothing(
    bound: Officer, changed: dict[str, Any], field: str
) -> None:
    problem = refused(bound.post("/link/feedback", feedback(**changed)), 422, "body-invalid")
    assert problem["field"] == field
    assert done(bound.get("/link/incident"))["dispatch"]["status"] == "opened"


@pytest.fixture(scope="module")
def bound(machine: Machine, seat: Seat) -> Officer:
    """An officer who has opened his link."""
    _, officer = dispatched(machine, seat, an_answered(machine, seat))
    done(officer.open())
    return officer


def test_the_incident_is_as_far_as_its_farthest_officer_and_handled_when_all_are(
    machine: Machine, seat: Seat
) -> None:
    incident_id = an_answered(machine, seat)
    (_, first), (_, second) = (dispatched(machine, seat, incident_id) for _ in range(2))
    done(first.open())
    done(second.open())

    def stands() -> str:
        return str(record(seat, incident_id)["incident"]["status"])

    done(first.post("/link/status", {"status": "on_scene"}))
    done(second.post("/link/status", {"status": "en_route"}))
    assert stands() == "on_scene"
    done(first.post("/link/feedback", feedback()))
    assert stands() == "on_scene"
    done(second.post("/link/feedback", feedback()))
    assert stands() == "handled"


def test_who_sees_files_by_link_is_on_record_as_staff_is(
    machine: Machine, seat: Seat, commander: Seat
) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    work(seat, incident_id, "answer")
    dispatch_id, officer = dispatched(machine, seat, incident_id)
    done(officer.open())
    assert looks(commander, incident_id, dispatch_id) == []
    send(ask_upload(citizen, incident_id, picture()), picture().content)
    eventually(lambda: done(officer.get("/link/incident"))["media"], within_seconds=60)
    for _ in range(2):
        done(officer.get("/link/incident"))
    seen = looks(commander, incident_id, dispatch_id)
    assert {(one["actor"]["role"], one["looked"]) for one in seen} == {("officer", "files")}
    assert len(seen) == len({one["at"][:13] for one in seen}), "one an hour"


def test_a_look_brings_the_messages_that_are_newer_and_says_from_where_to_go_on(
    machine: Machine, seat: Seat
) -> None:
    incident_id = an_answered(machine, seat)
    _, officer = dispatched(machine, seat, incident_id)
    opened = done(officer.open())
    assert (opened["messages"], opened["count"]) == ([], record(seat, incident_id)["count"])
    work(seat, incident_id, "messages", {"text": "嫌疑人持刀", "to": "officers"})
    first, count = look(officer, after=opened["count"])
    assert (first, count) == (["嫌疑人持刀"], record(seat, incident_id)["count"])
    work(seat, incident_id, "notes", {"text": "他在三楼"})
    assert look(officer, after=count) == ([], count + 1), "past what is none of the officer's"
    assert look(officer, after=count + 1) == ([], count + 1)
    said = done(officer.post("/link/messages", {"text": "收到"}))
    assert ([one["text"] for one in said["messages"]], said["count"]) == (["嫌疑人持刀", "收到"], count + 2)
    assert look(officer, after=count + 1) == (["收到"], count + 2)
    assert look(officer) == (["嫌疑人持刀", "收到"], count + 2)
    refused(officer.get("/link/incident", params={"after": -1}), 422, "body-invalid")


def test_a_message_that_a_look_passed_over_comes_with_the_next(machine: Machine, seat: Seat) -> None:
    """What is stored while a look reads can have a lower number than what it still sees."""
    incident_id = an_answered(machine, seat)
    _, officer = dispatched(machine, seat, incident_id)
    count = done(officer.open())["count"]
    for text in ("嫌疑人持刀", "他从后门跑了"):
        work(seat, incident_id, "messages", {"text": text, "to": "officers"})
    with not_yet_stored(machine, incident_id, count + 1):
        assert look(officer, after=count) == (["他从后门跑了"], count)
    assert look(officer, after=count) == (["嫌疑人持刀", "他从后门跑了"], count + 2)


def look(officer: Officer, **asked: int) -> tuple[list[str], int]:
    """The messages a look brings, and from where the next one goes on."""
    shown = done(officer.get("/link/incident", params=asked))
    return [one["text"] for one in shown["messages"]], shown["count"]


@contextmanager
def not_yet_stored(machine: Machine, incident_id: str, seq: int) -> Iterator[None]:
    """The table as it was before that entry was in it."""
    table, client = machine.outputs()["IncidentsTable"], machine.client("dynamodb")
    key = {"incident_id": {"S": incident_id}, "part": {"S": entry_part(seq)}}
    item = client.delete_item(TableName=table, Key=key, ReturnValues="ALL_OLD")["Attributes"]
    try:
        yield
    finally:
        client.put_item(TableName=table, Item=item)


def looks(commander: Seat, incident_id: str, who: str) -> list[Any]:
    """What the evidence says of somebody's looks."""
    shown = done(commander.get(f"/console/incidents/{incident_id}/evidence"))["looks"]
    return [one for one in shown if one["actor"]["id"] == who]


def test_an_officer_who_joins_the_call_stands_in_the_timeline_once(machine: Machine, seat: Seat) -> None:
    citizen = a_citizen(machine)
    incident_id = str(done(citizen.post("/reports/video110", {"text": "有人落水"}))["incident"]["id"])
    work(seat, incident_id, "answer")
    dispatch_id, officer = dispatched(machine, seat, incident_id)
    done(officer.open())
    eventually(lambda: officer.post("/link/call").ok, within_seconds=70)
    assert done(officer.post("/link/call"))["call"]["client_id"].endswith(f"officer.{dispatch_id}")
    assert kinds(seat, incident_id).count("call.joined") == 1
    entry = entry_of(seat, incident_id, "call.joined")
    assert entry["actor"] == {"role": "officer", "id": dispatch_id}
    work(seat, incident_id, f"dispatches/{dispatch_id}/revoke", {"reason": "改派"})
    refused(officer.post("/link/call"), 404, "link-not-found")
    work(seat, incident_id, "close", {"disposition": "resolved"})
