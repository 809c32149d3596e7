"""Bad input at every route: a problem document with a stable type, and nothing half-written."""

import functools
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.desk import a_seat, record, refused
from tests.machine import HttpClient, Machine, done
from tests.media import picture
from tests.reporting import INSIDE, file_report, new_key, record_of, someone

SOME_ID = "a" * 26
NOT_JSON = ["{", "help", "{'text': 1}"]
ODD_JSON = [
    '{"text": NaN}',
    '{"at": Infinity}',
    '{"text": "\\ud800"}',
    "{} {}",
    '{"text": 1e999}',
]
WRONG_JSON = ["[]", "null", "7", '"text"', "true", "[" * 9000 + "]" * 9000]
SWEEP: dict[str, tuple[list[bytes], int, str]] = {
    "what is not JSON": ([raw.encode() for raw in NOT_JSON], 400, "body-not-json"),
    "JSON that is no object": ([raw.encode() for raw in WRONG_JSON], 422, "body-invalid"),
    "an unknown field": ([b'{"surprise": 1}'], 422, "body-invalid"),
}


class Route:
    """One method of one path, with what its contract says and who may call it."""

    def __init__(self, method: str, path: str, view: Any) -> None:
        self.method, self.path, self.terms = method, path, view.contract

    def ask(self, machine: Machine, incident_id: str, raw: bytes, **headers: str) -> Any:
        """Send a body as somebody who may call it, about a real incident."""
        path = re.sub(r"\{\w+\}", SOME_ID, self.path.replace("{incident_id}", incident_id))
        headers = {"Content-Type": self.terms.content_type, **headers}
        return self.caller(machine).ask(self.method, path, data=raw, headers=headers)

    def caller(self, machine: Machine) -> HttpClient:
        """Staff of the first group, or another citizen: what is wrong is found before whose it is."""
        return _signed_in(machine, self.terms.groups[0] if self.terms.groups else "citizen")


@functools.cache
def _signed_in(machine: Machine, role: str) -> HttpClient:
    if role == "citizen":
        return someone(machine)
    return machine.staff(f"{role}1".replace("call_taker", "seat"))


@pytest.fixture(scope="module")
def routes(inside: Machine) -> list[Route]:
    """Every route that may have a body; imported late, because the app reads its environment as it comes."""
    from app import app

    found = [
        Route(method, path, entry.view_function)
        for path, entries in app.routes.items()
        for method, entry in entries.items()
        if method != "GET" and hasattr(entry.view_function, "contract")
    ]
    assert len(found) > 20
    return found


FROM_THE_STREAM = ("place", "version", "hits", "alert", "alert_due_at")
KINDS_FROM_THE_STREAM = ("place.named", "hits.found", "alert.sending", "alert.texted", "alert.folded")


@pytest.fixture(scope="module")
def standing(machine: Machine) -> Iterator[str]:
    """An incident that must stand exactly as it was when all of this is over."""
    citizen, seat = someone(machine), a_seat(machine)
    incident_id = str(file_report(citizen, {"text": "不动", "position": INSIDE})["id"])
    before = record(seat, incident_id)
    # The place in words, a repeat and its text come from the stream, and may come while this reads.
    yield incident_id
    after = record(seat, incident_id)
    before["incident"] |= {name: after["incident"][name] for name in FROM_THE_STREAM}
    assert after["incident"] == before["incident"]
    assert {entry["kind"] for entry in after["timeline"]} <= {"report.filed", *KINDS_FROM_THE_STREAM}
    assert after["media"] == []


@pytest.mark.parametrize("what", SWEEP)
def test_every_route_refuses(machine: Machine, routes: list[Route], standing: str, what: str) -> None:
    bodies, status, slug = SWEEP[what]
    strict = [route for route in routes if route.terms.takes is not None and not route.terms.raw]
    for route in strict:
        for raw in bodies:
            answer = route.ask(machine, standing, raw)
            try:
                refused(answer, status, slug)
            except AssertionError as fault:
                raise AssertionError(f"{route.method} {route.path} {raw[:60]!r}: {fault}") from fault
    print(f"{what}: {len(bodies)} bodies at {len(strict)} routes")


def test_numbers_and_letters_that_json_has_not_are_refused(
    machine: Machine, routes: list[Route], standing: str
) -> None:
    """By which of the two depends on what is read first: the field's name or its value."""
    for route in (route for route in routes if route.terms.takes and not route.terms.raw):
        for raw in ODD_JSON:
            answer = route.ask(machine, standing, raw.encode())
            assert (answer.status_code, answer.json()["type"]) in {
                (400, "body-not-json"),
                (422, "body-invalid"),
            }, (route.path, raw, answer.text)


def test_every_route_refuses_a_body_over_its_limit(
    machine: Machine, routes: list[Route], standing: str
) -> None:
    for route in routes:
        limit = route.terms.limit_bytes
        raw = b'{"text": "' + b"a" * (limit - 11) + b'"}'
        assert len(raw) == limit + 1
        problem = refused(route.ask(machine, standing, raw), 413, "body-too-large")
        assert problem["limit_bytes"] == limit, route.path


def test_no_route_minds_the_content_type(machine: Machine, routes: list[Route], standing: str) -> None:
    for route in (route for route in routes if route.terms.takes and not route.terms.raw):
        answer = route.ask(machine, standing, b"help", **{"Content-Type": "text/plain"})
        refused(answer, 400, "body-not-json")


def test_a_malformed_incident_id_is_as_unknown_as_any(machine: Machine, routes: list[Route]) -> None:
    for route in (route for route in routes if "{incident_id}" in route.path):
        for incident_id in ("nope", "A" * 26, "1" * 26, "a" * 25):
            refused(route.ask(machine, incident_id, b"{}"), 404, "incident-not-found")


def test_an_unknown_address_and_a_wrong_method_are_problem_documents(machine: Machine) -> None:
    refused(machine.anyone().get("/nothing/here"), 404, "route-not-found")
    refused(machine.anyone().delete("/session"), 405, "method-not-allowed")


def test_an_unknown_query_is_refused(machine: Machine, standing: str) -> None:
    citizen = someone(machine)
    mine = file_report(citizen)["id"]
    for path in ("/reports", f"/reports/{mine}", "/jurisdiction"):
        refused(
            citizen.get(path, params={"surprise": "1", "lat": "36.4", "lng": "118.5"}), 422, "body-invalid"
        )


def test_a_problem_never_repeats_what_was_sent(machine: Machine) -> None:
    citizen = someone(machine)
    answers = [
        citizen.post("/session/phone", {"phone": "secret 13800138000 words"}),
        citizen.post("/session/phone", {"code": "secret"}),
        machine.anyone().post("/session", {"code": "secret"}),
        citizen.patch("/session/profile", {"trade": "secret"}),
        citizen.get("/reports", params={"cursor": "secret"}),
        citizen.post("/reports/photo-text", data=b"secret"),
    ]
    for answer in answers:
        assert 400 <= answer.status_code < 500
        assert "secret" not in answer.text
        assert "13800138000" not in answer.text


def test_a_refused_request_under_a_key_leaves_the_key_free(machine: Machine) -> None:
    citizen, key = someone(machine), new_key()
    incident_id = file_report(citizen)["id"]
    for path, wrong, right in (
        ("messages", {"text": ""}, {"text": "喂"}),
        ("media", {**picture().announced, "size_bytes": 0}, picture().announced),
    ):
        refused(citizen.post(f"/reports/{incident_id}/{path}", wrong, key=key), 422, "body-invalid")
        done(citizen.post(f"/reports/{incident_id}/{path}", right, key=key))
    read = record_of(citizen, incident_id)
    assert (len(read["media"]), read["timeline"][-1]["details"]["text"]) == (1, "喂")
