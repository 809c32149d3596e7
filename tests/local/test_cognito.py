"""Staff tokens: only a valid ID token of this pool, for this client, passes."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.machine import HttpClient, OwnMachine, done


@pytest.fixture(scope="module")
def tokens(sample_machine: OwnMachine) -> dict[str, str]:
    """What the pool answers a correct password with."""
    return _sign_in(sample_machine, sample_machine.outputs()["StaffClientId"])


def test_an_id_token_passes_and_its_claims_reach_the_app_as_text(
    sample_machine: OwnMachine, tokens: dict[str, str]
) -> None:
    claims = done(_ask(sample_machine, tokens["IdToken"]))
    assert (claims["cognito:username"], claims["cognito:groups"]) == ("seat1", "call_taker")
    assert isinstance(claims["exp"], str)
    assert _ask(sample_machine, f"Bearer {tokens['IdToken']}").ok


def test_a_token_signed_by_the_pools_own_key_passes_here(
    sample_machine: OwnMachine, tokens: dict[str, str]
) -> None:
    """Shows that the refusals below are refused for what they change."""
    assert _ask(sample_machine, _signed(sample_machine, tokens, {})).ok


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": int(time.time()) - 1},
        {"exp": None},
        {"iss": "https://cognito-idp.ap-southeast-1.amazonaws.com/ap-southeast-1_Another00"},
        {"aud": "anotherclient"},
        {"token_use": "access"},
    ],
    ids=["expired", "endless", "another pool", "another client", "another use"],
)
def test_a_well_signed_token_with_a_wrong_claim_is_refused(
    sample_machine: OwnMachine, tokens: dict[str, str], changed: dict[str, Any]
) -> None:
    _is_refused(sample_machine, _signed(sample_machine, tokens, changed))


def test_an_access_token_is_refused(sample_machine: OwnMachine, tokens: dict[str, str]) -> None:
    _is_refused(sample_machine, tokens["AccessToken"])


def test_a_token_signed_by_another_key_is_refused(sample_machine: OwnMachine, tokens: dict[str, str]) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    header = jwt.get_unverified_header(tokens["IdToken"])
    claims = _claims(tokens["IdToken"])
    forged = jwt.encode(claims, stranger, algorithm="RS256", headers={"kid": header["kid"]})
    _is_refused(sample_machine, forged)


def test_an_unsigned_token_is_refused(sample_machine: OwnMachine, tokens: dict[str, str]) -> None:
    _is_refused(sample_machine, jwt.encode(_claims(tokens["IdToken"]), "", algorithm="none"))


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(
    sample_machine: OwnMachine, tokens: dict[str, str]
) -> None:
    header = jwt.get_unverified_header(tokens["IdToken"])
    forged = jwt.encode(
        _claims(tokens["IdToken"]), "x" * 64, algorithm="HS256", headers={"kid": header["kid"]}
    )
    _is_refused(sample_machine, forged)


def test_a_token_with_other_claims_under_the_same_signature_is_refused(
    sample_machine: OwnMachine, tokens: dict[str, str]
) -> None:
    header, _, signature = tokens["IdToken"].split(".")
    claims = _claims(tokens["IdToken"]) | {"cognito:groups": ["admin"]}
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    _is_refused(sample_machine, f"{header}.{payload}.{signature}")


def test_a_token_of_another_pool_is_refused(sample_machine: OwnMachine) -> None:
    cognito = sample_machine.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="another")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="another", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    account = sample_machine.accounts[0]
    cognito.admin_create_user(UserPoolId=pool, Username=account["username"])
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=account["username"], Password=account["password"], Permanent=True
    )
    _is_refused(sample_machine, _sign_in(sample_machine, client)["IdToken"])


def test_a_wrong_password_gets_no_token(sample_machine: OwnMachine) -> None:
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        _sign_in(sample_machine, sample_machine.outputs()["StaffClientId"], password="Wrong-Password-1")


def _sign_in(machine: OwnMachine, client_id: str, *, password: str | None = None) -> dict[str, str]:
    account = machine.accounts[0]
    answer: dict[str, str] = machine.client("cognito-idp").initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": account["username"], "PASSWORD": password or account["password"]},
    )["AuthenticationResult"]
    return answer


def _signed(machine: OwnMachine, tokens: dict[str, str], changed: dict[str, Any]) -> str:
    """The ID token with some claims changed, or taken out, signed with the key the pool signs with."""
    claims = {
        name: value for name, value in (_claims(tokens["IdToken"]) | changed).items() if value is not None
    }
    key = _pool_key(machine).read_bytes()
    header = jwt.get_unverified_header(tokens["IdToken"])
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": header["kid"]})


def _pool_key(machine: OwnMachine) -> Path:
    pool_id = machine.outputs()["StaffPoolId"]
    return next(machine.directory.rglob(f"{pool_id}-id.pem"))


def _claims(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _ask(machine: OwnMachine, token: str) -> Any:
    return HttpClient(machine.url, {"Authorization": token}).get("/staff")


def _is_refused(machine: OwnMachine, token: str) -> None:
    answer = _ask(machine, token)
    assert (answer.status_code, answer.json()["type"]) == (401, "unauthorized")
