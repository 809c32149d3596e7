"""The history finds what contradicts the rules: forged ones, each with one wrong thing in it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.faults.history import Event, History

AT = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)
INCIDENT = "incident-a"
FILED, ANSWERED = ("report.filed", "citizen"), ("incident.answered", "call_taker")


def history(*events: tuple[str, int]) -> History:
    """What was asked of the incident by seat1, a second apart, with the status of each answer."""
    made = History()
    for number, (what, status) in enumerate(events):
        made.add(event(what, status=status, seconds=number))
    return made


def event(what: str, *, status: int = 200, seconds: float = 0, **other: Any) -> Event:
    how = {"on": INCIDENT, "who": "seat1", "status": status, **other}
    return Event(what=what, at=AT + timedelta(seconds=seconds), **how)


def found(history: History, *entries: tuple[str, str] | tuple[str, str, str]) -> list[str]:
    """What the history finds beside a timeline of entries: kind, role, and who it was if that matters."""
    timeline = [
        SimpleNamespace(kind=kind, actor=SimpleNamespace(role=role, id=who[0] if who else role))
        for kind, role, *who in entries
    ]
    return list(history.findings([INCIDENT], lambda _: timeline))


@pytest.mark.parametrize(
    ("what", "entry"),
    [
        ("notes", ("note.written", "call_taker")),
        ("dispatch", ("officer.dispatched", "commander")),
        ("messages", ("message.sent", "call_taker")),
        ("message", ("message.sent", "citizen")),
    ],
)
def test_what_was_taken_stands_exactly_once(what: str, entry: tuple[str, str]) -> None:
    taken = history((what, 201), (what, 409))
    assert found(taken, FILED, entry) == []
    assert found(taken, FILED) == [f"1 {what} were taken and 0 stand in the timeline"]
    assert found(taken, FILED, entry, entry) == [f"1 {what} were taken and 2 stand in the timeline"]
    assert found(history((what, 201), (what, 500)), FILED, entry, entry) == [], "nobody knows of the second"


def test_a_citizens_word_is_not_taken_for_the_desks() -> None:
    assert found(history(("message", 201)), FILED, ("message.sent", "call_taker")) == [
        "0 messages were taken and 1 stand in the timeline",
        "1 message were taken and 0 stand in the timeline",
    ]


def test_nobody_answers_what_another_holds() -> None:
    first, second = (("incident.answered", "call_taker", who) for who in ("seat1", "seat2"))
    assert found(history(), first, ("incident.released", "system"), second) == []
    assert found(history(), first, second) == ["seat2 answered what seat1 held"]


def test_nothing_is_erased_that_is_held_or_open() -> None:
    closed, erased, placed = (
        (kind, "commander") for kind in ("incident.closed", "citizen.erased", "hold.placed")
    )
    assert found(history(), FILED, closed, erased) == []
    assert found(history(), FILED, erased) == ["incide was erased though it was open"]
    assert found(history(), FILED, closed, placed, erased) == ["incide was erased though it was held"]
    assert found(history(), FILED, closed, placed, ("hold.released", "commander"), erased) == []


def test_no_line_is_given_on_while_an_address_of_it_can_be_alive() -> None:
    given = History()
    given.add(event("file", channel="line-1"))
    given.add(event("file", seconds=61, on="incident-b", channel="line-1"))
    assert found(given) == []
    given.add(event("call", seconds=90, on="incident-c", channel="line-1"))
    assert found(given) == ["a line was given to incide while incide could still be on it"]
