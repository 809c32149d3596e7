"""Filing 图文报警: nothing is refused over a trifle, what got 201 is there, a retry is the same report."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.desk import a_phone, a_seat, record, refused
from tests.machine import CitizenClient, HttpClient, Machine, StaffClient, done, eventually
from tests.reporting import INSIDE, OUTSIDE, file_report, new_key, record_of, someone

PATH = "/reports/photo-text"
TWENTY = range(20)
LIMIT = 64 * 1024


@pytest.fixture(scope="module")
def seat(machine: Machine) -> StaffClient:
    """A call-taker of this module's own."""
    return a_seat(machine)


@pytest.fixture(scope="module")
def citizen(machine: Machine) -> CitizenClient:
    """One citizen for all of what is only filed and read."""
    return someone(machine)


def file_raw(citizen: HttpClient, raw: str | bytes, **headers: str) -> Any:
    """File exactly these bytes, which must be taken; the incident."""
    content = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw
    return done(citizen.post(PATH, data=content, headers={"Content-Type": "application/json", **headers}))[
        "incident"
    ]


def is_there(citizen: HttpClient, seat: StaffClient, incident_id: str) -> Any:
    """The staff's record of an incident that its citizen can read and finds in her list."""
    assert record_of(citizen, incident_id)["incident"]["id"] == incident_id
    assert incident_id in [one["id"] for one in done(citizen.get("/reports"))["items"]]
    read = record(seat, incident_id)
    assert read["timeline"][0]["kind"] == "report.filed"
    return read


# What is filed


def test_a_report_is_answered_with_its_incident(machine: Machine) -> None:
    phone = a_phone()
    body = {"text": "路口撞车", "position": INSIDE, "place": "邮局门口"}
    incident = file_report(someone(machine, phone=phone), body)
    assert (incident["mode"], incident["status"], incident["contact"]) == ("photo_text", "waiting", "any")
    assert (incident["text"], incident["place"]["words"]) == ("路口撞车", "邮局门口")
    assert (incident["position"]["lat"], incident["position"]["lng"]) == (INSIDE["lat"], INSIDE["lng"])
    assert (incident["flags"], incident["photos"], incident["videos"]) == ([], 0, 0)
    assert incident["number"]


def test_an_empty_report_is_a_report(citizen: CitizenClient, seat: StaffClient) -> None:
    incident = file_report(citizen, {})
    assert incident["flags"] == ["position-missing", "phone-missing"]
    is_there(citizen, seat, incident["id"])


def test_a_tip_is_taken_as_a_tip_and_waits_behind(citizen: CitizenClient, seat: StaffClient) -> None:
    tip, report = (file_report(citizen, {"text": "有人贩卖", "tip": tip}) for tip in (True, False))
    assert (tip["tip"], report["tip"]) == (True, False)
    priorities = [record(seat, one["id"])["incident"]["priority"] for one in (report, tip)]
    assert priorities[0] < priorities[1]


@pytest.mark.parametrize(
    ("sent", "contact"),
    [
        ({}, "any"),
        ({"callback_allowed": None}, "any"),
        ({"callback_allowed": True}, "any"),
        ({"callback_allowed": False}, "app_only"),
        ({"callback_allowed": "false"}, "app_only"),
        ({"callback_allowed": "true"}, "app_only"),
        ({"callback_allowed": 0}, "app_only"),
        ({"callback_allowed": []}, "app_only"),
    ],
)
def test_whoever_may_not_be_rung_or_says_it_unclearly_is_not_rung(
    machine: Machine, seat: StaffClient, sent: Any, contact: str
) -> None:
    phone = a_phone()
    citizen = someone(machine, phone=phone)
    incident = file_report(citizen, {"text": "他在隔壁", **sent})
    assert incident["contact"] == contact
    read = record(seat, incident["id"])
    assert read["incident"]["contact"] == contact
    assert (phone in json.dumps(read)) == (contact == "any")


def test_the_number_typed_into_a_report_is_the_one_to_ring_and_unverified(
    machine: Machine, seat: StaffClient
) -> None:
    citizen = someone(machine, phone=a_phone())
    incident = file_report(citizen, {"text": "借别人手机", "contact_phone": "138 0013 8000"})
    assert "phone-unverified" in incident["flags"]
    caller = record(seat, incident["id"])["caller"]
    assert (caller["phone"], caller["phone_verified"]) == ("+8613800138000", False)


# What is wrong is flagged


@pytest.mark.parametrize(
    ("body", "flags"),
    [
        ({"text": 110}, {"text-invalid"}),
        ({"text": ["救命"]}, {"text-invalid"}),
        ({"text": "救" * 2001}, {"text-cut"}),
        ({"place": {"name": "家"}}, {"place-invalid"}),
        ({"place": "路" * 201}, {"place-cut"}),
        ({"contact_phone": "not a phone"}, {"contact-phone-invalid"}),
        ({"contact_phone": 13800138000}, {"contact-phone-invalid"}),
        ({"contact_phone": "110"}, {"contact-phone-invalid"}),
        ({"tip": "yes"}, {"tip-invalid"}),
        ({"callback_allowed": "no"}, {"callback-allowed-invalid"}),
        ({"confirm_outside": "yes"}, {"confirm-outside-invalid"}),
        ({"position": "here"}, {"position-invalid"}),
        ({"position": {"lat": "36.4", "lng": 118.5}}, {"position-invalid"}),
        ({"position": {"lat": 91, "lng": 118.5}}, {"position-invalid"}),
        ({"position": {"lat": 0, "lng": 0}}, {"position-invalid"}),
        ({"position": {**INSIDE, "crs": "bd09"}}, {"position-invalid"}),
        ({"position": {**INSIDE, "crs": None}}, {"position-crs-missing"}),
        ({"position": {**INSIDE, "accuracy_m": -5}}, {"position-accuracy-invalid"}),
        ({"position": {**INSIDE, "accuracy_m": 50_000}}, {"position-inaccurate"}),
        ({"position": {**INSIDE, "at": "1970-01-01T00:00:00Z"}}, {"position-old"}),
        ({"position": {**INSIDE, "at": "0001-01-01T00:00:00+14:00"}}, {"position-time-invalid"}),
        ({"position": {**INSIDE, "at": "2099-01-01T00:00:00Z"}}, {"position-time-future"}),
        ({"position": {**INSIDE, "at": "9999-12-31T23:59:59-12:00"}}, {"position-time-invalid"}),
        ({"position": {**INSIDE, "at": 1_700_000_000}}, {"position-time-invalid"}),
        ({"position": {**INSIDE, "at": "yesterday"}}, {"position-time-invalid"}),
    ],
)
def test_what_is_wrong_is_taken_and_flagged(
    citizen: CitizenClient, seat: StaffClient, body: dict[str, Any], flags: set[str]
) -> None:
    incident = file_report(citizen, body)
    assert flags <= set(incident["flags"])
    is_there(citizen, seat, incident["id"])


def test_what_could_not_be_read_is_kept_as_it_was_sent(citizen: CitizenClient, seat: StaffClient) -> None:
    sent = {"text": 110, "contact_phone": "the red one", "position": {"lat": "north"}}
    read = is_there(citizen, seat, file_report(citizen, sent)["id"])
    kept = read["timeline"][0]["personal"]["as_sent"]
    assert kept == {"text": "110", "contact_phone": "the red one", "position": '{"lat": "north"}'}


def test_an_unreadable_number_of_who_may_not_be_rung_is_not_shown(
    citizen: CitizenClient, seat: StaffClient
) -> None:
    sent = {"text": 110, "contact_phone": "13800138000 or so", "callback_allowed": False}
    read = is_there(citizen, seat, file_report(citizen, sent)["id"])
    assert read["timeline"][0]["personal"]["as_sent"] == {"text": "110"}
    assert "13800138000" not in json.dumps(read)


def test_too_long_a_text_is_cut_to_what_is_kept(citizen: CitizenClient) -> None:
    incident = file_report(citizen, {"text": "救" * 9000, "place": "路" * 1000})
    assert (len(incident["text"]), len(incident["place"]["words"])) == (2000, 200)
    assert {"text-cut", "place-cut"} <= set(incident["flags"])


DEEP = 5000


@pytest.mark.parametrize(
    "raw",
    [
        '{"text": "救命", "position": {"lat": NaN, "lng": Infinity}}',
        '{"text": "救命", "position": {"lat": 1e999, "lng": -1e999}}',
        '{"text": "救命", "other": -Infinity, "callback_allowed": NaN}',
        '{"text": "救命 \\ud83d", "place": "\\udc00"}',
        '{"text": "救命\\u0000\\u0007", "\\ud800": 1}',
        '{"text": "救命", "text": "救命!", "tip": false, "tip": true}',
        '{"text": "救命", "x": ' + "9" * 10_000 + "}",
        '{"text": "救命", "position": {"lat": ' + "9" * 5000 + ', "lng": 1}}',
        '{"text": "救命", "x": ' + "[" * DEEP + "]" * DEEP + "}",
        '{"text": "救命", "position": ' + '{"lat":' * DEEP + "1" + "}" * DEEP + "}",
        '{"text": "救命", "place": ' + '[{"a":' * 480 + "1" + "}]" * 480 + "}",
        '\ufeff{"text": "救命"}',
        '  \n{"text": "救命"}\n ',
        b'{"text": "\xe6\x95\x91\xe5\x91\xbd \xff\xfe"}',
        '{"text": "救命", "' + "k" * 30_000 + '": {}}',
        '{"text": "救命", "position": {"lat": 36.4, "lng": 118.55, "crs": "wgs84", "at": "\\ud800"}}',
        "{" + ",".join(f'"k{number}": null' for number in range(4000)) + ', "text": "救命"}',
    ],
    ids=lambda raw: str(raw)[:40].encode("ascii", "replace").decode(),
)
def test_any_json_object_is_taken_however_odd(
    citizen: CitizenClient, seat: StaffClient, raw: str | bytes
) -> None:
    incident = file_raw(citizen, raw)
    assert "救命" in incident["text"]
    is_there(citizen, seat, incident["id"])


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "nonsense", ""])
def test_the_content_type_does_not_matter(citizen: CitizenClient, content_type: str) -> None:
    incident = file_raw(citizen, '{"text": "救命"}', **{"Content-Type": content_type})
    assert incident["text"] == "救命"


def test_unknown_fields_are_ignored(citizen: CitizenClient, seat: StaffClient) -> None:
    sent = {"text": "救命", "status": "closed", "priority": 1, "citizen_id": "a" * 26, "id": "b" * 26}
    read = is_there(citizen, seat, file_report(citizen, sent)["id"])
    assert (read["incident"]["status"], read["caller"]["citizen_id"]) == ("waiting", citizen.citizen["id"])


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
NUMBERS = st.floats(-200, 200) | JSON_VALUES
POSITIONS = JSON_VALUES | st.fixed_dictionaries(
    {},
    optional={
        "lat": st.floats(36, 37) | NUMBERS,
        "lng": st.floats(118, 119) | NUMBERS,
        "accuracy_m": NUMBERS,
        "crs": st.sampled_from(["wgs84", "gcj02", "bd09"]) | JSON_VALUES,
        "at": st.datetimes().map(lambda at: at.isoformat() + "Z") | JSON_VALUES,
    },
)
REPORTS = st.fixed_dictionaries(
    {},
    optional={
        "position": POSITIONS,
        "place": st.text() | JSON_VALUES,
        "contact_phone": st.from_regex(r"[+]?[0-9 -]{3,16}", fullmatch=True) | JSON_VALUES,
        "callback_allowed": st.booleans() | JSON_VALUES,
        "text": st.text(max_size=3000) | JSON_VALUES,
        "tip": st.booleans() | JSON_VALUES,
        "confirm_outside": st.booleans() | JSON_VALUES,
    },
) | st.dictionaries(st.text(), JSON_VALUES, max_size=4)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(body=REPORTS)
def test_every_json_object_is_taken_or_asked_back_and_what_is_taken_is_there(
    citizen: CitizenClient, seat: StaffClient, body: dict[str, Any]
) -> None:
    raw = json.dumps(body).encode()
    if len(raw) > LIMIT:
        return
    answer = citizen.post(PATH, data=raw)
    if answer.status_code == 409:
        refused(answer, 409, "outside-jurisdiction")
        return
    assert answer.status_code == 201, answer.text
    is_there(citizen, seat, answer.json()["incident"]["id"])


# What there is nothing to take of


@pytest.mark.parametrize(
    "raw", ["", "[]", "null", "1", '"help"', "{", "{'text': 'help'}", '{"text": "help"} {}', '{"text": }']
)
def test_what_is_no_json_object_is_refused(citizen: CitizenClient, raw: str) -> None:
    refused(citizen.post(PATH, data=raw.encode()), 400, "body-not-json")


def test_a_body_at_the_limit_is_taken_and_one_over_it_is_refused(machine: Machine) -> None:
    citizen = someone(machine)
    frame = len('{"text": ""}')
    refused(
        citizen.post(PATH, data=b'{"text": "' + b"a" * (LIMIT - frame + 1) + b'"}'), 413, "body-too-large"
    )
    assert done(citizen.get("/reports"))["items"] == []
    assert "text-cut" in file_raw(citizen, b'{"text": "' + b"a" * (LIMIT - frame) + b'"}')["flags"]


# Retry


def test_one_key_twenty_times_at_once_and_again_later_is_one_incident_and_one_answer(
    machine: Machine,
) -> None:
    citizen, key = someone(machine), new_key()
    body = {"text": "只报一次", "position": INSIDE}
    began_at = time.monotonic()
    with ThreadPoolExecutor(20) as pool:
        incidents = list(pool.map(lambda _: file_report(citizen, body, key=key), TWENTY))
    print(f"20 at once took {time.monotonic() - began_at:.2f} s")
    incidents.append(file_report(citizen, dict(reversed(body.items())), key=key))
    assert len({(one["id"], one["number"], one["created_at"]) for one in incidents}) == 1
    listed = eventually(lambda: done(citizen.get("/reports"))["items"])
    assert [one["id"] for one in listed] == [incidents[0]["id"]]
    assert [entry["kind"] for entry in record_of(citizen, incidents[0]["id"])["timeline"]] == ["report.filed"]


def test_the_same_key_with_another_body_is_refused_and_changes_nothing(machine: Machine) -> None:
    citizen, key = someone(machine), new_key()
    incident = file_report(citizen, {"text": "甲"}, key=key)
    refused(citizen.post(PATH, {"text": "乙"}, key=key), 422, "key-reused")
    refused(citizen.post(PATH, {"text": "甲", "tip": True}, key=key), 422, "key-reused")
    assert record_of(citizen, incident["id"])["incident"] == incident
    assert len(done(citizen.get("/reports"))["items"]) == 1


def test_of_two_bodies_at_once_under_one_key_one_is_taken(machine: Machine) -> None:
    citizen, key = someone(machine), new_key()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: citizen.post(PATH, {"text": f"{n % 2}"}, key=key), TWENTY))
    assert sorted({answer.status_code for answer in answers}) == [201, 422]
    assert len({answer.json()["incident"]["id"] for answer in answers if answer.ok}) == 1


def test_two_citizens_may_use_the_same_key(machine: Machine) -> None:
    key = new_key()
    ids = {file_report(someone(machine), key=key)["id"] for _ in range(2)}
    assert len(ids) == 2


def test_reports_without_a_key_are_two(citizen: CitizenClient) -> None:
    assert file_report(citizen, {"text": "同样"})["id"] != file_report(citizen, {"text": "同样"})["id"]


def test_a_refusal_is_not_remembered(machine: Machine) -> None:
    citizen, key = someone(machine), new_key()
    refused(citizen.post(PATH, data=b"[]", key=key), 400, "body-not-json")
    refused(citizen.post(PATH, {"position": OUTSIDE}, key=key), 409, "outside-jurisdiction")
    file_report(citizen, {"text": "这次对了"}, key=key)


def test_an_odd_key_is_a_key(machine: Machine) -> None:
    citizen = someone(machine)
    for key in ("a", "k" * 3000, "../..#", "%00"):
        first, again = (file_report(citizen, key=key)["id"] for _ in range(2))
        assert first == again
