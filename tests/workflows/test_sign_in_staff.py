"""What the local Cognito does not ask of an authenticator, rehearsed against botocore's own model of Cognito.

The stub checks each call's parameters and each answer's shape by the service's description; that the real
service says these things in this order is by its documentation alone.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber

from chalicelib.adapters.aws import client
from chalicelib.domain.refusals import SignInRefused, SignInUnavailable
from chalicelib.settings import settings
from chalicelib.workflows.sign_in_staff import (
    answer_mfa_setup,
    answer_new_password,
    confirm_authenticator,
    sign_in_staff,
)
from tests.machine import Machine
from tests.within import now

FIRST, SECOND, THIRD = ("a" * 20, "b" * 20, "c" * 20)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
TOKEN = "e30.eyJjb2duaXRvOnVzZXJuYW1lIjogInNlYXQ5IiwgImNvZ25pdG86Z3JvdXBzIjogWyJjYWxsX3Rha2VyIl19.e30"


@pytest.fixture
def cognito(inside: Machine) -> Iterator[Stubber]:
    """Cognito's answers in their order, each for the call that is expected; all of them are asked for."""
    with Stubber(client("cognito-idp")) as stub:
        yield stub
        stub.assert_no_pending_responses()


def must_set_up(cognito: Stubber) -> None:
    """What Cognito says after a password to an account that has no authenticator and must have one."""
    told = {"MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA"]'}
    challenge = {"ChallengeName": "MFA_SETUP", "Session": FIRST, "ChallengeParameters": told}
    cognito.add_response("initiate_auth", challenge)
    given = {"SecretCode": SECRET, "Session": SECOND}
    cognito.add_response("associate_software_token", given, {"Session": FIRST})


def tokens() -> dict[str, Any]:
    given = {"IdToken": TOKEN, "AccessToken": "a.b.c", "RefreshToken": "d", "ExpiresIn": 3600}
    return {"AuthenticationResult": given}


def test_who_must_have_an_authenticator_is_given_its_secret_and_is_in_with_its_first_code(
    cognito: Stubber,
) -> None:
    must_set_up(cognito)
    begun = sign_in_staff("seat9", "Some-Password-1", now=now())
    assert (begun.challenge, begun.session, begun.secret) == ("mfa-setup", SECOND, SECRET)
    assert begun.id_token is None
    proof = {"Session": SECOND, "UserCode": "123456"}
    cognito.add_response("verify_software_token", {"Status": "SUCCESS", "Session": THIRD}, proof)
    answer = {
        "ClientId": settings().staff_client_id,
        "ChallengeName": "MFA_SETUP",
        "Session": THIRD,
        "ChallengeResponses": {"USERNAME": "seat9"},
    }
    cognito.add_response("respond_to_auth_challenge", tokens(), answer)
    signed_in = answer_mfa_setup("seat9", SECOND, "123456", now=now())
    assert (signed_in.username, signed_in.groups, signed_in.id_token) == ("seat9", ["call_taker"], TOKEN)


def test_a_first_password_of_ones_own_leads_to_the_authenticator(cognito: Stubber) -> None:
    challenge = {"ChallengeName": "MFA_SETUP", "Session": FIRST, "ChallengeParameters": {}}
    cognito.add_response("respond_to_auth_challenge", challenge)
    given = {"SecretCode": SECRET, "Session": SECOND}
    cognito.add_response("associate_software_token", given, {"Session": FIRST})
    begun = answer_new_password("seat9", FIRST, "Some-Password-1", now=now())
    assert (begun.challenge, begun.secret) == ("mfa-setup", SECRET)


def test_an_authenticator_of_ones_own_choice_is_asked_for_from_then_on(cognito: Stubber) -> None:
    """The local Cognito has it asked for once it was proved; the real one only when told to."""
    renewed = {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": "d"}}
    cognito.add_response("initiate_auth", tokens(), {"ClientId": settings().staff_client_id, **renewed})
    proof = {"AccessToken": "a.b.c", "UserCode": "123456"}
    cognito.add_response("verify_software_token", {"Status": "SUCCESS"}, proof)
    wanted = {"Enabled": True, "PreferredMfa": True}
    asked = {"AccessToken": "a.b.c", "SoftwareTokenMfaSettings": wanted}
    cognito.add_response("set_user_mfa_preference", {}, asked)
    assert confirm_authenticator("d", "123456", now=now()).id_token == TOKEN


@pytest.mark.parametrize(
    "code", ["CodeMismatchException", "EnableSoftwareTokenMFAException", "NotAuthorizedException"]
)
def test_a_wrong_first_code_is_refused(cognito: Stubber, code: str) -> None:
    cognito.add_client_error("verify_software_token", code)
    with pytest.raises(SignInRefused):
        answer_mfa_setup("seat9", SECOND, "123456", now=now())


def test_a_code_that_cognito_takes_without_success_lets_nobody_in(cognito: Stubber) -> None:
    cognito.add_response("verify_software_token", {"Status": "ERROR", "Session": THIRD})
    with pytest.raises(SignInRefused):
        answer_mfa_setup("seat9", SECOND, "123456", now=now())


@pytest.mark.parametrize("code", ["TooManyRequestsException", "LimitExceededException"])
def test_one_who_signs_in_among_too_many_is_not_told_that_her_password_is_wrong(
    cognito: Stubber, code: str
) -> None:
    cognito.add_client_error("initiate_auth", code)
    with pytest.raises(SignInUnavailable):
        sign_in_staff("seat9", "Some-Password-1", now=now())
