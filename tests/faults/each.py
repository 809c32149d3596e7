"""Runs operations against faults and prints what became of them: `python -m tests.faults.each`.

Each case is one operation, one of its outside calls, one fault; `--pairs` adds cases with two. Ends with 1
when a promise was broken.
"""

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.faults.operations import NOT_TRIED, OPERATIONS
from tests.faults.outside import Call, Fault
from tests.faults.promises import miscounted
from tests.faults.rounds import Clean, Operation, Round, clean, spoil
from tests.faults.world import World, a_world

Faults = Mapping[int, Fault]


def main() -> int:
    """Run what the arguments ask for."""
    asked = _arguments()
    chosen = [one for name, one in OPERATIONS.items() if any(part in name for part in asked.only)]
    exact = [one for one in chosen if one.name in asked.only]
    chosen = exact or chosen
    if asked.operations is not None:
        chosen = random.Random(asked.seed).sample(chosen, asked.operations)
    with tempfile.TemporaryDirectory() as directory, a_world(Path(directory)) as world:
        began = time.monotonic()
        runs = dict(_clean(world, chosen))
        known = {name: run.calls for name, run in runs.items()}
        print(f"{len(known)} operations, {sum(map(len, known.values()))} outside calls", flush=True)
        cases = _cases(known, asked)
        rounds = list(_rounds(world, cases, until=time.monotonic() + asked.seconds))
        broken_days = _days(world, asked.days) if asked.days else 0
        wrong = miscounted(world)
    _print(known, rounds)
    print(f"\n{len(rounds)} of {len(cases)} cases, {_summary(rounds)}, {time.monotonic() - began:.0f} s")
    if len(rounds) < len(cases):
        print(f"the time is over; `--after {asked.after + len(rounds)}` goes on")
    if wrong:
        print(f"BROKEN figures: {wrong}")
    unasked = _unasked(world, runs.values()) if len(chosen) == len(OPERATIONS) else []
    if unasked:
        print(f"BROKEN no operation asks {', '.join(unasked)}")
    whole = len(known) == len(chosen) and bool(rounds or not cases)
    fine = whole and not wrong and not broken_days and not unasked
    return 1 if any(one.findings for one in rounds) or not fine else 0


def _clean(world: World, chosen: list[Operation]) -> Iterator[tuple[str, Clean]]:
    """Each operation that holds when nothing goes wrong; one that does not is said."""
    for one in chosen:
        try:
            yield one.name, clean(world, one)
        except (AssertionError, KeyError, IndexError) as fault:
            print(f"BROKEN {one.name} [nothing spoilt]: {fault!r}", flush=True)


def _unasked(world: World, runs: Iterable[Clean]) -> list[str]:
    """The routes that change something and are neither tried by an operation nor left out for a reason."""
    asked = {one for run in runs for one in run.asked}
    routes = [(method, path) for path, methods in world.app.routes.items() for method in methods]
    return [
        f"{method} {path}"
        for method, path in routes
        if method != "GET" and (method, path) not in NOT_TRIED and not _is_among(method, path, asked)
    ]


def _is_among(method: str, route: str, asked: set[tuple[str, str]]) -> bool:
    """Whether any request was one to that route."""
    shape = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", route))
    return any(method == one and shape.fullmatch(path) for one, path in asked)


def _days(world: World, steps: int) -> int:
    from tests.faults.days import FIRST_SEED, play

    return play(world, range(FIRST_SEED, FIRST_SEED + 1), steps=steps, within_seconds=1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[""])
    parser.add_argument("--operations", type=int, help="only so many operations, by chance")
    parser.add_argument("--sample", type=int, help="only so many cases, by chance")
    parser.add_argument("--pairs", type=int, default=0)
    parser.add_argument("--seed", type=int, default=110)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--fault", help="this fault alone")
    parser.add_argument("--call", default="", help="only at calls whose name contains this")
    parser.add_argument("--part", default="1/1", help="2/5 runs the second fifth of the cases")
    parser.add_argument("--after", type=int, default=0, help="begin behind so many cases")
    parser.add_argument("--days", type=int, help="in the same world a random day of so many steps")
    return parser.parse_args()


def _cases(known: Mapping[str, list[Call]], asked: argparse.Namespace) -> list[tuple[str, Faults]]:
    """Every operation, call and fault; or a sample of them, and pairs."""
    # Parts that run side by side draw different pairs.
    chance = random.Random(f"{asked.seed}, part {asked.part}")
    every: list[tuple[str, Faults]] = [
        (name, {number: fault})
        for name, calls in known.items()
        for number, call in enumerate(calls)
        for fault in OPERATIONS[name].tries(call)
        if asked.call in call.name and asked.fault in (None, fault)
    ]
    part, parts = map(int, asked.part.split("/"))
    every = every[part - 1 :: parts]
    if asked.sample is not None:
        every = chance.sample(every, min(asked.sample, len(every)))
    every += [_pair(known, chance) for _ in range(asked.pairs)]
    return every[asked.after :]


def _pair(known: Mapping[str, list[Call]], chance: random.Random) -> tuple[str, Faults]:
    """Two calls of one operation spoilt in one case."""
    name = chance.choice([one for one, calls in known.items() if len(calls) > 1 and not OPERATIONS[one].only])
    numbers = chance.sample(range(len(known[name])), 2)
    return name, {number: chance.choice(known[name][number].faults) for number in numbers}


def _rounds(world: World, cases: list[tuple[str, Faults]], *, until: float) -> Iterator[Round]:
    for name, faults in cases:
        if time.monotonic() > until:
            return
        try:
            done = spoil(world, OPERATIONS[name], faults)
        except Exception as fault:
            findings = [f"not looked at: {fault!r:.500}"]
            done = Round(operation=name, faults=faults, calls=[], met=True, findings=findings)
        if done.findings:
            print(_line(done), flush=True)
        yield done


def _line(done: Round) -> str:
    spoilt = ", ".join(f"call {number} {fault}" for number, fault in done.faults.items())
    return f"BROKEN {done.operation} [{spoilt}: {', '.join(done.calls)}]: {json.dumps(done.findings)}"


def _summary(rounds: list[Round]) -> str:
    met, broken = sum(one.met for one in rounds), sum(bool(one.findings) for one in rounds)
    return f"in {met} the faults were met, {broken} broken"


def _print(known: Mapping[str, list[Call]], rounds: list[Round]) -> None:
    """The table: operations, their calls, how often each fault was met, and what broke."""
    columns = list(Fault)
    print("\n| operation | calls | " + " | ".join(columns) + " | two | broken |")
    print("| --- |" + " --- |" * (len(columns) + 3))
    for name, calls in known.items():
        own = [one for one in rounds if one.operation == name]
        met: Counter[Fault] = Counter()
        for one in own:
            if len(one.faults) == 1 and one.met:
                met[next(iter(one.faults.values()))] += 1
        two = sum(len(one.faults) > 1 for one in own)
        broken = sum(bool(one.findings) for one in own)
        cells = [str(met[fault] or "") for fault in columns]
        print(f"| {name} | {len(calls)} | {' | '.join(cells)} | {two or ''} | {broken or ''} |")


if __name__ == "__main__":
    sys.exit(main())
