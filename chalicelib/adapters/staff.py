"""Staff accounts and their sign-in, kept by Cognito."""

import secrets
import string
from datetime import datetime, timedelta
from typing import Any

import msgspec
from botocore.exceptions import ClientError, ParamValidationError

from chalicelib.adapters.aws import client
from chalicelib.domain.refusals import (
    CursorInvalid,
    SignInRefused,
    SignInUnavailable,
    StaffExists,
    StaffNotFound,
)
from chalicelib.settings import settings

REFUSED = {
    "NotAuthorizedException",
    "UserNotFoundException",
    "PasswordResetRequiredException",
    "UserNotConfirmedException",
    "CodeMismatchException",
    "ExpiredCodeException",
    "InvalidParameterException",
    "InvalidPasswordException",
    "EnableSoftwareTokenMFAException",
    "SoftwareTokenMFANotFoundException",
    "ConcurrentModificationException",
}


BUSY = {"TooManyRequestsException", "LimitExceededException"}
"""What Cognito says of too many requests at once, whoever sends them: no word on name or password."""


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """What Cognito gave: tokens, or the challenge that comes before them."""

    id_token: str | None = None
    access_token: str | None = None
    refresh_token: str | None = None
    expires_at: datetime | None = None
    challenge: str | None = None
    session: str | None = None


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff and the groups that say what she may do."""

    username: str
    groups: list[str]
    enabled: bool = True


def sign_in(username: str, password: str, *, now: datetime) -> SignedIn:
    """Tokens for a name and password, or the challenge.

    Raises `SignInRefused`, never saying why, and like all of these `SignInUnavailable`.
    """
    return _auth("USER_PASSWORD_AUTH", {"USERNAME": username, "PASSWORD": password}, now=now)


def refresh(refresh_token: str, *, now: datetime) -> SignedIn:
    """A new ID token; raises `SignInRefused`."""
    return _auth("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": refresh_token}, now=now)


def answer_challenge(
    challenge: str, username: str, session: str, response: dict[str, str], *, now: datetime
) -> SignedIn:
    """Tokens for the answer to a challenge: a code, or the first password of one's own."""
    cognito = client("cognito-idp")
    try:
        answer = cognito.respond_to_auth_challenge(
            ClientId=settings().staff_client_id,
            ChallengeName=challenge,
            Session=session,
            ChallengeResponses={"USERNAME": username, **response},
        )
    except (ClientError, ParamValidationError) as fault:
        raise refusal_of(fault) from fault
    return _signed_in(answer, now)


def accounts(cursor: str | None) -> tuple[list[Account], str | None]:
    """One page of the accounts with their groups, and the token to go on from. Raises `CursorInvalid`."""
    cognito, paging = client("cognito-idp"), {"PaginationToken": cursor} if cursor else {}
    try:
        page = cognito.list_users(UserPoolId=settings().staff_pool_id, Limit=20, **paging)
    except cognito.exceptions.InvalidParameterException as fault:
        raise CursorInvalid("the cursor is not one of this list") from fault
    found = [
        Account(username=user["Username"], groups=groups_of(user["Username"]), enabled=user["Enabled"])
        for user in page["Users"]
    ]
    return found, page.get("PaginationToken")


def must_be_known(username: str) -> None:
    """See that there is such an account. Raises `StaffNotFound`."""
    if not is_known(username):
        raise StaffNotFound("no such member of staff")


def must_be_free(username: str) -> None:
    """See that there is no such account. Raises `StaffExists`."""
    if is_known(username):
        raise StaffExists("the user name is taken")


def is_known(username: str) -> bool:
    """Whether there is such an account."""
    cognito = client("cognito-idp")
    try:
        groups_of(username)
    except (cognito.exceptions.UserNotFoundException, cognito.exceptions.InvalidParameterException):
        return False
    return True


def create(username: str, groups: list[str]) -> str:
    """Make an account; the temporary password, said once."""
    cognito, pool = client("cognito-idp"), settings().staff_pool_id
    password = _temporary_password()
    try:
        cognito.admin_create_user(
            UserPoolId=pool, Username=username, TemporaryPassword=password, MessageAction="SUPPRESS"
        )
    except cognito.exceptions.UsernameExistsException as fault:
        raise StaffExists("the user name is taken") from fault
    for group in groups:
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=username, GroupName=group)
    return password


def remove(username: str) -> None:
    """Shut an account and end its sessions; what it did stays on record. Raises `StaffNotFound`."""
    cognito, pool = client("cognito-idp"), settings().staff_pool_id
    try:
        cognito.admin_user_global_sign_out(UserPoolId=pool, Username=username)
        cognito.admin_delete_user(UserPoolId=pool, Username=username)
    except (cognito.exceptions.UserNotFoundException, cognito.exceptions.InvalidParameterException) as fault:
        raise StaffNotFound("no such member of staff") from fault


def reset_mfa(username: str) -> None:
    """Take a lost authenticator off an account and end its sessions. Raises `StaffNotFound`."""
    cognito, pool = client("cognito-idp"), settings().staff_pool_id
    off = {"Enabled": False, "PreferredMfa": False}
    try:
        cognito.admin_set_user_mfa_preference(
            UserPoolId=pool, Username=username, SoftwareTokenMfaSettings=off
        )
        cognito.admin_user_global_sign_out(UserPoolId=pool, Username=username)
    except (cognito.exceptions.UserNotFoundException, cognito.exceptions.InvalidParameterException) as fault:
        raise StaffNotFound("no such member of staff") from fault


def groups_of(username: str) -> list[str]:
    """The groups of one account."""
    answer = client("cognito-idp").admin_list_groups_for_user(
        UserPoolId=settings().staff_pool_id, Username=username
    )
    return sorted(group["GroupName"] for group in answer["Groups"])


def _auth(flow: str, parameters: dict[str, str], *, now: datetime) -> SignedIn:
    cognito = client("cognito-idp")
    try:
        answer = cognito.initiate_auth(
            ClientId=settings().staff_client_id, AuthFlow=flow, AuthParameters=parameters
        )
    except (ClientError, ParamValidationError) as fault:
        raise refusal_of(fault) from fault
    return _signed_in(answer, now)


def _signed_in(answer: dict[str, Any], now: datetime) -> SignedIn:
    if "AuthenticationResult" not in answer:
        return SignedIn(challenge=answer["ChallengeName"], session=answer.get("Session"))
    result = answer["AuthenticationResult"]
    return SignedIn(
        id_token=result["IdToken"],
        access_token=result["AccessToken"],
        refresh_token=result.get("RefreshToken"),
        expires_at=now + timedelta(seconds=result["ExpiresIn"]),
    )


def refusal_of(fault: ClientError | ParamValidationError) -> Exception:
    """A refusal for what Cognito refuses, or botocore for it: a session too short to be one."""
    if isinstance(fault, ParamValidationError) or fault.response["Error"]["Code"] in REFUSED:
        return SignInRefused("name, password or code do not match")
    if fault.response["Error"]["Code"] in BUSY:
        return SignInUnavailable("too many sign-ins at once; try again in a moment")
    return fault


def _temporary_password() -> str:
    """Twenty random characters with one of each kind that the pool's policy asks for."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.+=")
    chosen = [secrets.choice(kind) for kind in kinds]
    chosen += [secrets.choice(string.ascii_letters + string.digits) for _ in range(16)]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)
