"""A member of staff signs in: password, then the challenge, if any; or sets up an authenticator."""

import base64
from datetime import datetime

import msgspec

from chalicelib.adapters import authenticators
from chalicelib.adapters import staff as accounts
from chalicelib.adapters.staff import SignedIn
from chalicelib.domain.refusals import SignInRefused

MFA_SETUP = "MFA_SETUP"
SET_UP = "mfa-setup"
CHALLENGES = {"SOFTWARE_TOKEN_MFA": "mfa", "SMS_MFA": "mfa", "NEW_PASSWORD_REQUIRED": "new-password"}


class StaffSession(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Tokens with whose they are; or a challenge, answered with its session.

    `secret` comes with `mfa-setup`, in base 32: it goes into an authenticator app, whose code is the answer.
    """

    id_token: str | None = None
    refresh_token: str | None = None
    expires_at: datetime | None = None
    username: str | None = None
    groups: list[str] | None = None
    challenge: str | None = None
    session: str | None = None
    secret: str | None = None


def sign_in_staff(username: str, password: str, *, now: datetime) -> StaffSession:
    """Tokens, or the challenge; raises `SignInRefused`."""
    return _session(accounts.sign_in(username, password, now=now))


def renew_session(refresh_token: str, *, now: datetime) -> StaffSession:
    """A new ID token; raises `SignInRefused`."""
    return _session(accounts.refresh(refresh_token, now=now))


def answer_mfa(username: str, session: str, code: str, *, now: datetime) -> StaffSession:
    """Tokens for the code of an authenticator app; raises `SignInRefused`."""
    answer = {"SOFTWARE_TOKEN_MFA_CODE": code}
    return _session(accounts.answer_challenge("SOFTWARE_TOKEN_MFA", username, session, answer, now=now))


def answer_new_password(username: str, session: str, password: str, *, now: datetime) -> StaffSession:
    """Tokens for a password of one's own after a temporary one; raises `SignInRefused`."""
    answer = {"NEW_PASSWORD": password}
    return _session(accounts.answer_challenge("NEW_PASSWORD_REQUIRED", username, session, answer, now=now))


def answer_mfa_setup(username: str, session: str, code: str, *, now: datetime) -> StaffSession:
    """Tokens for the first code of an authenticator that had to be set up; raises `SignInRefused`."""
    verified = authenticators.confirm(code, Session=session) or session
    return _session(accounts.answer_challenge(MFA_SETUP, username, verified, {}, now=now))


def begin_authenticator(refresh_token: str, *, now: datetime) -> StaffSession:
    """The secret of a new authenticator for whoever is signed in; raises `SignInRefused`."""
    begun = authenticators.begin(AccessToken=_access(refresh_token, now=now)[0])
    return StaffSession(challenge=SET_UP, secret=begun.secret)


def confirm_authenticator(refresh_token: str, code: str, *, now: datetime) -> StaffSession:
    """Have the new authenticator be asked for from now on; fresh tokens. Raises `SignInRefused`."""
    access_token, signed_in = _access(refresh_token, now=now)
    authenticators.confirm(code, AccessToken=access_token)
    authenticators.prefer(access_token)
    return _session(signed_in)


def _access(refresh_token: str, *, now: datetime) -> tuple[str, SignedIn]:
    """An access token, which says at Cognito whose authenticator it is and never leaves the service."""
    signed_in = accounts.refresh(refresh_token, now=now)
    if signed_in.access_token is None:
        raise SignInRefused("name, password or code do not match")
    return signed_in.access_token, signed_in


def _session(signed_in: SignedIn) -> StaffSession:
    if signed_in.challenge == MFA_SETUP:
        begun = authenticators.begin(Session=signed_in.session or "")
        return StaffSession(challenge=SET_UP, session=begun.session, secret=begun.secret)
    if signed_in.id_token is None:
        challenge = CHALLENGES.get(signed_in.challenge or "")
        if challenge is None:
            raise SignInRefused("this account asks for a way to sign in that the console does not have")
        return StaffSession(challenge=challenge, session=signed_in.session)
    claims = _claims(signed_in.id_token)
    return StaffSession(
        id_token=signed_in.id_token,
        refresh_token=signed_in.refresh_token,
        expires_at=signed_in.expires_at,
        username=claims.username,
        groups=claims.groups,
    )


class _Claims(msgspec.Struct, frozen=True):
    username: str = msgspec.field(name="cognito:username")
    groups: list[str] = msgspec.field(name="cognito:groups", default_factory=list)


def _claims(id_token: str) -> _Claims:
    """What an ID token says that Cognito handed over just now; nothing is decided by it here."""
    payload = id_token.split(".")[1]
    return msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Claims)
