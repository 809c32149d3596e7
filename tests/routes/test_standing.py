"""Standing over HTTP: what each grade allows and withholds, its end, and that no report is ever dropped."""

import uuid
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.adapters.tables import CitizenItem, TrackItem
from tests.desk import a_citizen, a_report, kinds, record, refused, work
from tests.machine import CitizenClient, Machine, StaffClient, done
from tests.machine import eventually as within

MODES = ("video110", "silent", "voice", "photo-text")
LIVE = ("video110", "silent", "voice")
GRADES = ("good", "warned", "restricted", "barred")


eventually = partial(within, within_seconds=30)
"""On a loaded machine the stream is some seconds behind."""


def decision(citizen: CitizenClient, incident_id: str, grade: str = "restricted", **changed: Any) -> Any:
    return {
        "citizen_id": citizen.citizen["id"],
        "grade": grade,
        "reason": "多次拨打后无人应答",
        "incident_id": incident_id,
        **changed,
    }


def decide(commander: StaffClient, citizen: CitizenClient, grade: str = "restricted", **changed: Any) -> Any:
    """A citizen of a grade, with a report of her own as the evidence."""
    return done(commander.post("/console/standing", decision(citizen, a_report(citizen), grade, **changed)))


def file(citizen: CitizenClient, mode: str) -> Any:
    answer = citizen.post(f"/reports/{mode}", {"text": "有人撬门"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def open_call(citizen: CitizenClient, incident_id: str) -> Any:
    """The answer to asking for a way in, or None while no line is free."""
    answer = citizen.post(f"/reports/{incident_id}/call", {})
    return answer if answer.ok else None


def hang_up(citizen: CitizenClient, filed: Any) -> None:
    citizen.post(f"/reports/{filed['incident']['id']}/hangup", {})


@pytest.mark.parametrize("grade", GRADES)
def test_whatever_the_grade_every_report_is_taken_and_can_be_written_to(
    machine: Machine, commander: StaffClient, seat: StaffClient, grade: str
) -> None:
    """Issue 4, show 5."""
    citizen = a_citizen(machine)
    if grade != "good":
        decide(commander, citizen, grade)
    for mode in MODES:
        filed = file(citizen, mode)
        incident_id = filed["incident"]["id"]
        withheld = grade in ("restricted", "barred") and mode in LIVE
        assert filed["incident"]["live_withheld"] is withheld
        if withheld:
            assert filed["call"] is None
            refused(citizen.post(f"/reports/{incident_id}/call", {}), 409, "live-withheld")
            still = {"kind": "still", "content_type": "image/jpeg", "size_bytes": 9000, "sha256": "0" * 64}
            assert citizen.post(f"/reports/{incident_id}/media", still).status_code == 201
        assert citizen.post(f"/reports/{incident_id}/messages", {"text": "快来"}).status_code == 201
        point = {"lat": 36.5, "lng": 118.5, "crs": "wgs84", "at": datetime.now(UTC).isoformat()}
        assert done(citizen.post(f"/reports/{incident_id}/positions", {"points": [point]}))["taken"] == 1
        seen = record(seat, incident_id)
        assert (seen["caller"]["standing"], seen["incident"]["standing"]) == (grade, grade)
        hang_up(citizen, filed)


def test_the_call_taker_grants_live_with_one_tap(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    decide(commander, citizen, "restricted")
    filed = file(citizen, "video110")
    incident_id = filed["incident"]["id"]
    work(seat, incident_id, "answer")
    refused(seat.post(f"/console/incidents/{incident_id}/call", {}), 409, "live-withheld")
    for _ in range(2):
        assert work(seat, incident_id, "grant-live")["incident"]["live_withheld"] is False
    assert kinds(seat, incident_id).count("live.granted") == 1
    shown = done(citizen.get(f"/reports/{incident_id}"))
    assert "live.granted" in [entry["kind"] for entry in shown["timeline"]]
    assert shown["incident"]["live_withheld"] is False
    joined = done(eventually(lambda: open_call(citizen, incident_id)))
    assert joined["call"]["role"] == "VIEWER"
    hang_up(citizen, filed)


def test_a_barred_citizen_waits_behind_for_two_minutes_by_the_card(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    decide(commander, citizen, "barred")
    incident = record(seat, file(citizen, "voice")["incident"]["id"])["incident"]
    behind = datetime.fromisoformat(incident["behind_until"]) - datetime.fromisoformat(incident["created_at"])
    assert behind == timedelta(minutes=2)
    assert incident["ringing"] is True


def test_who_is_barred_gets_no_live_call_by_writing_to_a_closed_report(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    filed = file(citizen, "video110")["incident"]["id"]
    work(seat, filed, "answer")
    work(seat, filed, "close", {"disposition": "resolved"})
    decide(commander, citizen, "barred")
    again = done(citizen.post(f"/reports/{filed}/messages", {"text": "还有事"}))["incident_id"]
    refused(citizen.post(f"/reports/{again}/call", {}), 409, "live-withheld")
    incident = record(seat, again)["incident"]
    assert (incident["standing"], incident["live_withheld"]) == ("barred", True)
    assert incident["behind_until"] is not None


def test_a_warned_citizen_is_only_warned_of(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    decide(commander, citizen, "warned", reason="请勿占用报警线路")
    filed = file(citizen, "video110")
    seen = record(seat, filed["incident"]["id"])
    assert seen["caller"]["standing"] == "warned"
    assert seen["caller"]["standing_reason"] == "请勿占用报警线路"
    assert seen["incident"]["live_withheld"] is False
    hang_up(citizen, filed)


@pytest.mark.parametrize("missing", ["reason", "incident_id", "grade", "citizen_id"])
def test_a_change_that_lacks_what_it_needs_is_refused(
    machine: Machine, commander: StaffClient, missing: str
) -> None:
    citizen = a_citizen(machine)
    sent = decision(citizen, a_report(citizen))
    for wrong in ({**sent, missing: ""}, {name: value for name, value in sent.items() if name != missing}):
        answer = commander.post("/console/standing", wrong)
        assert answer.status_code in (404, 422), answer.text
    assert done(citizen.get("/session"))["citizen"]["limit"] is None


def test_a_change_needs_a_reviewer_own_evidence_and_an_end(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    citizen, other = a_citizen(machine), a_citizen(machine)
    sent = decision(citizen, a_report(citizen))
    refused(seat.post("/console/standing", sent), 403, "not-allowed")
    refused(machine.staff("admin1").post("/console/standing", sent), 403, "not-allowed")
    refused(
        commander.post("/console/standing", decision(citizen, a_report(other))), 422, "evidence-of-another"
    )
    refused(commander.post("/console/standing", decision(citizen, "a" * 26)), 404, "incident-not-found")
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    refused(commander.post("/console/standing", {**sent, "expires_at": past}), 422, "body-invalid")
    refused(commander.post("/console/standing", {**sent, "grade": "banned"}), 422, "body-invalid")
    made = done(commander.post("/console/standing", sent))
    assert datetime.fromisoformat(made["expires_at"]) > datetime.now(UTC)


def test_every_change_has_its_reason_incident_proposer_and_reviewer_on_the_record(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    work(seat, incident_id, "answer")
    work(seat, incident_id, "false-report", {"kind": "false_report", "reason": "现场无此事"})
    waiting = eventually(lambda: review_of(commander, incident_id))
    assert (waiting["marked_by"], waiting["reason"]) == (seat.username, "现场无此事")
    key = uuid.uuid4().hex
    made = [
        done(commander.post("/console/standing", decision(citizen, incident_id, "warned"), key=key))
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert (made[0]["proposed_by"], made[0]["reviewed_by"]) == (seat.username, commander.username)
    assert review_of(commander, incident_id) is None
    entries = [one for one in record(seat, incident_id)["timeline"] if one["kind"] == "standing.changed"]
    assert len(entries) == 1
    assert entries[0]["details"]["reviewed_by"] == commander.username
    assert entries[0]["personal"]["reason"] == made[0]["reason"]
    for kind in ("report.marked_false", "standing.changed"):
        assert kind not in [one["kind"] for one in done(citizen.get(f"/reports/{incident_id}"))["timeline"]]


def review_of(commander: StaffClient, incident_id: str) -> Any:
    cursor = None
    while True:
        page = done(commander.get("/console/reviews", params={"cursor": cursor} if cursor else {}))
        found = [one for one in page["items"] if one["incident_id"] == incident_id]
        if found or page["cursor"] is None:
            return found[0] if found else None
        cursor = page["cursor"]


def history(commander: StaffClient, citizen: CitizenClient) -> Any:
    return done(commander.get("/console/standing", params={"citizen_id": citizen.citizen["id"]}))["items"]


def test_a_newer_change_replaces_the_one_before_and_the_history_keeps_both(
    machine: Machine, commander: StaffClient
) -> None:
    citizen = a_citizen(machine)
    first, second = decide(commander, citizen, "warned"), decide(commander, citizen, "barred")
    newest, older = history(commander, citizen)
    assert (newest["standing"]["id"], newest["in_force"]) == (second["id"], True)
    assert (older["standing"]["id"], older["in_force"]) == (first["id"], False)
    assert older["standing"]["ended_because"] == "replaced"
    everyone = done(commander.get("/console/standing"))["items"]
    assert second["id"] in [one["standing"]["id"] for one in everyone]


def test_lifting_ends_a_change_at_once_and_says_who_and_why(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    made = decide(commander, citizen, "barred")
    refused(seat.delete(f"/console/standing/{made['id']}"), 403, "not-allowed")
    for _ in range(2):
        gone = commander.delete(f"/console/standing/{made['id']}", params={"reason": "申诉属实"})
        assert gone.status_code == 204
    (kept,) = history(commander, citizen)
    ended = kept["standing"]
    assert (ended["ended_by"], ended["end_reason"]) == (commander.username, "申诉属实")
    assert not kept["in_force"]
    assert done(citizen.get("/session"))["citizen"]["limit"] is None
    filed = file(citizen, "voice")
    assert filed["incident"]["live_withheld"] is False
    hang_up(citizen, filed)
    assert kinds(seat, made["incident_id"]).count("standing.lifted") == 1
    refused(commander.delete("/console/standing/nothing"), 404, "standing-not-found")


def test_a_standing_ends_by_the_clock(inside: Machine, commander: StaffClient, seat: StaffClient) -> None:
    citizen = a_citizen(inside)
    decide(commander, citizen, "restricted")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    CitizenItem(citizen.citizen["id"]).update([CitizenItem.standing_until.set(yesterday)])
    filed = file(citizen, "voice")
    assert filed["incident"]["live_withheld"] is False
    assert record(seat, filed["incident"]["id"])["caller"]["standing"] == "good"
    assert done(citizen.get("/session"))["citizen"]["limit"] is None
    hang_up(citizen, filed)


def test_the_citizen_is_told_what_why_and_until_when(machine: Machine, commander: StaffClient) -> None:
    citizen = a_citizen(machine)
    made = decide(commander, citizen, "restricted", reason="一个月内五次无人应答")
    limit = done(citizen.get("/session"))["citizen"]["limit"]
    assert limit == {
        "grade": "restricted",
        "reason": "一个月内五次无人应答",
        "since": made["decided_at"],
        "until": made["expires_at"],
    }


def test_marking_freezes_the_track_and_dismissing_leaves_the_standing(
    inside: Machine, commander: StaffClient, seat: StaffClient, colleague: StaffClient
) -> None:
    citizen = a_citizen(inside)
    incident_id = a_report(citizen)
    for ago in range(5):
        at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat()
        point = {"lat": 36.5, "lng": 118.5, "crs": "wgs84", "at": at}
        done(citizen.post(f"/reports/{incident_id}/positions", {"points": [point]}))

    def lives() -> list[Any]:
        beginning = TrackItem.part.startswith("been#")
        return [item.expires_at for item in TrackItem.query(incident_id, beginning, consistent_read=True)]

    eventually(lambda: len(lives()) == 2)
    assert all(lives())
    work(seat, incident_id, "answer")
    sent = {"kind": "harassment", "reason": "辱骂接警员"}
    refused(colleague.post(f"/console/incidents/{incident_id}/false-report", sent), 409, "not-yours")
    refused(
        seat.post(f"/console/incidents/{incident_id}/false-report", {**sent, "reason": " "}),
        422,
        "body-invalid",
    )
    work(seat, incident_id, "false-report", sent)
    eventually(lambda: lives() == [None, None])
    seen = record(seat, incident_id)["incident"]
    assert seen["frozen"] is True
    assert seen["marking"]["kind"] == "harassment"
    eventually(lambda: review_of(commander, incident_id))
    done(commander.post(f"/console/reviews/{incident_id}/dismiss", {"reason": "确有其事"}))
    assert review_of(commander, incident_id) is None
    assert record(seat, incident_id)["incident"]["marking"]["outcome"] == "dismissed"
    assert done(citizen.get("/session"))["citizen"]["limit"] is None
    refused(
        commander.post(f"/console/reviews/{a_report(citizen)}/dismiss", {"reason": "x"}),
        404,
        "review-not-found",
    )


def test_closing_as_false_asks_for_a_review_too(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    work(seat, incident_id, "answer")
    work(seat, incident_id, "close", {"disposition": "false_report", "note": "无此地址"})
    waiting = eventually(lambda: review_of(commander, incident_id))
    assert (waiting["kind"], waiting["reason"], waiting["marked_by"]) == (
        "false_report",
        "无此地址",
        seat.username,
    )
