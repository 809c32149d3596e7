"""`GET /openapi.json`: the interface described from the very types that check the requests."""

import re
from functools import cache
from typing import Any

import msgspec
from chalice.app import Blueprint, CognitoUserPoolAuthorizer, Response, RouteEntry

from chalicelib.domain.refusals import BodyInvalid, BodyNotJson, BodyTooLarge, NotAllowed, Refusal
from chalicelib.routes.contract import PATH_LIMIT_BYTES, Call, Contract, contract
from chalicelib.routes.errors import PROBLEM, STATUS, slug_of, title_of

openapi = Blueprint(__name__)

VERSION = "0.1.0"
"""The project's own, as in pyproject.toml, which no function has."""

REF = "#/components/schemas/{name}"

PATH_VARIABLE = {"type": "string", "minLength": 1, "maxLength": PATH_LIMIT_BYTES}

Routes = dict[str, dict[str, RouteEntry]]


@openapi.route("/openapi.json", methods=["GET"])
@contract(openapi)
def describe(call: Call[None]) -> Response:
    """This interface as an OpenAPI 3.1 document."""
    app = openapi._current_app
    assert app is not None  # noqa: S101
    return Response(body=_document_text(app), headers={"Content-Type": "application/json"})


@cache
def _document_text(app: Any) -> str:
    return msgspec.json.encode(document(app.routes)).decode()


def document(routes: Routes) -> dict[str, Any]:
    """The OpenAPI document of all routes that have a contract."""
    kinds = [kind for terms in _contracts(routes) for kind in (terms.takes, terms.gives) if kind]
    unique = list(dict.fromkeys(kinds))
    _, schemas = msgspec.json.schema_components(unique, ref_template=REF)
    schemas["Problem"] = _problem_schema()
    return {
        "openapi": "3.1.0",
        "info": {"title": "instant110 即时报警", "version": VERSION},
        "paths": {path: _path(path, methods) for path, methods in sorted(routes.items())},
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "citizen": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "staff": {"type": "apiKey", "in": "header", "name": "Authorization"},
                "link": {"type": "apiKey", "in": "header", "name": "X-Link-Token"},
            },
        },
    }


def _contracts(routes: Routes) -> list[Contract]:
    entries = [entry for methods in routes.values() for entry in methods.values()]
    return [contract_of(entry) for entry in entries]


def contract_of(entry: RouteEntry) -> Contract:
    """What a route takes, gives and refuses."""
    terms: Contract = entry.view_function.contract  # type: ignore[attr-defined]
    return terms


def _path(path: str, methods: dict[str, RouteEntry]) -> dict[str, Any]:
    return {method.lower(): _operation(path, method, entry) for method, entry in sorted(methods.items())}


def _operation(path: str, method: str, entry: RouteEntry) -> dict[str, Any]:
    terms = contract_of(entry)
    operation: dict[str, Any] = {
        "operationId": entry.view_name,
        "summary": (entry.view_function.__doc__ or "").strip().splitlines()[0],
        "parameters": [*_path_parameters(path), *_query_parameters(terms), *_header_parameters(terms)],
        "responses": _responses(path, entry, terms),
    }
    security = _security(entry, terms)
    if security:
        operation["security"] = [{security: []}]
    if terms.takes is not None:
        schema = {"$ref": REF.format(name=terms.takes.__name__)}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": PATH_VARIABLE}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query_parameters(terms: Contract) -> list[dict[str, Any]]:
    if terms.query is None:
        return []
    _, parts = msgspec.json.schema_components([terms.query], ref_template=REF)
    described = parts[terms.query.__name__]
    required = described.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _inlined(kind, parts)}
        for name, kind in described["properties"].items()
    ]


def _inlined(kind: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    name = kind.get("$ref", "").rpartition("/")[2]
    inlined: dict[str, Any] = parts.get(name, kind)
    return inlined


def _header_parameters(terms: Contract) -> list[dict[str, Any]]:
    names = [*(["Idempotency-Key"] if terms.keyed else []), *terms.headers]
    return [{"name": name, "in": "header", "required": False, "schema": {"type": "string"}} for name in names]


def _responses(path: str, entry: RouteEntry, terms: Contract) -> dict[str, Any]:
    responses: dict[str, Any] = {str(terms.status): _success(terms)}
    by_status: dict[int, list[str]] = {}
    for refusal in _refusals(entry, terms):
        by_status.setdefault(STATUS[refusal], []).append(f"`{slug_of(refusal)}` {title_of(refusal)}")
    if entry.authorizer is not None:
        by_status.setdefault(401, []).append("`unauthorized` No valid token.")
    if "{" in path:
        by_status.setdefault(404, []).append("`route-not-found` No such address here.")
    if terms.content_type != "application/json":
        by_status.setdefault(415, []).append("`unsupported-media-type` It takes one type alone.")
    for status, described in sorted(by_status.items()):
        responses[str(status)] = _problem_response(" · ".join(dict.fromkeys(described)))
    responses["500"] = _problem_response("`internal-error` The fault is ours; try again.")
    return responses


def _success(terms: Contract) -> dict[str, Any]:
    if terms.gives is None:
        return {"description": "Done" if terms.status == 204 else "The page or file"}
    schema = {"$ref": REF.format(name=terms.gives.__name__)}
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _refusals(entry: RouteEntry, terms: Contract) -> list[type[Refusal]]:
    own = list(terms.refuses)
    if terms.takes is not None:
        own += [BodyTooLarge, BodyNotJson] if terms.raw else [BodyInvalid, BodyNotJson, BodyTooLarge]
    if terms.query is not None:
        own.append(BodyInvalid)
    if terms.groups:
        own.append(NotAllowed)
    return list(dict.fromkeys(own))


def _security(entry: RouteEntry, terms: Contract) -> str | None:
    if isinstance(entry.authorizer, CognitoUserPoolAuthorizer):
        return "staff"
    if entry.authorizer is not None:
        return "citizen"
    return "link" if "X-Link-Token" in terms.headers else None


def _problem_response(described: str) -> dict[str, Any]:
    schema = {"$ref": REF.format(name="Problem")}
    return {"description": described, "content": {PROBLEM: {"schema": schema}}}


def _problem_schema() -> dict[str, Any]:
    return {
        "title": "Problem",
        "description": "RFC 9457; `type` is a stable slug, further members are facts of the refusal.",
        "type": "object",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
        },
        "required": ["type", "title", "status"],
        "additionalProperties": True,
    }
