"""One operation with its faults: prepared clean, spoilt once, gone on with, healed, and looked at."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tests.faults.case import Case, attempt, persist
from tests.faults.outside import Call, Fault, Watch
from tests.faults.promises import broken, told_in_time
from tests.faults.world import Answer, World

Findings = Iterator[str]

TEXTS = "sns:Publish"
NUMBER = re.compile(r"\b\d{6}-[0-9A-Z]{7}\b")
"""An incident's number in a text."""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """What is tried: `act` is asked again as its client or its queue would, until it gets a proper answer.

    `then` are the slugs of refusals that are as good as done when it is asked again. `seconds` is how long
    the world goes on afterwards, and `expect` what must have come of it.
    """

    name: str
    prepare: Callable[[Case], Any]
    act: Callable[[Case], Answer]
    expect: Callable[[Case], Findings] = lambda _: iter(())
    then: tuple[str, ...] = ()
    seconds: float = 70
    safe_after: str = ""
    """Once a call of this name was made, no fault costs the answer."""

    only: tuple[tuple[str, Fault], ...] = ()
    """Where not everything heals in so short a time: the calls and faults that it is about."""

    def tries(self, call: Call) -> tuple[Fault, ...]:
        """The faults that are tried at a call."""
        return tuple(one for one in call.faults if not self.only or (call.name, one) in self.only)


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one case; `met` is False when the spoilt call was not made."""

    operation: str
    faults: Mapping[int, Fault]
    calls: list[str]
    met: bool
    findings: list[str]


class Clean(msgspec.Struct, frozen=True, kw_only=True):
    """An operation's outside calls when nothing goes wrong, and the requests, by method and path, it made."""

    calls: list[Call]
    asked: list[tuple[str, str]]


def clean(world: World, operation: Operation) -> Clean:
    """The operation with nothing spoilt; raises AssertionError if it does not hold."""
    case, before = _prepared(world, operation), len(world.asked)
    with world.outside.watching() as watch:
        answer = attempt(lambda: operation.act(case))
    asked = world.asked[before:]
    assert answer.is_done, (operation.name, answer)
    findings = _after(case, operation)
    assert not findings, (operation.name, findings)
    _clear(case)
    return Clean(calls=watch.calls, asked=asked)


def spoil(world: World, operation: Operation, faults: Mapping[int, Fault]) -> Round:
    """One case with these faults."""
    case, before = _prepared(world, operation), len(world.outside.sent)
    case.faults = frozenset(faults.values())
    with world.outside.watching(faults) as watch:
        first = attempt(lambda: operation.act(case))
    world.forget()
    findings = [*_answer_lost(operation, watch, first)]
    if not 0 < first.status < 500:
        answers = list(persist(lambda: operation.act(case)))
        first = answers[-1]
    watch.deliver_late()
    if not first.is_done and first.slug not in operation.then:
        findings.append(f"never taken: {first.status} {first.slug}")
    spoilt = [watch.calls[number].name for number in watch.met]
    case.sent_again = sent_again(watch, world.outside.sent[before:])
    findings += _after(case, operation)
    _clear(case)
    return Round(
        operation=operation.name,
        faults=faults,
        calls=spoilt,
        met=len(watch.met) == len(faults),
        findings=findings,
    )


def _answer_lost(operation: Operation, watch: Watch, answer: Answer) -> Findings:
    """What is stored is answered, whatever fails after it; but the dead say nothing."""
    names = [call.name for call in watch.calls]
    if not operation.safe_after or operation.safe_after not in names or not watch.met:
        return
    if min(watch.met) > names.index(operation.safe_after) and answer.status >= 500:
        yield f"what failed after it was stored cost the answer: {answer.status}"


def sent_again(watch: Watch, sent: Sequence[tuple[str, Any]]) -> Counter[str]:
    """How many texts may go out once more of each incident of which texts were `sent` then.

    By the incident's number, or by the telephone's for a text that names none.

    One at each attempt, and one when a text was sent but not recorded; none for an answer that was only slow.
    """
    names = [call.name for call in watch.calls]
    spoilt = [number for number, fault in watch.met.items() if fault is not Fault.SLOW]
    attempts = sum(watch.calls[number].attempts for number in spoilt if names[number] == TEXTS)
    times = attempts + any(TEXTS in names[:number] for number in spoilt)
    texts = [told for kind, told in sent if kind == "text"]
    of = {(NUMBER.findall(one["Message"]) or [one["PhoneNumber"]])[0] for one in texts}
    return Counter(dict.fromkeys(of, times))


def _prepared(world: World, operation: Operation) -> Case:
    world.begin_case()
    case = Case(world)
    operation.prepare(case)
    world.forget()
    return case


def _after(case: Case, operation: Operation) -> list[str]:
    case.world.deliveries.settle(operation.seconds)
    return [*broken(case), *operation.expect(case), *told_in_time(case)]


def _clear(case: Case) -> None:
    """Take the case's cards and lines away, so that the next one's sweeps have little to look at."""
    case.world.end_case()
