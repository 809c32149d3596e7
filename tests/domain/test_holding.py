"""A legal hold stands until it is released; a freeze ends only after the review."""

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.domain import holding
from chalicelib.domain.incident import Change, Incident
from chalicelib.domain.refusals import StepRefused
from chalicelib.domain.standing import FalseKind, Marking, Outcome
from tests.domain.samples import LATER, NOON, incident

MARKED = Marking(kind=FalseKind.FALSE_REPORT, reason="现场无此事", marked_by="seat1", marked_at=NOON)
REVIEWED = replace(MARKED, outcome=Outcome.DISMISSED)


def placed(before: Incident) -> Change | None:
    return holding.place(before, reason="检察院调取", by="commander1", at=LATER)


def test_a_hold_says_who_placed_it_and_keeps_the_reason_apart() -> None:
    change = placed(incident())
    assert change is not None
    assert change.incident.must_be_kept
    assert change.incident.hold is not None
    assert (change.incident.hold.placed_by, change.incident.hold.placed_at) == ("commander1", LATER)
    assert (change.kind, change.details, change.personal) == ("hold.placed", {}, {"reason": "检察院调取"})


def test_a_second_hold_changes_nothing_and_an_erased_incident_takes_none() -> None:
    first = placed(incident())
    assert first is not None
    assert placed(first.incident) is None
    with pytest.raises(StepRefused):
        placed(incident(erased_at=NOON))


def test_releasing_ends_the_hold_once() -> None:
    first = placed(incident())
    assert first is not None
    change = holding.release(first.incident, reason="案件终结")
    assert change is not None
    assert (change.kind, change.personal) == ("hold.released", {"reason": "案件终结"})
    assert not change.incident.must_be_kept
    assert holding.release(change.incident, reason="再一次") is None


@pytest.mark.parametrize(
    ("marking", "frozen_after"), [(MARKED, True), (REVIEWED, False), (None, False)], ids=str
)
def test_a_freeze_ends_with_the_release_unless_a_review_waits(marking: Any, frozen_after: bool) -> None:
    first = placed(incident(frozen=True, marking=marking))
    assert first is not None
    change = holding.release(first.incident, reason="案件终结")
    assert change is not None
    assert (change.incident.hold, change.incident.frozen) == (None, frozen_after)
    assert change.details == {"thawed": not frozen_after}


def test_what_only_an_open_review_keeps_is_not_released() -> None:
    with pytest.raises(StepRefused):
        holding.release(incident(frozen=True, marking=MARKED), reason="试一试")
