"""One's own reports: the list, what of the timeline is shown, messages, and writing after closing."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.adapters import incidents
from chalicelib.domain.allowance import IN_A_MINUTE, IN_ALL
from chalicelib.domain.incident import Change, Spent
from chalicelib.domain.timeline import Actor, Role
from chalicelib.telemetry import utc_now
from tests.desk import a_phone, a_seat, dispatched, kinds, record, refused, work
from tests.machine import CitizenClient, HttpClient, Machine, StaffClient, done, eventually
from tests.media import ask_upload, picture, send
from tests.reporting import close, file_report, new_key, record_of, someone

TWENTY = range(20)


@pytest.fixture(scope="module")
def seat(machine: Machine) -> StaffClient:
    """A call-taker of this module's own."""
    return a_seat(machine)


@pytest.fixture
def citizen(machine: Machine) -> CitizenClient:
    return someone(machine)


@pytest.fixture
def incident_id(citizen: CitizenClient) -> str:
    """A report that waits."""
    return str(file_report(citizen)["id"])


def write(citizen: HttpClient, incident_id: str, text: str, *, key: str | None = None) -> Any:
    """Write a message that must be taken; where it went."""
    return done(citizen.post(f"/reports/{incident_id}/messages", {"text": text}, key=key))


def texts(citizen: HttpClient, incident_id: str) -> list[str]:
    """The messages of a report, in order."""
    timeline = record_of(citizen, incident_id)["timeline"]
    return [entry["details"]["text"] for entry in timeline if entry["kind"] == "message.sent"]


def listed(citizen: HttpClient) -> set[str]:
    """The ids on the first page of one's own reports."""
    return {one["id"] for one in done(citizen.get("/reports"))["items"]}


def ringing(seat: StaffClient, incident_id: str) -> Any:
    """The incident as staff sees it, if it rings."""
    incident = record(seat, incident_id)["incident"]
    return incident if incident["ringing"] else None


# The list


def test_twenty_five_reports_come_in_pages_newest_first_each_once(citizen: CitizenClient) -> None:
    filed = [file_report(citizen, {"text": f"第 {number} 次"})["id"] for number in range(25)]

    def pages() -> list[list[str]]:
        found, cursor = [], None
        while True:
            page = done(citizen.get("/reports", params={"cursor": cursor} if cursor else {}))
            found.append([one["id"] for one in page["items"]])
            cursor = page["cursor"]
            if cursor is None:
                return found

    read = eventually(lambda: [found] if sum(map(len, found := pages())) == 25 else [])[0]
    assert [one for page in read for one in page] == filed[::-1]
    assert max(map(len, read)) <= 20


def test_the_list_holds_only_ones_own(machine: Machine, citizen: CitizenClient, incident_id: str) -> None:
    other = someone(machine)
    file_report(other)
    assert eventually(lambda: listed(citizen)) == {incident_id}


def test_the_cursor_of_anothers_list_goes_on_in_ones_own(machine: Machine, citizen: CitizenClient) -> None:
    other = someone(machine)
    for _ in range(21):
        file_report(other)
    cursor = eventually(lambda: done(other.get("/reports"))["cursor"])
    file_report(citizen)
    page = done(citizen.get("/reports", params={"cursor": cursor}))
    assert all(one["id"] not in json.dumps(done(other.get("/reports"))) for one in page["items"])


@pytest.mark.parametrize("cursor", ["nonsense", "e30=", "WyIiLCIiXQ==", "WzEsMl0=", "%%%", "警"])
def test_a_cursor_that_no_list_gave_is_refused(citizen: CitizenClient, cursor: str) -> None:
    refused(citizen.get("/reports", params={"cursor": cursor}), 422, "cursor-invalid")


# What is shown


def test_the_timeline_a_citizen_sees_tells_her_what_she_may_know_and_no_more(machine: Machine) -> None:
    seat, phone = a_seat(machine), a_phone()
    citizen = someone(machine, phone=phone)
    incident_id = file_report(citizen, {"text": "有人打架"})["id"]
    work(seat, incident_id, "answer")
    work(seat, incident_id, "notes", {"text": "内部备注"})
    work(seat, incident_id, "classify", {"priority": 1, "type_code": _a_type(seat), "summary": "内部摘要"})
    work(seat, incident_id, "place", {"place": "确认的地点"})
    work(seat, incident_id, "messages", {"text": "马上就到"})
    _, officer = dispatched(machine, seat, incident_id)
    done(officer.open())
    done(officer.post("/link/status", {"status": "en_route"}))
    work(seat, incident_id, "close", {"disposition": "resolved", "note": "内部结论"})
    read = record_of(citizen, incident_id)
    assert [entry["kind"] for entry in read["timeline"]] == [
        "report.filed",
        "incident.answered",
        "message.sent",
        "officer.dispatched",
        "officer.en_route",
        "incident.closed",
    ]
    assert {entry["by"] for entry in read["timeline"]} == {"you", "police"}
    assert all(set(entry) == {"seq", "at", "kind", "by", "details"} for entry in read["timeline"])
    told = json.dumps(read, ensure_ascii=False)
    for secret in (seat.username, "内部", officer.phone, officer.token, "priority", "type_code", "hash"):
        assert secret not in told
    assert read["incident"]["disposition"] == "resolved"
    assert read["count"] == read["incident"]["version"] > len(read["timeline"])


def _a_type(seat: StaffClient) -> str:
    return str(done(seat.get("/console/types"))["items"][0]["code"])


def test_only_what_is_newer_is_told_when_asked_so(citizen: CitizenClient, incident_id: str) -> None:
    seqs = [write(citizen, incident_id, text)["seq"] for text in ("一", "二", "三")]
    for after, left in ((0, ["一", "二", "三"]), (seqs[0], ["二", "三"]), (seqs[2], []), (99_999_999, [])):
        read = done(citizen.get(f"/reports/{incident_id}", params={"after": after}))
        told = [one["details"]["text"] for one in read["timeline"] if one["kind"] == "message.sent"]
        assert told == left
        assert read["incident"]["id"] == incident_id


@pytest.mark.parametrize("after", ["-1", "1.5", "nan", "many", "100000000"])
def test_a_number_that_no_entry_has_is_refused(citizen: CitizenClient, incident_id: str, after: str) -> None:
    refused(citizen.get(f"/reports/{incident_id}", params={"after": after}), 422, "body-invalid")


@pytest.mark.parametrize("unknown", ["a" * 26, "nope", "A" * 26, "a" * 27, "%00", "a" * 120, "é"])
def test_an_unknown_report_is_not_found(citizen: CitizenClient, unknown: str) -> None:
    refused(citizen.get(f"/reports/{unknown}"), 404, "incident-not-found")
    answer = citizen.post(f"/reports/{unknown}/messages", {"text": "喂"})
    refused(answer, 404, "incident-not-found")
    answer = citizen.post(f"/reports/{unknown}/media", picture().announced)
    refused(answer, 404, "incident-not-found")


def test_anothers_report_is_as_unknown_as_none(
    machine: Machine, citizen: CitizenClient, incident_id: str, seat: StaffClient
) -> None:
    stranger = someone(machine)
    before = kinds(seat, incident_id)
    answers = [
        stranger.get(f"/reports/{incident_id}"),
        stranger.post(f"/reports/{incident_id}/messages", {"text": "喂"}),
        stranger.post(f"/reports/{incident_id}/media", picture().announced),
        stranger.post(f"/reports/{incident_id}/media", picture().announced, key=new_key()),
    ]
    unknown = stranger.get(f"/reports/{'a' * 26}")
    for answer in answers:
        assert refused(answer, 404, "incident-not-found") == unknown.json()
    close(seat, incident_id)
    refused(stranger.post(f"/reports/{incident_id}/messages", {"text": "喂"}), 404, "incident-not-found")
    assert kinds(seat, incident_id)[: len(before)] == before
    assert record_of(citizen, incident_id)["incident"]["continued_by"] is None
    assert record_of(citizen, incident_id)["media"] == []


# Messages


def test_a_message_reaches_the_call_taker_and_shows_as_unread(
    citizen: CitizenClient, incident_id: str, seat: StaffClient
) -> None:
    work(seat, incident_id, "answer")
    write(citizen, incident_id, "他们有刀\n三个人")
    read = record(seat, incident_id)
    assert read["incident"]["unread"] is True
    assert read["timeline"][-1]["personal"]["text"] == "他们有刀\n三个人"
    work(seat, incident_id, "messages", {"text": "收到"})
    assert texts(citizen, incident_id) == ["他们有刀\n三个人", "收到"]
    assert [one["by"] for one in record_of(citizen, incident_id)["timeline"][-2:]] == ["you", "police"]


def test_one_key_twenty_times_at_once_is_one_message_and_one_answer(
    citizen: CitizenClient, incident_id: str
) -> None:
    key = new_key()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: write(citizen, incident_id, "只说一次", key=key), TWENTY))
    answers.append(write(citizen, incident_id, "只说一次", key=key))
    assert len({json.dumps(one, sort_keys=True) for one in answers}) == 1
    assert texts(citizen, incident_id) == ["只说一次"]


def test_the_same_key_with_another_text_is_refused(citizen: CitizenClient, incident_id: str) -> None:
    key = new_key()
    write(citizen, incident_id, "甲", key=key)
    answer = citizen.post(f"/reports/{incident_id}/messages", {"text": "乙"}, key=key)
    refused(answer, 422, "key-reused")
    assert texts(citizen, incident_id) == ["甲"]


def test_a_message_of_the_longest_text_is_taken_whole(citizen: CitizenClient, incident_id: str) -> None:
    write(citizen, incident_id, "😀" * 2000)
    assert texts(citizen, incident_id) == ["😀" * 2000]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": None},
        {"text": ""},
        {"text": " \n\t"},
        {"text": 110},
        {"text": ["喂"]},
        {"text": "长" * 2001},
        {"text": "喂", "to": "citizen"},
        {"text": "喂", "at": "2020-01-01T00:00:00Z"},
    ],
)
def test_a_wrong_message_is_refused_and_leaves_nothing(
    citizen: CitizenClient, incident_id: str, body: Any
) -> None:
    refused(citizen.post(f"/reports/{incident_id}/messages", body), 422, "body-invalid")
    assert record_of(citizen, incident_id)["count"] == 1


# After closing


def test_a_message_after_closing_opens_a_linked_incident_that_rings_and_the_next_goes_there(
    citizen: CitizenClient, incident_id: str, seat: StaffClient
) -> None:
    close(seat, incident_id)
    first = write(citizen, incident_id, "他又回来了", key="first")
    linked = first["incident_id"]
    assert linked != incident_id
    rings = eventually(lambda: ringing(seat, linked))
    assert (rings["status"], rings["linked_to"], rings["continues"]) == ("waiting", incident_id, incident_id)
    assert (rings["unread"], "after-closing" in rings["flags"]) == (True, True)
    second = write(citizen, incident_id, "快来")
    third = write(citizen, linked, "在吗")
    assert {second["incident_id"], third["incident_id"]} == {linked}
    assert texts(citizen, linked) == ["他又回来了", "快来", "在吗"]
    assert texts(citizen, incident_id) == []
    closed = record_of(citizen, incident_id)
    assert (closed["incident"]["status"], closed["incident"]["continued_by"]) == ("closed", linked)
    assert (closed["timeline"][-1]["kind"], closed["timeline"][-1]["details"]) == (
        "incident.continued",
        {"to": linked},
    )
    assert write(citizen, incident_id, "他又回来了", key="first") == first


def test_twenty_messages_at_once_after_closing_open_one_incident(
    citizen: CitizenClient, incident_id: str, seat: StaffClient
) -> None:
    close(seat, incident_id)
    with ThreadPoolExecutor(10) as pool:
        went = list(pool.map(lambda n: write(citizen, incident_id, str(n)), TWENTY))
    assert len({one["incident_id"] for one in went}) == 1
    linked = went[0]["incident_id"]
    assert sorted(texts(citizen, linked), key=int) == [str(number) for number in TWENTY]
    assert eventually(lambda: listed(citizen) == {incident_id, linked})


def test_a_retry_of_what_was_sent_before_the_closing_opens_nothing(
    citizen: CitizenClient, incident_id: str, seat: StaffClient
) -> None:
    before = write(citizen, incident_id, "在路口", key="before")
    close(seat, incident_id)
    assert write(citizen, incident_id, "在路口", key="before") == before
    answer = citizen.post(f"/reports/{incident_id}/messages", {"text": "别的"}, key="before")
    refused(answer, 422, "key-reused")
    assert record_of(citizen, incident_id)["incident"]["continued_by"] is None


def test_one_after_another_each_closed_incident_is_continued(
    citizen: CitizenClient, incident_id: str, seat: StaffClient
) -> None:
    close(seat, incident_id)
    second = write(citizen, incident_id, "第二次")["incident_id"]
    close(seat, second)
    third = write(citizen, incident_id, "第三次", key="third")["incident_id"]
    assert len({incident_id, second, third}) == 3
    assert record_of(citizen, third)["incident"]["linked_to"] == second
    close(seat, third)
    assert write(citizen, incident_id, "第三次", key="third")["incident_id"] == third


def test_who_is_hiding_stays_hidden_in_the_incident_that_continues(
    machine: Machine, seat: StaffClient
) -> None:
    phone = a_phone()
    citizen = someone(machine, phone=phone)
    filed = file_report(citizen, {"text": "他在门外", "callback_allowed": False})
    close(seat, filed["id"])
    linked = write(citizen, filed["id"], "还在")["incident_id"]
    assert record_of(citizen, linked)["incident"]["contact"] == "app_only"
    assert phone not in json.dumps(record(seat, linked))


def test_a_picture_sent_before_the_closing_is_still_checked_and_kept(
    citizen: CitizenClient, incident_id: str, seat: StaffClient
) -> None:
    upload = ask_upload(citizen, incident_id, picture())
    close(seat, incident_id)
    assert send(upload, picture().content).status_code == 201
    eventually(lambda: record_of(citizen, incident_id)["media"][0]["state"] == "accepted")
    assert record_of(citizen, incident_id)["incident"]["status"] == "closed"


# How much, and how fast


def test_one_message_too_many_in_a_minute_is_taken_with_the_same_key_when_the_minute_is_over(
    inside: Machine, citizen: CitizenClient, incident_id: str
) -> None:
    spend(incident_id, Spent(minute=utc_now(), in_minute=IN_A_MINUTE))
    answer = citizen.post(f"/reports/{incident_id}/messages", {"text": "快来"}, key="later")
    problem = refused(answer, 429, "too-many-messages")
    assert 0 < int(answer.headers["Retry-After"]) == problem["retry_after_seconds"] <= 60
    spend(incident_id, Spent(minute=utc_now() - timedelta(seconds=61), in_minute=IN_A_MINUTE))
    write(citizen, incident_id, "快来", key="later")
    assert texts(citizen, incident_id) == ["快来"]


def test_a_report_that_is_full_refuses_a_message_and_tells_whom_to_ring(
    inside: Machine, citizen: CitizenClient, incident_id: str
) -> None:
    write(citizen, incident_id, "最后一句", key="last")
    spend(incident_id, Spent(minute=utc_now(), in_all=IN_ALL))
    answer = citizen.post(f"/reports/{incident_id}/messages", {"text": "再一句"})
    assert "110" in refused(answer, 409, "report-full")["detail"]
    assert "Retry-After" not in answer.headers
    assert write(citizen, incident_id, "最后一句", key="last")["incident_id"] == incident_id


def spend(incident_id: str, spent: Spent) -> None:
    """Have so much been written to a report."""
    incidents.change(
        incident_id,
        lambda incident: Change(incident=replace(incident, spent=spent), kind="note.written"),
        actor=Actor(role=Role.SYSTEM, id="test"),
        at=utc_now(),
    )
