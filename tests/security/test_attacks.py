"""Requests made to break something: forged cursors, ends of time, paths, odd letters, borrowed names."""

import base64
import json
import uuid
from typing import Any

import pytest

from tests.desk import INSIDE, a_citizen, a_phone, a_report, a_seat, refused
from tests.machine import Machine, StaffClient, done

JSON = dict[str, Any]
SOME_ID, EARLIER, STAMP = "a" * 26, "2026-11-21T20:00:00.000000Z", "2026-11-22T20:00:00.000000Z"
TEXT: JSON = {"S": "x"}

FORGED: list[Any] = [
    ["zzz"],
    [""],
    [STAMP, True, TEXT],
    [STAMP, True, {"incident_id": TEXT, "open": TEXT, "rings_at": TEXT}],
    [STAMP, True, {"incident_id": {"L": []}, "open": 1, "rings_at": []}],
    [STAMP, False, {"incident_id": None, "feed": None, "changed_at": None}],
    [STAMP, False, [SOME_ID, "x" * 3000]],
    [STAMP, False, ["../" + SOME_ID, STAMP]],
    [STAMP, False, [SOME_ID, STAMP, "other"]],
    [STAMP, False, None, "\0" * 27],
    [STAMP, False, None, None, ["x" * 200]],
    {"since": STAMP},
]
"""Cursors of the feed that the feed never gave."""

ENDS = ("0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59")
"""Moments that have none in UTC, or hardly."""

EVIL = (
    "\0",
    "\u202e\u2066gnp.exe",
    "a" + "\u0301" * 40,
    "<img src=x onerror=alert(1)>",
    "\x1b[31m",
    "{{7*7}}",
    "\u2028",
)


def as_cursor(forged: Any) -> str:
    raw = forged if isinstance(forged, bytes) else json.dumps(forged).encode()
    return base64.urlsafe_b64encode(raw).decode()


@pytest.fixture(scope="module")
def commander(machine: Machine) -> StaffClient:
    return machine.staff("commander1")


@pytest.fixture(scope="module")
def admin(machine: Machine) -> StaffClient:
    return machine.staff("admin1")


# Cursors


@pytest.mark.parametrize("forged", [*FORGED, b"\xff", b"[" * 4000], ids=lambda one: str(one)[:40])
def test_a_forged_cursor_of_the_feed_is_refused_and_never_a_fault(seat: StaffClient, forged: Any) -> None:
    refused(seat.get("/console/feed", params={"cursor": as_cursor(forged)}), 422, "cursor-invalid")


def test_a_cursor_that_could_be_the_feeds_is_read_in_the_feed_and_nowhere_else(seat: StaffClient) -> None:
    for opening in (True, False):
        cursor = as_cursor([EARLIER, opening, [SOME_ID, STAMP]])
        assert done(seat.get("/console/feed", params={"cursor": cursor}))["cursor"]


def test_a_forged_cursor_of_ones_own_reports_shows_no_other_citizens(machine: Machine) -> None:
    victim, attacker = a_citizen(machine), a_citizen(machine)
    theirs = a_report(victim)
    filed = "2099-01-01T00:00:00.000000Z"
    for forged in (
        [filed, theirs],
        [filed, f"{theirs}#{victim.citizen['id']}"],
        [victim.citizen["id"], theirs],
    ):
        answer = attacker.get("/reports", params={"cursor": as_cursor(forged)})
        assert theirs not in answer.text
        assert answer.status_code in (200, 422)


@pytest.mark.parametrize(
    "path",
    [
        "units",
        "departments",
        "duty",
        "watch/persons",
        "watch/places",
        "events",
        "standing",
        "reviews",
        "staff",
    ],
)
def test_no_cursor_of_a_list_is_longer_than_a_key_may_be(
    commander: StaffClient, admin: StaffClient, path: str
) -> None:
    keeper = admin if path == "staff" else commander
    for cursor in ("é" * 1025, "x" * 2049)[path == "staff" :]:
        refused(keeper.get(f"/console/{path}", params={"cursor": cursor}), 422, "body-invalid")
    for cursor in ("%00", "#", "../..", "x"):
        assert keeper.get(f"/console/{path}", params={"cursor": cursor}).status_code in (200, 422)


# Paths


@pytest.mark.parametrize(
    "path", ["units", "departments", "duty", "watch/persons", "watch/places", "events", "standing", "staff"]
)
def test_an_id_longer_than_any_is_unknown_and_never_a_fault(
    commander: StaffClient, admin: StaffClient, path: str
) -> None:
    keeper = admin if path == "staff" else commander
    for overlong in ("x" * 129, "x" * 2047, "%C3%A9" * 400):
        refused(keeper.delete(f"/console/{path}/{overlong}"), 404, "route-not-found")


@pytest.mark.parametrize(
    "name", ["..%2f..%2fapp.py", "%2e%2e/%2e%2e/app.py", "....//app.py", "%00", "citizen.html", "words.js"]
)
def test_an_asset_is_had_by_its_hashed_name_alone(machine: Machine, name: str) -> None:
    answer = machine.anyone().get(f"/assets/{name}")
    assert answer.status_code == 404
    assert answer.json()["type"] in ("page-not-found", "route-not-found")


# Time and numbers


@pytest.mark.parametrize("end", ENDS)
def test_the_ends_of_time_are_refused_or_flagged_and_never_a_fault(
    machine: Machine, commander: StaffClient, end: str
) -> None:
    shift = {"name": "n", "phone": a_phone(), "from": end, "to": end}
    refused(commander.post("/console/duty", shift), 422, "shift-invalid")
    watched = {"phone": a_phone(), "reason": "r", "expires_at": end}
    assert commander.post("/console/watch/persons", watched).status_code in (201, 422)
    citizen = a_citizen(machine)
    filed = done(citizen.post("/reports/photo-text", {"position": {**INSIDE, "at": end}}))["incident"]
    assert {"position-old", "position-time-future", "position-time-invalid"} & set(filed["flags"])


@pytest.mark.parametrize("span", [{"to": "0001-01-01"}, {"from": "9999-12-31"}, {"from": "0001-01-01"}])
def test_figures_of_the_ends_of_the_calendar_are_refused(
    commander: StaffClient, span: dict[str, str]
) -> None:
    for form in ("json", "csv"):
        refused(commander.get("/console/stats", params={**span, "format": form}), 422, "body-invalid")


# Words


@pytest.mark.parametrize("evil", EVIL, ids=ascii)
def test_odd_letters_are_kept_as_words_wherever_words_are_taken(
    machine: Machine, seat: StaffClient, evil: str
) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen, text=f"字{evil}", place=f"字{evil}")
    done(citizen.post(f"/reports/{incident_id}/messages", {"text": f"字{evil}"}))
    read = done(seat.get(f"/console/incidents/{incident_id}"))
    assert read["incident"]["text"] == f"字{evil}".strip()
    assert read["incident"]["place"]["words"] == f"字{evil}".strip()
    assert seat.post("/console/session", {"username": evil, "password": evil}).status_code in (401, 422)


# Borrowed names and keys


def test_a_group_whose_name_only_holds_that_of_another_opens_nothing(machine: Machine) -> None:
    """A claim comes as one text: `former-admin` must not read as `admin`."""
    seat, name = a_seat(machine), f"former-admin-{uuid.uuid4().hex}"
    cognito, pool = machine.client("cognito-idp"), machine.outputs()["StaffPoolId"]
    cognito.create_group(UserPoolId=pool, GroupName=name)
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=seat.username, GroupName=name)
    signed_in = StaffClient(machine.url, seat.account)
    refused(signed_in.get("/console/staff"), 403, "not-allowed")
    assert signed_in.get("/console/feed").status_code == 200


def test_one_citizens_key_is_nothing_to_another(machine: Machine) -> None:
    key = uuid.uuid4().hex
    first, second = (
        done(a_citizen(machine).post("/reports/photo-text", {"text": "一"}, key=key)) for _ in "ab"
    )
    assert first["incident"]["id"] != second["incident"]["id"]


def test_one_staffs_key_is_nothing_to_another(commander: StaffClient, admin: StaffClient) -> None:
    key, unit = uuid.uuid4().hex, {"name": "n", "officer_name": "o", "phone": a_phone()}
    first, second = (done(keeper.post("/console/units", unit, key=key)) for keeper in (commander, admin))
    assert first["id"] != second["id"]


def test_a_bomb_of_nested_json_is_read_as_what_it_is_within_a_second(machine: Machine) -> None:
    citizen = a_citizen(machine)
    for bomb in (
        b"[" * 60_000,
        b'{"a":' * 12_000,
        b'{"text":' + b'"a' * 20_000,
        b'{"a":' + b"9" * 60_000 + b"}",
    ):
        for client, path in ((citizen, "/reports/photo-text"), (machine.anyone(), "/session")):
            answer = client.post(path, data=bomb, timeout=5)
            assert answer.status_code in (201, 400, 422), (path, bomb[:9], answer.text)
