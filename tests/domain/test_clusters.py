"""Reports of one event: everybody is led to the oldest, and the question about a known one."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.clusters import answer_event, ask_event, suggest
from chalicelib.domain.incident import Contact, EventAnswer, EventAsked, Incident, Status
from chalicelib.domain.position import Point
from chalicelib.domain.refusals import StepRefused
from chalicelib.domain.repeats import Reported
from chalicelib.domain.watching import Circle, EventKind, PublishedEvent
from tests.domain.samples import LATER, NOON, incident

SPOT = Point(lat=36.5, lng=118.5)
FIRE = PublishedEvent(
    id="e1",
    owner="commander1",
    created_at=NOON,
    event=EventKind.FIRE,
    name="仓库起火",
    area=Circle(centre=SPOT, radius_m=500),
    incident_id="event",
)
ASKED = EventAsked(event_id="e1", event="fire", name="仓库起火", asked_at=NOON, incident_id="event")


def one(name: str, seconds: float = 0, **fields: Any) -> Incident:
    return incident(id=name, created_at=NOON + timedelta(seconds=seconds), **fields)


def seen(of: Incident) -> Reported:
    return Reported(
        incident_id=of.id, number=of.number, citizen_id=of.citizen_id, at=of.created_at, points=(SPOT,)
    )


def suggested(of: Incident, *others: Incident, known: tuple[Incident, ...] = ()) -> list[str]:
    found = suggest(of, seen(of), [seen(other) for other in others], [*others, *known])
    return [suggestion.incident.id for suggestion in found]


def test_the_oldest_comes_first_and_a_younger_one_never() -> None:
    assert suggested(one("c", 20), one("b", 10), one("a", 0), one("d", 30)) == ["a", "b"]


def test_one_that_is_linked_gives_way_to_what_it_is_linked_to() -> None:
    root = one("root", -3600)
    assert suggested(one("c", 20), one("b", 10, linked_to="root"), known=(root,)) == ["root"]
    assert suggested(one("c", 20), one("b", 10, linked_to="gone")) == []


def test_closed_ones_and_those_of_another_kind_are_not_suggested() -> None:
    mine = one("c", 20, type_code="fire")
    others = (one("a", 0, type_code="theft"), one("b", 5, status=Status.CLOSED), one("d", 9), one("e", 10))
    assert suggested(mine, *others) == ["d", "e"]


def test_what_is_linked_already_is_not_suggested_again() -> None:
    assert suggested(one("c", 20, linked_to="a"), one("a", 0)) == []


def test_a_suggestion_says_how_far_apart_they_are() -> None:
    mine, other = one("b", 60), one("a")
    (found,) = suggest(mine, seen(mine), [seen(other)], [other])
    assert (found.apart_m, found.apart_seconds) == (0, 60)


def test_what_the_citizen_called_the_same_comes_before_all() -> None:
    said = one("c", 20, event_asked=EventAsked(**fields_of(ASKED), answer=EventAnswer.SAME))
    assert suggested(said, one("a", 0), known=(one("event", -600),)) == ["event", "a"]
    unsaid = one("c", 20, event_asked=ASKED)
    assert suggested(unsaid, one("a", 0), known=(one("event", -600),)) == ["a"]


def fields_of(asked: EventAsked) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in asked.__struct_fields__ if name != "answer"}


def test_a_citizen_is_asked_once() -> None:
    asked = ask_event(one("a"), FIRE, at=NOON)
    assert asked is not None
    assert asked.incident.event_asked == ASKED
    assert (asked.kind, asked.details) == ("event.asked", {"event": "e1", "kind": "fire"})
    assert ask_event(asked.incident, FIRE, at=LATER) is None


@pytest.mark.parametrize(
    "fields",
    [{"contact": Contact.APP_ONLY}, {"status": Status.CLOSED}, {"id": "event"}],
)
def test_who_hides_is_never_asked_nor_the_event_about_itself(fields: dict[str, Any]) -> None:
    assert ask_event(incident(**fields), FIRE, at=NOON) is None


def test_somebody_hurt_jumps_the_queue_and_stays_there() -> None:
    hurt = answer_event(one("a", event_asked=ASKED), answer=EventAnswer.HURT, at=LATER)
    assert hurt is not None
    assert (hurt.incident.priority, hurt.incident.hurt, hurt.incident.unread) == (1, True, True)
    assert hurt.details == {"event": "e1", "answer": "hurt", "priority": 1}
    assert answer_event(hurt.incident, answer=EventAnswer.HURT, at=LATER) is None
    assert answer_event(hurt.incident, answer=EventAnswer.SAME, at=LATER) is None


def test_somebody_hurt_counts_without_a_question_too() -> None:
    hurt = answer_event(one("a"), answer=EventAnswer.HURT, at=LATER)
    assert hurt is not None
    assert hurt.incident.priority == 1


def test_the_same_and_different_are_kept_and_change_nothing_else() -> None:
    before = one("a", event_asked=ASKED)
    for answer in (EventAnswer.SAME, EventAnswer.DIFFERENT):
        said = answer_event(before, answer=answer, at=LATER)
        assert said is not None
        assert said.incident.event_asked is not None
        assert said.incident.event_asked.answer is answer
        assert (said.incident.priority, said.incident.status) == (before.priority, before.status)
        assert answer_event(said.incident, answer=answer, at=LATER) is None
    assert answer_event(one("a"), answer=EventAnswer.SAME, at=LATER) is None


def test_hurt_on_a_closed_report_is_refused_so_that_it_opens_another() -> None:
    with pytest.raises(StepRefused):
        answer_event(one("a", status=Status.CLOSED), answer=EventAnswer.HURT, at=LATER)
    assert (
        answer_event(one("a", status=Status.CLOSED, event_asked=ASKED), answer=EventAnswer.SAME, at=LATER)
        is None
    )
