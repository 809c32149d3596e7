"""A whole drill on the local AWS: restored, checked, reported, deleted; broken off, taken up, kept if spoilt.

Rehearsed: the local AWS copies a table as it is now, at once, whatever moment it is asked for.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.stage import DeployRefused
from infra.restore.copies import Copies, Purpose
from infra.restore.drill import Asked, Drill
from tests.machine import Machine
from tests.within import now


@pytest.fixture
def tables(inside: Machine, live: dict[str, str]) -> Iterator[Any]:
    """DynamoDB, with every table's recovery on, as the template has it; copies that are left go."""
    tables = inside.client("dynamodb")
    for name in live.values():
        tables.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
    yield tables
    for name in names(tables):
        tables.delete_table(TableName=name)


def names(tables: Any) -> list[str]:
    """The copies that are there."""
    pages = tables.get_paginator("list_tables").paginate()
    return [
        name for page in pages for name in page["TableNames"] if "-drill-" in name or "-restored-" in name
    ]


@pytest.fixture
def drill(tables: Any, live: dict[str, str], worked: str) -> Any:
    """Make a drill of the machine that looks at the one incident."""

    def make(*, purpose: Purpose = Purpose.DRILL, **asked: Any) -> Drill:
        copies = Copies(live, tables, purpose=purpose, ask_every_seconds=1)
        return Drill(Asked(stage="check", only=(worked,), **asked), live, copies, tables)

    return make


def report_in(folder: Path) -> dict[str, Any]:
    (path,) = folder.glob("restore-*.json")
    report: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return report


def test_a_drill_restores_checks_reports_and_deletes(
    drill: Any, tables: Any, live: dict[str, str], worked: str, tmp_path: Path
) -> None:
    one = drill()
    assert "INCIDENTS_TABLE" in "\n".join(one.plan())
    assert names(tables) == [], "a plan makes nothing"
    said = list(one.run(tmp_path))
    assert (one.faults, said[-1][:7]) == ((), "deleted")
    assert "whole" in said
    assert names(tables) == []
    report = report_in(tmp_path)
    assert set(report["copies"]) == set(live)
    assert report["restored_in_seconds"] is not None
    assert report["behind_seconds"] is not None
    assert report["findings"]["incidents"] == [worked]
    assert report["findings"]["pieces"] == 2
    stream = "StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES"
    commands = report["findings"]["to_set"]
    assert [one for one in commands if stream in one and report["copies"]["INCIDENTS_TABLE"] in one]
    assert len([one for one in commands if "update-continuous-backups" in one]) == len(live)


def test_a_drill_that_broke_off_is_taken_up(drill: Any, tables: Any, tmp_path: Path) -> None:
    broken = drill()
    at = broken.moment()
    next(broken.copies.begin(at))
    assert len(names(tables)) == 1
    said = list(drill().run(tmp_path))
    assert said[0].endswith("taken up")
    assert names(tables) == []
    assert report_in(tmp_path)["restored_in_seconds"] is None


def test_copies_with_a_fault_stay_until_a_fresh_drill(
    drill: Any, tables: Any, worked: str, tmp_path: Path
) -> None:
    broken = drill()
    at = broken.moment()
    list(broken.copies.begin(at))
    (copy,) = [name for name in names(tables) if "Incidents" in name]
    tables.delete_item(TableName=copy, Key={"incident_id": {"S": worked}, "part": {"S": "entry#00000001"}})
    spoilt = drill()
    said = list(spoilt.run(tmp_path))
    assert spoilt.faults == (f"{worked}: missing at entry 1",)
    assert f"FAULT {worked}: missing at entry 1" in said
    assert copy in names(tables)
    fresh = drill(fresh=True)
    list(fresh.run(tmp_path))
    assert (fresh.faults, names(tables)) == ((), [])


def test_copies_to_be_put_into_service_are_kept_and_a_drill_leaves_them(
    drill: Any, tables: Any, live: dict[str, str], tmp_path: Path
) -> None:
    kept = drill(purpose=Purpose.RESTORED)
    said = list(kept.run(tmp_path))
    assert (kept.faults, said[-1]) == ((), "the copies are kept")
    list(drill().run(tmp_path))
    assert len(names(tables)) == len(live)


def test_a_moment_out_of_reach_is_refused_before_anything_is_made(drill: Any, tables: Any) -> None:
    too_old = drill(at=now().replace(year=2020))
    with pytest.raises(DeployRefused, match="out of reach"):
        list(too_old.run(Path("never")))
    assert names(tables) == []
