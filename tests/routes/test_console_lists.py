"""The lists staff keeps: units and accounts, over HTTP."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.desk import a_phone, a_seat, a_unit, an_answered, record, refused, someone, work
from tests.machine import Machine, StaffClient, done


@pytest.fixture(scope="module")
def admin(machine: Machine) -> StaffClient:
    return machine.staff("admin1")


def test_a_unit_stands_on_the_list_until_it_is_taken_off(
    machine: Machine, admin: StaffClient, seat: StaffClient
) -> None:
    unit = a_unit(machine)
    incident_id = an_answered(machine, seat)
    work(seat, incident_id, "dispatch", {"unit_id": unit["id"], "note": "从北门进"})
    assert unit in done(seat.get("/console/units"))["items"]
    for _ in range(2):
        assert admin.delete(f"/console/units/{unit['id']}").status_code == 204
    assert unit not in done(seat.get("/console/units"))["items"]
    sent = record(seat, incident_id)["dispatches"][0]
    assert (sent["unit_name"], sent["note"]) == (unit["name"], "从北门进")
    body = {"unit_id": unit["id"]}
    refused(seat.post(f"/console/incidents/{incident_id}/dispatch", body), 404, "unit-not-found")


def test_a_units_number_is_kept_as_it_is_dialled_from_anywhere(admin: StaffClient) -> None:
    phone = a_phone()
    body = {"name": someone(), "officer_name": "值班民警", "phone": phone.removeprefix("+86")}
    assert done(admin.post("/console/units", body))["phone"] == phone
    refused(admin.post("/console/units", {**body, "phone": "12"}), 422, "phone-invalid")
    refused(admin.post("/console/units", {**body, "name": " "}), 422, "body-invalid")
    refused(admin.post("/console/units", {**body, "colour": "blue"}), 422, "body-invalid")


def test_the_same_key_makes_one_unit(admin: StaffClient) -> None:
    key, body = someone(), {"name": someone(), "officer_name": "值班民警", "phone": a_phone()}
    first = done(admin.post("/console/units", body, key=key))
    assert done(admin.post("/console/units", body, key=key)) == first
    names = [unit["name"] for unit in done(admin.get("/console/units"))["items"]]
    assert names.count(body["name"]) == 1


def a_department() -> dict[str, str]:
    return {"name": f"部门 {someone()}"}


def a_new_unit() -> dict[str, str]:
    return {"name": someone(), "officer_name": "值班民警", "phone": a_phone()}


def a_new_shift() -> dict[str, str]:
    """One that nobody is texted in."""
    return {
        "name": f"指挥长 {someone()}",
        "phone": a_phone(),
        "from": "2039-01-01T00:00:00Z",
        "to": "2039-01-01T08:00:00Z",
    }


@pytest.mark.parametrize(
    ("path", "made"),
    [("units", a_new_unit), ("departments", a_department), ("duty", a_new_shift)],
)
def test_a_key_stands_for_one_entry_and_a_late_retry_brings_none_back(
    admin: StaffClient, path: str, made: Callable[[], dict[str, str]]
) -> None:
    key, body = someone(), made()
    first = done(admin.post(f"/console/{path}", body, key=key))
    refused(admin.post(f"/console/{path}", {**body, "name": "别的"}, key=key), 422, "key-reused")
    assert done(admin.post(f"/console/{path}", body, key=key)) == first
    assert admin.delete(f"/console/{path}/{first['id']}").status_code == 204
    assert done(admin.post(f"/console/{path}", body, key=key)) == first
    assert first["id"] not in [one["id"] for one in every(admin, path)]


def test_a_key_is_taken_once_however_many_come_at_once(admin: StaffClient) -> None:
    key, bodies = someone(), [a_new_unit() for _ in range(4)]
    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(lambda body: admin.post("/console/units", body, key=key), bodies))
    assert sorted(one.status_code for one in answers) == [201, 422, 422, 422]


def every(admin: StaffClient, path: str) -> list[Any]:
    """A list, page by page."""
    items: list[Any] = []
    cursor = None
    while True:
        page = done(admin.get(f"/console/{path}", params={"cursor": cursor} if cursor else {}))
        items, cursor = [*items, *page["items"]], page["cursor"]
        if cursor is None:
            return items


def test_a_new_account_sets_a_password_of_its_own_first(machine: Machine, admin: StaffClient) -> None:
    username, own = f"new-{someone()}", "An-own-Passw0rd"
    made = done(admin.post("/console/staff", {"username": username, "groups": ["specialist", "call_taker"]}))
    assert made["groups"] == ["call_taker", "specialist"]
    anyone = machine.anyone()
    first = {"username": username, "password": made["temporary_password"]}
    challenged = done(anyone.post("/console/session", first))
    assert set(challenged) == {"challenge", "session"}
    answer = {"username": username, "session": challenged["session"], "new_password": own}
    tokens = done(anyone.post("/console/session", answer))
    assert (tokens["username"], sorted(tokens["groups"])) == (username, ["call_taker", "specialist"])
    refused(anyone.post("/console/session", first), 401, "sign-in-refused")
    assert done(anyone.post("/console/session", {"username": username, "password": own}))["id_token"]


def test_an_account_that_was_shut_signs_in_no_more(machine: Machine, admin: StaffClient) -> None:
    one = a_seat(machine)
    renew = {"refresh_token": one.tokens["refresh_token"]}
    assert admin.delete(f"/console/staff/{one.username}").status_code == 204
    refused(machine.anyone().post("/console/session", renew), 401, "sign-in-refused")
    refused(admin.delete(f"/console/staff/{one.username}"), 404, "staff-not-found")


def test_an_authenticator_that_was_lost_is_taken_off(machine: Machine, admin: StaffClient) -> None:
    one, anyone = a_seat(machine), machine.anyone()
    machine.client("cognito-idp").admin_set_user_mfa_preference(
        UserPoolId=machine.outputs()["StaffPoolId"],
        Username=one.username,
        SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True},
    )
    credentials = {name: one.account[name] for name in ("username", "password")}
    assert done(anyone.post("/console/session", credentials))["challenge"] == "mfa"
    assert admin.post(f"/console/staff/{one.username}/reset-mfa").status_code == 204
    assert done(anyone.post("/console/session", credentials))["id_token"]
    refused(admin.post(f"/console/staff/{someone()}/reset-mfa"), 404, "staff-not-found")


def test_the_accounts_are_listed_with_their_groups(machine: Machine, admin: StaffClient) -> None:
    items, cursor = [], None
    while True:
        page = done(admin.get("/console/staff", params={"cursor": cursor} if cursor else None))
        items += page["items"]
        cursor = page["cursor"]
        if cursor is None:
            break
    groups = {one["username"]: one["groups"] for one in items}
    assert groups["commander1"] == ["commander"]
    assert len(groups) == len(items)


@pytest.mark.parametrize(
    "body",
    [
        {"username": "x y", "groups": ["admin"]},
        {"username": "someone", "groups": []},
        {"username": "someone", "groups": ["chief"]},
        {"username": "someone", "groups": ["admin"], "password": "x"},
    ],
)
def test_a_wrong_account_is_not_made(admin: StaffClient, body: dict[str, object]) -> None:
    refused(admin.post("/console/staff", body), 422, "body-invalid")


def test_a_user_name_that_is_taken_is_refused(admin: StaffClient) -> None:
    body = {"username": "seat1", "groups": ["admin"]}
    refused(admin.post("/console/staff", body), 409, "staff-exists")
