"""Who may call what: every route against every kind of caller, as written down here by hand."""

from typing import Any

import pytest

from tests.machine import HttpClient, Machine, done

DESK = {"call_taker", "commander", "specialist"}
WORK = {"call_taker", "commander"}
OWN = {"call_taker", "commander", "specialist"}
"""A specialist works what was transferred to her; that she owns it is asked besides."""

EVERY_STAFF = {"call_taker", "commander", "specialist", "admin"}
KEEPERS = {"commander", "admin"}
CITIZEN = {"citizen"}
EVERYONE = {"nobody", *CITIZEN, *EVERY_STAFF}
BY_LINK: set[str] = set()
"""Nobody's account opens these: only the token of an officer's link does."""

ONE = "/console/incidents/{incident_id}"
ALLOWED: dict[str, set[str]] = {
    "GET /": EVERYONE,
    "GET /console": EVERYONE,
    "GET /officer": EVERYONE,
    "GET /ack": EVERYONE,
    "GET /assets/{name}": EVERYONE,
    "GET /county": EVERYONE,
    "GET /figures": EVERYONE,
    "GET /openapi.json": EVERYONE,
    "POST /session": EVERYONE,
    "POST /console/session": EVERYONE,
    "GET /session": CITIZEN,
    "POST /session/phone": CITIZEN,
    "PATCH /session/profile": CITIZEN,
    "PUT /session/profile": CITIZEN,
    "GET /jurisdiction": CITIZEN,
    "POST /reports/photo-text": CITIZEN,
    "POST /reports/video110": CITIZEN,
    "POST /reports/fengqiao": CITIZEN,
    "POST /reports/silent": CITIZEN,
    "POST /reports/voice": CITIZEN,
    "GET /reports": CITIZEN,
    "GET /reports/{incident_id}": CITIZEN,
    "POST /reports/{incident_id}/media": CITIZEN,
    "POST /reports/{incident_id}/messages": CITIZEN,
    "POST /reports/{incident_id}/positions": CITIZEN,
    "POST /reports/{incident_id}/same-event": CITIZEN,
    "POST /reports/{incident_id}/call": CITIZEN,
    "PUT /reports/{incident_id}/call": CITIZEN,
    "POST /reports/{incident_id}/hangup": CITIZEN,
    "POST /reports/{incident_id}/quick-exit": CITIZEN,
    "GET /console/seat": DESK,
    "PUT /console/seat": DESK,
    "GET /console/feed": DESK,
    "GET /console/incidents": DESK,
    f"GET {ONE}": DESK,
    f"GET {ONE}/positions": DESK,
    f"GET {ONE}/stills": DESK,
    f"POST {ONE}/answer": WORK,
    f"POST {ONE}/call": OWN,
    f"POST {ONE}/release": OWN,
    f"POST {ONE}/take": OWN,
    f"POST {ONE}/classify": OWN,
    f"POST {ONE}/place": OWN,
    f"POST {ONE}/notes": DESK,
    f"POST {ONE}/messages": OWN,
    f"POST {ONE}/dispatch": OWN,
    f"POST {ONE}/dispatches/{{dispatch_id}}/resend": OWN,
    f"POST {ONE}/dispatches/{{dispatch_id}}/revoke": OWN,
    f"POST {ONE}/callback": OWN,
    f"POST {ONE}/link": OWN,
    f"POST {ONE}/verdict": OWN,
    f"GET {ONE}/suggestions": DESK,
    f"POST {ONE}/close": OWN,
    f"POST {ONE}/transfer": OWN,
    f"POST {ONE}/transfer/take": {"specialist"},
    f"POST {ONE}/escalate": OWN,
    f"POST {ONE}/listen": {"commander"},
    f"POST {ONE}/snapshots": OWN,
    f"GET {ONE}/recording": OWN,
    f"PUT {ONE}/recording/{{seq}}": OWN,
    f"GET {ONE}/evidence": OWN,
    f"POST {ONE}/evidence/copies": OWN,
    "GET /console/departments": EVERY_STAFF,
    "POST /console/departments": KEEPERS,
    "DELETE /console/departments/{department_id}": KEEPERS,
    f"POST {ONE}/false-report": OWN,
    f"POST {ONE}/grant-live": OWN,
    "GET /console/standing": WORK,
    "POST /console/standing": {"commander"},
    "DELETE /console/standing/{standing_id}": {"commander"},
    "GET /console/reviews": {"commander"},
    "POST /console/reviews/{incident_id}/dismiss": {"commander"},
    f"POST {ONE}/hold": {"commander"},
    f"DELETE {ONE}/hold": {"commander"},
    "POST /console/citizens/{citizen_id}/erase": {"admin"},
    "GET /console/citizens": {"admin"},
    "GET /console/erasures": {"admin"},
    "GET /console/stats": {"call_taker", "commander", "admin"},
    "GET /console/types": EVERY_STAFF,
    "GET /console/units": EVERY_STAFF,
    "POST /console/units": KEEPERS,
    "DELETE /console/units/{unit_id}": KEEPERS,
    "GET /console/watch/persons": KEEPERS,
    "POST /console/watch/persons": KEEPERS,
    "DELETE /console/watch/persons/{entry_id}": KEEPERS,
    "GET /console/watch/places": KEEPERS,
    "POST /console/watch/places": KEEPERS,
    "DELETE /console/watch/places/{entry_id}": KEEPERS,
    "GET /console/events": DESK | KEEPERS,
    "POST /console/events": {"commander"},
    "DELETE /console/events/{entry_id}": {"commander"},
    "GET /console/audit": {"admin"},
    "GET /console/staff": {"admin"},
    "POST /console/staff": {"admin"},
    "DELETE /console/staff/{username}": {"admin"},
    "GET /console/duty": EVERY_STAFF,
    "POST /console/duty": KEEPERS,
    f"POST {ONE}/alerts/{{alert_id}}/revoke": {"commander"},
    "DELETE /console/duty/{shift_id}": KEEPERS,
    "POST /link/alert": BY_LINK,
    "POST /link/alert/code": BY_LINK,
    "GET /link/alert": BY_LINK,
    "POST /link/ack": BY_LINK,
    "POST /console/staff/{username}/reset-mfa": {"admin"},
    "POST /link/open": BY_LINK,
    "GET /link/incident": BY_LINK,
    "POST /link/status": BY_LINK,
    "POST /link/feedback": BY_LINK,
    "POST /link/messages": BY_LINK,
    "POST /link/call": BY_LINK,
}
"""Each route with the callers it is for; a route without a row here fails the first test."""

NO_OBJECT = [1]
"""A body that every route refuses, so that nothing is filed or made here."""


def test_every_route_has_a_row_and_every_row_a_route(inside: Machine) -> None:
    from app import app

    routes = {f"{method} {path}" for path, methods in app.routes.items() for method in methods}
    assert routes == set(ALLOWED)


@pytest.fixture(scope="module")
def callers(machine: Machine) -> dict[str, HttpClient]:
    """One of each kind, signed in."""
    return {
        "nobody": machine.anyone(),
        "citizen": machine.citizen("permissions"),
        "call_taker": machine.staff("seat1"),
        "commander": machine.staff("commander1"),
        "specialist": machine.staff("specialist1"),
        "admin": machine.staff("admin1"),
    }


def ask(caller: HttpClient, route: str, **options: Any) -> Any:
    """Call the route with ids of nothing and a body that nobody takes."""
    method, _, path = route.partition(" ")
    address = path.format(
        incident_id="a" * 26,
        dispatch_id="b",
        unit_id="c",
        username="no.one",
        name="d",
        seq="1",
        department_id="e",
        shift_id="f",
        entry_id="f",
        standing_id="f",
        alert_id="g",
        citizen_id="h",
    )
    if "/recording/" in path:
        return caller.ask(method, address, data=b"", headers={"Content-Type": "video/x-matroska"}, **options)
    body = NO_OBJECT if method in ("POST", "PUT", "PATCH") else None
    return caller.ask(method, address, body, **options)


@pytest.mark.parametrize("route", ALLOWED)
def test_a_route_is_for_those_it_is_for_and_no_other(route: str, callers: dict[str, HttpClient]) -> None:
    for name, caller in callers.items():
        answer = ask(caller, route)
        answered = answer.status_code, answer.json().get("type") if is_problem(answer) else None
        if name in ALLOWED[route]:
            assert answered[0] not in (403, 405, 500), (name, answered)
            assert answered[1] not in ("unauthorized", "route-not-found"), (name, answered)
        elif ALLOWED[route] is BY_LINK:
            assert answered in ((404, "link-not-found"), (422, "body-invalid")), (name, answered)
        elif name in EVERY_STAFF and ALLOWED[route] <= EVERY_STAFF:
            assert answered == (403, "not-allowed"), (name, answered)
        else:
            assert answered == (401, "unauthorized"), (name, answered)


def is_problem(answer: Any) -> bool:
    """Whether the answer is a problem document."""
    return bool(answer.headers.get("Content-Type") == "application/problem+json")


def test_a_token_of_one_world_is_none_in_the_other_however_it_is_sent(
    machine: Machine, callers: dict[str, HttpClient]
) -> None:
    citizen = str(callers["citizen"].session.headers["Authorization"]).removeprefix("Bearer ")
    staff = str(callers["call_taker"].session.headers["Authorization"])
    for path, token in (("/reports", staff), ("/console/feed", citizen)):
        for sent in (token, f"Bearer {token}", f"bearer {token}"):
            answer = machine.anyone().get(path, headers={"Authorization": sent})
            assert (answer.status_code, answer.json()["type"]) == (401, "unauthorized"), path


def test_a_citizen_reads_no_record_and_staff_no_report(
    machine: Machine, callers: dict[str, HttpClient]
) -> None:
    citizen = callers["citizen"]
    incident_id = done(citizen.post("/reports/photo-text", {"text": "看不到别人的"}))["incident"]["id"]
    assert citizen.get(f"/console/incidents/{incident_id}").status_code == 401
    assert callers["call_taker"].get(f"/reports/{incident_id}").status_code == 401
    assert callers["admin"].get(f"/console/incidents/{incident_id}").status_code == 403
    assert callers["specialist"].get(f"/console/incidents/{incident_id}").status_code == 404
    assert callers["commander"].get(f"/console/incidents/{incident_id}").status_code == 200
