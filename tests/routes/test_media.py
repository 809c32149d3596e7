"""Pictures and videos over HTTP: what is refused and by whom, what is shown, and what never is."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.desk import JSON, a_seat, dispatched, record, refused
from tests.machine import CitizenClient, HttpClient, Machine, StaffClient, done, eventually
from tests.media import File, ask_upload, checksum, picture, send, video
from tests.reporting import close, file_report, kinds, new_key, record_of, someone

MIB = 1024 * 1024
EVERY = [
    *(picture(file_format) for file_format in ("JPEG", "PNG", "WEBP", "HEIF")),
    video("mp4"),
    video("mov"),
]


@pytest.fixture(scope="module")
def seat(machine: Machine) -> StaffClient:
    """A call-taker of this module's own."""
    return a_seat(machine)


@pytest.fixture
def citizen(machine: Machine) -> CitizenClient:
    return someone(machine)


@pytest.fixture
def incident_id(citizen: CitizenClient) -> str:
    """A report that waits for its pictures."""
    return str(file_report(citizen)["id"])


def checked(citizen: HttpClient, incident_id: str, media_id: str) -> Any:
    """The file as its citizen sees it once it was decided about."""

    def decided() -> Any:
        media = record_of(citizen, incident_id)["media"]
        return [one for one in media if one["media_id"] == media_id and one["state"] != "awaiting"]

    return eventually(decided, within_seconds=15)[0]


def seen(url: str) -> bytes:
    """What a browser gets at a view's address."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(url, timeout=10)
    assert answer.ok, answer.text
    return answer.content


def sent(citizen: HttpClient, incident_id: str, file: File, content: bytes | None = None) -> Any:
    """The file after it was sent (other bytes, if given) and checked."""
    upload = ask_upload(citizen, incident_id, file)
    assert send(upload, file.content if content is None else content).status_code == 201
    return checked(citizen, incident_id, upload["media_id"])


@pytest.mark.parametrize("file", EVERY, ids=lambda file: file.content_type)
def test_each_kind_of_file_is_accepted_and_shown_byte_for_byte(
    citizen: CitizenClient, incident_id: str, file: File
) -> None:
    shown = sent(citizen, incident_id, file)
    assert (shown["state"], shown["kind"]) == ("accepted", file.kind)
    assert seen(shown["url"]) == file.content
    read = record_of(citizen, incident_id)
    assert read["incident"][f"{file.kind}s"] == 1
    assert kinds(read)[-1] == "media.accepted"


def test_the_tenth_photo_and_the_fourth_video_are_refused(citizen: CitizenClient, incident_id: str) -> None:
    for seed in range(9):
        ask_upload(citizen, incident_id, picture(seed=seed))
    for seed in range(3):
        ask_upload(citizen, incident_id, video(seed=seed))
    for file, limit in ((picture(seed=9), 9), (video(seed=3), 3)):
        answer = citizen.post(f"/reports/{incident_id}/media", file.announced, key=new_key())
        assert refused(answer, 409, "media-limit-reached")["limit"] == limit
    assert len(record_of(citizen, incident_id)["media"]) == 12


def test_of_twenty_photos_asked_for_at_once_nine_get_a_place(
    citizen: CitizenClient, incident_id: str
) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(
                lambda seed: citizen.post(f"/reports/{incident_id}/media", picture(seed=seed).announced),
                range(20),
            )
        )
    assert sorted(answer.status_code for answer in answers) == [201] * 9 + [409] * 11
    assert {answer.json()["type"] for answer in answers if not answer.ok} == {"media-limit-reached"}


def test_a_refused_photo_gives_its_place_back(citizen: CitizenClient, incident_id: str) -> None:
    for seed in range(8):
        ask_upload(citizen, incident_id, picture(seed=seed))
    assert (
        sent(citizen, incident_id, picture(seed=8), b"x" * len(picture(seed=8).content))["state"] == "refused"
    )
    assert sent(citizen, incident_id, picture(seed=9))["state"] == "accepted"
    answer = citizen.post(f"/reports/{incident_id}/media", picture(seed=10).announced)
    refused(answer, 409, "media-limit-reached")


@pytest.mark.parametrize(
    ("kind", "content_type", "limit"), [("photo", "image/jpeg", 15 * MIB), ("video", "video/mp4", 200 * MIB)]
)
def test_a_file_over_the_limit_is_refused_and_one_of_just_the_limit_is_not(
    citizen: CitizenClient, incident_id: str, kind: str, content_type: str, limit: int
) -> None:
    file = {"kind": kind, "content_type": content_type, "size_bytes": limit, "sha256": "0" * 64}
    over = {**file, "size_bytes": limit + 1}
    answer = citizen.post(f"/reports/{incident_id}/media", over)
    assert refused(answer, 422, "media-too-large")["limit_bytes"] == limit
    done(citizen.post(f"/reports/{incident_id}/media", file))


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [("photo", "image/gif"), ("photo", "video/mp4"), ("video", "image/jpeg"), ("video", "video/webm")],
)
def test_a_type_that_the_kind_may_not_have_is_refused(
    citizen: CitizenClient, incident_id: str, kind: str, content_type: str
) -> None:
    file = {"kind": kind, "content_type": content_type, "size_bytes": 10, "sha256": "0" * 64}
    problem = refused(citizen.post(f"/reports/{incident_id}/media", file), 422, "media-type-refused")
    assert all(one.startswith(("image/", "video/")) for one in problem["allowed"])
    assert record_of(citizen, incident_id)["media"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"key": "intake/another/file"},
        {"Content-Type": "text/html"},
        {"Content-Type": None},
        {"policy": None},
    ],
    ids=["key", "type", "no type", "no policy"],
)
def test_the_store_refuses_what_the_form_does_not_say(
    citizen: CitizenClient, incident_id: str, change: dict[str, str | None]
) -> None:
    upload = ask_upload(citizen, incident_id, picture())
    answer = send(upload, picture().content, change)
    assert 400 <= answer.status_code < 500, answer.status_code
    assert send(upload, picture().content).status_code == 201


@pytest.mark.parametrize("content", [picture().content + b"!", picture().content[:-1], b""])
def test_the_store_refuses_another_size_than_announced(
    citizen: CitizenClient, incident_id: str, content: bytes
) -> None:
    upload = ask_upload(citizen, incident_id, picture())
    answer = send(upload, content)
    assert 400 <= answer.status_code < 500, answer.status_code


def test_the_store_refuses_another_citizens_key(
    machine: Machine, citizen: CitizenClient, incident_id: str
) -> None:
    other = someone(machine)
    others = ask_upload(other, file_report(other)["id"], picture(seed=1))
    mine = ask_upload(citizen, incident_id, picture())
    answer = send(mine, picture().content, {"key": others["fields"]["key"]})
    assert answer.status_code == 403
    objects = machine.client("s3").list_objects_v2(
        Bucket=machine.outputs()["IntakeBucket"], Prefix=others["fields"]["key"]
    )
    assert objects["KeyCount"] == 0


def test_the_form_holds_the_store_to_the_announced_bytes(citizen: CitizenClient, incident_id: str) -> None:
    upload = ask_upload(citizen, incident_id, picture())
    assert upload["fields"]["x-amz-checksum-sha256"] == checksum(picture().content)
    wrong = send(upload, picture().content, {"x-amz-checksum-sha256": checksum(b"other")})
    assert 400 <= wrong.status_code < 500


def test_other_bytes_of_the_same_size_are_refused_and_nobody_sees_them(
    citizen: CitizenClient, incident_id: str, seat: StaffClient
) -> None:
    content = picture().content[:-2] + b"!!"
    shown = sent(citizen, incident_id, picture(), content)
    assert (shown["state"], shown["refused_because"], shown["url"]) == ("refused", "sha256-differs", None)
    _nobody_sees(citizen, seat, incident_id, shown["media_id"])


@pytest.mark.parametrize(
    "file",
    [
        File(picture("PNG").content, "image/jpeg"),
        File(picture("GIF").content, "image/png"),
        File(b"<script>alert(1)</script>" * 9, "image/webp"),
        File(picture("HEIF").content, "video/mp4"),
        File(video("mp4").content, "image/heic"),
        File(video("mov").content, "video/mp4"),
        File(b"MZ" + bytes(200), "video/quicktime"),
    ],
    ids=lambda file: file.content_type,
)
def test_a_file_that_is_not_what_it_says_is_refused_and_nobody_sees_it(
    citizen: CitizenClient, incident_id: str, seat: StaffClient, file: File
) -> None:
    shown = sent(citizen, incident_id, file)
    assert (shown["state"], shown["refused_because"], shown["url"]) == ("refused", "not-what-it-says", None)
    entry = record_of(citizen, incident_id)["timeline"][-1]
    assert (entry["kind"], entry["by"]) == ("media.refused", "system")
    assert entry["details"] == {
        "media_id": shown["media_id"],
        "kind": file.kind,
        "reason": "not-what-it-says",
    }
    _nobody_sees(citizen, seat, incident_id, shown["media_id"])


def _nobody_sees(citizen: HttpClient, seat: StaffClient, incident_id: str, media_id: str) -> None:
    for read in (record_of(citizen, incident_id), record(seat, incident_id)):
        media: JSON = next(one for one in read["media"] if one["media_id"] == media_id)
        assert media["url"] is None
        assert (read["incident"]["photos"], read["incident"]["videos"]) == (0, 0)
        assert "media.refused" in kinds(read)


def test_a_file_replaced_after_the_check_is_never_shown_and_stands_on_the_record(
    citizen: CitizenClient, incident_id: str, seat: StaffClient
) -> None:
    file = picture()
    other = os.urandom(len(file.content))
    upload = ask_upload(citizen, incident_id, file)
    assert send(upload, file.content).status_code == 201
    before = checked(citizen, incident_id, upload["media_id"])
    assert before["state"] == "accepted"
    assert send(upload, other).status_code == 201
    assert eventually(lambda: kinds(record_of(citizen, incident_id))[-1] == "media.refused")
    read = record_of(citizen, incident_id)
    assert read["timeline"][-1]["details"]["reason"] == "replaced"
    of_staff = record(seat, incident_id)["media"][0]
    for url in (before["url"], read["media"][0]["url"], of_staff["url"]):
        assert seen(url) == file.content
    assert of_staff["sha256"] == hashlib.sha256(file.content).hexdigest()


def test_the_officer_sees_the_accepted_file_and_not_the_refused_one(
    machine: Machine, seat: StaffClient
) -> None:
    citizen = someone(machine)
    filed = file_report(citizen)["id"]
    good = sent(citizen, filed, picture())
    bad = sent(citizen, filed, picture(seed=1), b"x" * len(picture(seed=1).content))
    done(seat.post(f"/console/incidents/{filed}/answer", {}))
    _, officer = dispatched(machine, seat, filed)
    shown = done(officer.open())["media"]
    assert [one["media_id"] for one in shown] == [good["media_id"]]
    assert bad["media_id"] not in str(shown)
    assert seen(shown[0]["url"]) == picture().content


def test_the_address_of_a_picture_pins_its_version_and_dies(
    machine: Machine, citizen: CitizenClient, incident_id: str
) -> None:
    url = sent(citizen, incident_id, picture())["url"]
    assert "versionId=" in url
    assert "X-Amz-Expires=300" in url
    bucket = machine.outputs()["EvidenceBucket"]
    key = url.partition("?")[0].partition(f"{bucket}/")[2]
    machine.client("s3").put_object(Bucket=bucket, Key=key, Body=b"other", ChecksumAlgorithm="SHA256")
    assert seen(url) == picture().content
    assert seen(record_of(citizen, incident_id)["media"][0]["url"]) == picture().content


def test_a_retry_gets_the_same_place_with_a_fresh_form(citizen: CitizenClient, incident_id: str) -> None:
    key = new_key()
    with ThreadPoolExecutor(10) as pool:
        uploads = list(pool.map(lambda _: ask_upload(citizen, incident_id, picture(), key=key), range(20)))
    uploads.append(ask_upload(citizen, incident_id, picture(), key=key))
    assert len({(one["media_id"], one["incident_id"]) for one in uploads}) == 1
    assert len(record_of(citizen, incident_id)["media"]) == 1
    for seed in range(1, 9):
        ask_upload(citizen, incident_id, picture(seed=seed))


def test_the_same_key_for_another_file_is_refused(citizen: CitizenClient, incident_id: str) -> None:
    key = new_key()
    ask_upload(citizen, incident_id, picture(), key=key)
    answer = citizen.post(f"/reports/{incident_id}/media", picture(seed=1).announced, key=key)
    refused(answer, 422, "key-reused")
    assert len(record_of(citizen, incident_id)["media"]) == 1


def test_a_retry_after_the_file_came_does_not_undo_it(citizen: CitizenClient, incident_id: str) -> None:
    key = new_key()
    upload = ask_upload(citizen, incident_id, picture(), key=key)
    send(upload, picture().content)
    checked(citizen, incident_id, upload["media_id"])
    again = ask_upload(citizen, incident_id, picture(), key=key)
    assert again["media_id"] == upload["media_id"]
    assert record_of(citizen, incident_id)["media"][0]["state"] == "accepted"


def test_a_picture_after_closing_opens_a_linked_incident_and_the_next_one_goes_there(
    citizen: CitizenClient, incident_id: str, seat: StaffClient
) -> None:
    before = ask_upload(citizen, incident_id, picture(seed=7), key="before")
    close(seat, incident_id)
    upload = ask_upload(citizen, incident_id, picture(), key="after")
    linked = upload["incident_id"]
    assert linked != incident_id
    assert send(upload, picture().content).status_code == 201
    assert checked(citizen, linked, upload["media_id"])["state"] == "accepted"
    opened = record_of(citizen, linked)["incident"]
    assert (opened["status"], opened["linked_to"]) == ("waiting", incident_id)
    assert ask_upload(citizen, incident_id, picture(seed=1))["incident_id"] == linked
    assert ask_upload(citizen, incident_id, picture(), key="after")["media_id"] == upload["media_id"]
    assert ask_upload(citizen, incident_id, picture(seed=7), key="before")["incident_id"] == incident_id
    answer = citizen.post(f"/reports/{incident_id}/media", picture(seed=2).announced, key="before")
    refused(answer, 422, "key-reused")
    assert send(before, picture(seed=7).content).status_code == 201
    assert checked(citizen, incident_id, before["media_id"])["state"] == "accepted"


def test_a_file_of_another_report_is_not_in_this_one(citizen: CitizenClient, incident_id: str) -> None:
    upload = ask_upload(citizen, incident_id, picture())
    other_id = file_report(citizen)["id"]
    send(upload, picture().content)
    checked(citizen, incident_id, upload["media_id"])
    assert record_of(citizen, other_id)["media"] == []
    assert kinds(record_of(citizen, other_id)) == ["report.filed"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"kind": "sound"}, "kind"),
    ({"size_bytes": 0}, "size_bytes"),
    ({"size_bytes": -1}, "size_bytes"),
    ({"size_bytes": "10"}, "size_bytes"),
    ({"size_bytes": 10.5}, "size_bytes"),
    ({"sha256": "ABC"}, "sha256"),
    ({"sha256": "g" * 64}, "sha256"),
    ({"sha256": "0" * 64 + "\n"}, "sha256"),
    ({"sha256": "0" * 63 + "\n"}, "sha256"),
    ({"content_type": None}, "content_type"),
    ({"name": "IMG_1.jpg"}, "body"),
    ({"media_id": "a" * 26}, "body"),
]


@pytest.mark.parametrize(("change", "field"), WRONG)
def test_a_wrong_announcement_is_refused_and_takes_no_place(
    citizen: CitizenClient, incident_id: str, change: dict[str, Any], field: str
) -> None:
    answer = citizen.post(f"/reports/{incident_id}/media", {**picture().announced, **change})
    assert refused(answer, 422, "body-invalid")["field"] == field
    assert record_of(citizen, incident_id)["media"] == []


@pytest.mark.parametrize("kind", ["still", "snapshot"])
def test_a_picture_of_a_call_does_not_belong_to_a_report_without_one(
    citizen: CitizenClient, incident_id: str, kind: str
) -> None:
    answer = citizen.post(f"/reports/{incident_id}/media", {**picture().announced, "kind": kind})
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"] in ("media-type-refused", "body-invalid")
    assert record_of(citizen, incident_id)["media"] == []


def test_another_citizens_report_takes_no_file(machine: Machine, incident_id: str) -> None:
    answer = someone(machine).post(f"/reports/{incident_id}/media", picture().announced)
    refused(answer, 404, "incident-not-found")
