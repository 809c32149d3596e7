"""Signing in at the console, the seat, and answering in a race, over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from tests.desk import a_citizen, a_report, a_seat, kinds, record, refused, someone, work
from tests.machine import Machine, StaffClient, done

ROUNDS = 50


def test_two_call_takers_at_once_are_one_winner_and_one_who_is_told(
    machine: Machine, seat: StaffClient, colleague: StaffClient
) -> None:
    """Issue 2, show 5."""
    citizen = a_citizen(machine)
    ids = [a_report(citizen) for _ in range(ROUNDS)]
    start = Barrier(2)

    def answer(one: StaffClient, incident_id: str) -> Any:
        start.wait()
        return one.post(f"/console/incidents/{incident_id}/answer", {})

    winners = []
    with ThreadPoolExecutor(2) as both:
        for incident_id in ids:
            asked = [both.submit(answer, one, incident_id) for one in (seat, colleague)]
            answers = {one.username: a.result() for one, a in zip((seat, colleague), asked, strict=True)}
            won = [name for name, given in answers.items() if given.status_code == 200]
            assert len(won) == 1, {name: given.text for name, given in answers.items()}
            (lost,) = set(answers) - set(won)
            problem = refused(answers[lost], 409, "already-answered")
            assert problem["call_taker_id"] == won[0]
            assert kinds(seat, incident_id).count("incident.answered") == 1
            winners += won
    print(f"\n{ROUNDS} rounds: {winners.count(seat.username)} to {winners.count(colleague.username)}")


def test_one_incident_and_twenty_who_answer_it_is_still_one_winner(machine: Machine) -> None:
    incident_id = a_report(a_citizen(machine))
    seats = [a_seat(machine) for _ in range(4)]
    with ThreadPoolExecutor(20) as all_at_once:
        asked = [
            all_at_once.submit(one.post, f"/console/incidents/{incident_id}/answer", {}) for one in seats * 5
        ]
    answers = [given.result() for given in asked]
    assert {given.status_code for given in answers} == {200, 409}
    holder = record(seats[0], incident_id)["incident"]["call_taker_id"]
    assert {given.json()["call_taker_id"] for given in answers if given.status_code == 409} == {holder}
    assert kinds(seats[0], incident_id).count("incident.answered") == 1


def test_signing_in_says_who_one_is_and_until_when(machine: Machine, seat: StaffClient) -> None:
    tokens = seat.tokens
    assert (tokens["username"], tokens["groups"]) == (seat.username, ["call_taker"])
    left = datetime.fromisoformat(tokens["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=50) < left <= timedelta(hours=1)


def test_a_refresh_token_gives_an_id_token_that_works(machine: Machine, seat: StaffClient) -> None:
    renewed = done(machine.anyone().post("/console/session", {"refresh_token": seat.tokens["refresh_token"]}))
    assert renewed["username"] == seat.username
    answer = machine.anyone().get("/console/seat", headers={"Authorization": renewed["id_token"]})
    assert done(answer)["seat"]["username"] == seat.username


@pytest.mark.parametrize(
    "body",
    [
        {"username": "seat1", "password": "wrong-Password-1"},
        {"username": "nobody", "password": "wrong-Password-1"},
        {"refresh_token": "forged"},
        {"username": "seat1", "session": "forged", "mfa_code": "123456"},
        {"username": "seat1", "session": "forged", "setup_code": "123456"},
        {"refresh_token": "forged", "mfa_setup": True},
        {"refresh_token": "forged", "setup_code": "123456"},
        {"username": "seat1", "session": "forged", "new_password": "A-new-password-1"},
    ],
)
def test_a_wrong_sign_in_is_refused_without_saying_why(machine: Machine, body: dict[str, str]) -> None:
    problem = refused(machine.anyone().post("/console/session", body), 401, "sign-in-refused")
    assert problem["detail"] == "name, password or code do not match"


@pytest.mark.parametrize("body", [{}, {"username": "seat1"}, {"password": "x"}, {"username": "x", "otp": 1}])
def test_half_a_sign_in_is_invalid(machine: Machine, body: dict[str, Any]) -> None:
    refused(machine.anyone().post("/console/session", body), 422, "body-invalid")


def test_a_seat_is_off_until_it_speaks_and_then_as_it_said(machine: Machine) -> None:
    one = a_seat(machine)
    assert done(one.get("/console/seat"))["seat"] == {
        "username": one.username,
        "state": "off",
        "seen_at": None,
        "department_id": None,
    }
    for state in ("ready", "busy", "wrap_up", "break"):
        said = done(one.put("/console/seat", {"state": state}))["seat"]
        assert done(one.get("/console/seat"))["seat"]["state"] == said["state"] == state
        assert datetime.now(UTC) - datetime.fromisoformat(said["seen_at"]) < timedelta(seconds=10)
    refused(one.put("/console/seat", {"state": "asleep"}), 422, "body-invalid")


def test_signing_out_hands_over_everything_that_is_open(machine: Machine, seat: StaffClient) -> None:
    leaving, citizen = a_seat(machine), a_citizen(machine)
    held = [a_report(citizen) for _ in range(3)]
    for incident_id in held:
        work(leaving, incident_id, "answer")
    work(leaving, held[2], "close", {"disposition": "advised"})
    done(leaving.put("/console/seat", {"state": "off"}))
    now = [record(seat, incident_id)["incident"] for incident_id in held]
    assert [(one["status"], one["call_taker_id"]) for one in now[:2]] == [("waiting", None)] * 2
    assert (now[2]["status"], now[2]["call_taker_id"]) == ("closed", leaving.username)
    released = [e for e in record(seat, held[0])["timeline"] if e["kind"] == "incident.released"]
    assert released[0]["details"] == {"why": "signed-out", "from": leaving.username}


def test_a_forged_cursor_is_refused(seat: StaffClient) -> None:
    for cursor in ("x", "e30=", "WzFd", someone()):
        refused(seat.get("/console/feed", params={"cursor": cursor}), 422, "cursor-invalid")
    refused(seat.get("/console/feed", params={"since": "now"}), 422, "body-invalid")
