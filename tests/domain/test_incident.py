"""The one table of the steps an incident may take, and what follows from where it stands."""

import itertools

import pytest

from chalicelib.domain.incident import STEPS, Contact, Status, move
from chalicelib.domain.refusals import StepRefused
from tests.domain.samples import OPEN, incident

# Written out by hand from the design, so that a changed table shows here.
ALLOWED = {
    "waiting": "answered abandoned closed",
    "abandoned": "waiting answered closed",
    "answered": "waiting dispatched transferred closed",
    "transferred": "answered dispatched handled closed",
    "dispatched": "answered en_route on_scene handled closed",
    "en_route": "answered on_scene handled closed",
    "on_scene": "answered handled closed",
    "handled": "dispatched closed",
    "closed": "",
}


@pytest.mark.parametrize(("source", "to"), list(itertools.product(Status, Status)))
def test_every_step_is_allowed_or_refused_as_the_design_says(source: Status, to: Status) -> None:
    before = incident(status=source)
    if to in ALLOWED[source].split():
        assert move(before, to).status is to
        return
    with pytest.raises(StepRefused) as refused:
        move(before, to)
    assert refused.value.facts == {"incident_status": source}


def test_the_table_names_every_status() -> None:
    assert set(STEPS) == set(Status)


def test_every_open_status_leads_to_closed_and_closed_to_nothing() -> None:
    assert all(Status.CLOSED in STEPS[status] for status in OPEN)
    assert STEPS[Status.CLOSED] == frozenset()


def test_every_status_can_be_reached_from_waiting() -> None:
    reached, found = {Status.WAITING}, {Status.WAITING}
    while found:
        found = {to for status in found for to in STEPS[status]} - reached
        reached |= found
    assert reached == set(Status)


def test_a_step_changes_what_it_is_told_and_nothing_else() -> None:
    before = incident()
    after = move(before, Status.ANSWERED, call_taker_id="seat1")
    assert (after.status, after.call_taker_id) == (Status.ANSWERED, "seat1")
    assert (before.status, before.call_taker_id) == (Status.WAITING, None)


@pytest.mark.parametrize("status", OPEN)
def test_an_open_incident_rings_exactly_while_nobody_owns_it(status: Status) -> None:
    assert incident(status=status).rings
    assert not incident(status=status, call_taker_id="seat1").rings


def test_a_closed_incident_is_not_open_and_never_rings() -> None:
    closed = incident(status=Status.CLOSED)
    assert not closed.is_open
    assert not closed.rings


@pytest.mark.parametrize(
    ("contact", "overridden", "is_shown"),
    [
        (Contact.ANY, False, True),
        (Contact.ANY, True, True),
        (Contact.APP_ONLY, False, False),
        (Contact.APP_ONLY, True, True),
    ],
)
def test_the_number_of_who_is_hiding_is_shown_only_after_an_override(
    contact: Contact, overridden: bool, is_shown: bool
) -> None:
    found = incident(contact=contact, callback_overridden=overridden)
    assert found.number_shown == ("+8613800000000" if is_shown else None)
