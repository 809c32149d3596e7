"""What starts by itself: the stream's records, timers that came due, the minute's sweep."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from tests.faults.asking import (
    UNIT_PHONE,
    answered,
    filed,
    somewhere,
    stands,
    unit_id,
)
from tests.faults.case import JSON, Case, texts
from tests.faults.outside import Fault
from tests.faults.rounds import TEXTS, Operation
from tests.faults.world import Answer

DONE = Answer(status=200)
FAILED = Answer(status=500)


def _bring(case: Case) -> Answer:
    """One batch of the stream's records, and what it leaves once more."""
    deliveries = case.world.deliveries
    deliveries.look()
    if deliveries.waits:
        deliveries.bring_records()
    return FAILED if deliveries.waits else DONE


def followed(
    name: str, prepare: Callable[[Case], Any], expect: Any = lambda _: iter(()), seconds: float = 70
) -> Operation:
    """What follows from what was prepared, as the stream tells of it, and what was put off for a minute."""
    return Operation(name=f"follow {name}", prepare=prepare, act=_bring, expect=expect, seconds=seconds)


def _due(kind: str) -> Callable[[Case], Answer]:
    """The next message of that kind, at its time; one that failed comes again by itself."""

    def act(case: Case) -> Answer:
        deliveries = case.world.deliveries
        due = [one for one in deliveries.timers if one.kind == kind]
        if not due:
            return DONE
        message = min(due, key=lambda one: one.visible_at)
        case.idle += max(message.visible_at - case.world.clock.now(), timedelta())
        case.world.clock.be_at_least(message.visible_at)
        return DONE if deliveries.bring_timer(message) else FAILED

    return act


def timed(
    name: str, kind: str, prepare: Callable[[Case], Any], expect: Any, seconds: float = 100
) -> Operation:
    """What a timer of that kind does."""
    return Operation(name=f"timer {name}", prepare=prepare, act=_due(kind), expect=expect, seconds=seconds)


def _new(mode: str, **body: Any) -> Callable[[Case], Any]:
    """Filed, and nothing of it followed yet."""
    return lambda case: case.report(mode, **body)


def _watched(case: Case) -> None:
    where = somewhere()
    centre = {name: where[name] for name in ("lat", "lng")}
    place = {"name": "实验小学", "centre": centre, "radius_m": 100, "reason": "学校"}
    case.must("commander1", "POST", "/console/watch/places", place)
    citizen = case.citizen()
    person = {"phone": citizen.phone, "reason": "扬言报复"}
    case.must("commander1", "POST", "/console/watch/persons", person)
    case.world.deliveries.look()
    assert case.file(citizen, "photo-text", {"text": "有人撬门", "position": where}, "watched").is_done


def _hits(case: Case) -> Iterator[str]:
    rules = sorted(hit["rule"] for hit in case.record()["hits"])
    if rules != ["key_person", "key_place"]:
        yield f"the rules found {rules}"
    yield from stands("alert.sending")(case)


def _twice(case: Case) -> None:
    citizen = case.citizen()
    for key in ("first", "second"):
        assert case.file(citizen, "photo-text", {"text": "还在打"}, key).is_done


def _second_is_a_repeat(case: Case) -> Iterator[str]:
    hits = [hit["id"] for one in case.filed for hit in case.record(one.incident_id)["hits"]]
    if not hits:
        yield "a repeat went unseen"


def _then(verb: str, body: Any = None, **how: Any) -> Callable[[Case], None]:
    """Answered and followed, and then one more piece of work that is not followed yet."""

    def prepare(case: Case) -> None:
        answered(how.get("mode", "photo-text"))(case)
        sent = body(case) if callable(body) else body
        case.work(verb, sent)

    return prepare


def _department(case: Case) -> JSON:
    found = case.must("seat1", "GET", "/console/departments")["items"]
    return {"department_id": found[0]["id"]}


def _moving(case: Case) -> None:
    where = somewhere()
    filed("photo-text", position=where)(case)
    for number in range(5):
        case.world.clock.pass_by(6)
        point = {**where, "lat": where["lat"] + number * 0.0012, "at": case.world.clock.now().isoformat()}
        path = f"/reports/{case.id}/positions"
        assert case.world.ask(case.citizens[0].token, "POST", path, {"points": [point]}).is_done


def _whole_track(case: Case) -> Iterator[str]:
    path = f"/console/incidents/{case.id}/positions"
    track = case.must("seat1", "GET", path)
    # The report's own position begins the track.
    if len(track["items"]) not in (5, 6):
        yield f"{len(track['items'])} of 5 points are on the track"


def _left(case: Case) -> None:
    filed("video110")(case)
    assert case.world.ask(case.citizens[0].token, "POST", f"/reports/{case.id}/hangup", {}).is_done


def _left_and_followed(case: Case) -> None:
    _left(case)
    case.world.deliveries.drain()


def _texted_back(case: Case) -> Iterator[str]:
    yield from stands("citizen.texted")(case)
    sent = texts(case.world, case.citizens[0].phone)
    if not 1 <= len(sent) <= 1 + case.sent_again[case.record()["incident"]["number"]]:
        yield f"{len(sent)} texts back"


def _dispatched_and_followed(case: Case) -> None:
    _then("dispatch", lambda c: {"unit_id": unit_id(c)})(case)
    case.world.deliveries.drain()


def _officer_texted(case: Case) -> Iterator[str]:
    yield from stands("officer.texted")(case)
    number = case.record()["incident"]["number"]
    if not any(number in one["Message"] for one in texts(case.world, UNIT_PHONE)):
        yield "no text to the officer"


def _night(case: Case) -> None:
    """A consult of midnight in Beijing, at the moment its hour has come."""
    case.world.clock.be_at_least(case.world.clock.now().replace(hour=16))
    case.report("fengqiao")
    case.world.deliveries.drain()
    booked_for = case.record()["incident"]["booked_for"]
    case.world.clock.be_at_least(datetime.fromisoformat(booked_for))


def _told_in_turn(count: int) -> Callable[[Case], Iterator[str]]:
    def expect(case: Case) -> Iterator[str]:
        told = {one["phone"] for one in _alerts(case)}
        if len(told) != count:
            yield f"{len(told)} of {count} were told"

    return expect


def _alerts(case: Case) -> list[JSON]:
    from chalicelib.adapters import incidents

    return [{"phone": one.phone, "state": one.state} for one in incidents.get(case.id).alerts]


def _transferred(case: Case) -> None:
    _then("transfer", _department, mode="fengqiao")(case)
    case.world.deliveries.drain()


def _uncounted(case: Case) -> None:
    """The timer that is set when figures or heads could not be written."""
    from chalicelib.adapters.timers import wake
    from chalicelib.domain.timers import Timer, TimerKind

    filed()(case)
    for kind in (TimerKind.UNCOUNTED, TimerKind.UNNOTED):
        now = case.world.clock.now()
        wake(Timer(kind=kind, incident_id=case.id, due_at=now), now=now)
    case.world.deliveries.look()


def _nobody_sent(case: Case) -> None:
    """Answered, and for almost five minutes its owner works on it, polls, and sends nobody."""
    answered()(case)
    asked = ""
    for _ in range(29):
        page = case.must("seat1", "GET", f"/console/feed{asked}")
        asked = f"?cursor={quote(page['cursor'])}"
        case.world.deliveries.settle(10)


def _told_that_nobody_was_sent(case: Case) -> Iterator[str]:
    """Its owner, who polls no more, falls silent first while the world goes on beside a slow answer."""
    then = [one for one in case.record()["timeline"] if one["kind"] in ("alert.sending", "incident.released")]
    if then[0]["kind"] == "alert.sending" and then[0]["details"]["reasons"] != ["undispatched"]:
        yield f"somebody was told of {then[0]['details']['reasons']}"
    if Fault.SLOW not in case.faults and then[0]["kind"] == "incident.released":
        yield "nobody was told"


def _swept(case: Case) -> Answer:
    return DONE if case.world.deliveries.sweep() else FAILED


def _lose_timers(prepare: Callable[[Case], Any], seconds: float) -> Callable[[Case], None]:
    """Prepared, and then every message lost and time gone by: only the sweep can find it."""

    def lose(case: Case) -> None:
        prepare(case)
        case.world.deliveries.drain()
        case.world.deliveries.timers = []
        case.world.clock.pass_by(seconds)
        case.idle += timedelta(seconds=seconds)

    return lose


def swept(
    name: str, prepare: Callable[[Case], Any], lost: float, expect: Any, seconds: float = 70
) -> Operation:
    """What the sweep finds when the timers were lost so many seconds ago."""
    lose = _lose_timers(prepare, lost)
    return Operation(name=f"sweep {name}", prepare=lose, act=_swept, expect=expect, seconds=seconds)


FOLLOWING = [
    # Before the next commander is told.
    followed("a report", _watched, _hits, 40),
    followed("two of one citizen", _twice, _second_is_a_repeat),
    followed("a live report", _new("video110", position=None)),
    followed("an answer", lambda case: (filed("video110")(case), case.work("answer"))),
    followed("a dispatch", _then("dispatch", lambda c: {"unit_id": unit_id(c)}), _officer_texted),
    followed("a closing", _then("close", {"disposition": "false_report"}, mode="video110")),
    followed("a transfer", _then("transfer", _department, mode="fengqiao"), stands("transfer.returned")),
    followed("one who left", _left, _texted_back),
    followed("a caller who moves", _moving, _whole_track),
    timed(
        "of a silent owner",
        "owner_silent",
        answered(),
        stands("incident.released"),
        seconds=30,
    ),
    timed("of an answer without an officer", "alert", _nobody_sent, _told_that_nobody_was_sent),
    timed("of a booked consult", "booked", _night, stands("incident.rang"), seconds=5),
    timed("of an untaken transfer", "transfer_untaken", _transferred, stands("transfer.returned")),
    timed(
        "of an officer's text",
        "text_officer",
        _dispatched_and_followed,
        _officer_texted,
    ),
    Operation(
        name="timer of an officer's text, asked again in ten seconds",
        prepare=_dispatched_and_followed,
        act=_due("text_officer"),
        expect=_officer_texted,
        seconds=30,
        only=((TEXTS, Fault.REFUSED), (TEXTS, Fault.FAILING)),
    ),
    timed("of a text back", "text_back", _left_and_followed, _texted_back, seconds=130),
    timed("of an unanswered call", "alert", filed("video110", callback_allowed=True), _told_in_turn(3), 420),
    timed("of what was not counted", "uncounted", _uncounted, lambda _: iter(()), 5),
    timed("of what was not noted", "unnoted", _uncounted, lambda _: iter(()), 5),
    swept("an unanswered call", filed("video110"), 30, _told_in_turn(3), 420),
    swept("a silent owner", answered(), 60, stands("incident.released")),
    swept("an untaken transfer", _transferred, 60, stands("transfer.returned")),
    swept("a dead page", filed("voice"), 100, stands("incident.abandoned")),
]
