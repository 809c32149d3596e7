"""Who a citizen is: sign-in, tokens that are refused, telephone and profile."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from tests.desk import refused
from tests.machine import CitizenClient, HttpClient, Machine, done, once
from tests.reporting import someone

FIFTY_YEARS_S = 50 * 365 * 24 * 3600


@pytest.fixture(scope="module")
def secret(machine: Machine) -> str:
    """What the service signs its tokens with."""
    name = "/instant110/local/citizen-secret"
    parameter = machine.client("ssm").get_parameter(Name=name, WithDecryption=True)
    return str(parameter["Parameter"]["Value"])


@pytest.fixture
def citizen(machine: Machine) -> CitizenClient:
    return someone(machine)


def with_token(machine: Machine, token: str, scheme: str = "Bearer") -> HttpClient:
    return HttpClient(machine.url, {"Authorization": f"{scheme} {token}"})


def claims_of(citizen: CitizenClient) -> dict[str, Any]:
    return dict(jwt.decode(citizen.token, options={"verify_signature": False}))


# Sign-in


def test_signing_in_gives_a_token_that_names_its_end(machine: Machine) -> None:
    signed_in = done(machine.anyone().post("/session", {"code": once("login-new")}))
    end = datetime.fromisoformat(signed_in["expires_at"])
    assert timedelta(days=29) < end - datetime.now(UTC) < timedelta(days=31)
    assert jwt.decode(signed_in["token"], options={"verify_signature": False})["exp"] == int(end.timestamp())


def test_the_same_person_is_the_same_citizen_each_time(machine: Machine) -> None:
    first, again = machine.citizen("regular"), machine.citizen("regular")
    assert first.citizen["id"] == again.citizen["id"]
    assert done(again.get("/session"))["citizen"] == again.citizen


def test_a_citizen_is_told_neither_her_standing_nor_wechats_id(citizen: CitizenClient) -> None:
    told = done(citizen.get("/session"))
    assert set(told["citizen"]) == {
        "id",
        "phone",
        "phone_verified",
        "name",
        "trade",
        "plate",
        "language",
        "limit",
    }
    assert citizen.openid not in json.dumps(told)


def test_a_login_code_is_taken_once(machine: Machine) -> None:
    code = once("login-someone")
    done(machine.anyone().post("/session", {"code": code}))
    refused(machine.anyone().post("/session", {"code": code}), 401, "login-code-refused")


@pytest.mark.parametrize("code", ["nonsense", "login-", "phone-13800138000"])
def test_a_wrong_login_code_is_refused(machine: Machine, code: str) -> None:
    refused(machine.anyone().post("/session", {"code": code}), 401, "login-code-refused")


@pytest.mark.parametrize(
    "body",
    [{}, {"code": ""}, {"code": None}, {"code": 7}, {"code": "a" * 513}, {"code": "login-a", "openid": "b"}],
)
def test_a_sign_in_of_another_shape_is_refused(machine: Machine, body: Any) -> None:
    refused(machine.anyone().post("/session", body), 422, "body-invalid")


@pytest.mark.parametrize("raw", ["{", "help", '{"code": NaN}', '{"code": "\\ud800"}'])
def test_what_is_not_json_is_refused(machine: Machine, raw: str) -> None:
    refused(machine.anyone().post("/session", data=raw.encode()), 400, "body-not-json")


@pytest.mark.parametrize("raw", ["[]", "null", "1", '"login-a"', "[" * 9000])
def test_json_that_is_no_object_is_refused(machine: Machine, raw: str) -> None:
    refused(machine.anyone().post("/session", data=raw.encode()), 422, "body-invalid")


# Tokens


def test_without_a_token_nothing_is_told(machine: Machine) -> None:
    for client in (machine.anyone(), with_token(machine, ""), with_token(machine, "nonsense")):
        refused(client.get("/session"), 401, "unauthorized")


def test_a_token_of_our_own_making_is_taken_so_that_the_next_tests_mean_something(
    machine: Machine, citizen: CitizenClient, secret: str
) -> None:
    token = jwt.encode(claims_of(citizen), secret, algorithm="HS256")
    assert done(with_token(machine, token).get("/session"))["citizen"]["id"] == citizen.citizen["id"]


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "another"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"sub": None},
        {"iat": None},
        {"iat": int(time.time()) + FIFTY_YEARS_S},
        {"nbf": int(time.time()) + 3600},
    ],
    ids=json.dumps,
)
def test_a_token_with_other_claims_is_refused(
    machine: Machine, citizen: CitizenClient, secret: str, change: dict[str, Any]
) -> None:
    claims = {name: value for name, value in {**claims_of(citizen), **change}.items() if value is not None}
    refused(with_token(machine, _encoded(claims, secret)).get("/session"), 401, "unauthorized")


def _encoded(claims: dict[str, Any], secret: str) -> str:
    """As `jwt.encode`, which itself refuses some of what is to be refused here."""
    import hashlib
    import hmac

    parts = [_base64(json.dumps(one).encode()) for one in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signature = hmac.new(secret.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, _base64(signature)])


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_a_token_that_we_did_not_sign_is_refused(
    machine: Machine, citizen: CitizenClient, secret: str
) -> None:
    claims, parts = claims_of(citizen), citizen.token.split(".")
    other = _base64(json.dumps({**claims, "sub": "a" * 26}).encode())
    forged = [
        jwt.encode(claims, "another secret of thirty-two bytes", algorithm="HS256"),
        jwt.encode(claims, secret, algorithm="HS512"),
        jwt.encode(claims, "", algorithm="none"),
        _base64(b'{"alg":"none"}') + f".{parts[1]}.",
        f"{parts[0]}.{other}.{parts[2]}",
        f"{parts[0]}.{parts[1]}.",
        citizen.token[:-4] + ("AAAA" if citizen.token[-4:] != "AAAA" else "BBBB"),
    ]
    for token in forged:
        refused(with_token(machine, token).get("/session"), 401, "unauthorized")
    refused(with_token(machine, citizen.token, "Basic").get("/session"), 401, "unauthorized")


def test_a_forged_token_files_nothing(machine: Machine, citizen: CitizenClient) -> None:
    forged = jwt.encode(claims_of(citizen), "another secret of thirty-two bytes", algorithm="HS256")
    answer = with_token(machine, forged).post("/reports/photo-text", {"text": "假"})
    refused(answer, 401, "unauthorized")
    assert done(citizen.get("/reports"))["items"] == []


def test_a_staff_token_is_no_citizens(machine: Machine) -> None:
    token = machine.staff("seat1").tokens["id_token"]
    refused(with_token(machine, token).get("/session"), 401, "unauthorized")
    refused(HttpClient(machine.url, {"Authorization": token}).get("/reports"), 401, "unauthorized")


def test_a_token_of_a_citizen_who_is_gone_is_refused(
    machine: Machine, citizen: CitizenClient, secret: str
) -> None:
    token = jwt.encode({**claims_of(citizen), "sub": "a" * 26}, secret, algorithm="HS256")
    ghost = with_token(machine, token)
    refused(ghost.get("/session"), 401, "citizen-not-found")
    refused(ghost.patch("/session/profile", {"name": "某"}), 401, "citizen-not-found")
    refused(ghost.post("/session/phone", {"phone": "13800138000"}), 401, "citizen-not-found")


# Telephone


def test_wechats_word_makes_a_number_verified(citizen: CitizenClient) -> None:
    told = done(citizen.post("/session/phone", {"code": once("phone-13800138001")}))["citizen"]
    assert (told["phone"], told["phone_verified"]) == ("+8613800138001", True)
    assert done(citizen.get("/session"))["citizen"] == told


def test_a_typed_number_is_kept_as_unverified(citizen: CitizenClient) -> None:
    told = done(citizen.post("/session/phone", {"phone": "138 0013 8002"}))["citizen"]
    assert (told["phone"], told["phone_verified"]) == ("+8613800138002", False)


def test_typing_the_verified_number_again_leaves_it_verified_and_another_does_not(
    citizen: CitizenClient,
) -> None:
    done(citizen.post("/session/phone", {"code": once("phone-13800138003")}))
    same = done(citizen.post("/session/phone", {"phone": "+86 138-0013-8003"}))["citizen"]
    assert same["phone_verified"] is True
    other = done(citizen.post("/session/phone", {"phone": "13800138004"}))["citizen"]
    assert (other["phone"], other["phone_verified"]) == ("+8613800138004", False)


@pytest.mark.parametrize(
    "phone", ["110", "12345", "not a phone", "1800FLOWERS", "+86 1380013800", "１２", "--"]
)
def test_a_bad_number_is_refused_and_the_good_one_stays(citizen: CitizenClient, phone: str) -> None:
    done(citizen.post("/session/phone", {"phone": "13800138005"}))
    refused(citizen.post("/session/phone", {"phone": phone}), 422, "phone-invalid")
    assert done(citizen.get("/session"))["citizen"]["phone"] == "+8613800138005"


def test_a_phone_code_is_taken_once_and_a_wrong_one_never(citizen: CitizenClient) -> None:
    code = once("phone-13800138006")
    done(citizen.post("/session/phone", {"code": code}))
    for wrong in (code, "nonsense", once("login-someone")):
        refused(citizen.post("/session/phone", {"code": wrong}), 422, "phone-code-refused")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": "a", "phone": "13800138000"},
        {"phone": 13800138000},
        {"phone": ""},
        {"phone": "1" * 41},
        {"phone": "13800138000", "verified": True},
        {"phone": None},
    ],
)
def test_a_phone_of_another_shape_is_refused(citizen: CitizenClient, body: Any) -> None:
    refused(citizen.post("/session/phone", body), 422, "body-invalid")
    assert done(citizen.get("/session"))["citizen"]["phone"] is None


# Profile


def test_what_is_given_changes_and_the_rest_stays(citizen: CitizenClient) -> None:
    first = {"name": "某某", "trade": "taxi", "plate": "鲁V·12345", "language": "en"}
    told = done(citizen.patch("/session/profile", first))["citizen"]
    assert {name: told[name] for name in first} == first
    told = done(citizen.patch("/session/profile", {"plate": None, "trade": "courier"}))["citizen"]
    assert (told["name"], told["trade"], told["plate"], told["language"]) == ("某某", "courier", None, "en")
    assert done(citizen.patch("/session/profile", {}))["citizen"] == told
    assert done(citizen.get("/session"))["citizen"] == told


def test_put_changes_the_profile_as_patch_does(citizen: CitizenClient) -> None:
    told = done(citizen.put("/session/profile", {"trade": "taxi"}))["citizen"]
    assert (told["trade"], told["name"]) == ("taxi", None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"trade": "police"}, "trade"),
        ({"trade": None}, "trade"),
        ({"language": "fr"}, "language"),
        ({"name": ""}, "name"),
        ({"name": "某" * 51}, "name"),
        ({"name": ["某"]}, "name"),
        ({"plate": "x"}, "plate"),
        ({"plate": "鲁V<script>"}, "plate"),
        ({"standing": "good"}, "body"),
        ({"phone": "13800138000"}, "body"),
        ({"phone_verified": True}, "body"),
    ],
)
def test_a_wrong_profile_is_refused_and_changes_nothing(
    citizen: CitizenClient, body: dict[str, Any], field: str
) -> None:
    answer = citizen.patch("/session/profile", {"name": "新名字", **body})
    assert refused(answer, 422, "body-invalid")["field"] == field
    assert done(citizen.get("/session"))["citizen"] == citizen.citizen
