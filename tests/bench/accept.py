"""The accept path beside its floor and its peers: the same event, the same local AWS, by turns."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.contenders import (
    ALL,
    FLOOR,
    OWN,
    PEERS_ASKED,
    Contender,
    instructions,
    must_agree,
    running,
    write_event,
)
from tests.bench.rows import Row, times

ROUNDS, A_TURN = 40, 5
COLD_ROUNDS = 3
WARM, COUNTED = 5, 10
LIMIT = 1.5

PROFILED = 200
TRIED = """
What was done: the client of all tables checks no parameters and has a short name
(`chalicelib/adapters/aws.py`), garbage is looked for seldom (`chalicelib/__init__.py`), only the edges of the
outline that may be near are measured, and only texts beyond ASCII are looked through for half characters.
What was tried: looking for garbage after 700, 5,000 and 200,000 new objects and not after the 50,000 of that
time, which took 5.5, 5.3 and 5.2 ms of processor time beside 5.0 in one run on a busy machine.
"""

Figures = dict[str, float]


def accept_rows(notes: list[str]) -> Iterator[Row]:
    """Milliseconds of the clock and of the processor, function calls, and instructions.

    When the clock or the processor misses the target, where the time goes is added to the notes.
    """
    with tempfile.TemporaryDirectory() as folder:
        event = write_event(Path(folder))
        yield _first(event)
        wall, cpu, calls = _by_turns(event)
        timed = [
            _row("accept a report, clock", wall, "ms"),
            _row("accept a report, processor time of the function", cpu, "ms"),
        ]
        yield from timed
        if not all(row.kept for row in timed):
            notes.append(_where_it_goes(event))
        yield _row("accept a report, function calls of Python and C", calls, "calls")
        counted = {one.name: instructions(one, event, warm=WARM, counted=COUNTED) for one in ALL}
        known = {name: figure / 1e6 for name, figure in counted.items() if figure is not None}
        if len(known) == len(ALL):
            yield _row("accept a report, instructions by callgrind", known, "million")
        else:
            yield Row(what="accept a report, instructions by callgrind", ours="no valgrind here", beside="")


def _first(event: Path) -> Row:
    """The two together: ours makes its clients with the first report, the others as they are imported."""
    seen: dict[str, list[float]] = {entrant.name: [] for entrant in ALL}
    for _ in range(COLD_ROUNDS):
        for entrant in ALL:
            contender = Contender(entrant, event)
            seen[entrant.name].append(sum(contender.ask("first")))
            contender.end()
    medians = {name: statistics.median(each) for name, each in seen.items()}
    return Row(
        what="import and first report of a new process, processor time",
        ours=f"{medians.pop(OWN.name):.0f} ms",
        beside=", ".join(f"{name} {one:.0f} ms" for name, one in medians.items()),
    )


def _by_turns(event: Path) -> tuple[Figures, Figures, Figures]:
    """Medians of the clock and of processor time in ms, and how many calls."""
    with running(ALL, event) as contenders:
        must_agree(contenders)
        for contender in contenders:
            contender.ask("wall", WARM)
        times_of: dict[str, list[list[int]]] = {contender.entrant.name: [] for contender in contenders}
        for _ in range(ROUNDS):
            for contender in contenders:
                times_of[contender.entrant.name] += contender.ask("wall", A_TURN)
        calls = {contender.entrant.name: contender.ask("calls", A_TURN) for contender in contenders}
    wall, cpu = (
        {name: statistics.median(one[which] for one in each) / 1e6 for name, each in times_of.items()}
        for which in (0, 1)
    )
    return wall, cpu, calls


def _where_it_goes(event: Path) -> str:
    """What each package spends of a report, dearest first."""
    contender = Contender(OWN, event)
    contender.ask("wall", WARM)
    spent: dict[str, float] = contender.ask("profile", PROFILED)
    contender.end()
    rows = [f"| {name} | {one:.2f} |" for name, one in sorted(spent.items(), key=lambda pair: -pair[1])]
    head = "What each spends of an accepted report, by cProfile, which makes small functions look dear:\n\n"
    return head + "| package | ms |\n| --- | --- |\n" + "\n".join(rows[:12]) + "\n" + TRIED


def _row(what: str, figures: Figures, unit: str) -> Row:
    own, floor = figures[OWN.name], figures[FLOOR.name]
    peers = [figures[one.name] for one in PEERS_ASKED]
    beside = ", ".join(f"{one.name} {_plain(figures[one.name])}" for one in (FLOOR, *PEERS_ASKED))
    ratio = times(own, floor)
    return Row(
        what=what,
        ours=f"{_plain(own)} {unit}, {ratio:.2f} × the floor",
        beside=beside,
        target=f"≤ {LIMIT} × the floor, below both peers",
        kept=ratio <= LIMIT and own < min(peers),
    )


def _plain(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 1000 else f"{figure:.2f}"
