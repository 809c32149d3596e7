"""Marked as false, reviewed, taken as evidence, granted live: each step and what it leaves behind."""

from typing import Any

import pytest

from chalicelib.domain import call, handling, judging
from chalicelib.domain.citizen import Standing
from chalicelib.domain.incident import Change, Disposition, Incident, Mode, Status
from chalicelib.domain.refusals import EvidenceOfAnother, MarkedByYourself, ReviewNotFound, StepRefused
from chalicelib.domain.standing import FalseKind, Outcome
from tests.domain.samples import LATER, NOON, incident, owned
from tests.domain.test_standing import change as a_change


def marked(by: str = "seat1", **fields: Any) -> Incident:
    done = judging.mark_false(owned(**fields), kind=FalseKind.HARASSMENT, reason="辱骂接警员", by=by, at=NOON)
    assert done is not None
    return done.incident


def own_change(**fields: Any) -> Any:
    return a_change(**{"citizen_id": "c" * 26, "incident_id": "a" * 26, "decided_at": LATER, **fields})


def test_marking_freezes_the_evidence_and_waits_for_review() -> None:
    one = marked()
    assert one.frozen
    assert one.marking is not None
    assert (one.marking.marked_by, one.marking.outcome) == ("seat1", None)


def test_marking_again_as_the_same_says_nothing_new_and_as_another_does() -> None:
    again = judging.mark_false(marked(), kind=FalseKind.HARASSMENT, reason="辱骂接警员", by="b", at=LATER)
    assert again is None
    other = judging.mark_false(marked(), kind=FalseKind.FALSE_REPORT, reason="无此事", by="b", at=LATER)
    assert other is not None
    assert other.incident.marking is not None
    assert other.incident.marking.kind is FalseKind.FALSE_REPORT


def test_the_reason_is_personal_and_stands_apart() -> None:
    done = judging.mark_false(owned(), kind=FalseKind.FALSE_REPORT, reason="无此事", by="b", at=NOON)
    assert done is not None
    assert (dict(done.details), dict(done.personal)) == ({"kind": "false_report"}, {"reason": "无此事"})


def test_closing_as_false_or_as_harassment_marks_too_and_any_other_end_does_not() -> None:
    for disposition in Disposition:
        if disposition in (Disposition.OUT_OF_AREA, Disposition.DUPLICATE):
            continue
        closed = handling.close(owned(), disposition=disposition, note="n", told=None, by="seat1", at=LATER)
        false = disposition in (Disposition.FALSE_REPORT, Disposition.HARASSMENT)
        assert closed.incident.frozen is false
        assert (closed.incident.marking is not None) is false


def test_closing_keeps_the_marking_there_was() -> None:
    closed = handling.close(
        marked(), disposition=Disposition.FALSE_REPORT, note=None, told=None, by="seat2", at=LATER
    )
    assert closed.incident.marking == marked().marking


def test_a_change_of_standing_reviews_the_marking_and_names_both_people() -> None:
    done = judging.take_as_evidence(marked(), own_change())
    marking = done.incident.marking
    assert marking is not None
    assert (marking.outcome, marking.reviewed_by) == (Outcome.STANDING, "commander1")
    assert done.details["proposed_by"] == "seat1"
    assert done.details["reviewed_by"] == "commander1"
    assert done.personal == {"reason": "多次谎报"}


def test_nobody_reviews_what_he_marked_himself_and_another_may() -> None:
    own = marked(by="commander1")
    with pytest.raises(MarkedByYourself):
        judging.take_as_evidence(own, own_change(reviewed_by="commander1"))
    with pytest.raises(MarkedByYourself):
        judging.dismiss(own, reason="误标", by="commander1", at=LATER)
    assert judging.dismiss(own, reason="误标", by="commander2", at=LATER) is not None
    assert judging.take_as_evidence(own, own_change(reviewed_by="commander2")).incident.marking is not None


def test_who_marked_it_decides_alone_of_what_another_has_reviewed() -> None:
    reviewed = judging.dismiss(marked(by="commander1"), reason="误标", by="commander2", at=LATER)
    assert reviewed is not None
    again = judging.take_as_evidence(reviewed.incident, own_change(reviewed_by="commander1"))
    assert again.incident.marking == reviewed.incident.marking


def test_a_change_without_a_marking_freezes_its_evidence_all_the_same() -> None:
    done = judging.take_as_evidence(incident(status=Status.CLOSED), own_change())
    assert done.incident.frozen
    assert done.incident.marking is None


def test_another_citizens_incident_is_no_evidence() -> None:
    with pytest.raises(EvidenceOfAnother):
        judging.take_as_evidence(marked(), own_change(citizen_id="d" * 26))


def test_a_dismissed_marking_leaves_the_evidence_frozen_and_is_dismissed_once() -> None:
    def dismiss(one: Incident) -> Change | None:
        return judging.dismiss(one, reason="确有其事", by="commander1", at=LATER)

    done = dismiss(marked())
    assert done is not None
    assert done.incident.frozen
    assert dismiss(done.incident) is None
    for nothing in (owned(), judging.take_as_evidence(marked(), own_change()).incident):
        with pytest.raises(ReviewNotFound):
            dismiss(nothing)


@pytest.mark.parametrize("grade", list(Standing))
@pytest.mark.parametrize("mode", list(Mode))
def test_live_is_withheld_by_grade_and_given_by_one_grant(grade: Standing, mode: Mode) -> None:
    one = owned(mode=mode, standing=grade)
    withheld = grade in (Standing.RESTRICTED, Standing.BARRED) and mode is not Mode.PHOTO_TEXT
    assert one.withholds_live is withheld
    granted = judging.grant_live(one)
    assert (granted is not None) is withheld
    if granted:
        assert not granted.incident.withholds_live
        assert judging.grant_live(granted.incident) is None


def test_a_closed_incident_gets_no_live_call() -> None:
    with pytest.raises(StepRefused):
        judging.grant_live(owned(status=Status.CLOSED, standing=Standing.BARRED))


def test_who_had_to_hide_the_phone_waits_behind_nobody() -> None:
    behind = incident(mode=Mode.SILENT, standing=Standing.BARRED, behind_until=LATER)
    done = call.exit_quickly(behind)
    assert done is not None
    assert done.incident.behind_until is None


def test_nothing_is_marked_once_the_citizen_was_erased() -> None:
    with pytest.raises(StepRefused):
        marked(status=Status.CLOSED, erased_at=LATER)
