"""An incident is found by its number, open or closed, however the number was typed."""

import pytest

from tests.desk import a_citizen, a_report, an_answered, record, refused, work
from tests.machine import Machine, StaffClient, done, eventually


def found(seat: StaffClient, number: str) -> list[str]:
    """The ids that are answered for a number."""
    page = done(seat.get("/console/incidents", params={"number": number}))
    assert page["cursor"] is None
    return [one["id"] for one in page["items"]]


def number_of(seat: StaffClient, incident_id: str) -> str:
    """The incident's number, once it can be found by it."""
    number = str(record(seat, incident_id)["incident"]["number"])
    eventually(lambda: found(seat, number))
    return number


def test_an_open_and_a_closed_incident_are_found_by_their_numbers(
    machine: Machine, seat: StaffClient
) -> None:
    closed, still_open = an_answered(machine, seat), a_report(a_citizen(machine))
    work(seat, closed, "close", {"disposition": "advised"})
    for incident_id in (closed, still_open):
        assert found(seat, number_of(seat, incident_id)) == [incident_id]


def test_spaces_width_case_and_dashes_do_not_matter(machine: Machine, seat: StaffClient) -> None:
    incident_id = a_report(a_citizen(machine))
    number = number_of(seat, incident_id)
    wide = number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    plain = number.replace("-", "")
    for typed in (f" {number.lower()} ", plain, " ".join(plain), wide, f"警情编号{number}。"):
        assert found(seat, typed) == [incident_id], typed


@pytest.mark.parametrize("number", ["261122-0000000", "261122", "张三", "%", "' or 1=1"])
def test_what_no_incident_has_for_a_number_finds_nothing(seat: StaffClient, number: str) -> None:
    assert found(seat, number) == []


def test_a_number_must_be_asked_for_and_be_no_letter(seat: StaffClient) -> None:
    for params in ({}, {"number": ""}, {"number": "1" * 65}, {"number": "1", "phone": "2"}):
        refused(seat.get("/console/incidents", params=params), 422, "body-invalid")


def test_what_is_found_says_no_more_than_id_and_number(machine: Machine, seat: StaffClient) -> None:
    incident_id = a_report(a_citizen(machine))
    number = number_of(seat, incident_id)
    page = done(seat.get("/console/incidents", params={"number": number}))
    assert page["items"] == [{"id": incident_id, "number": number}]
