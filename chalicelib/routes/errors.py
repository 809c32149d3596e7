"""Refusals as problem documents (RFC 9457): the one place that knows which HTTP status a refusal has."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import msgspec
from chalice.app import Response

from chalicelib.domain import refusals
from chalicelib.domain.refusals import Refusal

PROBLEM = "application/problem+json"

STATUS: dict[type[Refusal], int] = {
    refusals.BodyNotJson: 400,
    refusals.BodyInvalid: 422,
    refusals.BodyTooLarge: 413,
    refusals.CursorInvalid: 422,
    refusals.PhoneInvalid: 422,
    refusals.PhoneCodeRefused: 422,
    refusals.LoginCodeRefused: 401,
    refusals.SignInRefused: 401,
    refusals.SignInUnavailable: 503,
    refusals.CitizenNotFound: 401,
    refusals.CitizenUnknown: 404,
    refusals.ErasureRefused: 409,
    refusals.WechatUnavailable: 503,
    refusals.NotAllowed: 403,
    refusals.OutsideJurisdiction: 409,
    refusals.KeyReused: 422,
    refusals.IncidentNotFound: 404,
    refusals.IncidentChanged: 409,
    refusals.StepRefused: 409,
    refusals.AlreadyAnswered: 409,
    refusals.NotYours: 409,
    refusals.CallbackForbidden: 409,
    refusals.NotLive: 409,
    refusals.FragmentDiffers: 409,
    refusals.NotTransferred: 409,
    refusals.DepartmentNotFound: 404,
    refusals.NoLine: 409,
    refusals.LiveWithheld: 409,
    refusals.EvidenceOfAnother: 422,
    refusals.StandingNotFound: 404,
    refusals.ReviewNotFound: 404,
    refusals.MarkedByYourself: 409,
    refusals.LinkNeeded: 409,
    refusals.LinkToItself: 422,
    refusals.ToldNeeded: 422,
    refusals.MediaLimitReached: 409,
    refusals.MediaTooLarge: 422,
    refusals.MediaTypeRefused: 422,
    refusals.UnitNotFound: 404,
    refusals.DispatchNotFound: 404,
    refusals.StaffNotFound: 404,
    refusals.StaffExists: 409,
    refusals.HitNotFound: 404,
    refusals.LinkNotFound: 404,
    refusals.LinkEnded: 410,
    refusals.LinkBoundElsewhere: 403,
    refusals.DigitsRefused: 403,
    refusals.ShiftInvalid: 422,
    refusals.TooManyTries: 429,
    refusals.TooManyMessages: 429,
    refusals.TooManyStills: 429,
    refusals.ReportFull: 409,
    refusals.PageNotFound: 404,
}


def slug_of(kind: type[Refusal]) -> str:
    """The stable `type` of a refusal: its name in kebab case, as `outside-jurisdiction`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()


def title_of(kind: type[Refusal]) -> str:
    """One sentence that is the same for each refusal of a kind."""
    return (kind.__doc__ or kind.__name__).strip().splitlines()[0]


def problem_of(refusal: Refusal) -> Response:
    """The problem document of a refusal."""
    kind = type(refusal)
    return problem(
        slug_of(kind), STATUS[kind], title_of(kind), detail=refusal.message or None, **refusal.facts
    )


def chalice_refusals(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """Middleware: give what Chalice itself refuses (a content type, say) the form of all other refusals."""
    response = get_response(event)
    own = {name.lower(): value for name, value in response.headers.items()}
    if response.status_code < HTTPStatus.BAD_REQUEST or own.get("content-type") == PROBLEM:
        return response
    status = HTTPStatus(response.status_code)
    return problem(status.phrase.lower().replace(" ", "-"), status, status.phrase)


def problem(slug: str, status: int, title: str, /, *, detail: str | None = None, **facts: object) -> Response:
    """A problem document; `facts` are its extension members and never replace its own."""
    document: dict[str, object] = {"type": slug, "title": title, "status": status}
    if detail:
        document["detail"] = detail
    headers: dict[str, str | list[str]] = {"Content-Type": PROBLEM, "Cache-Control": "no-store"}
    if "retry_after_seconds" in facts:
        headers["Retry-After"] = str(facts["retry_after_seconds"])
    body = msgspec.json.encode({**facts, **document}).decode()
    return Response(body=body, status_code=status, headers=headers)
