"""Who may call: citizens by our own token, staff by Cognito's."""

from chalice.app import AuthRequest, AuthResponse, Blueprint, CognitoUserPoolAuthorizer

from chalicelib.adapters import tokens
from chalicelib.settings import settings

authorizers = Blueprint(__name__)

CACHED_SECONDS = 300

staff = CognitoUserPoolAuthorizer("staff", provider_arns=[settings().staff_pool_arn])


class Unauthorized(Exception):
    """API Gateway answers 401 exactly when the authorizer's fault reads so; a refused policy would be 403."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


@authorizers.authorizer(ttl_seconds=CACHED_SECONDS)
def citizen(request: AuthRequest) -> AuthResponse:
    """Let a citizen's token through to every route: API Gateway keeps the answer by token, not by route."""
    scheme, _, token = request.token.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthorized
    try:
        return AuthResponse(routes=["*"], principal_id=tokens.read(token))
    except tokens.TokenRefused as fault:
        raise Unauthorized from fault
