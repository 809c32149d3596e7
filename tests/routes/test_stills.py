"""A call that sends stills: the record shows the newest and how many there are, the rest comes in pages."""

from typing import Any

import pytest

from tests.desk import INSIDE, a_citizen, dispatched, refused, work
from tests.machine import Machine, StaffClient, done, eventually
from tests.media import send_still

SENT, NEWEST = 14, 12


@pytest.fixture(scope="module")
def call(machine: Machine) -> str:
    """A live report whose stills were all checked; its id."""
    citizen = a_citizen(machine)
    incident_id: str = done(citizen.post("/reports/video110", {"position": INSIDE}))["incident"]["id"]
    for seed in range(SENT):
        send_still(citizen, incident_id, seed)
    seat = machine.staff("seat1")
    one = f"/console/incidents/{incident_id}"
    eventually(lambda: done(seat.get(one))["incident"]["stills"] == SENT, within_seconds=30)
    return incident_id


def test_the_record_shows_the_newest_stills_and_their_count(machine: Machine, call: str) -> None:
    record = done(machine.staff("seat1").get(f"/console/incidents/{call}"))
    shown = [one for one in record["media"] if one["kind"] == "still"]
    assert len(shown) == NEWEST
    assert all(one["url"] for one in shown)
    accepted = [one["details"]["media_id"] for one in record["timeline"] if one["kind"] == "media.accepted"]
    assert len(accepted) == SENT
    assert {one["media_id"] for one in shown} == set(accepted[-NEWEST:])


def test_all_stills_come_in_pages_to_everyone_at_the_desk(machine: Machine, call: str) -> None:
    seat = machine.staff("seat2")
    page: Any = done(seat.get(f"/console/incidents/{call}/stills"))
    assert (len(page["items"]), page["cursor"]) == (SENT, None)
    older = done(seat.get(f"/console/incidents/{call}/stills?before=4"))
    assert [one["media_id"] for one in older["items"]] == [one["media_id"] for one in page["items"][-3:]]
    refused(seat.get(f"/console/incidents/{'a' * 26}/stills"), 404, "incident-not-found")
    refused(seat.get(f"/console/incidents/{call}/stills?before=0"), 422, "body-invalid")


def test_an_officer_sees_the_newest_still_and_when_it_came(machine: Machine, call: str) -> None:
    seat: StaffClient = machine.staff("commander1")
    work(seat, call, "answer")
    _, officer = dispatched(machine, seat, call)
    done(officer.open())
    newest = done(seat.get(f"/console/incidents/{call}/stills"))["items"][0]
    shown = [(one["media_id"], one["checked_at"]) for one in done(officer.get("/link/incident"))["media"]]
    assert shown == [(newest["media_id"], newest["checked_at"])]
