"""The ladder: who is told of what, when, and when nobody is any more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.domain import alerting, dispatching, handling
from chalicelib.domain.alerting import ATTEMPTS, LAPSES_AFTER, Outcome, Situation, Waits
from chalicelib.domain.alerts import Alert, AlertState, Failure, ReasonCode
from chalicelib.domain.duty import Recipient
from chalicelib.domain.hits import Hit, Rule, Verdict
from chalicelib.domain.incident import Change, DispatchStatus, Incident, Mode, Status
from chalicelib.domain.refusals import LinkNotFound, StepRefused
from chalicelib.domain.transferring import return_transfer, transfer
from tests.domain.samples import NOON, sent
from tests.domain.samples import incident as sample

AT = NOON
SECOND = timedelta(seconds=1)
WAITS = Waits(
    live=15 * SECOND,
    pictures=180 * SECOND,
    undispatched=300 * SECOND,
    unopened=180 * SECOND,
    pace=60 * SECOND,
)
FIRST, SECOND_ONE = Recipient(name="指挥长", phone="+861"), Recipient(name="副指挥长", phone="+862")
STANDING = Recipient(name="值班室", phone="+869", fallback=True)
LADDER = [FIRST, SECOND_ONE, STANDING]
PERSON = Hit(id="h1", rule=Rule.KEY_PERSON, reason="r", found_at=AT)
DISMISSED = replace(PERSON, verdict=Verdict.DISMISSED)
REPEAT = Hit(id="h2", rule=Rule.REPEAT, reason="r", found_at=AT)


def an_incident(**fields: Any) -> Incident:
    """A 视频110 that waits."""
    return sample(**{"mode": Mode.VIDEO110, "priority": 1, **fields})


def at(seconds: float, ladder: list[Recipient] | None = None) -> Situation:
    recipients = LADDER if ladder is None else ladder
    return Situation(recipients=recipients, waits=WAITS, at=AT + seconds * SECOND)


def reserved(incident: Incident, seconds: float, ladder: list[Recipient] | None = None) -> Incident:
    change = alerting.reserve(incident, situation=at(seconds, ladder), ticket=f"t{seconds}")
    assert change is not None
    return change.incident


def texted(
    incident: Incident,
    seconds: float,
    state: AlertState = AlertState.ACCEPTED,
    ladder: list[Recipient] | None = None,
) -> Incident:
    """Reserve what is due and have SNS answer at once."""
    sending = reserved(incident, seconds, ladder)
    change = alerting.settle(
        sending, ticket=f"t{seconds}", outcome=Outcome(state=state), at=AT + seconds * SECOND
    )
    assert change is not None
    return change.incident


def nothing_due(incident: Incident, seconds: float) -> bool:
    return alerting.reserve(incident, situation=at(seconds), ticket="x") is None


def changed(change: Change | None) -> Incident:
    assert change is not None
    return change.incident


def told(incident: Incident) -> list[str]:
    return [alert.phone for alert in incident.alerts]


CALLED_BACK = sent(status=DispatchStatus.REVOKED, revoked_at=AT + 100 * SECOND)
RINGS_AGAIN = {
    "status": Status.WAITING,
    "call_taker_id": None,
    "owned_since": None,
    "rings_at": AT + 100 * SECOND,
}
ANSWERED = {"status": Status.ANSWERED, "call_taker_id": "s", "owned_since": AT, "answered_at": AT}


@pytest.mark.parametrize(
    ("fields", "seconds", "code"),
    [
        ({}, 15, ReasonCode.UNANSWERED),
        ({"mode": Mode.SILENT}, 15, ReasonCode.UNANSWERED),
        ({"mode": Mode.VOICE, "status": Status.ABANDONED}, 15, ReasonCode.UNANSWERED),
        ({"mode": Mode.PHOTO_TEXT}, 180, ReasonCode.UNANSWERED),
        (ANSWERED, 300, ReasonCode.UNDISPATCHED),
        ({**ANSWERED, "dispatches": (CALLED_BACK,)}, 400, ReasonCode.UNDISPATCHED),
        ({"status": Status.TRANSFERRED}, 15, ReasonCode.UNANSWERED),
        ({"status": Status.ANSWERED}, 15, ReasonCode.UNANSWERED),
        ({"status": Status.ANSWERED, "dispatches": (CALLED_BACK,)}, 15, ReasonCode.UNANSWERED),
        ({**ANSWERED, "status": Status.DISPATCHED, "dispatches": (sent(),)}, 180, ReasonCode.UNOPENED),
        ({"hits": (PERSON,), **ANSWERED}, 0, ReasonCode.KEY_PERSON),
        ({"hits": (REPEAT,), "mode": Mode.PHOTO_TEXT, "tip": True}, 0, ReasonCode.REPEAT),
        ({"mode": Mode.FENGQIAO, "escalated": True}, 15, ReasonCode.UNANSWERED),
    ],
)
def test_a_reason_begins_at_its_moment_and_not_before(
    fields: dict[str, Any], seconds: int, code: ReasonCode
) -> None:
    incident = an_incident(**fields)
    assert alerting.next_look(incident, WAITS) == AT + seconds * SECOND
    assert nothing_due(incident, seconds - 0.001)
    (alert,) = reserved(incident, seconds).alerts
    assert ([reason.code for reason in alert.reasons], alert.phone) == ([code], FIRST.phone)


@pytest.mark.parametrize(
    "fields",
    [
        {"mode": Mode.FENGQIAO, "hits": (PERSON,)},
        {"booked_for": AT + 3600 * SECOND, "hits": (PERSON,)},
        {"status": Status.CLOSED, "hits": (PERSON,)},
        {"mode": Mode.PHOTO_TEXT, "tip": True},
        {**ANSWERED, "hits": (DISMISSED,), "dispatches": (sent(status=DispatchStatus.OPENED),)},
        {**ANSWERED, "status": Status.TRANSFERRED},
        {"status": Status.DISPATCHED, "dispatches": (sent(status=DispatchStatus.OPENED),)},
    ],
)
def test_nobody_is_ever_told_of(fields: dict[str, Any]) -> None:
    assert alerting.next_look(an_incident(**fields), WAITS) is None
    assert nothing_due(an_incident(**fields), 10**6)


def test_of_a_transfer_that_comes_back_to_nobody_a_commander_is_told() -> None:
    asked = changed(transfer(an_incident(**ANSWERED), department_id="d", department_name="户籍", at=AT))
    left = changed(handling.release(asked, owner_id="s", at=AT + SECOND, why="released"))
    back = changed(return_transfer(left, asked_at=AT))
    assert (back.status, back.call_taker_id) == (Status.ANSWERED, None)
    assert alerting.next_look(back, WAITS) == AT + 16 * SECOND


def test_of_officers_called_back_a_commander_is_told_though_he_knew_that_nobody_had_been_sent() -> None:
    undispatched = texted(an_incident(**ANSWERED), 300)
    known = changed(alerting.acknowledge(undispatched, alert_id="t300", waits=WAITS, at=AT + 301 * SECOND))
    out = dispatching.dispatch(known, sent=sent(status=DispatchStatus.OPENED)).incident
    assert alerting.next_look(out, WAITS) is None
    back = dispatching.revoke(out, dispatch_id="d1", reason="误派", at=AT + 400 * SECOND).incident
    assert alerting.next_look(back, WAITS) == AT + 700 * SECOND


def test_unacknowledged_after_a_minute_the_next_is_told_then_the_standing_number_then_nobody() -> None:
    incident = texted(an_incident(), 15)
    assert nothing_due(incident, 74.9)
    incident = texted(incident, 75)
    incident = texted(incident, 135)
    assert told(incident) == ["+861", "+862", "+869"]
    assert alerting.next_look(incident, WAITS) is None


def test_acknowledging_stops_the_ladder_for_every_reason_known_then() -> None:
    incident = texted(an_incident(hits=(PERSON,)), 0)
    change = alerting.acknowledge(incident, alert_id="t0", waits=WAITS, at=AT + 20 * SECOND)
    assert change is not None
    assert change.kind == "alert.acknowledged"
    assert change.details["reasons"] == ["key_person", "unanswered"]
    assert alerting.next_look(change.incident, WAITS) is None
    assert alerting.acknowledge(change.incident, alert_id="t0", waits=WAITS, at=AT) is None


def test_a_reason_after_the_acknowledgement_goes_to_the_next_recipient_at_once() -> None:
    incident = texted(an_incident(hits=(PERSON,)), 0)
    change = alerting.acknowledge(incident, alert_id="t0", waits=WAITS, at=AT + 5 * SECOND)
    assert change is not None
    assert alerting.next_look(change.incident, WAITS) == AT + 15 * SECOND
    assert told(texted(change.incident, 15)) == ["+861", "+862"]


def test_one_text_lists_every_reason_known_by_then() -> None:
    incident = texted(an_incident(hits=(PERSON,)), 0)
    later = texted(incident, 60)
    assert [reason.code for reason in later.alerts[1].reasons] == ["key_person", "unanswered"]


def test_a_reason_that_ended_before_the_next_text_is_moot() -> None:
    incident = texted(an_incident(), 15)
    answered = replace(incident, **ANSWERED)
    assert nothing_due(answered, 75)


def test_ringing_again_unanswered_is_another_reason() -> None:
    incident = texted(an_incident(), 15)
    change = alerting.acknowledge(incident, alert_id="t15", waits=WAITS, at=AT + 20 * SECOND)
    assert change is not None
    again = replace(change.incident, rings_at=AT + 100 * SECOND)
    assert alerting.next_look(again, WAITS) == AT + 115 * SECOND


def test_a_number_that_sns_refuses_for_good_is_passed_over_at_once() -> None:
    incident = texted(an_incident(), 15, AlertState.FAILED)
    assert alerting.next_look(incident, WAITS) == AT + 15 * SECOND
    assert told(texted(incident, 15.5)) == ["+861", "+862"]


def test_a_text_sns_cannot_take_now_is_tried_again_to_the_same_recipient_ever_more_slowly() -> None:
    incident, seconds = texted(an_incident(), 15, AlertState.UNSENT), 15.0
    for waited in (10, 20, 30, 40, 50, 60, 60):
        assert nothing_due(incident, seconds + waited - 1)
        seconds += waited
        incident = texted(incident, seconds, AlertState.UNSENT)
    assert told(incident) == ["+861"]
    assert texted(incident, seconds + 60).alerts[0].state is AlertState.ACCEPTED


def test_a_sender_lost_in_between_is_taken_up_and_given_up_after_three() -> None:
    incident, seconds = reserved(an_incident(), 15), 15.0
    assert nothing_due(incident, 15 + LAPSES_AFTER.total_seconds() - 1)
    for _ in range(ATTEMPTS - 1):
        seconds += LAPSES_AFTER.total_seconds()
        incident = reserved(incident, seconds)
        assert (len(incident.alerts), incident.alerts[0].state) == (1, AlertState.SENDING)
    seconds += LAPSES_AFTER.total_seconds()
    given_up = alerting.reserve(incident, situation=at(seconds), ticket="last")
    assert given_up is not None
    assert (given_up.kind, given_up.details["why"]) == ("alert.texted", "unknown")
    assert told(texted(given_up.incident, seconds + 1)) == ["+861", "+862"]


def test_a_lost_text_that_nobody_needs_any_more_is_given_up() -> None:
    answered = replace(reserved(an_incident(), 15), **ANSWERED)
    change = alerting.reserve(answered, situation=at(61), ticket="x")
    assert change is not None
    assert (change.incident.alerts[0].state, change.details["why"]) == (AlertState.FAILED, "moot")


def test_a_standing_number_whose_text_became_moot_before_it_went_is_told_of_what_comes_later() -> None:
    waiting = texted(an_incident(), 15, AlertState.UNSENT, [STANDING])
    answered = replace(waiting, **{**ANSWERED, "owned_since": AT + 20 * SECOND})
    moot = reserved(answered, 25, [STANDING])
    assert [alert.failure for alert in moot.alerts] == [Failure.MOOT]
    assert alerting.next_look(moot, WAITS) == AT + 320 * SECOND
    assert [alert.fallback for alert in texted(moot, 320, ladder=[STANDING]).alerts] == [True, True]
    rings_again = replace(moot, **RINGS_AGAIN)
    assert alerting.next_look(rings_again, WAITS) == AT + 115 * SECOND
    assert texted(rings_again, 115, ladder=[STANDING]).alerts[-1].state is AlertState.ACCEPTED


@pytest.mark.parametrize("state", [AlertState.SENDING, AlertState.UNSENT])
def test_a_commander_whose_text_became_moot_is_not_passed_over_later(state: AlertState) -> None:
    waiting = reserved(an_incident(), 15)
    waiting = replace(waiting, alerts=(replace(waiting.alerts[0], state=state),))
    moot = reserved(replace(waiting, **ANSWERED), 61)
    assert told(reserved(moot, 300)) == [FIRST.phone, FIRST.phone]
    assert told(reserved(texted(moot, 300), 360)) == [FIRST.phone, FIRST.phone, SECOND_ONE.phone]


def test_a_commander_who_opened_the_page_of_a_text_that_became_moot_was_told() -> None:
    opened = changed(alerting.opened(reserved(an_incident(), 15), alert_id="t15", at=AT + 20 * SECOND))
    moot = reserved(replace(opened, **ANSWERED), 61)
    assert told(reserved(moot, 300)) == [FIRST.phone, SECOND_ONE.phone]


def test_a_moot_text_before_which_another_was_told_leaves_him_his_time_to_acknowledge() -> None:
    waiting = texted(texted(an_incident(), 15), 75, AlertState.UNSENT)
    moot = reserved(replace(waiting, **ANSWERED), 85)
    again = replace(moot, status=Status.WAITING, call_taker_id=None, owned_since=None, rings_at=AT)
    assert alerting.next_look(again, WAITS) == AT + 75 * SECOND


def test_a_standing_number_that_sns_refuses_ends_no_ladder_for_who_comes_on_duty_later() -> None:
    refused = texted(an_incident(), 15, AlertState.FAILED, [STANDING])
    assert alerting.reserve(refused, situation=at(16, [STANDING]), ticket="x") is None
    assert told(texted(refused, 3600)) == [STANDING.phone, FIRST.phone]


def test_a_standing_number_that_may_have_been_told_ends_the_ladder() -> None:
    incident, seconds = reserved(an_incident(), 15, [STANDING]), 15.0
    for _ in range(ATTEMPTS):
        seconds += LAPSES_AFTER.total_seconds()
        incident = reserved(incident, seconds, [STANDING])
    assert [alert.failure for alert in incident.alerts] == [Failure.UNKNOWN]
    assert alerting.next_look(incident, WAITS) is None


def test_a_failed_alert_stored_without_its_failure_still_uses_up_its_recipient() -> None:
    failed = texted(an_incident(), 15, AlertState.FAILED).alerts[0]
    stored = msgspec.to_builtins(failed)
    del stored["failure"]
    old = msgspec.convert(stored, Alert)
    assert (old.failure, old.uses_up_its_recipient) == (None, True)


def test_the_word_of_an_older_sending_settles_nothing() -> None:
    incident = reserved(reserved(an_incident(), 15), 60)
    late = Outcome(state=AlertState.FAILED)
    assert alerting.settle(incident, ticket="t15", outcome=late, at=AT) is None
    assert alerting.settle(incident, ticket="t60", outcome=late, at=AT) is not None


def test_a_text_on_its_way_is_reserved_by_nobody_else() -> None:
    assert nothing_due(reserved(an_incident(), 15), 16)


def test_an_acknowledged_text_has_arrived_whatever_became_of_its_sender() -> None:
    incident = reserved(an_incident(), 15)
    change = alerting.acknowledge(incident, alert_id="t15", waits=WAITS, at=AT + 20 * SECOND)
    assert change is not None
    assert change.incident.alerts[0].state is AlertState.ACCEPTED
    assert alerting.next_look(change.incident, WAITS) is None


def test_a_folded_repeat_stops_the_ladder_but_uses_up_no_recipient() -> None:
    incident = an_incident(hits=(REPEAT,), **ANSWERED, dispatches=(sent(status=DispatchStatus.OPENED),))
    change = alerting.fold(incident, situation=at(0), ticket="f")
    assert change is not None
    assert change.kind == "alert.folded"
    assert alerting.next_look(change.incident, WAITS) is None
    worse = replace(change.incident, hits=(REPEAT, PERSON))
    alert = reserved(worse, 1).alerts[-1]
    assert (alert.phone, [reason.code for reason in alert.reasons]) == ("+861", ["repeat", "key_person"])


def test_more_than_a_repeat_is_never_folded() -> None:
    both = an_incident(hits=(REPEAT, PERSON))
    assert alerting.fold(both, situation=at(0), ticket="f") is None


def test_that_nobody_answers_is_folded_in_a_flood_alone_and_with_nothing_beside_it() -> None:
    unanswered = an_incident(hits=(REPEAT,))
    assert alerting.fold(unanswered, situation=at(15), ticket="f") is None
    change = alerting.fold(unanswered, situation=at(15), ticket="f", flood=True)
    assert change is not None
    assert (change.kind, change.details["reasons"]) == ("alert.folded", ["repeat", "unanswered"])
    assert alerting.next_look(change.incident, WAITS) is None
    key_person = an_incident(hits=(REPEAT, PERSON))
    assert alerting.fold(key_person, situation=at(15), ticket="f", flood=True) is None


def test_an_incident_carries_the_alarm_while_it_is_open_and_somebody_is_told() -> None:
    assert not alerting.carries_alarm(an_incident())
    assert alerting.carries_alarm(reserved(an_incident(), 15))
    told_of = texted(an_incident(), 15)
    assert alerting.carries_alarm(told_of)
    assert not alerting.carries_alarm(replace(told_of, status=Status.CLOSED))
    assert not alerting.carries_alarm(texted(an_incident(), 15, AlertState.FAILED))
    change = alerting.fold(an_incident(hits=(REPEAT,)), situation=at(0), ticket="f")
    assert change is not None
    assert not alerting.carries_alarm(change.incident)


def test_with_nobody_on_duty_the_standing_number_is_told_and_with_none_it_stays_due() -> None:
    change = alerting.reserve(an_incident(), situation=at(15, [STANDING]), ticket="t")
    assert change is not None
    assert change.incident.alerts[0].fallback
    assert change.details["fallback"] is True
    assert alerting.reserve(an_incident(), situation=at(15, []), ticket="t") is None
    assert alerting.next_look(an_incident(), WAITS) == AT + 15 * SECOND


def test_revoking_takes_the_acknowledgement_back_and_the_next_is_told_at_once() -> None:
    incident = texted(an_incident(), 15)
    change = alerting.acknowledge(incident, alert_id="t15", waits=WAITS, at=AT + 20 * SECOND)
    assert change is not None
    revoked = alerting.revoke(change.incident, alert_id="t15", reason="手机遗失", at=AT + 25 * SECOND)
    assert revoked is not None
    assert (revoked.kind, revoked.incident.alerts[0].is_acknowledged) == ("alert.revoked", False)
    assert (revoked.details, revoked.personal) == ({"alert_id": "t15"}, {"reason": "手机遗失"})
    assert told(texted(revoked.incident, 26)) == ["+861", "+862"]
    assert alerting.revoke(revoked.incident, alert_id="t15", reason="r", at=AT) is None


STEPS: list[Callable[[Incident], Change | None]] = [
    lambda i: alerting.opened(i, alert_id="t15", at=AT),
    lambda i: alerting.acknowledge(i, alert_id="t15", waits=WAITS, at=AT),
    lambda i: alerting.locked(i, alert_id="t15"),
]


@pytest.mark.parametrize("step", STEPS)
def test_no_detail_of_an_entry_names_a_recipient(step: Callable[[Incident], Change | None]) -> None:
    sending = alerting.reserve(an_incident(), situation=at(15), ticket="t15")
    assert sending is not None
    assert sending.personal == {"name": "指挥长", "phone": "+861"}
    change = step(sending.incident)
    assert change is not None
    for one in (sending, change):
        assert not {"指挥长", "+861"} & {str(value) for value in one.details.values()}


def test_opening_is_on_record_once_and_acknowledges_nothing() -> None:
    incident = texted(an_incident(), 15)
    change = alerting.opened(incident, alert_id="t15", at=AT)
    assert change is not None
    assert change.incident.alerts[0].acknowledged_at is None
    assert alerting.opened(change.incident, alert_id="t15", at=AT) is None


def test_a_closed_incident_is_not_acknowledged_and_an_unknown_alert_is_not_found() -> None:
    incident = texted(an_incident(), 15)
    with pytest.raises(StepRefused):
        alerting.acknowledge(replace(incident, status=Status.CLOSED), alert_id="t15", waits=WAITS, at=AT)
    with pytest.raises(LinkNotFound):
        alerting.find(incident, "other")
