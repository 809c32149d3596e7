"""What an incident adds to the figures, by how it stands."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from chalicelib.domain import call, handling, transferring
from chalicelib.domain.alerts import Alert, AlertState
from chalicelib.domain.counting import changes, counts_of, day_of, kind_of, slot_of
from chalicelib.domain.hits import Hit, Rule, Verdict
from chalicelib.domain.incident import Change, Disposition, Incident, Mode, Status
from tests.domain.samples import NOON, back, incident, sent

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = "day/2026-11-22"


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def today(one: Incident) -> dict[str, int]:
    """What it adds on the sample's day."""
    return dict(counts_of(one, ZONE)[TODAY])


def test_a_moment_belongs_to_the_countys_day_and_to_five_minutes_in_utc() -> None:
    late = datetime(2026, 11, 22, 16, 4, 59, tzinfo=UTC)
    assert day_of(late, ZONE) == "day/2026-11-23"
    assert slot_of(late) == "slot/2026-11-22T16:00Z"
    assert slot_of(late + timedelta(seconds=1)) == "slot/2026-11-22T16:05Z"


@pytest.mark.parametrize("mode", list(Mode))
def test_a_filed_report_counts_once_by_its_kind_and_once_by_its_mode(mode: Mode) -> None:
    kind = "consult" if mode is Mode.FENGQIAO else "report"
    assert counts_of(incident(mode=mode), ZONE) == {TODAY: {f"filed:{kind}": 1, f"mode:{mode}": 1}}


def test_a_tip_is_no_report_until_it_is_made_an_emergency() -> None:
    tip = incident(tip=True)
    assert kind_of(tip) == "tip"
    change = transferring.escalate(tip)
    assert change is not None
    assert kind_of(change.incident) == "report"
    consult = transferring.escalate(incident(mode=Mode.FENGQIAO))
    assert consult is not None
    assert kind_of(consult.incident) == "report"


def test_what_goes_on_after_closing_is_no_new_report() -> None:
    assert counts_of(incident(continues="b" * 26), ZONE) == {TODAY: {"filed:continued": 1}}


@pytest.mark.parametrize(
    ("mode", "queue"), [(Mode.SILENT, "live"), (Mode.PHOTO_TEXT, "written"), (Mode.FENGQIAO, "consult")]
)
def test_the_first_answer_is_timed_by_the_queue_it_waited_in(mode: Mode, queue: str) -> None:
    answered = handling.answer(incident(mode=mode), call_taker_id="seat1", at=after(12.2))
    assert answered is not None
    assert today(answered.incident).items() >= {"answered": 1, f"wait-{queue}:13": 1}.items()
    slots = [place for place in counts_of(answered.incident, ZONE) if place.startswith("slot/")]
    assert slots == (["slot/2026-11-22T04:00Z"] if queue == "live" else [])


def test_putting_it_back_and_answering_again_does_not_restart_the_clock() -> None:
    one = incident(mode=Mode.VOICE)
    steps: list[Callable[[Incident], Change | None]] = [
        lambda i: handling.answer(i, call_taker_id="seat1", at=after(4)),
        lambda i: handling.release(i, owner_id="seat1", at=after(60), why="released"),
        lambda i: handling.answer(i, call_taker_id="seat2", at=after(90)),
    ]
    for step in steps:
        change = step(one)
        assert change is not None
        one = change.incident
    assert today(one).items() >= {"answered": 1, "wait-live:4": 1}.items()


def test_who_left_before_an_answer_is_abandoned_and_never_counts_as_answered() -> None:
    left = call.abandon(incident(mode=Mode.VIDEO110), at=after(9))
    assert left is not None
    answered = handling.answer(left.incident, call_taker_id="seat1", at=after(12))
    assert answered is not None
    for one in (left.incident, answered.incident):
        counted = today(one)
        assert (counted["abandoned"], counted["abandoned-live"]) == (1, 1)
        assert "answered" not in counted
    assert counts_of(answered.incident, ZONE)["slot/2026-11-22T04:00Z"] == {"abandoned-live": 1}


def test_who_was_answered_and_then_put_back_and_left_was_answered() -> None:
    one = incident(mode=Mode.VIDEO110, status=Status.WAITING, answered_at=after(4))
    left = call.abandon(one, at=after(50))
    assert left is not None
    assert today(left.incident)["wait-live:4"] == 1
    assert "abandoned" not in today(left.incident)


def test_a_booked_consult_is_counted_and_not_timed() -> None:
    booked = incident(mode=Mode.FENGQIAO, booked_for=after(3600))
    rang = handling.ring_booked(booked, at=after(3600))
    assert rang is not None
    closed = replace(
        rang.incident,
        status=Status.CLOSED,
        answered_at=after(3601),
        closed_at=after(4000),
        disposition=Disposition.ADVISED,
    )
    counted = today(closed)
    assert (counted["booked"], counted["answered"], counted["closed:advised"]) == (1, 1, 1)
    assert not [name for name in counted if name.startswith(("wait-", "consult:"))]


def test_a_consult_is_timed_from_received_to_finished() -> None:
    closed = incident(
        mode=Mode.FENGQIAO, closed_at=after(58), disposition=Disposition.ADVISED, answered_at=after(2)
    )
    assert today(closed).items() >= {"consult:60": 1, "wait-consult:2": 1}.items()


def test_the_first_officer_sent_is_timed_from_the_report_and_each_report_back_from_his_sending() -> None:
    told = back(reported_at=after(1000), cases_solved=2, major_cases=1, people_arrested=3, people_helped=4)
    officers = (
        sent("d1", dispatched_at=after(200), feedback=told),
        sent("d2", dispatched_at=after(150)),
    )
    counted = today(incident(dispatches=officers))
    assert counted.items() >= {"officers": 2, "dispatch:150": 1, "feedback:900": 1}.items()
    assert (counted["solved"], counted["major"], counted["arrested"], counted["helped"]) == (2, 1, 3, 4)


def test_each_figure_counts_on_the_day_it_happened() -> None:
    tomorrow = after(24 * 3600)
    told = back(reported_at=tomorrow, people_helped=1)
    one = incident(dispatches=(sent(feedback=told),), closed_at=tomorrow, disposition=Disposition.RESOLVED)
    counted = counts_of(one, ZONE)
    assert counted["day/2026-11-23"] == {"feedback:86400": 1, "helped": 1, "closed:resolved": 1}
    assert counted[TODAY] == {"filed:report": 1, "mode:photo_text": 1, "officers": 1, "dispatch:1": 1}


def a_hit(rule: Rule, seconds: int, **fields: Any) -> Hit:
    return Hit(id=f"{rule}{seconds}", rule=rule, reason="", found_at=after(seconds), **fields)


def test_an_incident_counts_once_for_each_rule_it_hit() -> None:
    hits = (
        a_hit(Rule.REPEAT, 24 * 3600),
        a_hit(Rule.REPEAT, 1),
        a_hit(Rule.KEY_PLACE, 2, verdict=Verdict.CONFIRMED),
    )
    counted = today(incident(hits=hits))
    assert counted.items() >= {"hit:repeat": 1, "hit:key_place": 1, "confirmed:key_place": 1}.items()
    assert "confirmed:repeat" not in counted


def test_texts_to_commanders_count_once_the_gateway_took_them() -> None:
    alert = Alert(id="a", name="值班指挥长", phone="+8613800000009", reasons=(), reserved_at=NOON, ticket="t")
    assert "texts" not in today(incident(alerts=(alert,)))
    taken = replace(alert, state=AlertState.ACCEPTED)
    heard = replace(taken, acknowledged_at=after(30))
    assert today(incident(alerts=(taken, heard))).items() >= {"texts": 2, "texts-acknowledged": 1}.items()
    revoked = replace(heard, revoked_at=after(60))
    assert "texts-acknowledged" not in today(incident(alerts=(taken, revoked)))


def test_changes_hold_what_moved_and_nothing_else() -> None:
    before = {"day/1": {"a": 1, "b": 2}, "day/2": {"c": 1}}
    later = {"day/1": {"a": 1, "b": 3, "d": 1}, "day/3": {"c": 1}}
    assert changes(before, later) == {"day/1": {"b": 1, "d": 1}, "day/2": {"c": -1}, "day/3": {"c": 1}}
    assert changes(before, before) == {}
