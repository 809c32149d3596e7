"""The citizen's side of a live call: who leaves, who comes back, and who is texted."""

from typing import Any

import pytest

from chalicelib.domain.call import (
    abandon,
    end_call,
    exit_quickly,
    listen,
    may_text_back,
    resume_call,
    texted_back,
)
from chalicelib.domain.incident import Change, Contact, Incident, Mode, Status, TextState
from chalicelib.domain.refusals import StepRefused
from tests.domain.samples import NOON, incident

PHONE = "+8613900000000"


def done(change: Change | None) -> Incident:
    """The incident after a step that must change it."""
    assert change is not None
    return change.incident


def calling(status: Status = Status.WAITING, **fields: Any) -> Incident:
    return incident(mode=Mode.VIDEO110, status=status, **fields)


def gone(**fields: Any) -> Incident:
    """One who left before an answer, with a number of her own."""
    return done(abandon(calling(phone=PHONE, phone_verified=True, **fields), at=NOON))


def test_leaving_before_an_answer_abandons_the_report_and_leaves_it_in_the_queue() -> None:
    change = end_call(calling(), at=NOON)
    assert change is not None
    assert change.kind == "incident.abandoned"
    assert (change.incident.status, change.incident.rings) == (Status.ABANDONED, True)
    assert end_call(change.incident, at=NOON) is None


def test_ending_an_answered_call_is_written_once() -> None:
    change = end_call(calling(Status.ANSWERED), at=NOON)
    assert change is not None
    assert (change.kind, change.incident.status) == ("call.ended", Status.ANSWERED)
    assert end_call(change.incident, at=NOON) is None


def test_who_comes_back_is_written_once_and_may_leave_again() -> None:
    left = done(end_call(calling(Status.DISPATCHED), at=NOON))
    back = resume_call(left)
    assert back is not None
    assert (back.kind, back.incident.status) == ("call.resumed", Status.DISPATCHED)
    assert resume_call(back.incident) is None
    assert end_call(back.incident, at=NOON) is not None


def test_who_comes_back_before_an_answer_waits_again() -> None:
    back = done(resume_call(gone()))
    assert (back.status, back.waits_live) == (Status.WAITING, True)


def test_nobody_comes_back_into_what_is_closed_or_was_never_left() -> None:
    assert resume_call(calling()) is None
    assert resume_call(calling(Status.CLOSED, left_call=True)) is None


def test_a_picture_report_has_no_call_to_leave() -> None:
    pictures = incident(mode=Mode.PHOTO_TEXT)
    assert (abandon(pictures, at=NOON), end_call(pictures, at=NOON)) == (None, None)


def test_who_left_before_an_answer_is_texted_once() -> None:
    assert may_text_back(gone())
    change = texted_back(gone(), state=TextState.ACCEPTED, why=None)
    assert change is not None
    assert (change.kind, change.details) == ("citizen.texted", {"state": "accepted"})
    assert not may_text_back(change.incident)
    assert texted_back(change.incident, state=TextState.ACCEPTED, why=None) is None


@pytest.mark.parametrize(
    "fields",
    [{"contact": Contact.APP_ONLY}, {"phone": None}, {"phone_verified": False}, {"texted_back": True}],
)
def test_who_may_be_hiding_or_has_no_number_of_her_own_is_never_texted(fields: dict[str, Any]) -> None:
    left = calling(**{"phone": PHONE, "phone_verified": True, **fields})
    assert not may_text_back(done(abandon(left, at=NOON)))


def test_who_came_back_or_was_answered_is_not_texted() -> None:
    assert not may_text_back(done(resume_call(gone())))
    assert not may_text_back(calling(Status.ANSWERED, phone=PHONE, phone_verified=True, left_call=True))


def test_a_quick_exit_keeps_the_report_makes_it_most_urgent_and_is_written_once() -> None:
    left = exit_quickly(calling(priority=3))
    assert left is not None
    assert (left.incident.priority, left.incident.exited_quickly) == (1, True)
    assert exit_quickly(left.incident) is None


def test_who_had_to_hide_her_phone_is_hidden_from_then_on_and_the_entry_says_so() -> None:
    change = exit_quickly(calling(phone=PHONE, phone_verified=True))
    assert change is not None
    assert (change.incident.contact, change.incident.number_shown) == (Contact.APP_ONLY, None)
    assert change.details["contact"] == Contact.APP_ONLY
    assert not may_text_back(done(abandon(change.incident, at=NOON)))


def test_a_commander_in_the_call_stands_on_the_record_until_it_is_closed() -> None:
    assert listen(calling(Status.ANSWERED), speaks=True).details == {"speaks": True}
    with pytest.raises(StepRefused):
        listen(calling(Status.CLOSED), speaks=False)
