"""Every route says who may call it, and the OpenAPI document says all of it."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from chalice.app import CognitoUserPoolAuthorizer, RouteEntry

from chalicelib.routes.contract import Contract

Routes = list[tuple[str, str, RouteEntry]]

BY_LINK = "the link's token in X-Link-Token is the way in, bound to one device"
PAGE = "a page holds nothing of anybody and must load before anyone can sign in"
OPEN: dict[tuple[str, str], str] = {
    ("POST", "/session"): "signs a citizen in: WeChat's login code is the proof",
    ("POST", "/console/session"): "signs staff in: Cognito checks the password",
    ("POST", "/link/open"): BY_LINK,
    ("GET", "/link/incident"): BY_LINK,
    ("POST", "/link/status"): BY_LINK,
    ("POST", "/link/feedback"): BY_LINK,
    ("POST", "/link/messages"): BY_LINK,
    ("POST", "/link/call"): BY_LINK,
    ("POST", "/link/alert"): BY_LINK,
    ("GET", "/link/alert"): BY_LINK,
    ("POST", "/link/ack"): BY_LINK,
    (
        "POST",
        "/link/alert/code",
    ): "the code of a text and the last digits of its number give the link's token",
    ("GET", "/"): PAGE,
    ("GET", "/ack"): PAGE,
    ("GET", "/console"): PAGE,
    ("GET", "/officer"): PAGE,
    ("GET", "/assets/{name}"): PAGE,
    ("GET", "/county"): "the bureau's name, numbers and outline are public",
    ("GET", "/figures"): "the bureau publishes them, where a setting says so; numbers alone",
    ("GET", "/openapi.json"): "describes the interface, holds nothing of anybody",
}

ONE_TYPE = {
    ("PUT", "/console/incidents/{incident_id}/recording/{seq}"): "API Gateway hands over bytes by their type",
}
"""Routes that take one content type alone, and why."""


def terms(entry: RouteEntry) -> Contract:
    found: Contract = entry.view_function.contract  # type: ignore[attr-defined]
    return found


def test_every_route_has_an_authorizer_or_a_stated_reason(routes: Routes) -> None:
    without = {(method, path) for method, path, entry in routes if entry.authorizer is None}
    assert without == set(OPEN)


def test_what_is_open_by_a_link_takes_the_links_token(routes: Routes) -> None:
    for method, path, entry in routes:
        by_link = OPEN.get((method, path)) == BY_LINK
        assert ("X-Link-Token" in terms(entry).headers) == by_link, (method, path)


def test_the_console_takes_staff_and_the_rest_citizens(routes: Routes) -> None:
    for method, path, entry in routes:
        if entry.authorizer is None:
            continue
        is_staff = isinstance(entry.authorizer, CognitoUserPoolAuthorizer)
        assert is_staff == path.startswith("/console/"), (method, path)


def test_every_staff_route_names_its_groups_and_no_other_does(routes: Routes) -> None:
    for method, path, entry in routes:
        is_staff = isinstance(entry.authorizer, CognitoUserPoolAuthorizer)
        assert bool(terms(entry).groups) == is_staff, (method, path)


def test_bodies_are_taken_whatever_their_content_type_but_for_stated_reasons(routes: Routes) -> None:
    """A report is not refused over a header."""
    strict = {
        (method, path)
        for method, path, entry in routes
        if method in ("POST", "PUT", "PATCH") and entry.content_types != ["*/*"]
    }
    assert strict == set(ONE_TYPE)


def test_one_level_of_a_path_has_one_variable_name(routes: Routes) -> None:
    """API Gateway refuses `{id}` beside `{incident_id}`; packaging does not notice."""
    names: dict[str, set[str]] = {}
    for _, path, _ in routes:
        for found in re.finditer(r"{(\w+)}", path):
            names.setdefault(path[: found.start()], set()).add(found[1])
    assert {level: found for level, found in names.items() if len(found) > 1} == {}


def test_every_incident_in_a_path_is_called_incident_id(routes: Routes) -> None:
    for _, path, _ in routes:
        for found in re.finditer(r"/(reports|incidents)/{(\w+)}", path):
            assert found[2] == "incident_id", path


def test_every_route_stands_in_the_openapi_document_with_a_summary(
    routes: Routes, openapi: dict[str, Any]
) -> None:
    for method, path, _ in routes:
        operation = openapi["paths"][path][method.lower()]
        assert re.fullmatch(r"\S.{8,}\.", operation["summary"]), (method, path, operation["summary"])


def test_the_openapi_document_holds_no_other_route(routes: Routes, openapi: dict[str, Any]) -> None:
    described = {(m.upper(), path) for path, by in openapi["paths"].items() for m in by}
    assert described == {(method, path) for method, path, _ in routes}


def test_operation_ids_are_unique(openapi: dict[str, Any]) -> None:
    ids = Counter(one["operationId"] for by in openapi["paths"].values() for one in by.values())
    assert [name for name, count in ids.items() if count > 1] == []


def test_every_reference_of_the_openapi_document_resolves(openapi: dict[str, Any]) -> None:
    for reference in _references(openapi):
        place: Any = openapi
        for part in reference.removeprefix("#/").split("/"):
            assert part in place, reference
            place = place[part]


def test_the_openapi_document_has_the_structure_of_version_3_1(openapi: dict[str, Any]) -> None:
    assert openapi["openapi"].startswith("3.1.")
    assert {"title", "version"} <= openapi["info"].keys()
    schemes = openapi["components"]["securitySchemes"]
    for path, by in openapi["paths"].items():
        named = {one["name"] for one in by.values() for one in one["parameters"] if one["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path))
        for operation in by.values():
            assert all(re.fullmatch(r"[1-5]\d\d", status) for status in operation["responses"])
            assert all(one["description"] for one in operation["responses"].values())
            assert any(status.startswith("2") for status in operation["responses"])
            assert all(name in schemes for one in operation.get("security", []) for name in one)
            keys = [(one["in"], one["name"]) for one in operation["parameters"]]
            assert len(keys) == len(set(keys))
            assert all("schema" in one for one in operation["parameters"])


def test_no_refusal_is_described_as_a_success(openapi: dict[str, Any]) -> None:
    for by in openapi["paths"].values():
        for operation in by.values():
            for status, response in operation["responses"].items():
                is_problem = "application/problem+json" in response.get("content", {})
                assert is_problem == (status >= "400")


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
