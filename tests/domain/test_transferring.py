"""A transfer is taken within half a minute, or comes back."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.incident import Incident, Mode, Status, Transfer
from chalicelib.domain.refusals import NotTransferred, StepRefused
from chalicelib.domain.transferring import (
    came_by_transfer,
    escalate,
    is_transferred_to,
    return_transfer,
    take_transfer,
    transfer,
)

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
CONSULT = Incident(
    id="i",
    number="261122-0000000",
    mode=Mode.FENGQIAO,
    citizen_id="c",
    created_at=NOW,
    rings_at=NOW,
    priority=4,
    status=Status.ANSWERED,
    call_taker_id="seat1",
)


def asked(incident: Incident = CONSULT, at: datetime = NOW) -> Incident:
    change = transfer(incident, department_id="d", department_name="户籍", at=at)
    assert change is not None
    return change.incident


def taken(by: str = "specialist1") -> Incident:
    change = take_transfer(asked(), specialist_id=by)
    assert change is not None
    return change.incident


def test_a_transfer_rings_the_department_and_leaves_the_owner_with_the_citizen() -> None:
    incident = asked()
    assert (incident.status, incident.call_taker_id) == (Status.TRANSFERRED, "seat1")
    assert incident.transfer is not None
    assert incident.transfer.taken_by is None


def test_the_same_request_sent_again_rings_no_second_time() -> None:
    again = NOW + timedelta(seconds=29)
    assert transfer(asked(), department_id="d", department_name="户籍", at=again) is None
    assert transfer(taken(), department_id="d", department_name="户籍", at=again) is None
    elsewhere = transfer(asked(), department_id="e", department_name="交警", at=again)
    assert elsewhere is not None
    assert elsewhere.incident.transfer == Transfer(department_id="e", department_name="交警", asked_at=again)


def test_a_waiting_incident_is_not_transferred_before_it_is_answered() -> None:
    waiting = Incident(
        id="i", number="n", mode=Mode.FENGQIAO, citizen_id="c", created_at=NOW, rings_at=NOW, priority=4
    )
    with pytest.raises(StepRefused):
        transfer(waiting, department_id="d", department_name="户籍", at=NOW)


def test_one_specialist_takes_it_and_another_is_told_so() -> None:
    incident = taken()
    assert came_by_transfer(incident, "specialist1")
    assert not came_by_transfer(incident, "specialist2")
    assert take_transfer(incident, specialist_id="specialist1") is None
    with pytest.raises(NotTransferred):
        take_transfer(incident, specialist_id="specialist2")


def test_it_is_taken_at_the_department_where_it_rings_and_while_it_rings() -> None:
    assert take_transfer(asked(), specialist_id="specialist1", department_id="d") is not None
    with pytest.raises(NotTransferred):
        take_transfer(asked(), specialist_id="specialist1", department_id="e")
    sent_out = replace(asked(), status=Status.DISPATCHED)
    with pytest.raises(NotTransferred):
        take_transfer(sent_out, specialist_id="specialist1", department_id="d")


def test_it_is_transferred_to_her_until_it_goes_another_way() -> None:
    assert is_transferred_to(taken(), "specialist1")
    assert not is_transferred_to(taken(), "specialist2")
    assert not is_transferred_to(replace(taken(), status=Status.DISPATCHED), "specialist1")


def test_what_nobody_took_comes_back_to_its_call_taker() -> None:
    change = return_transfer(asked(), asked_at=NOW)
    assert change is not None
    assert (change.incident.status, change.incident.transfer) == (Status.ANSWERED, None)


def test_a_timer_of_a_transfer_that_was_taken_or_asked_anew_is_moot() -> None:
    assert return_transfer(taken(), asked_at=NOW) is None
    assert return_transfer(asked(asked(), NOW + timedelta(seconds=31)), asked_at=NOW) is None
    assert return_transfer(CONSULT, asked_at=NOW) is None


def test_nothing_is_taken_that_was_not_transferred() -> None:
    with pytest.raises(NotTransferred):
        take_transfer(CONSULT, specialist_id="specialist1")


def test_one_tap_makes_a_consult_an_emergency_and_the_second_changes_nothing() -> None:
    change = escalate(CONSULT)
    assert change is not None
    assert (change.incident.priority, change.incident.escalated) == (1, True)
    assert escalate(change.incident) is None
