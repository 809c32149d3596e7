"""What is held cannot be removed, and what has been kept for its time ends by itself, on the record."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters import upkeep, versions
from chalicelib.adapters.tables import DeskItem, TrackItem
from chalicelib.domain.incident import Kept
from chalicelib.workflows.check_timeline import check_timeline
from chalicelib.workflows.end_retention import end_what_is_due
from chalicelib.workflows.hold_evidence import set_holds
from tests.desk import INSIDE, a_citizen, a_report, a_seat, entry_of, kinds, record, refused, work
from tests.evidence.keeper import keep
from tests.machine import Machine, StaffClient, done, eventually
from tests.media import ask_upload, picture, send
from tests.recording import a_piece, put_piece
from tests.within import is_listed

LONG_AGO = date(1990, 1, 1)
NOBODYS = [f"2{number:025d}" for number in range(upkeep.PAGE + 10)]
"""More incidents than a page has, at the head of the keeper's lists, that are on no record."""


@pytest.fixture(scope="module")
def commander(machine: Machine) -> StaffClient:
    return machine.staff("commander1")


@pytest.fixture(scope="module")
def seat(machine: Machine) -> StaffClient:
    return a_seat(machine)


def a_closed(machine: Machine, seat: StaffClient) -> str:
    """A closed incident with a picture, a fragment of a recording, and words."""
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    work(seat, incident_id, "answer")
    send(ask_upload(citizen, incident_id, picture()), picture().content)
    done(put_piece(seat, incident_id, 1, *a_piece(1)))
    eventually(lambda: "media.accepted" in kinds(seat, incident_id), within_seconds=60)
    work(seat, incident_id, "close", {"disposition": "resolved"})
    return incident_id


def stored(machine: Machine, incident_id: str) -> list[dict[str, Any]]:
    """Every version of the incident's evidence."""
    bucket, s3 = machine.outputs()["EvidenceBucket"], machine.client("s3")
    return [
        {"Bucket": bucket, "Key": one["Key"], "VersionId": one["VersionId"]}
        for folder in (versions.MEDIA, versions.RECORDING)
        for one in s3.list_object_versions(Bucket=bucket, Prefix=f"{folder}/{incident_id}/").get(
            "Versions", []
        )
    ]


def holds(machine: Machine, incident_id: str) -> set[str]:
    """How the legal hold of its versions stands."""

    heads = [machine.client("s3").head_object(**one) for one in stored(machine, incident_id)]
    return {head.get("ObjectLockLegalHoldStatus", "OFF") for head in heads}


def lives_of_track(incident_id: str) -> list[Any]:
    """When each item of its track is to end; None for one that is kept."""
    track = TrackItem.part.startswith("been#")
    return [item.expires_at for item in TrackItem.query(incident_id, track, consistent_read=True)]


def holds_asked() -> set[str]:
    """The incidents whose stored versions the keeper has still to see to."""
    return {one.incident_id for one in upkeep.holds_asked()}


def unlock(machine: Machine, incident_id: str) -> None:
    """Let the lock's own time be over."""
    over = {"Mode": "GOVERNANCE", "RetainUntilDate": datetime.now(UTC) - timedelta(days=1)}
    for one in stored(machine, incident_id):
        machine.client("s3").put_object_retention(**one, Retention=over, BypassGovernanceRetention=True)


def due(machine: Machine, incident_id: str) -> None:
    """Have the keeper look at an incident as at one that was closed long ago."""
    upkeep.keep_from(incident_id, LONG_AGO)
    keep(machine)


def test_a_hold_reaches_every_stored_version_and_so_does_its_release(
    inside: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    incident_id = a_closed(inside, seat)
    path = f"/console/incidents/{incident_id}/hold"
    first = done(commander.post(path, {"reason": "检察院调取"}))
    assert done(commander.post(path, {"reason": "再一次"})) == first
    keep(inside)
    eventually(lambda: holds(inside, incident_id) == {"ON"}, within_seconds=60)
    assert len(stored(inside, incident_id)) == 2
    for folder in (versions.MEDIA, versions.RECORDING):
        with pytest.raises(versions.VersionLocked):
            versions.remove(folder, incident_id, before_its_time=True)
    done(commander.delete(path, params={"reason": "案件终结"}))
    keep(inside)
    eventually(lambda: holds(inside, incident_id) == {"OFF"}, within_seconds=60)
    assert entry_of(seat, incident_id, "hold.placed")["personal"] == {"reason": "检察院调取"}
    assert kinds(seat, incident_id)[-2:] == ["hold.placed", "hold.released"]


def test_a_hold_reaches_the_track_and_a_file_that_comes_after_it(
    inside: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(inside)
    incident_id = a_report(citizen)
    work(seat, incident_id, "answer")
    at = datetime.now(UTC).isoformat()
    done(citizen.post(f"/reports/{incident_id}/positions", {"points": [{**INSIDE, "at": at}]}))
    done(commander.post(f"/console/incidents/{incident_id}/hold", {"reason": "检察院调取"}))
    eventually(lambda: lives_of_track(incident_id) == [None], within_seconds=60)
    upload = ask_upload(citizen, incident_id, picture())
    work(seat, incident_id, "close", {"disposition": "resolved"})
    closed = upkeep.Ending(kept=Kept.MEDIA, incident_id=incident_id, since=datetime.now(UTC).date())
    eventually(lambda: is_listed(closed), within_seconds=60)
    keep(inside)
    eventually(lambda: incident_id not in holds_asked(), within_seconds=60)
    assert send(upload, picture().content).status_code == 201
    eventually(lambda: "media.accepted" in kinds(seat, incident_id), within_seconds=60)
    assert entry_of(seat, incident_id, "media.accepted")["details"]["after_closing"] is True

    def held() -> bool:
        keep(inside)
        return holds(inside, incident_id) == {"ON"}

    eventually(held, within_seconds=120)


def test_a_hold_that_no_minute_has_time_for_goes_on_in_the_next(
    inside: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    incident_id = a_closed(inside, seat)
    done(commander.post(f"/console/incidents/{incident_id}/hold", {"reason": "检察院调取"}))
    times = iter([True] * (1 + 2 * len(holds_asked())))
    set_holds(has_time=lambda: next(times, False))
    keep(inside)
    eventually(lambda: holds(inside, incident_id) == {"ON"}, within_seconds=60)
    assert incident_id not in holds_asked()


def test_an_asked_hold_that_cannot_be_read_is_set_all_the_same_and_keeps_no_other(
    inside: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    incident_id = a_closed(inside, seat)
    done(commander.post(f"/console/incidents/{incident_id}/hold", {"reason": "检察院调取"}))
    keep(inside)
    eventually(lambda: incident_id not in holds_asked(), within_seconds=60)
    done(commander.delete(f"/console/incidents/{incident_id}/hold", params={"reason": "案件终结"}))
    DeskItem(upkeep.HOLDS, incident_id, body="spoilt").save()
    upkeep.ask_hold(NOBODYS[0])
    set_holds(has_time=lambda: True)
    eventually(lambda: not {incident_id, NOBODYS[0]} & holds_asked(), within_seconds=60)
    eventually(lambda: holds(inside, incident_id) == {"OFF"}, within_seconds=60)


def test_what_is_behind_a_page_of_a_list_has_its_turn_too(inside: Machine) -> None:
    for one in NOBODYS:
        upkeep.ask_hold(one)
        upkeep.keep_from(one, LONG_AGO)
    set_holds(has_time=lambda: True)
    end_what_is_due(now=datetime.now(UTC), has_time=lambda: True)
    assert not set(NOBODYS) & holds_asked()
    listed = [one.incident_id for kept in Kept for one in upkeep.ending(kept, until=LONG_AGO)]
    assert not set(NOBODYS) & set(listed)


def test_a_line_of_a_list_that_is_none_hides_no_other(inside: Machine) -> None:
    strange = DeskItem(kind=f"ends#{Kept.MEDIA}", id="1989-99-99#nobody")
    strange.save()
    try:
        upkeep.keep_from(NOBODYS[0], LONG_AGO)
        assert end_what_is_due(now=datetime.now(UTC), has_time=lambda: True) >= 0
        assert NOBODYS[0] not in {one.incident_id for one in upkeep.ending(Kept.MEDIA, until=LONG_AGO)}
    finally:
        strange.delete()


def test_a_marked_report_is_held_in_the_store_too(inside: Machine, seat: StaffClient) -> None:
    incident_id = a_closed(inside, seat)
    work(seat, incident_id, "false-report", {"kind": "false_report", "reason": "现场无此事"})

    def held() -> bool:
        keep(inside)
        return holds(inside, incident_id) == {"ON"}

    eventually(held, within_seconds=120)


def test_files_recording_and_words_end_when_their_time_is_over_and_the_chain_stays_whole(
    inside: Machine, seat: StaffClient
) -> None:
    incident_id = a_closed(inside, seat)
    unlock(inside, incident_id)
    due(inside, incident_id)
    eventually(lambda: kinds(seat, incident_id).count("retention.ended") == 3, within_seconds=120)
    eventually(lambda: stored(inside, incident_id) == [], within_seconds=120)
    assert check_timeline(incident_id) == []
    read = record(seat, incident_id)
    assert (read["incident"]["text"], read["caller"]["phone"]) == (None, None)
    assert [one["url"] for one in read["media"]] == [None]
    page = done(seat.get(f"/console/incidents/{incident_id}/recording"))
    assert [one["url"] for one in page["items"]] == [None]
    told = [one for one in read["timeline"] if one["kind"] == "retention.ended"]
    assert {one["details"]["kept"] for one in told} == {"media", "recording", "personal"}
    assert {one["actor"]["id"] for one in told} == {"keeper"}
    due(inside, incident_id)
    assert kinds(seat, incident_id).count("retention.ended") == 3


def test_no_time_ends_under_a_hold_and_it_is_looked_at_again(
    inside: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    incident_id = a_closed(inside, seat)
    done(commander.post(f"/console/incidents/{incident_id}/hold", {"reason": "检察院调取"}))
    due(inside, incident_id)
    assert len(stored(inside, incident_id)) == 2
    assert "retention.ended" not in kinds(seat, incident_id)
    later = LONG_AGO + timedelta(days=30)
    waiting = {one.incident_id for kept in Kept for one in upkeep.ending(kept, until=later)}
    assert incident_id in waiting


def test_what_the_lock_still_holds_is_not_removed_before_its_time(inside: Machine, seat: StaffClient) -> None:
    """Of the recording, because ministack gives a copied object, as a picture is, no default lock."""
    incident_id = a_closed(inside, seat)
    due(inside, incident_id)
    assert [one["Key"].partition("/")[0] for one in stored(inside, incident_id)] == ["recording"]
    unlock(inside, incident_id)
    for _ in range(3):
        keep(inside)
    eventually(lambda: stored(inside, incident_id) == [], within_seconds=120)


def test_closing_begins_the_time_of_every_kind(inside: Machine, seat: StaffClient) -> None:
    incident_id = a_closed(inside, seat)
    today = datetime.now(UTC).date()
    listed = [upkeep.Ending(kept=kept, incident_id=incident_id, since=today) for kept in Kept]
    eventually(lambda: all(is_listed(one) for one in listed), within_seconds=120)


def test_only_a_commander_with_a_reason_places_a_hold(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    incident_id = a_report(a_citizen(machine))
    path = f"/console/incidents/{incident_id}/hold"
    refused(seat.post(path, {"reason": "我想"}), 403, "not-allowed")
    refused(commander.post(path, {"reason": ""}), 422, "body-invalid")
    refused(commander.delete(path), 422, "body-invalid")
    refused(commander.delete(path, json={"reason": "只在正文里"}), 422, "body-invalid")
    refused(commander.delete(path, params={"reason": " "}), 422, "body-invalid")
    refused(
        commander.post(f"/console/incidents/{'a' * 26}/hold", {"reason": "无"}), 404, "incident-not-found"
    )
    assert done(commander.delete(path, params={"reason": "没有保全"}))["hold"] is None
