"""Every trigger has an event file to try it with, in the shape its service sends."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.project.conftest import ROOT

EVENTS = ROOT / "events"


def _triggers(app: Any) -> dict[str, str]:
    """Each trigger's function with the kind of its source."""
    return {source.name: type(source).__name__ for source in app.event_sources}


def test_every_trigger_has_its_event_file_and_every_file_its_trigger(app: Any) -> None:
    assert {path.stem for path in EVENTS.glob("*.json")} == set(_triggers(app))


def test_an_event_file_has_the_shape_of_its_source(app: Any) -> None:
    sources = {
        "DynamoDBEventConfig": "aws:dynamodb",
        "SQSEventConfig": "aws:sqs",
        "ScheduledEventConfig": "aws.events",
    }
    for name, kind in _triggers(app).items():
        event = _read(EVENTS / f"{name}.json")
        records = event.get("Records", [event])
        assert records, name
        for record in records:
            assert record.get("eventSource", record.get("source")) == sources[kind], name


def test_no_event_file_holds_an_address_of_somebodys_machine() -> None:
    for path in EVENTS.glob("*.json"):
        assert not re.search(r"https?://(127|localhost|\[::1)", path.read_text("utf-8")), path.name


@pytest.mark.parametrize("setting", ["incidents_stream_arn", "stored_objects_queue_arn", "timers_queue_arn"])
def test_every_source_is_named_by_a_setting_and_not_by_hand(setting: str) -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "chalicelib" / "triggers").glob("*.py"))
    assert f"settings().{setting}" in code


def _read(path: Path) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return event
