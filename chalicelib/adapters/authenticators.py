"""The authenticator apps of staff, set up at Cognito: a secret, then the code that proves it.

An access token or the session of a challenge says whose it is. Neither reaches a browser from here but the
session, which the challenge needs anyway.
"""

from typing import Any

import msgspec
from botocore.exceptions import ClientError, ParamValidationError

from chalicelib.adapters.aws import client
from chalicelib.adapters.staff import refusal_of
from chalicelib.domain.refusals import SignInRefused


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """The secret to put into the app, in base 32, and in a challenge the session to go on with."""

    secret: str
    session: str | None


def begin(**whose: str) -> Begun:
    """A new secret for `AccessToken` or `Session`; what was set up before goes on until it is confirmed.

    Raises `SignInRefused` when neither is good any more.
    """
    answer = _asked("associate_software_token", whose)
    return Begun(secret=answer["SecretCode"], session=answer.get("Session"))


def confirm(code: str, **whose: str) -> str | None:
    """Take the first code of the app; in a challenge the session to go on with. Raises `SignInRefused`."""
    answer = _asked("verify_software_token", {"UserCode": code, **whose})
    if answer["Status"] != "SUCCESS":
        raise SignInRefused("name, password or code do not match")
    session: str | None = answer.get("Session")
    return session


def prefer(access_token: str) -> None:
    """Have the app's code be asked for at each sign-in from now on. Raises `SignInRefused`."""
    settings = {"Enabled": True, "PreferredMfa": True}
    _asked("set_user_mfa_preference", {"AccessToken": access_token, "SoftwareTokenMfaSettings": settings})


def _asked(operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = getattr(client("cognito-idp"), operation)(**parameters)
    except (ClientError, ParamValidationError) as fault:
        raise refusal_of(fault) from fault
    return answer
