"""What each route takes, gives and refuses: said once, to check requests and to describe them."""

import functools
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from chalice.app import Blueprint, Request, Response

from chalicelib.adapters.secrets import citizen_secret
from chalicelib.domain.asked import Asked, derived_id, request_digest
from chalicelib.domain.refusals import (
    BodyInvalid,
    BodyNotJson,
    BodyTooLarge,
    IncidentNotFound,
    KeyReused,
    Refusal,
)
from chalicelib.domain.staff import Group, Staff
from chalicelib.routes.errors import problem, problem_of
from chalicelib.telemetry import log_fault, utc_now

ANY = ["*/*"]
"""Routes take a body whatever type it claims: a report is not refused over a header."""

BODY_LIMIT_BYTES = 64 * 1024
PATH_LIMIT_BYTES = 128
"""Longer than any id, user name or asset; DynamoDB takes no key over 1,024 bytes."""

INCIDENT_ID = re.compile(r"[a-z2-7]{26}")

T = TypeVar("T")


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """What a route takes, gives and refuses.

    `groups` are the staff it is for, `keyed` calls take an `Idempotency-Key`, `raw` bodies are not checked.
    """

    takes: Any = None
    query: Any = None
    gives: Any = None
    status: int = 200
    refuses: tuple[type[Refusal], ...] = ()
    groups: tuple[Group, ...] = ()
    keyed: bool = False
    raw: bool = False
    headers: tuple[str, ...] = ()
    limit_bytes: int = BODY_LIMIT_BYTES
    content_type: str = "application/json"


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An empty body."""


class Call(Generic[T]):
    """One request, read: its body, who sent it, its key, and the moment it came."""

    def __init__(self, request: Request, contract: Contract) -> None:
        self.request = request
        self.now: datetime = utc_now()
        self.raw = _bytes(request.raw_body)
        if len(self.raw) > contract.limit_bytes:
            raise BodyTooLarge("the body is over the limit", limit_bytes=contract.limit_bytes)
        if contract.groups:
            self.staff.must_be(*contract.groups)
        self.body: T = read_body(self.raw, contract.takes) if contract.takes and not contract.raw else None  # type: ignore[assignment]
        self.query: Any = read_query(request.query_params, contract.query) if contract.query else None

    @property
    def citizen_id(self) -> str:
        """The citizen whose token the authorizer took."""
        citizen_id: str = self.request.context["authorizer"]["principalId"]
        return citizen_id

    @property
    def staff(self) -> Staff:
        """The member of staff whose ID token the gateway took. Groups come as one text (API Gateway)."""
        claims = self.request.context["authorizer"]["claims"]
        named = claims.get("cognito:groups") or ""
        groups = named if isinstance(named, list) else re.split(r"[][\s,]+", named)
        return Staff(username=claims["cognito:username"], groups=frozenset(groups))

    @property
    def key(self) -> str | None:
        """The `Idempotency-Key`, if one was sent."""
        return self.header("Idempotency-Key")

    def header(self, name: str) -> str | None:
        """One header, or None."""
        value: str | None = self.request.headers.get(name)
        return value or None

    def asked(self, by: str, *what: str) -> Asked | None:
        """What makes a retry of this call safe, for a caller and what it asks for; None without a key."""
        if self.key is None:
            return None
        return Asked(
            marker=derived_id(citizen_secret(), "asked", by, self.key),
            digest=request_digest(*what, canonical(self.raw)),
        )


def contract(blueprint: Blueprint, **said: Any) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Read the call before the view and shape its answer after it, as the contract says.

    The view gets a `Call` and the path's variables. A refusal becomes its problem document; any other
    fault is logged without its message and answered with 500.
    """
    terms = Contract(**said)
    if terms.keyed:
        terms = msgspec.structs.replace(terms, refuses=(*terms.refuses, KeyReused))

    def wrap(view: Callable[..., Any]) -> Callable[..., Response]:
        @functools.wraps(view)
        def answer(**path: str) -> Response:
            if any(len(value.encode()) > PATH_LIMIT_BYTES for value in path.values()):
                return problem("route-not-found", 404, "No such address here")
            try:
                _check_path(path)
                given = view(Call(blueprint.current_request, terms), **path)
            except Refusal as refusal:
                return problem_of(refusal)
            except Exception as fault:
                route = blueprint.current_request.context["resourcePath"]
                log_fault("request.failed", fault, route=route)
                return problem("internal-error", 500, "The fault is ours; try again.")
            return given if isinstance(given, Response) else reply(given, terms.status)

        answer.contract = terms  # type: ignore[attr-defined]
        return answer

    return wrap


def reply(given: Any, status: int = 200) -> Response:
    """A JSON answer that nobody keeps."""
    headers: dict[str, str | list[str]] = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Response(body=msgspec.json.encode(given).decode(), status_code=status, headers=headers)


def read_body(raw: bytes, kind: type[T]) -> T:
    """The body as its type; raises `BodyNotJson` or `BodyInvalid` naming the field."""
    try:
        return msgspec.json.decode(raw or b"{}", type=kind)
    except msgspec.ValidationError as fault:
        raise _invalid(fault) from fault
    except (msgspec.DecodeError, RecursionError) as fault:
        raise BodyNotJson("the body is not JSON") from fault


def read_query(sent: Any, kind: type[T]) -> T:
    """The query as its type; numbers come as text."""
    try:
        return msgspec.convert(dict(sent or {}), kind, strict=False)
    except msgspec.ValidationError as fault:
        raise _invalid(fault) from fault


def canonical(raw: bytes) -> bytes:
    """The body with its keys in order, so that their order does not matter; as sent if it is not JSON."""
    try:
        return msgspec.json.encode(msgspec.json.decode(raw or b"{}"), order="sorted")
    except (msgspec.MsgspecError, RecursionError):
        return raw


def _bytes(body: str | bytes | None) -> bytes:
    return body.encode() if isinstance(body, str) else body or b""


def _invalid(fault: msgspec.ValidationError) -> BodyInvalid:
    message, _, path = str(fault).partition(" - at `$")
    # Of a wrong choice the message repeats what was sent, which may be personal.
    message = re.sub(r"^Invalid enum value .*", "Not one of the choices", message, flags=re.DOTALL)
    return BodyInvalid(message, field=path.strip("`.") or "body")


def _check_path(path: dict[str, str]) -> None:
    incident_id = path.get("incident_id")
    if incident_id is not None and not INCIDENT_ID.fullmatch(incident_id):
        raise IncidentNotFound("no such incident")
