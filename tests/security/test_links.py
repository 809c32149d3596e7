"""What stands between a stranger and an incident: headers, origins, tokens at rest, signed addresses."""

import hashlib
import re
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.settings import settings
from tests.desk import a_citizen, a_report, an_answered, dispatched, record, refused, work
from tests.machine import ROOT, HttpClient, Machine, StaffClient, done, eventually
from tests.media import picture, send
from tests.security.routes import Route

PAGES = ("/", "/console", "/officer", "/ack")


# Headers


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_only_the_services_own_scripts_and_stands_in_no_frame(
    machine: Machine, page: str
) -> None:
    headers = machine.anyone().get(page).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert (policy["object-src"], policy["base-uri"], policy["frame-ancestors"]) == ("'none'",) * 3
    assert "script-src" not in policy
    assert not re.search(r"unsafe-|\*(?!\.amazonaws\.com)|\bhttp:(?!//127\.0\.0\.1)", str(policy))
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_tells_no_other_site_where_its_reader_came_from(machine: Machine, page: str) -> None:
    answer = machine.anyone().get(page)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S|\son\w+=|javascript:", answer.text)


def test_every_answer_says_its_type_is_to_be_believed(
    callers: dict[str, HttpClient], routes: list[Route]
) -> None:
    for route in routes:
        if "{seq}" in route.path:
            continue
        answer = callers[route.caller].ask(route.method, route.address(), [1])
        assert answer.headers.get("X-Content-Type-Options") == "nosniff", (route.name, answer.status_code)


def test_the_gateways_own_answers_say_what_every_answer_says(machine: Machine) -> None:
    anyone = machine.anyone()
    own = [anyone.get("/no/such/address"), anyone.get("/reports"), anyone.delete("/session")]
    for answer, status in zip(own, (404, 401, 405), strict=True):
        assert answer.status_code == status
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_what_is_anybodys_own_is_kept_by_no_cache(
    callers: dict[str, HttpClient], routes: list[Route]
) -> None:
    kept = {"/assets/{name}", "/openapi.json", "/county", "/figures", *PAGES}
    for route in routes:
        if route.path in kept or "{seq}" in route.path:
            continue
        answer = callers[route.caller].ask(route.method, route.address(), [1])
        assert answer.headers.get("Cache-Control") == "no-store" or answer.status_code == 204, route.name


def test_no_answer_sets_a_cookie_or_lets_another_origin_read_it(
    callers: dict[str, HttpClient], routes: list[Route]
) -> None:
    """Tokens travel in a header that no other site can make a browser send."""
    origin = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    for route in routes:
        address = route.address()
        for method in ("OPTIONS", route.method):
            answer = callers[route.caller].ask(method, address, headers=origin)
            told = {name.lower() for name in answer.headers}
            assert not any(name.startswith("access-control-") for name in told), (method, route.name)
            assert "set-cookie" not in told, (method, route.name)


# Link tokens


@pytest.fixture(scope="module")
def desk_item(machine: Machine) -> Callable[[str], Any]:
    """An item of the desk's table by its kind, as it is stored."""

    def get(kind: str) -> Any:
        key = {"kind": {"S": kind}, "id": {"S": "-"}}
        found = machine.client("dynamodb").get_item(TableName=machine.outputs()["DeskTable"], Key=key)
        return found.get("Item")

    return get


def test_an_officers_token_and_his_devices_key_are_stored_as_digests_alone(
    machine: Machine, seat: StaffClient, desk_item: Callable[[str], Any]
) -> None:
    incident_id = an_answered(machine, seat)
    _, officer = dispatched(machine, seat, incident_id)
    done(officer.open())
    key = str(officer.session.headers["X-Device-Key"])
    stored = desk_item(f"link#{hashlib.sha256(officer.token.encode()).hexdigest()}")
    assert stored is not None
    assert desk_item(f"link#{officer.token}") is None
    assert hashlib.sha256(key.encode()).hexdigest() in str(stored)
    everywhere = str(stored) + str(of_incident(machine, incident_id)) + str(record(seat, incident_id))
    assert officer.token not in everywhere
    assert key not in everywhere


def of_incident(machine: Machine, incident_id: str) -> Any:
    """All that is stored of an incident."""
    return machine.client("dynamodb").query(
        TableName=machine.outputs()["IncidentsTable"],
        KeyConditionExpression="incident_id = :id",
        ExpressionAttributeValues={":id": {"S": incident_id}},
    )["Items"]


def test_a_link_opens_its_own_incident_and_dies_with_it(machine: Machine, seat: StaffClient) -> None:
    own, other = an_answered(machine, seat, text="这一起"), an_answered(machine, seat, text="另一起")
    (_, officer), (_, colleague) = dispatched(machine, seat, own), dispatched(machine, seat, other)
    assert done(officer.open())["incident"]["id"] == own
    done(colleague.open())
    key = str(officer.session.headers["X-Device-Key"])
    stolen = HttpClient(machine.url, {"X-Link-Token": colleague.token, "X-Device-Key": key})
    refused(stolen.get("/link/incident"), 403, "link-bound-elsewhere")
    work(seat, own, "close", {"disposition": "resolved"})
    calls = [
        ("GET", "incident"),
        *(("POST", one) for one in ("open", "status", "messages", "feedback", "call")),
    ]
    bodies = {
        "open": {"last_digits": officer.phone[-4:]},
        "status": {"status": "en_route"},
        "messages": {"text": "到了"},
        "feedback": {
            "arrived_at": "2026-11-22T20:00:00Z",
            "ended_at": "2026-11-22T20:00:00Z",
            "result": "已处理",
        },
    }
    for method, name in calls:
        answer = officer.ask(method, f"/link/{name}", bodies.get(name))
        assert answer.status_code in (410, 422), (name, answer.text)
        assert own not in answer.text
        if name != "feedback":
            refused(answer, 410, "link-ended")


def test_no_address_of_the_service_ever_holds_a_token(routes: list[Route]) -> None:
    """Addresses stand in logs, histories and referrers."""
    for route in routes:
        assert not re.search(r"token|secret|password|key\b", " ".join([*route.variables, *route.queries]))


# Signed addresses


def seconds_of(url: str) -> int:
    """How long a signed address lives, by what stands in it."""
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    if "X-Amz-Expires" in asked:
        return int(asked["X-Amz-Expires"])
    return round(int(asked["Expires"]) - time.time())


def test_signed_addresses_live_for_minutes_and_open_one_version_of_one_file(
    machine: Machine, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    form = done(citizen.post(f"/reports/{incident_id}/media", picture().announced))
    send(form, picture().content)

    def seen() -> Any:
        return [one["url"] for one in done(citizen.get(f"/reports/{incident_id}"))["media"] if one["url"]]

    own = eventually(seen, within_seconds=20)[0]
    staffs = record(seat, incident_id)["media"][0]["url"]
    for url in (own, staffs):
        assert 0 < seconds_of(url) <= settings().view_life_seconds <= 300
        assert "versionId=" in url


def test_the_way_into_a_call_is_signed_for_a_minute(machine: Machine) -> None:
    citizen = a_citizen(machine)
    filed = eventually(lambda: live(citizen), within_seconds=10)
    assert 0 < seconds_of(filed["call"]["signaling_url"]) <= 60
    done(citizen.post(f"/reports/{filed['incident']['id']}/hangup", {}))


def live(citizen: HttpClient) -> Any:
    """A live report that was given a line, or None."""
    filed = done(citizen.post("/reports/voice", {}))
    return filed if filed["call"] else None


# Markup


def test_no_page_ever_reads_markup_or_code_from_what_it_is_given() -> None:
    """A report's text, a name, a place: they become text nodes alone (`shared/dom.js`)."""
    risky = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|createContextualFragment"
    code = re.compile(rf"{risky}|\beval\(|new Function|bind(Tooltip|Popup)|DOMParser")
    for path in (ROOT / "chalicelib" / "web").rglob("*.js"):
        if "vendor" not in path.parts:
            assert not code.search(path.read_text("utf-8")), path
