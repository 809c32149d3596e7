"""Checks staff tokens as API Gateway's Cognito authorizer does."""

from typing import Any

import jwt

from infra.local.aws import REGION

ISSUER = "https://cognito-idp.{region}.amazonaws.com/{pool_id}"


class TokenRefused(Exception):
    """The token is not a valid ID token of this pool for this client."""


class StaffTokens:
    """Verifies ID tokens against the pool's published keys.

    Source: "Verifying JSON web tokens", Amazon Cognito developer guide. Signature, issuer, audience, expiry
    and `token_use` are checked; an access token is refused, because a route without scopes wants an ID token.
    """

    def __init__(self, *, endpoint: str, pool_id: str, client_id: str) -> None:
        self._keys = jwt.PyJWKClient(
            f"{endpoint}/{pool_id}/.well-known/jwks.json", cache_keys=True, lifespan=3600, timeout=5
        )
        self._issuer = ISSUER.format(region=REGION, pool_id=pool_id)
        self._client_id = client_id

    def claims(self, authorization: str) -> dict[str, str]:
        """Return the claims as the function gets them: every value as text, lists joined by commas.

        Raises `TokenRefused`.
        """
        token = authorization.removeprefix("Bearer ").strip()
        try:
            claims = jwt.decode(
                token,
                self._keys.get_signing_key_from_jwt(token),
                algorithms=["RS256"],
                issuer=self._issuer,
                audience=self._client_id,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise TokenRefused(type(error).__name__) from error
        if claims.get("token_use") != "id":
            raise TokenRefused("not an ID token")
        return {name: _as_text(value) for name, value in claims.items()}


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
