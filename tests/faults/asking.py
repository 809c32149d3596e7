"""How operations are written down: prepared in steps, asked by one request, checked by the record."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

from tests.faults.case import INSIDE, JSON, Case, new_key, texts
from tests.faults.rounds import Operation
from tests.faults.world import Answer

Prepare = Callable[[Case], Any]
Body = Callable[[Case], Any]

UNIT_PHONE = "+8613800000001"

FAR_FROM_THE_LAST = 3571
_places = count()


def somewhere() -> JSON:
    """A place in the county where no other case is: the next of 6,000, each 180 m from the others.

    No other has its latitude or its longitude, each of six decimals: so they can be looked for.
    """
    number = next(_places)
    row, column = divmod(number * FAR_FROM_THE_LAST % 6000, 80)
    millionths = number % 397 * 10 // 9 + 1
    return {
        **INSIDE,
        "lat": round(36.30 + row * 0.002 + millionths / 1e6, 6),
        "lng": round(118.40 + column * 0.0025 + millionths / 1e6, 6),
    }


def keyed(prepare: Prepare) -> Prepare:
    """Prepare, and keep one key for all that is asked."""

    def both(case: Case) -> None:
        prepare(case)
        case.at["key"] = new_key()

    return both


def filed(mode: str = "photo-text", **body: Any) -> Prepare:
    """A report that has been followed."""

    def prepare(case: Case) -> None:
        case.report(mode, **body)
        case.world.deliveries.drain()

    return prepare


def answered(mode: str = "photo-text", **body: Any) -> Prepare:
    """A report that seat1 has answered."""

    def prepare(case: Case) -> None:
        filed(mode, **body)(case)
        case.work("answer")
        case.world.deliveries.drain()

    return prepare


def unit_id(case: Case) -> str:
    """The unit whose officer has `UNIT_PHONE`."""
    units = case.must("seat1", "GET", "/console/units")["items"]
    return str(next(one["id"] for one in units if one["phone"] == UNIT_PHONE))


def dispatched(mode: str = "photo-text") -> Prepare:
    """An answered report to which an officer was sent; his text has gone out."""

    def prepare(case: Case) -> None:
        answered(mode)(case)
        case.work("dispatch", {"unit_id": unit_id(case)})
        case.world.deliveries.settle(2, sweeps=False)
        case.at["token"] = link_token(case)
        case.at["dispatch"] = case.record()["dispatches"][-1]["dispatch_id"]

    return prepare


def link_token(case: Case) -> str:
    """The token in the newest text to the officer."""
    return str(texts(case.world, UNIT_PHONE)[-1]["Message"].rpartition("#")[2])


def opened(case: Case) -> None:
    """An officer with his link open."""
    dispatched()(case)
    case.at["device"] = "d" * 32
    assert officer(case, "POST", "/link/open", {"last_digits": UNIT_PHONE[-4:]}).is_done


def officer(case: Case, method: str, path: str, body: Any = None, key: str | None = None) -> Answer:
    """A request of the officer's page."""
    headers = {"X-Link-Token": case.at["token"], "X-Device-Key": case.at.get("device", "d" * 32)}
    return case.world.ask(None, method, path, body, key=key, headers=headers)


def alerted(case: Case) -> None:
    """A live report nobody answered, of which the first commander was texted."""
    filed("video110", position=somewhere())(case)
    case.world.deliveries.settle(17, sweeps=False)
    sent = texts(case.world)[-1]
    number = case.record()["incident"]["number"]
    assert number in sent["Message"], sent
    case.at["token"] = sent["Message"].rpartition("#")[2].split("，")[0].split(" ")[0]
    case.at["phone"] = sent["PhoneNumber"]
    case.at["device"] = "d" * 32


def by_citizen(
    name: str,
    method: str,
    path: str,
    body: Body = lambda _: None,
    *,
    prepare: Prepare,
    kind: str | None = None,
    times: int = 1,
    with_key: bool = False,
    then: tuple[str, ...] = (),
) -> Operation:
    """What a citizen asks of her own report."""

    def act(case: Case) -> Answer:
        address = path.format(incident_id=case.id) if case.filed else path
        key = case.at["key"] if with_key else None
        return case.world.ask(case.citizens[0].token, method, address, body(case), key=key)

    return Operation(
        name=name, prepare=keyed(prepare), act=act, expect=stands(kind, times), then=then, seconds=30
    )


def by_staff(
    name: str,
    path: str,
    body: Body = lambda _: {},
    *,
    prepare: Prepare,
    kind: str | None = None,
    times: int = 1,
    who: str = "seat1",
    method: str = "POST",
    with_key: bool = False,
    then: tuple[str, ...] = (),
    seconds: float = 30,
) -> Operation:
    """What staff asks; a path without a slash at its front is a piece of work on the case's incident."""

    def act(case: Case) -> Answer:
        address = path if path.startswith("/") else f"/console/incidents/{case.id}/{path}"
        key = case.at["key"] if with_key else None
        token = case.world.staff(who)
        return case.world.ask(token, method, address.format(**case.at), body(case), key=key)

    expect = stands(kind, times)
    return Operation(name=name, prepare=keyed(prepare), act=act, expect=expect, then=then, seconds=seconds)


def by_officer(
    name: str, path: str, body: Body, *, prepare: Prepare, kind: str, with_key: bool = False
) -> Operation:
    """What an officer asks through his link."""

    def act(case: Case) -> Answer:
        return officer(case, "POST", path, body(case), key=case.at["key"] if with_key else None)

    return Operation(name=name, prepare=keyed(prepare), act=act, expect=stands(kind), seconds=5)


def stands(kind: str | None, times: int = 1) -> Callable[[Case], Iterator[str]]:
    """That an entry of this kind stands in the timeline exactly that often."""

    def expect(case: Case) -> Iterator[str]:
        if kind is not None:
            found = case.kinds().count(kind)
            if found != times:
                yield f"{kind} stands {found} times in the timeline and not {times}"

    return expect


def ago(case: Case, minutes: int) -> str:
    """A moment some minutes ago, as JSON has it."""
    return (case.world.clock.now() - timedelta(minutes=minutes)).isoformat()
