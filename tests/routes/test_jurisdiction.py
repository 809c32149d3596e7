"""Where one is: the verdict, what follows from it, and one place in two coordinate systems."""

import json
from typing import Any

import pytest

from chalicelib.domain.jurisdiction import Jurisdiction, Verdict, verdict
from chalicelib.domain.position import Point, distance_m
from tests.desk import refused
from tests.gcj02 import wgs84_to_gcj02
from tests.machine import ROOT, CitizenClient, Machine, done
from tests.reporting import INSIDE, OUTSIDE, file_report, someone

PLACES = [(36.40, 118.55), (36.516, 118.535), (36.18, 118.50), (36.55, 118.70)]
EDGE = (36.395, 118.235)
"""On the line between two corners in the west."""


@pytest.fixture(scope="module")
def citizen(machine: Machine) -> CitizenClient:
    """One citizen for what leaves no trace that another test would look for."""
    return someone(machine)


def ask(citizen: CitizenClient, lat: Any, lng: Any, **more: Any) -> Any:
    return done(citizen.get("/jurisdiction", params={"lat": lat, "lng": lng, **more}))


def test_a_place_well_inside_is_inside_and_every_mode_is_open(citizen: CitizenClient) -> None:
    told = ask(citizen, 36.40, 118.55, accuracy_m=20, crs="wgs84")
    assert (told["verdict"], told["notice"]) == ("inside", None)
    assert {"photo_text", "silent", "video110"} <= set(told["modes"])


def test_a_place_well_outside_is_outside_with_the_notice_and_the_numbers(citizen: CitizenClient) -> None:
    told = ask(citizen, 36.70, 119.10, accuracy_m=20)
    assert told["verdict"] == "outside"
    assert told["emergency_number"] in told["notice"]
    assert told["text_number"] in told["notice"]
    assert told["modes"] == ["silent"]


def test_a_place_on_the_edge_is_straddling_and_needs_no_notice(citizen: CitizenClient) -> None:
    told = ask(citizen, *EDGE)
    assert (told["verdict"], told["notice"]) == ("straddling", None)


def test_a_poor_accuracy_makes_a_place_straddle(citizen: CitizenClient) -> None:
    assert ask(citizen, 36.70, 119.10, accuracy_m=60_000)["verdict"] == "straddling"


def test_gcj02_is_judged_as_the_place_it_means(citizen: CitizenClient) -> None:
    """A place just this side of the outer margin, which its GCJ-02 numbers would put 500 m beyond it."""
    lng = next(lng for lng in (step / 1000 for step in range(118_780, 119_000)) if _is_outside(lng)) - 0.001
    shifted = wgs84_to_gcj02(36.45, lng)
    told = [ask(citizen, shifted.lat, shifted.lng, crs=crs)["verdict"] for crs in ("gcj02", "wgs84")]
    assert told == ["straddling", "outside"]


def _is_outside(lng: float) -> bool:
    county = ROOT / "infra" / "county"
    margin_m = json.loads((county / "county.json").read_bytes())["margin_m"]
    area = Jurisdiction.from_geojson((county / "outline.geojson").read_bytes(), margin_m=margin_m)
    return verdict(area, Point(lat=36.45, lng=lng), None) is Verdict.OUTSIDE


@pytest.mark.parametrize(("lat", "lng"), PLACES)
def test_the_same_place_in_gcj02_and_in_wgs84_is_stored_within_a_metre(
    citizen: CitizenClient, lat: float, lng: float
) -> None:
    shifted = wgs84_to_gcj02(lat, lng)
    sent = [
        {"lat": lat, "lng": lng, "crs": "wgs84", "accuracy_m": 10},
        {"lat": shifted.lat, "lng": shifted.lng, "crs": "gcj02", "accuracy_m": 10},
    ]
    stored = [file_report(citizen, {"text": "在这里", "position": one})["position"] for one in sent]
    wgs84, gcj02 = (Point(lat=one["lat"], lng=one["lng"]) for one in stored)
    assert distance_m(Point(lat=lat, lng=lng), shifted) > 300
    apart_m = distance_m(wgs84, gcj02)
    print(f"{lat}, {lng}: stored {apart_m:.3f} m apart")
    assert apart_m < 1
    assert distance_m(wgs84, Point(lat=lat, lng=lng)) < 0.1


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"lat": "36.4"},
        {"lat": "nan", "lng": "118.5"},
        {"lat": "36.4", "lng": "Infinity"},
        {"lat": "91", "lng": "118.5"},
        {"lat": "36.4", "lng": "-181"},
        {"lat": "north", "lng": "118.5"},
        {"lat": "36.4", "lng": "118.5", "accuracy_m": "-1"},
        {"lat": "36.4", "lng": "118.5", "accuracy_m": "nan"},
        {"lat": "36.4", "lng": "118.5", "crs": "bd09"},
        {"lat": "36.4", "lng": "118.5", "altitude": "3"},
    ],
)
def test_a_place_that_cannot_be_is_refused(citizen: CitizenClient, query: dict[str, str]) -> None:
    refused(citizen.get("/jurisdiction", params=query), 422, "body-invalid")


def test_a_report_from_outside_is_asked_back_with_the_numbers_and_leaves_nothing(machine: Machine) -> None:
    citizen = someone(machine)
    answer = citizen.post("/reports/photo-text", {"text": "救命", "position": OUTSIDE}, key="the one")
    problem = refused(answer, 409, "outside-jurisdiction")
    assert (problem["emergency_number"], problem["text_number"]) == ("110", "12110")
    assert "12110" in problem["notice"]
    assert done(citizen.get("/reports"))["items"] == []


def test_it_is_taken_and_flagged_when_sent_again_all_the_same_with_the_same_key(machine: Machine) -> None:
    citizen = someone(machine)
    report = {"text": "救命", "position": OUTSIDE}
    assert citizen.post("/reports/photo-text", report, key="the one").status_code == 409
    incident = file_report(citizen, {**report, "confirm_outside": True}, key="the one")
    assert "outside-jurisdiction" in incident["flags"]
    assert incident["status"] == "waiting"


@pytest.mark.parametrize(
    ("position", "flag"),
    [
        (INSIDE, None),
        ({"lat": EDGE[0], "lng": EDGE[1], "crs": "wgs84"}, "straddling-jurisdiction"),
        ({**OUTSIDE, "accuracy_m": 60_000}, "straddling-jurisdiction"),
    ],
)
def test_a_report_from_inside_or_from_the_edge_is_taken_without_asking(
    citizen: CitizenClient, position: dict[str, Any], flag: str | None
) -> None:
    flags = file_report(citizen, {"text": "救命", "position": position})["flags"]
    assert [one for one in flags if one.endswith("-jurisdiction")] == ([flag] if flag else [])
