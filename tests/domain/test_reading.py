"""Who may read an incident: whoever answers, and a specialist what was brought to her."""

from typing import Any

import pytest

from chalicelib.domain.card import card_of, covered
from chalicelib.domain.incident import Incident, Status, Transfer
from chalicelib.domain.reading import may_be_read_by, must_be_read_by
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.staff import Group, Staff
from tests.domain.samples import NOON, incident, owned

SHE = Staff(username="specialist1", groups=frozenset({Group.SPECIALIST}))


def brought(status: Status = Status.TRANSFERRED, *, taken_by: str | None = None, **fields: Any) -> Incident:
    """A consult brought to the department `d`."""
    transfer = Transfer(department_id="d", department_name="户籍", asked_at=NOON, taken_by=taken_by)
    return owned(status, transfer=transfer, **fields)


def reads(one: Incident, *, of: str | None = None) -> bool:
    """Whether she may read it; its card says the same."""
    by_card = may_be_read_by(card_of(one), SHE, department_id=of)
    assert by_card == may_be_read_by(one, SHE, department_id=of)
    return by_card


@pytest.mark.parametrize("group", [Group.CALL_TAKER, Group.COMMANDER])
def test_whoever_answers_reads_every_incident(group: Group) -> None:
    staff = Staff(username="seat9", groups=frozenset({group, Group.SPECIALIST}))
    for one in (incident(), owned(), brought(taken_by="another"), owned(Status.CLOSED)):
        must_be_read_by(one, staff, department_id=None)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.TRANSFERRED])
def test_a_specialist_reads_nothing_that_was_not_brought_to_her(status: Status) -> None:
    assert not reads(incident(status=status))
    assert not reads(brought(status))
    with pytest.raises(IncidentNotFound):
        must_be_read_by(incident(status=status), SHE, department_id=None)


def test_while_it_rings_the_department_reads_it_and_no_other() -> None:
    assert [reads(brought(), of=department) for department in ("d", None, "e")] == [True, True, False]


def test_once_it_is_taken_only_she_who_took_it_reads_it_and_goes_on_doing_so() -> None:
    assert not reads(brought(taken_by="specialist2"), of="d")
    for status in (Status.TRANSFERRED, Status.DISPATCHED, Status.CLOSED):
        assert reads(brought(status, taken_by="specialist1"), of="e")


def test_she_reads_what_she_owns() -> None:
    assert reads(owned(by="specialist1"))


def test_a_covered_card_says_nothing_but_that_it_is_over_for_this_console() -> None:
    one = owned(text="有人落水", dispatches=(), hurt=True, version=7, exited_quickly=True)
    card = covered(card_of(one))
    assert (card.id, card.version, card.status, card.ringing) == (one.id, 7, Status.CLOSED, False)
    assert (card.number, card.text_start, card.phone, card.place, card.position) == (
        "",
        None,
        None,
        None,
        None,
    )
    assert (card.call_taker_id, card.hits, card.hurt, card.exited_quickly) == (None, (), False, False)
