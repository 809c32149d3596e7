"""The duty roster: who is on duty, when nobody is, and who may keep it."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.desk import a_phone, refused, someone
from tests.machine import Machine, StaffClient, done, once

HOUR = timedelta(hours=1)


def a_shift(start: datetime, hours: float = 12, **fields: Any) -> dict[str, Any]:
    end = start + hours * HOUR
    return {
        "name": f"值班指挥长 {someone()}",
        "phone": a_phone(),
        "from": start.isoformat(),
        "to": end.isoformat(),
        **fields,
    }


@pytest.fixture
def far() -> datetime:
    """A day years ahead that no other test uses."""
    return datetime(2110, 1, 1, 12, tzinfo=UTC) + timedelta(days=random.randrange(30_000))


@pytest.fixture(scope="module")
def keeper(machine: Machine) -> StaffClient:
    return machine.staff("admin1")


def on_the_roster(keeper: StaffClient, shift_id: str) -> bool:
    cursor = None
    while True:
        page = done(keeper.get("/console/duty", params={"cursor": cursor} if cursor else {}))
        if any(one["id"] == shift_id for one in page["items"]):
            return True
        cursor = page["cursor"]
        if cursor is None:
            return False


def test_a_shift_is_put_on_listed_and_taken_off(keeper: StaffClient, far: datetime) -> None:
    sent = a_shift(far, order=2)
    made = done(keeper.post("/console/duty", sent))
    assert {**made, "id": ""} == {
        **sent,
        "id": "",
        "from": sent["from"].replace("+00:00", "Z"),
        "to": sent["to"].replace("+00:00", "Z"),
    }
    assert on_the_roster(keeper, made["id"])
    for _ in range(2):
        assert keeper.delete(f"/console/duty/{made['id']}").status_code == 204
    assert not on_the_roster(keeper, made["id"])


def test_a_repeated_request_puts_one_shift_on(keeper: StaffClient, far: datetime) -> None:
    key, sent = once("shift"), a_shift(far)
    first, again = (done(keeper.post("/console/duty", sent, key=key)) for _ in range(2))
    assert first == again
    keeper.delete(f"/console/duty/{first['id']}")


@pytest.mark.parametrize(
    ("hours", "slug"), [(0, "shift-invalid"), (-1, "shift-invalid"), (36.1, "shift-invalid")]
)
def test_an_impossible_shift_is_refused(keeper: StaffClient, far: datetime, hours: float, slug: str) -> None:
    refused(keeper.post("/console/duty", a_shift(far, hours)), 422, slug)


def test_a_number_that_is_none_and_a_time_without_a_zone_are_refused(
    keeper: StaffClient, far: datetime
) -> None:
    refused(keeper.post("/console/duty", a_shift(far, phone="110")), 422, "phone-invalid")
    local = far.replace(tzinfo=None).isoformat()
    refused(keeper.post("/console/duty", {**a_shift(far), "from": local}), 422, "body-invalid")


def test_everyone_at_work_sees_who_is_on_duty_and_only_keepers_the_numbers(
    keeper: StaffClient, machine: Machine
) -> None:
    roster = done(machine.staff("seat1").get("/console/duty"))
    assert roster["on_duty"]
    assert {shift["phone"] for shift in roster["items"] + roster["on_duty"]} == {None}
    assert roster["fallback"]["phone"] is None
    assert all(shift["phone"] for shift in done(keeper.get("/console/duty"))["on_duty"])


def test_the_gaps_ahead_are_told(keeper: StaffClient) -> None:
    roster = done(keeper.get("/console/duty", params={"days": 31}))
    assert roster["gaps"], "the demonstration's roster lasts a week"
    last = roster["gaps"][-1]
    assert datetime.fromisoformat(last["from"]) < datetime.fromisoformat(last["to"])
    refused(keeper.get("/console/duty", params={"days": 0}), 422, "body-invalid")
