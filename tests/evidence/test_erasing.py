"""A citizen who is erased is nowhere any more, and what remains still proves itself."""

import base64
import hashlib
import json
import random
import struct
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests

from chalicelib.adapters import erasures, versions
from chalicelib.adapters.tables import DeskItem
from chalicelib.domain.erasing import ErasureState
from chalicelib.workflows.check_timeline import check_timeline
from chalicelib.workflows.erase_citizen import go_on_erasing
from infra.export_evidence import Exported, Service, export
from infra.local.watch import running, witnessed
from infra.verify_evidence import verify
from tests.desk import INSIDE, a_citizen, a_report, a_seat, dispatched, kinds, record, refused, work
from tests.evidence.keeper import keep, keep_of
from tests.machine import CitizenClient, Machine, OwnMachine, StaffClient, done, eventually
from tests.media import ask_upload, picture, send
from tests.recording import a_piece, put_piece

JSON = dict[str, Any]


@pytest.fixture(scope="module")
def commander(machine: Machine) -> StaffClient:
    return machine.staff("commander1")


@pytest.fixture(scope="module")
def admin(machine: Machine) -> StaffClient:
    return machine.staff("admin1")


@pytest.fixture(scope="module")
def seat(machine: Machine) -> StaffClient:
    return a_seat(machine)


def ask(admin: StaffClient, citizen_id: str) -> Any:
    return admin.post(f"/console/citizens/{citizen_id}/erase", {"reason": "依申请，卷号 2026-17"})


def erased(machine: Machine, admin: StaffClient, citizen_id: str) -> JSON:
    """Erase a citizen whom nothing keeps; how the erasure ended."""
    assert done(ask(admin, citizen_id))["erasure"]["state"] == "asked"

    def ended() -> JSON | None:
        keep(machine)
        erasure = erasures.get(citizen_id)
        return json.loads(_text(erasure)) if erasure and erasure.state is not ErasureState.ASKED else None

    return eventually(ended, within_seconds=60) or {}


def _text(erasure: Any) -> str:
    return msgspec.json.encode(erasure).decode()


class Canary:
    """A citizen whose every word is marked, so that finding one of them means that it stayed."""

    def __init__(self) -> None:
        mark = uuid.uuid4().hex[:10]
        self.name, self.text, self.place = f"canaryname{mark}", f"canarytext{mark}", f"canaryplace{mark}"
        self.plate = f"canary{mark}"
        self.phone = f"+86139{random.randrange(10**8):08d}"
        self.lat, self.lng = (round(base + random.random() / 100, 9) for base in (36.51, 118.54))
        self.picture = picture(seed=random.randrange(10**6))

    @property
    def values(self) -> set[str]:
        said = {self.name, self.text, self.place, self.plate, self.phone, self.phone[3:]}
        return said | {str(self.lat)[:8], str(self.lng)[:9], f"openid-{self.name}"}

    @property
    def forms(self) -> set[str]:
        """The values as the tables have them; a track has its points packed."""
        packed = struct.pack(">ii", round(self.lat * 10_000_000), round(self.lng * 10_000_000))
        return self.values | {base64.b64encode(packed)[:8].decode()}

    def position(self) -> JSON:
        return {**INSIDE, "lat": self.lat, "lng": self.lng, "at": datetime.now(UTC).isoformat()}


def its_reports(machine: Machine, seat: StaffClient, canary: Canary) -> tuple[CitizenClient, list[str]]:
    """Two reports with all a citizen may say, and all that the desk and an officer may say of her."""
    citizen = machine.citizen(canary.name, phone=canary.phone)
    done(citizen.patch("/session/profile", {"name": canary.name, "trade": "taxi", "plate": canary.plate}))
    sent = {"text": canary.text, "place": canary.place, "position": canary.position()}
    body = {**sent, "contact_phone": canary.phone}
    written = done(citizen.post("/reports/photo-text", body, key=canary.text))["incident"]["id"]
    silent = done(citizen.post("/reports/silent", {**body, "tip": canary.name, "text": [canary.text]}))
    spoken: str = silent["incident"]["id"]
    for incident_id in (written, spoken):
        done(citizen.post(f"/reports/{incident_id}/positions", {"points": [canary.position()]}))
        done(citizen.post(f"/reports/{incident_id}/messages", {"text": canary.text}, key=canary.name))
        send(ask_upload(citizen, incident_id, canary.picture), canary.picture.content)
        ask_upload(citizen, incident_id, picture(seed=1))
        work(seat, incident_id, "answer")
        _say_all(machine, seat, incident_id, canary)
    return citizen, [written, spoken]


def _say_all(machine: Machine, seat: StaffClient, incident_id: str, canary: Canary) -> None:
    colleague, reason = a_seat(machine), {"reason": canary.text}
    work(colleague, incident_id, "take", reason)
    work(seat, incident_id, "take", reason)
    work(seat, incident_id, "classify", {"priority": 1, "type_code": "traffic", "summary": canary.text})
    point = {"lat": canary.lat, "lng": canary.lng}
    work(seat, incident_id, "place", {"place": canary.place, "point": point})
    for verb in ("notes", "messages"):
        work(seat, incident_id, verb, {"text": canary.text})
    work(seat, incident_id, "callback", {"result": "no_answer", "override_reason": canary.text})
    called_back, _ = dispatched(machine, seat, incident_id)
    work(seat, incident_id, f"dispatches/{called_back}/revoke", reason)
    _, officer = dispatched(machine, seat, incident_id)
    done(officer.open())
    done(officer.post("/link/messages", {"text": canary.text}))
    told = {"arrived_at": "2026-11-22T08:00:00Z", "ended_at": "2026-11-22T08:05:00Z", "result": canary.text}
    done(officer.post("/link/feedback", told))
    done(put_piece(seat, incident_id, 1, *a_piece(1)))
    eventually(lambda: "media.accepted" in kinds(seat, incident_id), within_seconds=60)
    told_other = {"force": canary.place, "by": canary.name, "at": "2026-11-22T08:00:00Z"}
    work(seat, incident_id, "close", {"disposition": "out_of_area", "told": told_other, "note": canary.text})


def scanned(machine: Machine) -> Iterator[str]:
    """Every item of every table and index, as DynamoDB sends it.

    Asked for without botocore: this process may never ask for a Scan, and a test may look everywhere.
    """
    for name, value in machine.outputs().items():
        if name.endswith("Table"):
            for index in (None, *INDEXES.get(name, ())):
                yield from _pages(machine, {"TableName": value, **({"IndexName": index} if index else {})})


INDEXES = {"IncidentsTable": ("by_citizen", "by_owner"), "FeedTable": ("changes", "open")}


def _pages(machine: Machine, asked: JSON) -> Iterator[str]:
    headers = {"X-Amz-Target": "DynamoDB_20120810.Scan", "Content-Type": "application/x-amz-json-1.0"}
    headers["Authorization"] = (
        "AWS4-HMAC-SHA256 Credential=test/20261122/ap-southeast-1/dynamodb/aws4_request"
    )
    key: JSON | None = {}
    while key is not None:
        body = {**asked, **({"ExclusiveStartKey": key} if key else {})}
        answer = requests.post(machine.aws_endpoint, json=body, headers=headers, timeout=60)
        assert answer.ok, answer.text
        yield answer.text
        key = answer.json().get("LastEvaluatedKey")


def stored_versions(machine: Machine) -> Iterator[JSON]:
    """Every version of every object of both buckets."""
    for bucket in ("IntakeBucket", "EvidenceBucket"):
        pages = machine.client("s3").get_paginator("list_object_versions")
        for page in pages.paginate(Bucket=machine.outputs()[bucket]):
            yield from page.get("Versions", [])


def found(machine: Machine, canary: Canary, incident_ids: list[str]) -> set[str]:
    """Which marked values stand anywhere, and which stored versions are hers."""
    left = {one for page in scanned(machine) for one in canary.forms if one in page}
    md5 = hashlib.md5(canary.picture.content, usedforsecurity=False).hexdigest()
    for one in stored_versions(machine):
        if md5 in one["ETag"] or any(incident_id in one["Key"] for incident_id in incident_ids):
            left.add(one["Key"].partition("/")[0])
    return left


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[OwnMachine]:
    """A machine with nobody else's reports, so that looking everywhere is quick."""
    own = OwnMachine(tmp_path / "machine")
    try:
        yield own.start()
    finally:
        own.stop()


def test_after_erasing_nothing_of_hers_is_anywhere_and_her_record_still_verifies(
    alone: OwnMachine, tmp_path: Path
) -> None:
    canary = Canary()
    citizen, incident_ids = its_reports(alone, a_seat(alone), canary)
    before = [copy_of(alone, alone.staff("commander1"), one, tmp_path / one) for one in incident_ids]
    hers = {*canary.forms, "media", "recording", "intake"}
    eventually(lambda: found(alone, canary, incident_ids) == hers, within_seconds=60)  # It can be found.
    assert done(ask(alone.staff("admin1"), citizen.citizen["id"]))["erasure"]["state"] == "asked"

    admin, commander = alone.staff("admin1"), alone.staff("commander1")
    keep_of(alone)
    erasure = eventually(lambda: _if_done(admin), within_seconds=60) or {}

    assert set(erasure["incident_ids"]) == set(incident_ids)
    assert {one["manifest_sha256"] for one in erasure["copies"]} == {one.manifest_sha256 for one in before}
    eventually(lambda: not found(alone, canary, incident_ids), within_seconds=60)
    for incident_id in incident_ids:
        copy = tmp_path / f"after-{incident_id}"
        copy_of(alone, commander, incident_id, copy)
        faults, remarks = verify(copy)
        assert faults == []
        assert {"media", "recording"} <= {remark.partition("/")[0] for remark in remarks}
        texts = "".join(file.read_text("utf-8") for file in copy.rglob("*") if file.suffix in TEXTS)
        assert [one for one in canary.values if one in texts] == []
        assert "officer_name" in texts, "whom the bureau sent is the bureau's to answer for"
    assert citizen.get("/session").status_code == 401
    assert done(citizen.get("/reports"))["items"] == []
    marks, versions = len(hers), erasure["objects"]
    print(f"erased: {len(incident_ids)} incidents, {versions} versions; of {marks} marks 0 are left")


def copy_of(machine: Machine, commander: StaffClient, incident_id: str, folder: Path) -> Exported:
    """Take a copy of an incident's evidence."""
    service = Service(machine.url, str(commander.session.headers["Authorization"]))
    return export(service, incident_id, folder, by=commander.username, now=datetime.now(UTC))


def _if_done(admin: StaffClient) -> JSON | None:
    (erasure,) = done(admin.get("/console/erasures"))["items"]
    return erasure if erasure["state"] == "done" else None


TEXTS = {".json", ".jsonl", ".html"}


def test_erasing_again_is_safe_and_a_citizen_who_comes_back_is_a_new_one(
    inside: Machine, admin: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(inside)
    first = closed(citizen, seat)
    assert erased(inside, admin, citizen.citizen["id"])["incident_ids"] == [first]
    assert check_timeline(first) == []
    refused(ask(admin, citizen.citizen["id"]), 404, "citizen-unknown")
    again = inside.citizen(citizen.openid.removeprefix("openid-"))
    assert (again.citizen["id"], again.citizen["phone"]) == (citizen.citizen["id"], None)
    second = closed(again, seat)
    assert [one["id"] for one in done(again.get("/reports"))["items"]] == [second]
    assert erased(inside, admin, again.citizen["id"])["incident_ids"] == [first, second]
    listed = done(admin.get("/console/erasures"))["items"]
    assert any(one["citizen_id"] == again.citizen["id"] for one in listed) or len(listed) == 50


def closed(citizen: CitizenClient, seat: StaffClient) -> str:
    """A report of hers that was worked and closed."""
    incident_id = a_report(citizen)
    work(seat, incident_id, "answer")
    work(seat, incident_id, "close", {"disposition": "resolved"})
    return incident_id


def test_an_open_report_stands_in_the_way_and_is_named(
    inside: Machine, admin: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(inside)
    incident_id = a_report(citizen)
    problem = refused(ask(admin, citizen.citizen["id"]), 409, "erasure-refused")
    assert (problem["because"], problem["incident_ids"]) == ("open", [incident_id])


def test_a_false_report_is_erased_only_after_review_and_release(
    inside: Machine, admin: StaffClient, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(inside)
    incident_id = closed(citizen, seat)
    work(seat, incident_id, "false-report", {"kind": "harassment", "reason": "反复拨打"})
    path = f"/console/incidents/{incident_id}/hold"
    assert refused(ask(admin, citizen.citizen["id"]), 409, "erasure-refused")["because"] == "frozen"
    refused(commander.delete(path, params={"reason": "先解除"}), 409, "step-refused")
    done(commander.post(f"/console/reviews/{incident_id}/dismiss", {"reason": "误标"}))
    assert refused(ask(admin, citizen.citizen["id"]), 409, "erasure-refused")["because"] == "frozen"
    assert done(commander.delete(path, params={"reason": "复核完毕"}))["frozen"] is False
    assert erased(inside, admin, citizen.citizen["id"])["state"] == "done"


def test_who_is_limited_or_watched_is_not_erased_before_that_ends(
    inside: Machine, admin: StaffClient, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(inside)
    incident_id = closed(citizen, seat)
    decision = {"grade": "warned", "reason": "多次误报", "incident_id": incident_id}
    standing = done(commander.post("/console/standing", {"citizen_id": citizen.citizen["id"], **decision}))
    done(commander.delete(f"/console/incidents/{incident_id}/hold", params={"reason": "复核完毕"}))
    assert refused(ask(admin, citizen.citizen["id"]), 409, "erasure-refused")["because"] == "limited"
    commander.delete(f"/console/standing/{standing['id']}")
    watched = done(
        commander.post("/console/watch/persons", {"phone": citizen.citizen["phone"], "reason": "寻人"})
    )
    assert refused(ask(admin, citizen.citizen["id"]), 409, "erasure-refused")["because"] == "watched"
    commander.delete(f"/console/watch/persons/{watched['id']}")
    assert erased(inside, admin, citizen.citizen["id"])["state"] == "done"
    kept = done(commander.get("/console/standing", params={"citizen_id": citizen.citizen["id"]}))["items"]
    assert [(one["standing"]["grade"], one["standing"]["reason"]) for one in kept] == [("warned", "")]


def test_a_hold_that_comes_while_erasing_stops_it_loudly_and_it_can_be_taken_up_again(
    inside: Machine, admin: StaffClient, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(inside)
    incident_id = closed(citizen, seat)
    citizen_id = citizen.citizen["id"]
    done(ask(admin, citizen_id))
    path = f"/console/incidents/{incident_id}/hold"
    assert done(commander.post(path, {"reason": "检察院调取"}))["hold"]["placed_by"] == "commander1"

    def stopped() -> Any:
        keep(inside)
        erasure = erasures.get(citizen_id)
        return erasure if erasure and erasure.state is ErasureState.STOPPED else None

    erasure = eventually(stopped, within_seconds=60)
    assert (erasure.stopped_by, erasure.stopped_at_incidents) == ("held", (incident_id,))
    assert record(seat, incident_id)["incident"]["text"] == "有人在路口打架"
    assert refused(ask(admin, citizen_id), 409, "erasure-refused")["because"] == "held"
    done(commander.delete(path, params={"reason": "案件终结"}))
    assert erased(inside, admin, citizen_id)["state"] == "done"


def test_an_erasing_that_broke_off_goes_on_where_it_was(
    inside: Machine, admin: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(inside)
    reports = {closed(citizen, seat) for _ in range(3)}
    done(ask(admin, citizen.citizen["id"]))
    one_more = iter([True, True, False])
    go_on_erasing(now=datetime.now(UTC), has_time=lambda: next(one_more, False))
    assert set(erased_now(citizen.citizen["id"])) <= reports
    assert set(erased(inside, admin, citizen.citizen["id"])["incident_ids"]) == reports


class LateCopy:
    """A check at work all the while: it stores its copy right after the first look at what there is."""

    def __init__(self, machine: Machine, incident_id: str) -> None:
        self._machine, self._folder = machine, f"{versions.MEDIA}/{incident_id}/"
        self._stored = False

    def asks(self, model: Any, parameters: Any) -> Any:
        return model.name == "ListObjectVersions" and parameters.get("Prefix") == self._folder

    def answered(self, model: Any, parameters: Any, answer: Any, noted: Any) -> None:
        if noted and not self._stored:
            self._stored = True
            with running(None):
                bucket = self._machine.outputs()["EvidenceBucket"]
                self._machine.client("s3").put_object(Bucket=bucket, Key=f"{self._folder}late", Body=b"her")


def test_a_copy_that_is_stored_while_she_is_erased_goes_too(
    inside: Machine, admin: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(inside)
    incident_id = closed(citizen, seat)
    with witnessed(LateCopy(inside, incident_id)):
        erased(inside, admin, citizen.citizen["id"])
    kept = inside.client("s3").list_object_versions(
        Bucket=inside.outputs()["EvidenceBucket"], Prefix=f"media/{incident_id}/"
    )
    assert kept.get("Versions", []) == []


def test_no_word_of_her_is_taken_once_she_was_erased(
    inside: Machine, admin: StaffClient, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(inside)
    incident_id = closed(citizen, seat)
    erased(inside, admin, citizen.citizen["id"])
    path = f"/console/incidents/{incident_id}"
    refused(seat.post(f"{path}/notes", {"text": "她的电话是"}), 409, "step-refused")
    marking = {"kind": "harassment", "reason": "她说"}
    refused(commander.post(f"{path}/false-report", marking), 409, "step-refused")


@pytest.fixture
def unreadable(inside: Machine) -> Iterator[str]:
    """An erasing that nobody can read, at the head of the keeper's list."""
    first = "2" * 26
    items = [DeskItem(erasures.WAITING, first), DeskItem(erasures.ALL, first, body="spoilt")]
    for item in items:
        item.save()
    yield first
    for item in items:
        item.delete()


def test_an_erasing_that_cannot_be_read_keeps_no_other_waiting_and_is_said_aloud(
    inside: Machine, admin: StaffClient, seat: StaffClient, unreadable: str
) -> None:
    citizen = a_citizen(inside)
    closed(citizen, seat)
    done(ask(admin, citizen.citizen["id"]))

    said: list[str] = []

    def ended() -> bool:
        try:
            go_on_erasing(now=datetime.now(UTC), has_time=lambda: True)
        except msgspec.DecodeError:
            said.append(unreadable)
        erasure = erasures.get(citizen.citizen["id"])
        return erasure is not None and erasure.state is ErasureState.DONE

    assert next(erasures.waiting()) == unreadable
    # The machine's own keeper may be at either at the same moment.
    eventually(lambda: ended() and said, within_seconds=60)


@pytest.fixture
def forgotten(inside: Machine) -> Iterator[list[str]]:
    """More at the head of the keeper's list than a page has, whose erasings are on no record."""
    first = [f"2{number:025d}" for number in range(erasures.PAGE + 10)]
    for one in first:
        DeskItem(erasures.WAITING, one).save()
    yield first
    for one in first:
        DeskItem(erasures.WAITING, one).delete()


def test_however_many_are_in_no_state_to_be_erased_the_one_behind_them_is(
    inside: Machine, admin: StaffClient, seat: StaffClient, forgotten: list[str]
) -> None:
    citizen = a_citizen(inside)
    closed(citizen, seat)
    done(ask(admin, citizen.citizen["id"]))

    def state() -> ErasureState | None:
        go_on_erasing(now=datetime.now(UTC), has_time=lambda: True)
        erasure = erasures.get(citizen.citizen["id"])
        return erasure.state if erasure else None

    eventually(lambda: state() is ErasureState.DONE, within_seconds=60)


def test_an_erasing_that_cannot_be_read_hides_no_other_of_the_list(
    inside: Machine, admin: StaffClient, unreadable: str
) -> None:
    assert "items" in done(admin.get("/console/erasures"))


def erased_now(citizen_id: str) -> tuple[str, ...]:
    erasure = erasures.get(citizen_id)
    assert erasure is not None
    return erasure.incident_ids


def test_nobody_is_erased_who_is_not_there_or_for_no_reason(machine: Machine, admin: StaffClient) -> None:
    refused(ask(admin, "a" * 26), 404, "citizen-unknown")
    refused(admin.post(f"/console/citizens/{'a' * 26}/erase", {"reason": " "}), 422, "body-invalid")
    refused(admin.post(f"/console/citizens/{'a' * 26}/erase", {}), 422, "body-invalid")
