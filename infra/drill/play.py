"""Plays the calls of a stretch of the day, at the day's pace or faster, and tells what came of it."""

import os
import platform
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime

import msgspec

from infra.drill.audit import read_back, unseen, unshown
from infra.drill.callers import Caller
from infra.drill.calls import Call, clock
from infra.drill.desk import Desk
from infra.drill.marks import MAP, SERIES
from infra.drill.officers import Officer, TextLog
from infra.drill.scene import Scene
from infra.drill.seats import Seat
from infra.drill.service import JSON

TAIL_SECONDS = 2400
"""How long after the last call the day may go on until all is closed, seconds of the day."""

TAIL_AT_LEAST_SECONDS = 60
SIGN_OFF_SECONDS = 5


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What to play and against what. Without `aws_endpoint` there are no texts to read and no officers."""

    url: str
    accounts: list[JSON]
    calls: list[Call]
    speed: float
    start_s: int
    end_s: int
    seats: int
    seed: int = 110
    aws_endpoint: str | None = None
    tokens: tuple[str, ...] = ()


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a drill; `series` has for each call when it began and how long it took, in seconds."""

    speed: float
    window: str
    calls: int
    seats: int
    started_at: str
    machine: str
    load: tuple[float, float]
    series: dict[str, list[tuple[float, float]]]
    counts: dict[str, int]
    lost: list[str]
    faults: list[str]


def play(asked: Asked) -> Result:
    """Play it to its end, read everything back, and take away what was put up for it."""
    scene = Scene(speed=asked.speed, start_s=asked.start_s, end_s=asked.end_s, seed=asked.seed)
    desk = Desk(scene, asked.url, asked.accounts)
    calls = [call for call in asked.calls if asked.start_s <= call.offset_s < asked.end_s]
    started_at, load = datetime.now(UTC), os.getloadavg()[0]
    with ExitStack() as put_up:
        accounts = put_up.enter_context(desk.seats(asked.seats))
        if asked.aws_endpoint:
            scene.tally.add("places watched", put_up.enter_context(desk.watched(calls)))
        _play_day(scene, desk, asked, calls, accounts)
        waited_in_vain, off_the_map = unseen(scene), unshown(scene)
        scene.tally.add("points sent to an open panel and not measured", len(scene.marks.open(MAP)))
        scene.tally.add("closed by the commander at the end", desk.close_the_rest())
        lost = read_back(scene, asked.url, desk.signed_in("commander"))
    return Result(
        speed=asked.speed,
        window=f"{clock(asked.start_s)}–{clock(asked.end_s)}",
        calls=len(calls),
        seats=asked.seats,
        started_at=started_at.isoformat(timespec="seconds"),
        machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        load=(round(load, 1), round(os.getloadavg()[0], 1)),
        series={name: scene.marks.took(name) for name in SERIES},
        counts=scene.tally.counts(),
        lost=[*lost, *waited_in_vain, *off_the_map, *_unfiled(scene, calls)],
        faults=scene.faults,
    )


def _play_day(scene: Scene, desk: Desk, asked: Asked, calls: list[Call], accounts: list[JSON]) -> None:
    texts = TextLog(asked.aws_endpoint, scene.tally) if asked.aws_endpoint else None
    units = desk.units() if texts is not None else []
    seats = [Seat(scene, asked.url, one, units) for one in accounts]
    for seat in seats:
        seat.page.put("/console/seat", {"state": "ready"})
    scene.begin()
    people = [_start(work) for seat in seats for work in (seat.poll, seat.serve)]
    if texts is not None:
        people.append(_start(lambda: texts.follow(scene.over, _sender(scene, asked.url, people))))
    people += _callers(scene, asked, calls)
    _wait_until_closed(scene, len(calls))
    scene.over.set()
    for person in list(people):
        person.join(SIGN_OFF_SECONDS + TAIL_AT_LEAST_SECONDS)
    for seat in seats:
        seat.page.put("/console/seat", {"state": "off"})


def _callers(scene: Scene, asked: Asked, calls: Iterable[Call]) -> list[threading.Thread]:
    """Start each caller at her time."""
    started = []
    for number, call in enumerate(calls):
        scene.over.wait(max(0.0, scene.until(call.offset_s)))
        token = asked.tokens[number % len(asked.tokens)] if asked.tokens else None
        started.append(_start(Caller(scene, asked.url, call, token=token).run))
    return started


def _sender(scene: Scene, url: str, people: list[threading.Thread]) -> Callable[[str, str, str], None]:
    """Who gets the texts: an officer for each link to an incident of this drill."""

    def tell(number: str, token: str, phone: str) -> None:
        if scene.by_number(number) is not None:
            people.append(_start(Officer(scene, url, token=token, phone=phone).run))

    return tell


def _wait_until_closed(scene: Scene, calls: int) -> None:
    """Let the day end: until all is closed but what is booked for later, or the tail is over."""
    left = max(TAIL_SECONDS / scene.speed, TAIL_AT_LEAST_SECONDS)
    while left > 0 and not scene.over.wait(0.5):
        left -= 0.5
        booked = {filed.incident_id for filed in scene.all_filed() if filed.booked}
        if scene.tally.counts().get("reports taken", 0) + len(scene.faults) >= calls and not (
            set(scene.open_ids()) - booked
        ):
            return


def _unfiled(scene: Scene, calls: list[Call]) -> list[str]:
    missing = len(calls) - scene.tally.counts().get("reports taken", 0)
    return [f"{missing} calls were never taken"] if missing else []


def _start(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread
