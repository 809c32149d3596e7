"""A look is one of its person, thing and hour."""

from datetime import UTC, datetime, timedelta, timezone

from chalicelib.domain.looks import Look, Looked
from chalicelib.domain.timeline import Actor, Role

AT = datetime(2026, 11, 22, 8, 59, tzinfo=UTC)


def a_look(**fields: object) -> Look:
    actor = Actor(role=Role.CALL_TAKER, id="seat1")
    said = {"incident_id": "i", "actor": actor, "looked": Looked.FILES, "at": AT, **fields}
    return Look(**said)  # type: ignore[arg-type]


def test_looks_of_one_hour_are_one_and_those_of_the_next_another() -> None:
    assert a_look(at=AT - timedelta(minutes=50)).place == a_look().place
    assert a_look(at=AT + timedelta(minutes=1)).place > a_look().place


def test_another_person_and_another_thing_are_another_look() -> None:
    other = Actor(role=Role.CALL_TAKER, id="seat2")
    assert len({a_look().place, a_look(actor=other).place, a_look(looked=Looked.RECORDING).place}) == 3


def test_the_hour_is_utcs_wherever_the_moment_was_told() -> None:
    beijing = AT.astimezone(timezone(timedelta(hours=8)))
    assert a_look(at=beijing).place == a_look().place
