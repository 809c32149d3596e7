"""The rules that ask the lists: who is hit, by what evidence, and what the call-taker makes of it."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import sensitivity
from chalicelib.domain.hits import Hit, Rule, Verdict
from chalicelib.domain.incident import Place, Status
from chalicelib.domain.position import Point, Position
from chalicelib.domain.refusals import HitNotFound
from chalicelib.domain.sensitivity import Numbers, Where
from chalicelib.domain.watching import Circle, EventKind, KeyPerson, KeyPlace, PublishedEvent
from tests.domain.samples import LATER, NOON, incident

SCHOOL = Point(lat=36.5, lng=118.5)
NORTH_OF_IT = Point(lat=36.502, lng=118.5)
"""222 m away."""


def person(**fields: Any) -> KeyPerson:
    return KeyPerson(
        **{"id": "p1", "owner": "commander1", "created_at": NOON, "reason": "扬言报复社会", **fields}
    )


def place(**fields: Any) -> KeyPlace:
    area = Circle(centre=SCHOOL, radius_m=100)
    made = {"id": "k1", "owner": "commander1", "created_at": NOON, "name": "实验小学", "reason": "学校"}
    return KeyPlace(**{**made, "area": area, **fields})


def near_school(accuracy_m: float | None) -> list[Where]:
    return [Where(of="position", point=NORTH_OF_IT, accuracy_m=accuracy_m)]


@pytest.mark.parametrize(
    ("who", "by"),
    [
        (Numbers(openid=None, phones=("+8613800000000",)), ["phone"]),
        (Numbers(openid="o1", phones=()), ["wechat"]),
        (Numbers(openid="o1", phones=("+8613900000000", "+8613800000000")), ["phone", "wechat"]),
    ],
)
def test_a_person_is_known_by_number_or_by_wechats_id(who: Numbers, by: list[str]) -> None:
    (hit,) = sensitivity.key_person_hits(who, [person(phone="+8613800000000", openid="o1")], now=NOON)
    assert (hit.rule, hit.reason, hit.evidence["by"]) == (Rule.KEY_PERSON, "扬言报复社会", by)


def test_who_has_neither_number_nor_id_is_no_key_person() -> None:
    nobody = Numbers(openid=None, phones=())
    assert sensitivity.key_person_hits(nobody, [person(phone="+8613800000000")], now=NOON) == []
    assert sensitivity.key_person_hits(nobody, [person(openid="o1")], now=NOON) == []


def test_the_evidence_holds_no_number() -> None:
    who = Numbers(openid="o1", phones=("+8613800000000",))
    (hit,) = sensitivity.key_person_hits(who, [person(phone="+8613800000000", openid="o1")], now=NOON)
    assert "138" not in str(hit.evidence)
    assert "o1" not in str(hit.evidence)


def test_an_expired_entry_never_hits() -> None:
    who = Numbers(openid="o1", phones=())
    assert sensitivity.key_person_hits(who, [person(openid="o1", expires_at=NOON)], now=NOON) == []
    assert sensitivity.key_place_hits(near_school(500), [place(expires_at=NOON)], now=NOON) == []


def test_a_place_is_hit_when_the_accuracy_reaches_its_edge() -> None:
    (hit,) = sensitivity.key_place_hits(near_school(123), [place()], now=NOON)
    assert hit.evidence["distance_m"] == pytest.approx(122.4, abs=0.1)
    assert (hit.evidence["accuracy_m"], hit.evidence["of"]) == (123, "position")


@pytest.mark.parametrize("accuracy_m", [None, 0.0, 122.0])
def test_a_place_out_of_reach_is_not_hit(accuracy_m: float | None) -> None:
    assert sensitivity.key_place_hits(near_school(accuracy_m), [place()], now=NOON) == []


def test_an_accuracy_that_says_nothing_reaches_no_further_than_five_kilometres() -> None:
    within = Where(of="position", point=Point(lat=36.545, lng=118.5), accuracy_m=1e7)
    beyond = Where(of="position", point=Point(lat=36.547, lng=118.5), accuracy_m=1e7)
    assert sensitivity.key_place_hits([within], [place()], now=NOON)
    assert not sensitivity.key_place_hits([beyond], [place()], now=NOON)


def test_a_place_near_both_points_is_one_hit_with_the_nearer_one() -> None:
    both = [*near_school(500), Where(of="place", point=SCHOOL)]
    (hit,) = sensitivity.key_place_hits(both, [place()], now=NOON)
    assert (hit.evidence["of"], hit.evidence["distance_m"], hit.evidence["accuracy_m"]) == ("place", 0, None)


def test_the_points_are_the_newest_position_and_the_place_on_the_map() -> None:
    filed = Position(lat=36.4, lng=118.4, accuracy_m=20)
    reported = incident(position=filed, place=Place(words="门口", point=SCHOOL))
    moved = Position(lat=36.6, lng=118.6, accuracy_m=30)
    assert [one.point for one in sensitivity.whereabouts(reported)] == [filed.point, SCHOOL]
    assert [one.point for one in sensitivity.whereabouts(reported, position=moved)] == [moved.point, SCHOOL]
    assert sensitivity.whereabouts(incident()) == []


def test_events_near_by_come_nearest_first() -> None:
    def event(key: str, radius_m: float) -> PublishedEvent:
        return PublishedEvent(
            id=key,
            owner="commander1",
            created_at=NOON,
            event=EventKind.FIRE,
            name="仓库起火",
            area=Circle(centre=SCHOOL, radius_m=radius_m),
        )

    published = [event("near", 100), event("here", 300), event("far", 1)]
    assert [one.id for one in sensitivity.events_near(near_school(150), published, now=NOON)] == [
        "here",
        "near",
    ]


def a_hit(key: str, **fields: Any) -> Hit:
    return Hit(id=key, rule=Rule.KEY_PLACE, reason="学校", found_at=NOON, evidence={"entry": "k1"}, **fields)


def test_hits_found_again_change_nothing() -> None:
    first = sensitivity.add_hits(incident(), [a_hit("a")])
    assert first is not None
    assert (first.kind, first.details) == ("hits.found", {"hits": [{"id": "a", "rule": "key_place"}]})
    assert sensitivity.add_hits(first.incident, [a_hit("a")]) is None
    more = sensitivity.add_hits(first.incident, [a_hit("a"), a_hit("b")])
    assert more is not None
    assert [hit.id for hit in more.incident.hits] == ["a", "b"]
    assert more.details == {"hits": [{"id": "b", "rule": "key_place"}]}


def test_a_closed_incident_gets_no_hits() -> None:
    assert sensitivity.add_hits(incident(status=Status.CLOSED), [a_hit("a")]) is None


def test_a_dismissed_hit_found_again_stays_dismissed() -> None:
    dismissed = incident(hits=(a_hit("a", verdict=Verdict.DISMISSED),))
    assert sensitivity.add_hits(dismissed, [a_hit("a")]) is None


def test_a_verdict_says_who_and_when_and_can_be_changed() -> None:
    found = incident(hits=(a_hit("a"), a_hit("b")))
    confirmed = sensitivity.judge_hit(found, hit_id="a", verdict=Verdict.CONFIRMED, by="seat1", at=LATER)
    assert confirmed is not None
    judged = confirmed.incident.hits[0]
    assert (judged.verdict, judged.judged_by, judged.judged_at) == (Verdict.CONFIRMED, "seat1", LATER)
    assert confirmed.incident.hits[1].verdict is None
    assert confirmed.details == {"hit": "a", "rule": "key_place", "verdict": "confirmed"}
    again: dict[str, Any] = {"hit_id": "a", "by": "seat2", "at": LATER + timedelta(seconds=1)}
    assert sensitivity.judge_hit(confirmed.incident, verdict=Verdict.CONFIRMED, **again) is None
    other = sensitivity.judge_hit(confirmed.incident, verdict=Verdict.DISMISSED, **again)
    assert other is not None
    assert not other.incident.hits[0].stands


def test_a_verdict_on_no_hit_is_refused() -> None:
    with pytest.raises(HitNotFound):
        sensitivity.judge_hit(incident(), hit_id="a", verdict=Verdict.CONFIRMED, by="seat1", at=LATER)
