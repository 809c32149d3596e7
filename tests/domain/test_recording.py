"""A recording is whole, or says what is missing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.handling import answer, release, take
from chalicelib.domain.incident import Incident, Mode, Status
from chalicelib.domain.recording import (
    FURTHEST_AHEAD,
    Fragment,
    end,
    keep,
    must_be_a_fragment,
    must_be_recorded_by,
)
from chalicelib.domain.refusals import BodyInvalid, NotYours, StepRefused

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
CALL = Incident(
    id="i",
    number="261122-0000000",
    mode=Mode.VIDEO110,
    citizen_id="c",
    created_at=NOW,
    rings_at=NOW,
    priority=1,
)


def fragment(seq: int, *, late: float = 0.0) -> Fragment:
    return Fragment(
        incident_id="i",
        seq=seq,
        sha256="0" * 64,
        size_bytes=1000,
        started_at=NOW + timedelta(seconds=2 * (seq - 1) + late),
        duration_ms=2000,
        kept_at=NOW,
        evidence_version="v",
    )


def kept(incident: Incident, *seqs: int) -> Incident:
    for seq in seqs:
        change = keep(incident, fragment(seq))
        incident = change.incident if change else incident
    return incident


def test_fragments_in_order_leave_nothing_missing() -> None:
    recording = kept(CALL, 1, 2, 3).recording
    assert (recording.highest, recording.missing) == (3, ())
    assert recording.until == NOW + timedelta(seconds=6)


def test_a_number_that_was_skipped_is_asked_for_until_it_comes() -> None:
    assert kept(CALL, 1, 4).recording.missing == (2, 3)
    assert kept(CALL, 1, 4, 2).recording.missing == (3,)
    assert kept(CALL, 1, 4, 2, 3).recording.missing == ()


def test_a_fragment_kept_before_changes_nothing() -> None:
    assert keep(kept(CALL, 1, 2), fragment(1)) is None


@given(st.permutations(range(1, 9)), st.integers(0, 8))
def test_whatever_the_order_what_is_missing_is_what_did_not_come(order: list[int], count: int) -> None:
    came = order[:count]
    recording = kept(CALL, *came).recording
    assert recording.highest == max(came, default=0)
    assert set(recording.missing) == set(range(1, recording.highest + 1)) - set(came)


def test_time_that_nobody_recorded_is_said_in_the_entry() -> None:
    change = keep(kept(CALL, 1), fragment(2, late=5.0))
    assert change is not None
    assert change.details["unrecorded_seconds"] == 5.0


def test_fragments_that_follow_each_other_say_nothing_of_the_kind() -> None:
    change = keep(kept(CALL, 1), fragment(2, late=0.5))
    assert change is not None
    assert "unrecorded_seconds" not in change.details


def test_a_number_far_ahead_is_refused() -> None:
    with pytest.raises(StepRefused):
        keep(CALL, fragment(FURTHEST_AHEAD + 1))


def test_the_end_names_what_never_came_and_only_once() -> None:
    change = end(kept(CALL, 1, 3))
    assert change is not None
    assert (change.kind, change.details) == ("recording.missing", {"seqs": [2]})
    assert end(change.incident) is None
    assert end(kept(CALL, 1, 2)) is None


def test_what_was_given_up_is_kept_when_it_comes_after_all_and_only_once() -> None:
    ended = end(kept(CALL, 1, 3))
    assert ended is not None
    late = keep(ended.incident, fragment(2))
    assert late is not None
    assert (late.kind, late.details["seq"]) == ("recording.kept", 2)
    assert (late.incident.recording.missing, late.incident.recording.given_up) == ((), ())
    assert keep(late.incident, fragment(2)) is None
    assert end(late.incident) is None


def test_a_fragment_that_comes_after_the_close_says_so_and_what_it_skipped_is_named() -> None:
    closed = replace(kept(CALL, 1), status=Status.CLOSED)
    late = keep(closed, fragment(4))
    assert late is not None
    assert late.details["after_closing"] is True
    named = end(late.incident)
    assert named is not None
    assert named.details == {"seqs": [2, 3]}
    early = keep(kept(CALL, 1), fragment(2))
    assert early is not None
    assert "after_closing" not in early.details


def test_bytes_that_are_no_matroska_are_refused() -> None:
    must_be_a_fragment(b"\x1a\x45\xdf\xa3rest")
    with pytest.raises(BodyInvalid):
        must_be_a_fragment(b"RIFF")


OWNED = replace(CALL, status=Status.ANSWERED, call_taker_id="seat1", owned_since=NOW)
GRACE = timedelta(seconds=30)


def may_record(incident: Incident, staff_id: str, *, after: float = 0.0, commands: bool = False) -> bool:
    """Whether somebody's fragment is kept so many seconds after the hand-over."""
    at = NOW + timedelta(seconds=after)
    try:
        must_be_recorded_by(incident, staff_id=staff_id, commands=commands, at=at, grace=GRACE)
    except NotYours:
        return False
    return True


def handed_over() -> Incident:
    change = take(OWNED, call_taker_id="clerk", at=NOW, reason="部门接手")
    assert change is not None
    return change.incident


def test_the_owner_and_a_commander_record_and_nobody_else() -> None:
    assert may_record(OWNED, "seat1")
    assert may_record(OWNED, "chief", commands=True)
    assert not may_record(OWNED, "seat2")


def test_the_former_owner_finishes_her_last_fragments_within_the_grace_and_not_after() -> None:
    for left in (handed_over(), released()):
        assert may_record(left, "seat1")
        assert may_record(left, "seat1", after=30)
        assert not may_record(left, "seat1", after=30.001)
        assert not may_record(left, "seat2")
    assert may_record(handed_over(), "clerk", after=3600)


def released() -> Incident:
    change = release(OWNED, owner_id="seat1", at=NOW, why="released")
    assert change is not None
    return change.incident


def test_the_grace_of_one_who_released_outlives_the_next_answer() -> None:
    change = answer(released(), call_taker_id="seat2", at=NOW + timedelta(seconds=1))
    assert change is not None
    assert may_record(change.incident, "seat1", after=5)
