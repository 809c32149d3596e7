"""What the functions put among CloudWatch's metrics, as lines of the log."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters import feed, incidents
from chalicelib.adapters.tables import entry_part
from chalicelib.domain.incident import Change, Mode
from chalicelib.domain.timeline import Actor, Role
from chalicelib.workflows.measure_waiting import measure_waiting
from tests.machine import Machine, eventually
from tests.within import a_call_taker, an_incident, answered_by, now, stored

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture(autouse=True)
def _measured(monkeypatch: pytest.MonkeyPatch, inside: Machine) -> None:
    """Metrics as on AWS; the local machine leaves them out."""
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")


def figures(printed: str) -> dict[str, Any]:
    """The figures by name, each line one of CloudWatch's embedded metrics."""
    found = [json.loads(line) for line in printed.splitlines() if '"_aws"' in line]
    for one in found:
        assert one["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]
    return {
        metric["Name"]: one[metric["Name"]][0]
        for one in found
        for metric in one["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    }


def test_the_longest_wait_is_that_of_a_live_emergency_which_nobody_answered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    consult, answered = an_incident(mode=Mode.FENGQIAO), answered_by(a_call_taker(), mode=Mode.VOICE)
    waiting = an_incident(mode=Mode.VIDEO110)
    eventually(lambda: {consult.id, answered.id, waiting.id} <= {card.id for card in feed.open_cards()})
    later = waiting.rings_at + timedelta(days=365)
    measure_waiting(feed.open_cards(), now=later)
    measured = figures(capsys.readouterr().out)
    assert measured["UnansweredSeconds"] >= timedelta(days=365).total_seconds()
    assert measured["Unanswered"] >= 2


def test_fragments_that_never_came_are_counted(inside: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    from app import app

    incident = an_incident()
    told = Change(incident=incident, kind="recording.missing", details={"seqs": [3, 4, 5]})
    changed = incidents.change(
        incident.id, lambda _: told, actor=Actor(role=Role.SYSTEM, id="recorder"), at=now()
    )
    image = stored(inside, incident.id, entry_part(changed.seq))
    record = {"eventName": "INSERT", "dynamodb": {"NewImage": image, "SequenceNumber": "1"}}
    answer = app.handler_map["table_changed"]({"Records": [record]}, None)
    assert answer == {"batchItemFailures": []}
    assert figures(capsys.readouterr().out)["RecordingGaps"] == 3
