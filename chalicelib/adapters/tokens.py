"""Citizen tokens: HS256, for one citizen, with a life.

PyJWT is imported where a token is made or read: of all functions only the authorizer and a sign-in do.
"""

from datetime import datetime, timedelta

from chalicelib.adapters.secrets import citizen_secret
from chalicelib.settings import settings

ISSUER = "instant110"
ALGORITHM = "HS256"
REQUIRED = ["exp", "iat", "sub", "iss"]


class TokenRefused(Exception):
    """The token is forged, expired, or another kind of thing."""


def issue(citizen_id: str, *, now: datetime) -> tuple[str, datetime]:
    """A token for the citizen, and the moment it expires."""
    import jwt

    expires_at = now + timedelta(seconds=settings().token_life_seconds)
    claims = {"iss": ISSUER, "sub": citizen_id, "iat": now, "exp": expires_at}
    return jwt.encode(claims, citizen_secret(), algorithm=ALGORITHM), expires_at


def read(token: str) -> str:
    """The citizen a token stands for; raises `TokenRefused`."""
    import jwt

    try:
        claims = jwt.decode(
            token, citizen_secret(), algorithms=[ALGORITHM], issuer=ISSUER, options={"require": REQUIRED}
        )
    except jwt.InvalidTokenError as fault:
        raise TokenRefused from fault
    citizen_id: str = claims["sub"]
    return citizen_id
