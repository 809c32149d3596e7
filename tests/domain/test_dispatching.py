"""Officers sent out: how far one may go, and how far the incident is with several of them."""

import itertools
from datetime import timedelta
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from chalicelib.domain import dispatching, handling
from chalicelib.domain.incident import (
    Change,
    Dispatch,
    DispatchStatus,
    Disposition,
    Incident,
    Status,
    TextState,
)
from chalicelib.domain.refusals import DispatchNotFound, StepRefused
from tests.domain.samples import LATER, NOON, back, incident, owned, sent

OUT = (DispatchStatus.SENT, DispatchStatus.OPENED, DispatchStatus.EN_ROUTE, DispatchStatus.ON_SCENE)
WORDS = (DispatchStatus.EN_ROUTE, DispatchStatus.ON_SCENE, DispatchStatus.HANDLED)
# Written out by hand from the design, so that a changed table shows here.
ALLOWED = {
    "sent": "en_route on_scene handled",
    "opened": "en_route on_scene handled",
    "en_route": "on_scene handled",
    "on_scene": "handled",
    "handled": "",
}


def changed(change: Change | None) -> Incident:
    assert change is not None
    return change.incident


def with_officers(*statuses: DispatchStatus, status: Status = Status.DISPATCHED) -> Incident:
    """An incident with officers d1, d2, … of these statuses."""
    officers = tuple(sent(f"d{n}", status=one) for n, one in enumerate(statuses, start=1))
    return owned(status, dispatches=officers)


def says(before: Incident, dispatch_id: str, to: DispatchStatus) -> Incident:
    """What the incident is after an officer's word."""
    if to is DispatchStatus.HANDLED:
        return changed(dispatching.feed_back(before, dispatch_id=dispatch_id, told=back(), result="已处置"))
    return changed(dispatching.progress(before, dispatch_id=dispatch_id, to=to))


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.TRANSFERRED, Status.HANDLED])
def test_sending_an_officer_out_makes_the_incident_dispatched(status: Status) -> None:
    change = dispatching.dispatch(owned(status), sent=sent(note="注意安全"))
    assert change.incident.status is Status.DISPATCHED
    assert change.details == {"dispatch_id": "d1", "unit_id": "u1", "unit_name": "城关派出所 1 组"}
    assert change.personal == {"officer_name": "值班民警", "phone": "+8613800000001", "note": "注意安全"}


@pytest.mark.parametrize("status", [Status.DISPATCHED, Status.EN_ROUTE, Status.ON_SCENE])
def test_a_second_officer_does_not_take_back_how_far_the_first_has_come(status: Status) -> None:
    before = with_officers(DispatchStatus(status) if status != "dispatched" else OUT[0], status=status)
    after = dispatching.dispatch(before, sent=sent("d2")).incident
    assert after.status is status
    assert [one.dispatch_id for one in after.dispatches] == ["d1", "d2"]


@pytest.mark.parametrize("status", [Status.WAITING, Status.ABANDONED, Status.CLOSED])
def test_nobody_is_sent_out_before_an_answer_or_after_the_end(status: Status) -> None:
    with pytest.raises(StepRefused) as refused:
        dispatching.dispatch(incident(status=status), sent=sent())
    assert refused.value.facts == {"incident_status": status}


@pytest.mark.parametrize(("source", "to"), list(itertools.product(ALLOWED, DispatchStatus)))
def test_every_word_of_an_officer_is_taken_or_refused_as_the_design_says(source: str, to: str) -> None:
    before = with_officers(DispatchStatus(source))
    if to == source:
        assert dispatching.progress(before, dispatch_id="d1", to=DispatchStatus(to)) is None
    elif to in ALLOWED[source].split():
        assert says(before, "d1", DispatchStatus(to)).dispatches[0].status == to
    else:
        with pytest.raises(StepRefused) as refused:
            dispatching.progress(before, dispatch_id="d1", to=DispatchStatus(to))
        assert refused.value.facts == {"dispatch_status": source}


def test_an_officer_who_was_called_back_has_no_more_to_say() -> None:
    before = with_officers(DispatchStatus.REVOKED, DispatchStatus.SENT)
    with pytest.raises(DispatchNotFound):
        dispatching.progress(before, dispatch_id="d1", to=DispatchStatus.EN_ROUTE)


def test_an_unknown_dispatch_is_not_found() -> None:
    with pytest.raises(DispatchNotFound):
        dispatching.find(with_officers(DispatchStatus.SENT), "d9")


def test_the_incident_goes_with_its_one_officer_to_the_end() -> None:
    going = with_officers(DispatchStatus.SENT)
    for to in (DispatchStatus.EN_ROUTE, DispatchStatus.ON_SCENE, DispatchStatus.HANDLED):
        going = says(going, "d1", to)
        assert going.status.value == to.value


def test_the_incident_is_as_far_as_its_farthest_officer() -> None:
    going = with_officers(DispatchStatus.SENT, DispatchStatus.SENT)
    going = says(going, "d2", DispatchStatus.ON_SCENE)
    going = says(going, "d1", DispatchStatus.EN_ROUTE)
    assert going.status is Status.ON_SCENE


def test_one_officers_end_is_not_the_incidents_while_another_is_out() -> None:
    going = says(with_officers(DispatchStatus.SENT, DispatchStatus.SENT), "d1", DispatchStatus.HANDLED)
    assert going.status is Status.DISPATCHED
    assert says(going, "d2", DispatchStatus.HANDLED).status is Status.HANDLED


def test_an_officer_sent_after_the_end_opens_the_way_again() -> None:
    handled = says(with_officers(DispatchStatus.SENT), "d1", DispatchStatus.HANDLED)
    again = dispatching.dispatch(handled, sent=sent("d2")).incident
    assert again.status is Status.DISPATCHED
    assert says(again, "d2", DispatchStatus.HANDLED).status is Status.HANDLED


def test_feedback_keeps_counts_in_the_open_and_the_words_apart() -> None:
    counts = {"cases_solved": 1, "major_cases": 0, "people_arrested": 0, "people_helped": 2}
    before = with_officers(DispatchStatus.ON_SCENE, status=Status.ON_SCENE)
    change = dispatching.feed_back(before, dispatch_id="d1", told=back(**counts), result="双方和解")
    assert change is not None
    assert change.kind == "officer.handled"
    assert {name: change.details[name] for name in counts} == counts
    assert change.personal == {"result": "双方和解"}


def test_feedback_sent_again_changes_nothing() -> None:
    done = says(with_officers(DispatchStatus.SENT), "d1", DispatchStatus.HANDLED)
    later = back(reported_at=LATER)
    assert dispatching.feed_back(done, dispatch_id="d1", told=later, result="已处置") is None


@pytest.mark.parametrize(("counts", "result"), [({"people_helped": 1}, "已处置"), ({}, "双方已分开")])
def test_feedback_that_says_something_else_takes_the_place_of_the_first(
    counts: dict[str, int], result: str
) -> None:
    done = says(with_officers(DispatchStatus.SENT), "d1", DispatchStatus.HANDLED)
    told = back(reported_at=LATER, **counts)
    change = dispatching.feed_back(done, dispatch_id="d1", told=told, result=result)
    assert change is not None
    assert (change.kind, change.incident.status) == ("feedback.corrected", Status.HANDLED)
    assert change.personal == {"result": result}
    corrected = change.incident.dispatches[0].feedback
    assert corrected is not None
    assert (corrected.people_helped, corrected.reported_at) == (counts.get("people_helped", 0), NOON)
    assert dispatching.feed_back(change.incident, dispatch_id="d1", told=told, result=result) is None


def test_feedback_is_not_corrected_once_the_incident_is_closed() -> None:
    done = says(with_officers(DispatchStatus.SENT), "d1", DispatchStatus.HANDLED)
    closed = replace(done, status=Status.CLOSED)
    with pytest.raises(StepRefused):
        dispatching.feed_back(closed, dispatch_id="d1", told=back(people_helped=1), result="已处置")


def test_nothing_moves_once_the_incident_is_closed() -> None:
    closed = with_officers(DispatchStatus.SENT, status=Status.CLOSED)
    with pytest.raises(StepRefused):
        dispatching.progress(closed, dispatch_id="d1", to=DispatchStatus.EN_ROUTE)
    with pytest.raises(StepRefused):
        dispatching.feed_back(closed, dispatch_id="d1", told=back(), result="晚了")
    with pytest.raises(StepRefused):
        dispatching.ask_new_link(closed, dispatch_id="d1")
    with pytest.raises(StepRefused):
        dispatching.revoke(closed, dispatch_id="d1", reason="晚了", at=LATER)


@pytest.mark.parametrize("status", [Status.DISPATCHED, Status.EN_ROUTE, Status.ON_SCENE])
def test_calling_the_only_officer_back_gives_the_incident_to_its_call_taker_again(status: Status) -> None:
    change = dispatching.revoke(
        with_officers(DispatchStatus.SENT, status=status), dispatch_id="d1", reason="误派", at=LATER
    )
    assert change.incident.dispatches[0].revoked_at == LATER
    assert change.incident.status is Status.ANSWERED
    assert change.personal["reason"] == "误派"


def test_calling_one_of_two_back_leaves_the_other_on_the_way() -> None:
    before = with_officers(DispatchStatus.EN_ROUTE, DispatchStatus.SENT, status=Status.EN_ROUTE)
    after = dispatching.revoke(before, dispatch_id="d2", reason="够了", at=LATER).incident
    assert after.status is Status.EN_ROUTE


def test_calling_the_last_one_out_back_ends_what_the_others_have_finished() -> None:
    before = with_officers(DispatchStatus.HANDLED, DispatchStatus.SENT, status=Status.ON_SCENE)
    after = dispatching.revoke(before, dispatch_id="d2", reason="已处理完", at=LATER).incident
    assert after.status is Status.HANDLED


def test_opening_the_link_is_recorded_once_and_takes_no_progress_back() -> None:
    first = changed(dispatching.opened(with_officers(DispatchStatus.SENT), dispatch_id="d1", at=LATER))
    assert (first.dispatches[0].status, first.dispatches[0].opened_at) == (DispatchStatus.OPENED, LATER)
    assert dispatching.opened(first, dispatch_id="d1", at=LATER) is None
    ahead = changed(dispatching.opened(with_officers(DispatchStatus.EN_ROUTE), dispatch_id="d1", at=LATER))
    assert ahead.dispatches[0].status is DispatchStatus.EN_ROUTE


def test_a_fresh_link_counts_up_and_its_text_is_still_to_go_out() -> None:
    before = owned(Status.DISPATCHED, dispatches=(sent(text=TextState.ACCEPTED),))
    asked = dispatching.ask_new_link(before, dispatch_id="d1").incident.dispatches[0]
    assert (asked.links_asked, asked.text) == (2, TextState.PENDING)


def test_what_became_of_a_text_is_recorded_once() -> None:
    before = with_officers(DispatchStatus.SENT)
    first = changed(told(before, link_number=1, state=TextState.ACCEPTED))
    assert first.dispatches[0].text is TextState.ACCEPTED
    assert told(first, link_number=1, state=TextState.ACCEPTED) is None


def test_the_text_of_an_older_link_does_not_pass_for_that_of_the_newer_one() -> None:
    """The older link is dead: taken for texted, the officer would be left without any."""
    asked = dispatching.ask_new_link(with_officers(DispatchStatus.SENT), dispatch_id="d1").incident
    assert told(asked, link_number=1, state=TextState.ACCEPTED) is None
    assert changed(told(asked, link_number=2, state=TextState.ACCEPTED)).dispatches[0].text == "accepted"


def test_a_text_that_was_refused_says_why() -> None:
    change = dispatching.texted(
        with_officers(DispatchStatus.SENT),
        dispatch_id="d1",
        link_number=1,
        state=TextState.FAILED,
        why="OptedOut",
    )
    assert change is not None
    assert change.details == {"dispatch_id": "d1", "state": TextState.FAILED, "why": "OptedOut"}


def test_a_locked_link_is_an_entry_and_changes_no_progress() -> None:
    before = with_officers(DispatchStatus.SENT)
    change = dispatching.locked(before, dispatch_id="d1")
    assert (change.kind, change.incident) == ("link.locked", before)


def told(before: Incident, *, link_number: int, state: TextState) -> Change | None:
    return dispatching.texted(before, dispatch_id="d1", link_number=link_number, state=state, why=None)


class Officers(RuleBasedStateMachine):
    """Call-taker and officers do anything in any order; what they see must stay true."""

    @initialize()
    def begin(self) -> None:
        self.incident = owned()
        self.count = 0

    def one_of(self, among: tuple[DispatchStatus, ...]) -> list[Dispatch]:
        return [one for one in self.incident.dispatches if one.status in among]

    @precondition(lambda self: self.count < 4 and self.incident.is_open)
    @rule()
    def send(self) -> None:
        self.count += 1
        self.incident = dispatching.dispatch(self.incident, sent=sent(f"d{self.count}")).incident

    @precondition(lambda self: self.one_of(OUT))
    @rule(pick=st.randoms(use_true_random=False), to=st.sampled_from(WORDS))
    def speak(self, pick: Random, to: DispatchStatus) -> None:
        one = pick.choice(self.one_of(OUT))
        before = self.incident
        try:
            self.incident = says(self.incident, one.dispatch_id, to)
        except (StepRefused, AssertionError):
            assert self.incident == before
            assert to not in ALLOWED[one.status].split()

    @precondition(lambda self: self.one_of((*OUT, DispatchStatus.HANDLED)))
    @rule(pick=st.randoms(use_true_random=False))
    def call_back(self, pick: Random) -> None:
        one = pick.choice(self.one_of((*OUT, DispatchStatus.HANDLED)))
        change = dispatching.revoke(self.incident, dispatch_id=one.dispatch_id, reason="误派", at=LATER)
        self.incident = change.incident

    @rule()
    def hand_over(self) -> None:
        owner = self.incident.call_taker_id or ""
        change = handling.release(self.incident, owner_id=owner, at=LATER, why="released")
        if change is not None and self.incident.dispatches and self.one_of(OUT):
            assert change.incident.status is self.incident.status
        released = change.incident if change else self.incident
        again = handling.answer(released, call_taker_id="seat2", at=LATER)
        self.incident = again.incident if again else released

    @invariant()
    def the_incident_is_handled_exactly_when_nobody_is_out_and_somebody_reported(self) -> None:
        if not hasattr(self, "incident"):
            return
        out = self.one_of(OUT)
        if out:
            assert self.incident.status in (Status.DISPATCHED, Status.EN_ROUTE, Status.ON_SCENE)
        elif self.one_of((DispatchStatus.HANDLED,)):
            assert self.incident.status is Status.HANDLED

    @invariant()
    def it_can_always_be_closed(self) -> None:
        if hasattr(self, "incident"):
            handling.close(self.incident, disposition=Disposition.RESOLVED, note=None, told=None, at=NOON)


TestOfficers = Officers.TestCase
TestOfficers.settings = settings(max_examples=120, stateful_step_count=12, deadline=None)


def test_an_officer_in_the_call_stands_on_the_record_once_an_hour() -> None:
    out = owned(Status.DISPATCHED, dispatches=(sent(),))
    change = dispatching.joined(out, dispatch_id="d1", at=NOON)
    assert change is not None
    assert (change.kind, change.details["unit_name"]) == ("call.joined", sent().unit_name)
    assert dispatching.joined(change.incident, dispatch_id="d1", at=NOON + timedelta(minutes=59)) is None
    assert dispatching.joined(change.incident, dispatch_id="d1", at=NOON + timedelta(hours=1)) is not None
    revoked = owned(dispatches=(sent(status=DispatchStatus.REVOKED),))
    with pytest.raises(DispatchNotFound):
        dispatching.joined(revoked, dispatch_id="d1", at=NOON)
