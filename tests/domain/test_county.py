"""The demonstration county's data: every mode has a first priority, and the files fit together."""

import json
from pathlib import Path

from chalicelib.domain.jurisdiction import Jurisdiction, Verdict, verdict
from chalicelib.domain.position import Point

COUNTY = Path(__file__).parents[2] / "infra" / "county"


def read(name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads((COUNTY / name).read_text(encoding="utf-8"))
    return rows


def test_each_mode_has_one_first_priority() -> None:
    rows = read("priorities.json")
    keys = [(row["mode"], row["tip"]) for row in rows]
    assert sorted(keys) == sorted(
        [(mode, False) for mode in ("video110", "fengqiao", "photo_text", "silent", "voice")]
        + [("photo_text", True)]
    )
    assert all(row["priority"] in (1, 2, 3, 4) for row in rows)


def test_the_first_priorities_follow_the_order_of_the_design() -> None:
    of = {(row["mode"], row["tip"]): row["priority"] for row in read("priorities.json")}
    order = [("silent", False), ("video110", False), ("voice", False), ("photo_text", False)]
    assert [of[key] for key in [*order, ("photo_text", True), ("fengqiao", False)]] == [1, 1, 2, 3, 4, 4]


def test_the_seat_lies_well_inside_the_outline_of_the_same_county() -> None:
    county = json.loads((COUNTY / "county.json").read_text(encoding="utf-8"))
    content = (COUNTY / "outline.geojson").read_bytes()
    assert json.loads(content)["properties"] == {"name": county["name"], "adcode": county["adcode"]}
    outline = Jurisdiction.from_geojson(content, margin_m=county["margin_m"])
    assert verdict(outline, Point(**county["centre"]), 100) is Verdict.INSIDE
