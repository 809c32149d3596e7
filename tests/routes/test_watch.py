"""The lists of key persons and key places, the hits they lead to, and the verdict on a hit."""

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.desk import a_citizen, a_phone, a_report, a_seat, entry_of, kinds, record, refused, work
from tests.machine import Machine, StaffClient, done, eventually

JSON = dict[str, Any]


@pytest.fixture(scope="module")
def commander(machine: Machine) -> StaffClient:
    return machine.staff("commander1")


@pytest.fixture(scope="module")
def seat(machine: Machine) -> StaffClient:
    return a_seat(machine)


def somewhere() -> JSON:
    """A point within the county where no other test reports from."""
    return {"lat": round(random.uniform(36.30, 36.45), 6), "lng": round(random.uniform(118.40, 118.60), 6)}


def position(point: JSON, **fields: Any) -> JSON:
    return {**point, "crs": "wgs84", "accuracy_m": 30, **fields}


def north_of(point: JSON, metres: float) -> JSON:
    return {**point, "lat": point["lat"] + metres / 111_195}


def watch_place(keeper: StaffClient, point: JSON, **fields: Any) -> JSON:
    body = {"name": "实验小学", "centre": point, "radius_m": 100, "reason": "学校", **fields}
    made: JSON = done(keeper.post("/console/watch/places", body))
    return made


def hits_of(seat: StaffClient, incident_id: str, count: int = 1) -> list[JSON]:
    """The hits of an incident, once there are that many of the lists."""

    def found() -> list[JSON]:
        hits: list[JSON] = record(seat, incident_id)["hits"]
        listed = [hit for hit in hits if hit["rule"] != "repeat"]
        assert len(listed) >= count, hits
        return listed

    return eventually(found, within_seconds=15)


def test_a_report_of_a_key_person_by_number_says_so_before_anyone_answers(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    phone = a_phone()
    body = {"phone": phone.removeprefix("+86"), "reason": "扬言报复社会"}
    entry = done(commander.post("/console/watch/persons", body))
    assert (entry["phone"], entry["owner"], entry["expires_at"]) == (phone, "commander1", None)
    incident_id = a_report(machine.citizen(uuid.uuid4().hex, phone=phone), position=None)
    (hit,) = hits_of(seat, incident_id)
    assert (hit["rule"], hit["reason"]) == ("key_person", "扬言报复社会")
    assert hit["evidence"] == {"entry": entry["id"], "by": ["phone"], "owner": "commander1"}
    assert record(seat, incident_id)["incident"]["hits"] == ["key_person"]
    assert entry_of(seat, incident_id, "hits.found")["details"] == {
        "hits": [{"id": hit["id"], "rule": "key_person"}]
    }


def test_a_key_person_is_known_by_wechats_id_whatever_number_she_gives(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    done(commander.post("/console/watch/persons", {"openid": citizen.openid, "reason": "走失老人"}))
    incident_id = a_report(citizen, contact_phone=a_phone(), position=None)
    (hit,) = hits_of(seat, incident_id)
    assert (hit["rule"], hit["evidence"]["by"]) == ("key_person", ["wechat"])


def test_a_key_persons_own_number_is_found_behind_the_contact_number(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    phone = a_phone()
    done(commander.post("/console/watch/persons", {"phone": phone, "reason": "走失老人"}))
    incident_id = a_report(
        machine.citizen(uuid.uuid4().hex, phone=phone), contact_phone=a_phone(), position=None
    )
    assert hits_of(seat, incident_id)[0]["evidence"]["by"] == ["phone"]


def test_a_report_near_a_key_place_shows_the_distance_beside_the_accuracy(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    point = somewhere()
    place = watch_place(commander, point)
    near, far = north_of(point, 220), north_of(point, 240)
    hit_id = a_report(a_citizen(machine), position=position(near, accuracy_m=125))
    missed_id = a_report(a_citizen(machine), position=position(far, accuracy_m=125))
    (hit,) = hits_of(seat, hit_id)
    assert hit["evidence"]["entry"] == place["id"]
    assert hit["evidence"]["distance_m"] == pytest.approx(120, abs=0.5)
    assert (hit["evidence"]["accuracy_m"], hit["evidence"]["name"]) == (125, "实验小学")
    assert [one for one in record(seat, missed_id)["hits"] if one["rule"] == "key_place"] == []


def test_a_polygon_is_hit_from_within_and_its_corners_come_back(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    point = somewhere()
    lat, lng = point["lat"], point["lng"]
    corners = [{"lat": lat + y, "lng": lng + x} for x, y in ((-0.01, -0.01), (0.01, -0.01), (0, 0.01))]
    body = {"name": "冶源水库", "polygon": corners, "reason": "水库"}
    place = done(commander.post("/console/watch/places", body))
    assert (place["polygon"], place["centre"]) == (corners, None)
    incident_id = a_report(a_citizen(machine), position=position(point))
    (hit,) = [one for one in hits_of(seat, incident_id) if one["evidence"]["entry"] == place["id"]]
    assert hit["evidence"]["distance_m"] == 0


def test_a_place_put_on_the_map_by_the_call_taker_is_looked_at_too(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    point = somewhere()
    watch_place(commander, point)
    incident_id = a_report(a_citizen(machine), position=None)
    work(seat, incident_id, "answer")
    work(seat, incident_id, "place", {"place": "实验小学门口", "point": point})
    (hit,) = hits_of(seat, incident_id)
    assert (hit["rule"], hit["evidence"]["of"], hit["evidence"]["accuracy_m"]) == ("key_place", "place", None)


def test_a_verdict_is_on_record_and_a_dismissed_hit_leaves_the_card(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    done(commander.post("/console/watch/persons", {"openid": citizen.openid, "reason": "同名"}))
    incident_id = a_report(citizen, position=None)
    (hit,) = hits_of(seat, incident_id)
    said = {"hit": hit["id"], "verdict": "dismissed"}
    refused(seat.post(f"/console/incidents/{incident_id}/verdict", said), 409, "not-yours")
    work(seat, incident_id, "answer")
    judged = work(seat, incident_id, "verdict", said)
    assert judged["incident"]["hits"] == []
    (kept,) = record(seat, incident_id)["hits"]
    assert (kept["verdict"], kept["judged_by"]) == ("dismissed", seat.username)
    assert entry_of(seat, incident_id, "hit.judged")["details"]["verdict"] == "dismissed"
    work(seat, incident_id, "verdict", said)
    assert kinds(seat, incident_id).count("hit.judged") == 1
    other = {**said, "hit": "key_place:none"}
    refused(seat.post(f"/console/incidents/{incident_id}/verdict", other), 404, "hit-not-found")


def test_what_was_taken_off_the_list_hits_no_more(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    point = somewhere()
    gone, stays = watch_place(commander, point), watch_place(commander, point, reason="银行")
    assert commander.delete(f"/console/watch/places/{gone['id']}").status_code == 204
    assert commander.delete(f"/console/watch/places/{gone['id']}").status_code == 204
    incident_id = a_report(a_citizen(machine), position=position(point))
    found = {hit["evidence"]["entry"] for hit in hits_of(seat, incident_id)}
    assert stays["id"] in found
    assert gone["id"] not in found


def test_a_list_is_read_in_pages_and_holds_what_was_put_on_it(commander: StaffClient) -> None:
    made = {done(commander.post("/console/watch/persons", person()))["id"] for _ in range(120)}
    found: list[str] = []
    cursor = None
    while True:
        page = done(commander.get("/console/watch/persons", params={"cursor": cursor} if cursor else None))
        found += [one["id"] for one in page["items"]]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert made <= set(found)
    assert len(found) == len(set(found))


def person() -> JSON:
    return {"phone": a_phone(), "reason": "测试"}


def test_an_entry_made_again_with_the_same_key_is_the_same_entry(commander: StaffClient) -> None:
    key, body = uuid.uuid4().hex, person()
    first = done(commander.post("/console/watch/persons", body, key=key))
    assert done(commander.post("/console/watch/persons", body, key=key)) == first
    refused(commander.post("/console/watch/persons", person(), key=key), 422, "key-reused")


PAST = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
CENTRE = {"lat": 36.5, "lng": 118.5}


@pytest.mark.parametrize(
    ("path", "body", "slug"),
    [
        ("persons", {"reason": "无号码"}, "body-invalid"),
        ("persons", {"phone": "110", "reason": "x"}, "phone-invalid"),
        ("persons", {"openid": "o", "reason": " "}, "body-invalid"),
        ("persons", {"openid": "o", "reason": "x", "expires_at": PAST}, "body-invalid"),
        ("places", {"name": "x", "reason": "x"}, "body-invalid"),
        ("places", {"name": "x", "reason": "x", "centre": CENTRE}, "body-invalid"),
        ("places", {"name": "x", "reason": "x", "centre": CENTRE, "radius_m": 0}, "body-invalid"),
        ("places", {"name": "x", "reason": "x", "polygon": [CENTRE] * 4}, "body-invalid"),
        (
            "places",
            {
                "name": "x",
                "reason": "x",
                "polygon": [CENTRE, {"lat": 30, "lng": 100}, {"lat": 30, "lng": 120}],
            },
            "body-invalid",
        ),
        (
            "places",
            {"name": "x", "reason": "x", "centre": CENTRE, "radius_m": 5, "colour": 1},
            "body-invalid",
        ),
    ],
)
def test_an_entry_that_could_never_hit_is_refused(
    commander: StaffClient, path: str, body: JSON, slug: str
) -> None:
    refused(commander.post(f"/console/watch/{path}", body), 422, slug)


def test_a_citizen_is_never_told(machine: Machine, commander: StaffClient, seat: StaffClient) -> None:
    citizen = a_citizen(machine)
    done(commander.post("/console/watch/persons", {"openid": citizen.openid, "reason": "扬言报复社会"}))
    incident_id = a_report(citizen)
    hits_of(seat, incident_id)
    shown = citizen.get(f"/reports/{incident_id}").text + citizen.get("/reports").text
    assert "hits" not in shown
    assert "扬言" not in shown


def test_a_number_given_after_filing_reaches_the_report_and_the_list_of_key_persons(
    machine: Machine, commander: StaffClient, seat: StaffClient
) -> None:
    phone, citizen = a_phone(), machine.citizen(uuid.uuid4().hex)
    done(commander.post("/console/watch/persons", {"phone": phone, "reason": "扬言报复社会"}))
    incident_id = a_report(citizen)
    hiding_id = a_report(citizen, callback_allowed=False)
    done(citizen.post("/session/phone", {"phone": phone}))
    assert record(seat, incident_id)["caller"]["phone"] == phone
    assert hits_of(seat, incident_id)[0]["rule"] == "key_person"
    eventually(lambda: "phone.given" in kinds(seat, hiding_id))
    assert phone not in seat.get(f"/console/incidents/{hiding_id}").text
