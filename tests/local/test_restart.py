"""After a stop and a new start, incidents, pictures and accounts are there."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from tests.machine import CitizenClient, OwnMachine, done, eventually


@pytest.fixture
def own(tmp_path: Path) -> Iterator[OwnMachine]:
    """A machine with the real app that this test may stop."""
    machine = OwnMachine(tmp_path)
    yield machine.start()
    machine.stop()


def test_incidents_pictures_and_accounts_outlive_a_restart(own: OwnMachine) -> None:
    citizen = own.citizen("restart", phone="13800138000")
    filed = done(citizen.post("/reports/photo-text", {"text": "路口两车相撞"}, key="restart"))["incident"]
    picture = _picture()
    _upload(citizen, filed["id"], picture)
    before = eventually(lambda: _with_picture(own, filed["id"]))
    assert requests.get(before["media"][0]["url"], timeout=10).content == picture

    own.stop()
    own.start()

    again = own.citizen("restart")
    assert again.citizen == citizen.citizen
    assert done(again.get(f"/reports/{filed['id']}"))["incident"]["text"] == "路口两车相撞"
    citizen.url = own.url
    assert citizen.get("/session").ok, "a token from before goes on being good"
    after = eventually(lambda: _with_picture(own, filed["id"]))
    assert after["timeline"] == before["timeline"]
    shown = requests.get(after["media"][0]["url"], timeout=10)
    assert (shown.status_code, shown.content) == (200, picture)
    cards = done(own.staff("seat1").get("/console/feed"))["incidents"]
    assert filed["id"] in [card["id"] for card in cards]
    same = done(again.post("/reports/photo-text", {"text": "路口两车相撞"}, key="restart"))["incident"]
    assert same["id"] == filed["id"], "a retry after the restart opens no second incident"


def test_the_demonstration_has_its_units_and_departments_once(own: OwnMachine) -> None:
    def names(of: str) -> list[str]:
        return sorted(one["name"] for one in done(own.staff("seat1").get(f"/console/{of}"))["items"])

    first = [names("units"), names("departments")]
    assert [len(each) for each in first] == [3, 3]
    own.stop()
    own.start()
    assert [names("units"), names("departments")] == first


def _with_picture(machine: OwnMachine, incident_id: str) -> Any:
    record = done(machine.staff("seat1").get(f"/console/incidents/{incident_id}"))
    return record if any(one["state"] == "accepted" for one in record["media"]) else None


def _upload(citizen: CitizenClient, incident_id: str, content: bytes) -> None:
    described = {
        "kind": "photo",
        "content_type": "image/jpeg",
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    post = done(citizen.post(f"/reports/{incident_id}/media", described, key="picture"))
    stored = requests.post(post["url"], post["fields"], files={"file": content}, timeout=30)
    assert stored.ok, stored.text


def _picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "#804020").save(content, "JPEG")
    return content.getvalue()
