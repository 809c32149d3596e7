"""The sweep of lines: who left is marked as gone before anybody else can have her line."""

import uuid
from collections.abc import Iterator

import pytest

from chalicelib.adapters import lines
from chalicelib.domain.incident import Mode
from chalicelib.domain.lines import STALE_AFTER, Line
from chalicelib.workflows.sweep_lines import sweep_lines
from infra.local.watch import calls
from tests.machine import Machine
from tests.own_lines import own_lines
from tests.within import an_incident, kinds_of, now


@pytest.fixture
def line(inside: Machine) -> Iterator[Line]:
    """The one line there is."""
    endpoints = {"master_url": "ws://m", "viewer_url": "ws://v", "signaling_endpoint": "http://s"}
    one = Line(
        id=uuid.uuid4().hex,
        region="r",
        channel_arn="a",
        stream_name="s",
        data_endpoint="http://d",
        **endpoints,
    )
    with own_lines(inside, [one]) as (only,):
        yield only


def test_who_left_is_marked_before_her_line_is_free(line: Line) -> None:
    """A process that dies in between leaves a lease, which the next sweep finds."""
    incident, at = an_incident(mode=Mode.VOICE), now()
    lines.lease(incident, now=at)
    with calls() as asked:
        assert sweep_lines(now=at + STALE_AFTER) == 1
    written = [one.name for one in asked if one.name.endswith(("Items", "UpdateItem"))]
    line_freed, hers_noted = "dynamodb:UpdateItem", "dynamodb:UpdateItem"
    assert written == ["dynamodb:TransactWriteItems", line_freed, hers_noted]
    assert kinds_of(incident.id)[-1] == "incident.abandoned"
    assert lines.held_by(incident.id, now=at) is None
