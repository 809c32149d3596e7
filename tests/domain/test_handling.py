"""What a call-taker does with an incident, step by step."""

from collections.abc import Callable
from functools import partial

import pytest
from msgspec.structs import replace

from chalicelib.domain import handling
from chalicelib.domain.incident import Change, Contact, Disposition, Incident, Place, Status
from chalicelib.domain.position import Point
from chalicelib.domain.refusals import (
    AlreadyAnswered,
    CallbackForbidden,
    LinkNeeded,
    LinkToItself,
    NotYours,
    StepRefused,
    ToldNeeded,
)
from tests.domain.samples import LATER, NOON, OPEN, incident, owned

OUT = [Status.TRANSFERRED, Status.DISPATCHED, Status.EN_ROUTE, Status.ON_SCENE, Status.HANDLED]
CLOSED = incident(status=Status.CLOSED)


def changed(change: Change | None) -> Incident:
    assert change is not None
    return change.incident


@pytest.mark.parametrize("status", [Status.WAITING, Status.ABANDONED])
def test_answering_gives_an_outstanding_incident_to_the_call_taker(status: Status) -> None:
    change = handling.answer(incident(status=status, unread=True), call_taker_id="seat1", at=LATER)
    after = changed(change)
    assert change is not None
    assert change.kind == "incident.answered"
    assert (after.status, after.call_taker_id) == (Status.ANSWERED, "seat1")
    assert (after.owned_since, after.answered_at) == (LATER, LATER)
    assert not after.unread
    assert not after.rings


def test_answering_again_changes_nothing_and_does_not_restart_the_clock() -> None:
    first = changed(handling.answer(incident(), call_taker_id="seat1", at=NOON))
    assert handling.answer(first, call_taker_id="seat1", at=LATER) is None


@pytest.mark.parametrize("status", [Status.ANSWERED, *OUT])
def test_a_second_call_taker_is_refused_and_told_who_holds_it(status: Status) -> None:
    with pytest.raises(AlreadyAnswered) as refused:
        handling.answer(owned(status), call_taker_id="seat2", at=LATER)
    assert refused.value.facts == {"call_taker_id": "seat1"}


@pytest.mark.parametrize("status", OUT)
def test_an_ownerless_incident_with_officers_out_is_taken_up_where_it_stands(status: Status) -> None:
    nobodys = replace(owned(status), call_taker_id=None, owned_since=None)
    after = changed(handling.answer(nobodys, call_taker_id="seat2", at=LATER))
    assert (after.status, after.call_taker_id, after.owned_since) == (status, "seat2", LATER)
    assert after.answered_at == NOON, "the answer-time figures count the first answer"


@pytest.mark.parametrize(
    "step",
    [
        partial(handling.answer, call_taker_id="seat1", at=LATER),
        partial(handling.take, call_taker_id="seat1", at=LATER, reason="交接班"),
    ],
    ids=["answer", "take"],
)
def test_nobody_gets_a_closed_incident(step: Callable[[Incident], Change | None]) -> None:
    with pytest.raises(StepRefused) as refused:
        step(CLOSED)
    assert refused.value.facts == {"incident_status": Status.CLOSED}


def test_releasing_puts_an_answered_incident_back_to_waiting_and_rings_anew() -> None:
    change = handling.release(owned(), owner_id="seat1", at=LATER, why="released")
    after = changed(change)
    assert after.rings
    assert (after.status, after.call_taker_id, after.owned_since) == (Status.WAITING, None, None)
    assert after.rings_at == LATER
    assert change is not None
    assert change.details == {"why": "released", "from": "seat1"}


@pytest.mark.parametrize("status", OUT)
def test_releasing_does_not_take_back_how_far_the_officers_have_come(status: Status) -> None:
    after = changed(handling.release(owned(status), owner_id="seat1", at=LATER, why="owner-silent"))
    assert after.status is status
    assert after.rings


def test_releasing_what_another_holds_meanwhile_does_nothing() -> None:
    assert handling.release(owned(by="seat2"), owner_id="seat1", at=LATER, why="owner-silent") is None
    assert handling.release(incident(), owner_id="seat1", at=LATER, why="released") is None


def test_releasing_a_closed_incident_does_nothing() -> None:
    closed = owned(Status.CLOSED)
    assert handling.release(closed, owner_id="seat1", at=LATER, why="signed-out") is None


@pytest.mark.parametrize("status", [Status.ANSWERED, *OUT])
def test_taking_over_keeps_the_status_and_names_reason_and_former_owner(status: Status) -> None:
    change = handling.take(owned(status), call_taker_id="seat2", at=LATER, reason="交接班")
    assert change is not None
    assert (change.incident.status, change.incident.call_taker_id) == (status, "seat2")
    assert change.incident.owned_since == LATER
    assert (change.details, change.personal) == ({"from": "seat1"}, {"reason": "交接班"})


@pytest.mark.parametrize("status", [Status.WAITING, Status.ABANDONED])
def test_taking_an_outstanding_incident_answers_it(status: Status) -> None:
    after = changed(handling.take(incident(status=status), call_taker_id="seat2", at=LATER, reason="急"))
    assert (after.status, after.answered_at) == (Status.ANSWERED, LATER)


def test_taking_what_is_ones_own_changes_nothing() -> None:
    assert handling.take(owned(), call_taker_id="seat1", at=LATER, reason="再取一次") is None


@pytest.mark.parametrize("status", OPEN)
def test_an_open_incident_is_classified_and_the_summary_stays_out_of_the_hashed_details(
    status: Status,
) -> None:
    change = handling.classify(owned(status), priority=1, type_code="fire", summary="李某家着火")
    assert change is not None
    assert (change.incident.priority, change.incident.type_code) == (1, "fire")
    assert change.details == {"priority": 1, "type_code": "fire"}
    assert change.personal == {"summary": "李某家着火"}


def test_classifying_the_same_again_changes_nothing() -> None:
    first = changed(handling.classify(owned(), priority=2, type_code="traffic", summary=None))
    assert handling.classify(first, priority=2, type_code="traffic", summary=None) is None


def test_a_confirmed_place_keeps_the_point_and_the_gazetteers_words() -> None:
    point = Point(lat=36.42, lng=118.5)
    before = owned(place=Place(near="冶源街道附近", point=point))
    after = changed(handling.confirm_place(before, words="老龙湾东门", point=None))
    assert after.place == Place(words="老龙湾东门", near="冶源街道附近", point=point, confirmed=True)


def test_a_corrected_point_stands_on_the_record_as_personal() -> None:
    change = handling.confirm_place(owned(), words="老龙湾", point=Point(lat=36.42, lng=118.5))
    assert change is not None
    assert change.personal == {"place": "老龙湾", "point": {"lat": 36.42, "lng": 118.5}}
    assert change.details == {}


def test_confirming_the_same_place_again_changes_nothing() -> None:
    first = changed(handling.confirm_place(owned(), words="老龙湾", point=None))
    assert handling.confirm_place(first, words="老龙湾", point=None) is None


def test_the_gazetteer_does_not_touch_what_a_person_said() -> None:
    before = owned(place=Place(words="桥下", confirmed=True))
    after = changed(handling.name_place(before, near="冶源街道东北 300 m"))
    assert after.place == Place(words="桥下", near="冶源街道东北 300 m", confirmed=True)
    assert handling.name_place(after, near="冶源街道东北 300 m") is None
    assert handling.name_place(before, near="") is None


def test_a_note_may_still_be_written_after_closing() -> None:
    change = handling.note(CLOSED, text="回访过")
    assert (change.incident, change.personal) == (CLOSED, {"text": "回访过"})


def test_no_note_is_written_once_the_citizen_was_erased() -> None:
    with pytest.raises(StepRefused):
        handling.note(replace(CLOSED, erased_at=NOON), text="她的电话是")


def test_a_citizens_word_is_unread_until_staff_answers() -> None:
    heard = handling.hear_from_citizen(owned(), text="他走了", at=LATER).incident
    assert heard.unread
    assert not handling.write_to_citizen(heard, text="收到").incident.unread


def test_a_note_does_not_count_as_an_answer_to_the_citizen() -> None:
    heard = handling.hear_from_citizen(owned(), text="他走了", at=LATER).incident
    assert handling.note(heard, text="再核实").incident.unread


def test_words_do_not_go_into_a_closed_incident_in_either_direction() -> None:
    with pytest.raises(StepRefused):
        handling.hear_from_citizen(CLOSED, text="还有一件事", at=LATER)
    with pytest.raises(StepRefused):
        handling.write_to_citizen(CLOSED, text="收到")


def test_a_message_says_to_whom_it_went_and_hides_its_text_from_the_hash() -> None:
    out = handling.write_to_citizen(owned(), text="收到")
    back = handling.hear_from_citizen(owned(), text="好", at=LATER)
    assert (out.details["to"], back.details["to"]) == ("citizen", "police")
    assert (out.personal, back.personal) == ({"text": "收到"}, {"text": "好"})


def test_ringing_back_who_is_hiding_needs_a_reason() -> None:
    hiding = owned(contact=Contact.APP_ONLY)
    with pytest.raises(CallbackForbidden):
        handling.record_callback(hiding, result="reached", override_reason=None)
    with pytest.raises(CallbackForbidden):
        handling.record_callback(hiding, result="attempting", override_reason="")


def test_an_override_stands_on_the_record_and_shows_the_number_from_then_on() -> None:
    hiding = owned(contact=Contact.APP_ONLY)
    change = handling.record_callback(hiding, result="attempting", override_reason="群众要求来电")
    assert change.details == {"result": "attempting"}
    assert change.personal == {"override_reason": "群众要求来电"}
    assert change.incident.number_shown == "+8613800000000"
    reached = handling.record_callback(change.incident, result="reached", override_reason=None)
    assert reached.details == {"result": "reached"}


def test_ringing_back_anyone_else_needs_none_and_overrides_nothing() -> None:
    change = handling.record_callback(owned(), result="no_answer", override_reason="多余的理由")
    assert change.details == {"result": "no_answer"}
    assert not change.incident.callback_overridden


def test_a_closed_incident_takes_no_callback() -> None:
    with pytest.raises(StepRefused):
        handling.record_callback(CLOSED, result="reached", override_reason=None)


def test_an_incident_is_linked_to_another_once_and_never_to_itself() -> None:
    one = owned()
    linked = changed(handling.link(one, to="b" * 26))
    assert linked.linked_to == "b" * 26
    assert handling.link(linked, to="b" * 26) is None
    with pytest.raises(LinkToItself):
        handling.link(one, to=one.id)


def test_the_other_incident_holds_the_link_once() -> None:
    held = changed(handling.hold_link(incident(), other_id="b" * 26))
    assert held.linked_from == ("b" * 26,)
    assert handling.hold_link(held, other_id="b" * 26) is None
    assert changed(handling.hold_link(held, other_id="d" * 26)).linked_from == ("b" * 26, "d" * 26)


@pytest.mark.parametrize("status", OPEN)
@pytest.mark.parametrize(
    "disposition", [one for one in Disposition if one not in (Disposition.OUT_OF_AREA, Disposition.DUPLICATE)]
)
def test_any_open_incident_is_closed_with_any_disposition(status: Status, disposition: Disposition) -> None:
    change = handling.close(
        owned(status, unread=True), disposition=disposition, note="已告知", told=None, at=LATER
    )
    after = change.incident
    assert (after.status, after.disposition, after.closed_at) == (Status.CLOSED, disposition, LATER)
    assert not after.unread
    assert change.details["disposition"] == disposition
    assert change.personal == {"note": "已告知"}


def test_a_closed_incident_is_not_closed_again() -> None:
    with pytest.raises(StepRefused):
        handling.close(CLOSED, disposition=Disposition.RESOLVED, note=None, told=None, at=LATER)


def test_out_of_area_needs_who_was_told_and_keeps_it() -> None:
    told: dict[str, object] = {"force": "青州市公安局", "by": "seat1", "at": "2026-11-22T04:02:00Z"}
    with pytest.raises(ToldNeeded):
        handling.close(owned(), disposition=Disposition.OUT_OF_AREA, note=None, told=None, at=LATER)
    change = handling.close(owned(), disposition=Disposition.OUT_OF_AREA, note=None, told=told, at=LATER)
    assert change.personal == {"told": told}


def test_a_duplicate_needs_the_incident_it_repeats() -> None:
    with pytest.raises(LinkNeeded):
        handling.close(owned(), disposition=Disposition.DUPLICATE, note=None, told=None, at=LATER)
    linked = changed(handling.link(owned(), to="b" * 26))
    closed = handling.close(linked, disposition=Disposition.DUPLICATE, note=None, told=None, at=LATER)
    assert closed.incident.disposition is Disposition.DUPLICATE


def test_only_the_owner_or_a_commander_works_an_incident() -> None:
    handling.must_be_worked_by(owned(), staff_id="seat1", commands=False)
    handling.must_be_worked_by(owned(), staff_id="commander1", commands=True)
    for one, owner in ((owned(), "seat1"), (incident(), None)):
        with pytest.raises(NotYours) as refused:
            handling.must_be_worked_by(one, staff_id="seat2", commands=False)
        assert refused.value.facts == {"call_taker_id": owner}


def test_a_closed_incident_says_once_which_one_goes_on_with_it() -> None:
    going_on = changed(handling.continued(CLOSED, by="b" * 26))
    assert going_on.continued_by == "b" * 26
    assert going_on.status is Status.CLOSED
    assert handling.continued(going_on, by="b" * 26) is None


def test_a_number_given_after_filing_is_put_on_a_report_that_has_none() -> None:
    lacking = incident(phone=None, phone_verified=False, flags=("position-missing", "phone-missing"))
    given = handling.give_phone(lacking, phone="+8613900000000", verified=False)
    assert given is not None
    assert (given.incident.phone, given.incident.phone_verified) == ("+8613900000000", False)
    assert given.incident.flags == ("position-missing", "phone-unverified")
    assert (given.details, given.personal) == ({"verified": False}, {"phone": "+8613900000000"})
    assert handling.give_phone(given.incident, phone="+8613900000001", verified=True) is None
    closed = incident(phone=None, status=Status.CLOSED)
    assert handling.give_phone(closed, phone="+8613900000000", verified=True) is None
