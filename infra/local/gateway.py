"""API Gateway's part on one machine: routes, authorizers and refusals around Chalice's own `LocalGateway`."""

import base64
import threading
import uuid
from http import HTTPStatus
from typing import Any

from chalice.app import Chalice, CognitoUserPoolAuthorizer
from chalice.config import Config
from chalice.local import (
    ForbiddenError,
    InvalidAuthorizerError,
    LambdaContext,
    LocalChalice,
    LocalGateway,
    LocalGatewayAuthorizer,
    NotAuthorizedError,
    RouteMatcher,
)

from chalicelib.routes.headers import EVERYWHERE
from infra.local.cognito import StaffTokens, TokenRefused
from infra.local.serving import LocalHandler, Refused
from infra.local.watch import running

# What Lambda gives at most to a function behind API Gateway.
TIMEOUT_SECONDS = 29
# What Chalice calls the function behind all routes.
API_HANDLER = "api_handler"


class _PerThread:
    """An attribute of the app that each thread sees its own value of."""

    def __init__(self) -> None:
        self._local = threading.local()

    def __get__(self, instance: object, owner: type) -> Any:
        return getattr(self._local, "value", None)

    def __set__(self, instance: object, value: Any) -> None:
        self._local.value = value


def share_between_threads(app: Chalice) -> None:
    """Have concurrent requests see only their own request and context.

    On Lambda a process has one invocation at a time, so Chalice keeps both on the app object.
    """
    app.__class__ = type(
        "ThreadSafeChalice",
        (LocalChalice, type(app)),
        {"current_request": _PerThread(), "lambda_context": _PerThread()},
    )


class _StaffAuthorizer(LocalGatewayAuthorizer):
    """Chalice's authorizer runner, with Cognito tokens verified instead of believed."""

    def __init__(self, app: Chalice, tokens: StaffTokens) -> None:
        super().__init__(app)
        self._tokens = tokens

    def authorize(self, raw_path: str, lambda_event: Any, lambda_context: Any) -> Any:
        route = self._route_for_event(lambda_event)
        if route is None or route.authorizer is None:
            return super().authorize(raw_path, lambda_event, lambda_context)
        if not isinstance(route.authorizer, CognitoUserPoolAuthorizer):
            with running(route.authorizer.name):
                return super().authorize(raw_path, lambda_event, lambda_context)
        try:
            claims = self._tokens.claims(lambda_event["headers"].get("authorization", ""))
        except TokenRefused as error:
            raise _unauthorized() from error
        lambda_event["requestContext"]["authorizer"] = {"claims": claims}
        return lambda_event, lambda_context


class _Authorizers(_StaffAuthorizer):
    """Gives the authorizers' verdicts the form of refusals."""

    def authorize(self, raw_path: str, lambda_event: Any, lambda_context: Any) -> Any:
        try:
            return super().authorize(raw_path, lambda_event, lambda_context)
        except NotAuthorizedError as error:
            raise _unauthorized() from error
        except ForbiddenError as error:
            raise _forbidden() from error
        except InvalidAuthorizerError:
            raise
        except Exception as error:
            # What a token authorizer raises with exactly this message is a 401 at API Gateway.
            if str(error) == "Unauthorized":
                raise _unauthorized() from error
            raise


class Gateway(LocalGateway):
    """Runs one app, as many requests at once as there are threads."""

    def __init__(self, app: Chalice, tokens: StaffTokens) -> None:
        share_between_threads(app)
        config = Config.create(lambda_timeout=TIMEOUT_SECONDS, app_name=app.app_name, lambda_memory_size=1024)
        super().__init__(app, config)
        self._authorizer = _Authorizers(app, tokens)
        self._matcher = RouteMatcher(list(app.routes))

    def route_of(self, method: str, target: str) -> str:
        """Return the route's template; raises `Refused` for an unknown route or method."""
        try:
            matched = self._matcher.match_route(target)
        except ValueError as error:
            raise _no_route() from error
        template = str(matched.route)
        if not all(matched.captured[name] for name in _variables(template)):
            raise _no_route()
        entries = self._app_object.routes[template]
        preflight = method == "OPTIONS" and any(entry.cors for entry in entries.values())
        if method not in entries and not preflight:
            allow = ", ".join(sorted(entries))
            raise Refused(
                HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "No such method here", Allow=allow
            )
        return template

    def _generate_lambda_context(self) -> LambdaContext:
        context = LambdaContext(self._app_object.app_name, 1024, TIMEOUT_SECONDS * 1000)
        context.invoked_function_arn = f"arn:aws:lambda:local:000000000000:function:{context.function_name}"
        return context

    def _generate_lambda_event(self, method: str, path: str, headers: Any, body: bytes | None) -> Any:
        event: dict[str, Any] = super()._generate_lambda_event(method, path, headers, body)
        names = _variables(event["requestContext"]["resourcePath"])
        # The matcher also leaves what it captured on the way to other routes.
        event["pathParameters"] = {name: event["pathParameters"][name] for name in names}
        event["requestContext"]["requestId"] = str(uuid.uuid4())
        event["requestContext"]["stage"] = "local"
        if isinstance(event["body"], bytes):
            # What is not declared binary reaches a function as text, for better or worse.
            event["body"] = event["body"].decode("utf-8", "replace")
        return event


class GatewayHandler(LocalHandler):
    """HTTP in, a Lambda event through the gateway, HTTP out."""

    gateway: Gateway

    def answer(self, body: bytes) -> None:
        if not self.path.startswith("/"):
            raise _no_route()
        self.route_template = self.gateway.route_of(self.command, self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        with running(API_HANDLER):
            response = self.gateway.handle_request(self.command, self.path, headers, body)
        content = response.get("body") or b""
        if response.get("isBase64Encoded"):
            content = base64.b64decode(content)
        elif isinstance(content, str):
            content = content.encode()
        self.reply(response["statusCode"], _headers(response), content)

    def reply(self, status: int, headers: dict[str, Any], body: bytes) -> None:
        """Send an answer; the gateway's own say what the app's do, as `settle_gateway` has it on AWS."""
        super().reply(status, {**EVERYWHERE, **headers}, body)


def handler_of(app: Chalice, tokens: StaffTokens) -> type[GatewayHandler]:
    """Make the request handler of one app, for a `LocalServer`."""
    return type("AppHandler", (GatewayHandler,), {"gateway": Gateway(app, tokens)})


def _headers(response: dict[str, Any]) -> dict[str, Any]:
    named = {**(response.get("headers") or {}), **(response.get("multiValueHeaders") or {})}
    typed = any(name.lower() == "content-type" for name in named)
    return named if typed else {"Content-Type": "application/json", **named}


def _unauthorized() -> Refused:
    return Refused(HTTPStatus.UNAUTHORIZED, "unauthorized", "Sign in first")


def _forbidden() -> Refused:
    return Refused(HTTPStatus.FORBIDDEN, "forbidden", "Not allowed")


def _no_route() -> Refused:
    return Refused(HTTPStatus.NOT_FOUND, "route-not-found", "No such address here")


def _variables(template: str) -> list[str]:
    return [part[1:-1] for part in template.split("/") if part.startswith("{")]
