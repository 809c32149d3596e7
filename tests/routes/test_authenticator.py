"""A member of staff sets up an authenticator, is asked for its code from then on, and loses it."""

from typing import Any

import pytest

from tests.authenticator import another_than, code_of
from tests.desk import a_seat, refused
from tests.machine import Machine, StaffClient, done

JSON = dict[str, Any]


@pytest.fixture
def one(machine: Machine) -> StaffClient:
    """Somebody whom no other test signs in as."""
    return a_seat(machine)


def session(machine: Machine, **body: object) -> Any:
    return machine.anyone().post("/console/session", body)


def begun(machine: Machine, one: StaffClient) -> str:
    """Ask for a new authenticator; its secret."""
    answer = done(session(machine, refresh_token=one.tokens["refresh_token"], mfa_setup=True))
    assert set(answer) == {"challenge", "secret"}
    assert answer["challenge"] == "mfa-setup"
    return str(answer["secret"])


def confirmed(machine: Machine, one: StaffClient, code: str) -> Any:
    return session(machine, refresh_token=one.tokens["refresh_token"], setup_code=code)


def signed_in(machine: Machine, one: StaffClient) -> JSON:
    """What the password alone brings."""
    account = one.account
    answer: JSON = done(session(machine, username=account["username"], password=account["password"]))
    return answer


def test_the_codes_are_those_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert (code_of(secret, at=59), code_of(secret, at=1111111109)) == ("287082", "081804")


def test_once_set_up_its_code_is_asked_for_until_an_admin_takes_it_off(
    machine: Machine, one: StaffClient
) -> None:
    secret = begun(machine, one)
    assert "id_token" in signed_in(machine, one)
    refused(confirmed(machine, one, another_than(code_of(secret))), 401, "sign-in-refused")
    assert "id_token" in signed_in(machine, one)
    assert done(confirmed(machine, one, code_of(secret)))["username"] == one.username
    asked = signed_in(machine, one)
    assert asked["challenge"] == "mfa"
    answer = {"username": one.username, "session": asked["session"]}
    wrong = another_than(code_of(secret))
    refused(session(machine, **answer, mfa_code=wrong), 401, "sign-in-refused")
    assert done(session(machine, **answer, mfa_code=code_of(secret)))["username"] == one.username
    admin = machine.staff("admin1")
    assert admin.post(f"/console/staff/{one.username}/reset-mfa").status_code == 204
    assert "id_token" in signed_in(machine, one)


def test_a_code_of_the_secret_before_is_none_for_a_new_authenticator(
    machine: Machine, one: StaffClient
) -> None:
    before = begun(machine, one)
    after = begun(machine, one)
    assert after != before
    refused(confirmed(machine, one, code_of(before)), 401, "sign-in-refused")
    done(confirmed(machine, one, code_of(after)))


def test_nobody_hands_out_an_access_token(machine: Machine, one: StaffClient) -> None:
    secret = begun(machine, one)
    tokens = done(confirmed(machine, one, code_of(secret)))
    assert set(tokens) <= {"id_token", "refresh_token", "expires_at", "username", "groups"}


def test_a_code_without_a_secret_asked_for_is_refused(machine: Machine, one: StaffClient) -> None:
    refused(confirmed(machine, one, "123456"), 401, "sign-in-refused")
    refused(confirmed(machine, one, "12345"), 422, "body-invalid")
