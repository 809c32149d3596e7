"""The accept path beside its floor and its peers: the same event, the same local AWS, by turns."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.contenders import (
    ALL,
    AS_THEY_COME,
    FLOOR,
    LEAN_PEERS,
    OWN,
    PEERS_ASKED,
    Contender,
    Entrant,
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
What a lean peer spares is what it does not do: PynamoDB's models around botocore, the place judged, the
timeline hashed, what is wrong flagged, a line of log. What was done: only the edges of the outline that may
be near are measured, and only texts beyond ASCII are looked through for half characters. What was tried
by hand, on 2026-11-30: looking for garbage after 700, 5,000 and 200,000 new objects and not after the 50,000
of that time, which took 5.5, 5.3 and 5.2 ms of processor time beside 5.0 in one run on a busy machine. What
was not done: storing a report past PynamoDB, which made nearly half of the calls beyond those of the floor.
"""

Figures = dict[str, float]


def accept_rows(notes: list[str]) -> Iterator[Row]:
    """Milliseconds of the clock and of the processor, function calls, and instructions.

    When a target is missed, where the time goes is added to the notes.
    """
    with tempfile.TemporaryDirectory() as folder:
        event = write_event(Path(folder))
        with running(ALL, event) as contenders:
            must_agree(contenders)
            yield _requests({one.entrant.name: one.ask("requests") for one in contenders})
        yield _first(event)
        wall, cpu, calls = _by_turns(event)
        rows = [
            *_rows("clock", wall, "ms"),
            *_rows("processor time of the function", cpu, "ms"),
            *_rows("function calls of Python and C", calls, "calls"),
            *_rows("instructions by callgrind", _counted(event), "million"),
        ]
        yield from rows
        if not all(row.kept for row in rows):
            notes.append(_where_it_goes(event))


def _requests(figures: dict[str, list[int]]) -> Row:
    """Requests to AWS of a report, and of the same one again."""
    own = figures[OWN.name]
    others = (f"{one.name} {_two(figures[one.name])}" for one in AS_THEY_COME if one is not OWN)
    return Row(
        what="requests that file a picture report, before its pictures, and its retry",
        ours=_two(own),
        beside=", ".join(others),
        target="≤ 3",
        kept=max(own) <= 3,
    )


def _two(figures: list[int]) -> str:
    return ", then ".join(map(str, figures))


def _first(event: Path) -> Row:
    """The two together: ours makes its clients with the first report, the others as they are imported."""
    seen: dict[str, list[float]] = {entrant.name: [] for entrant in AS_THEY_COME}
    for _ in range(COLD_ROUNDS):
        for entrant in AS_THEY_COME:
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


def _counted(event: Path) -> Figures:
    """Millions of instructions; nothing where there is no valgrind."""
    counted = {one.name: instructions(one, event, warm=WARM, counted=COUNTED) for one in ALL}
    return {name: figure / 1e6 for name, figure in counted.items() if figure is not None}


def _rows(measured: str, figures: Figures, unit: str) -> Iterator[Row]:
    """Beside the floor and the peers as they come, and beside the peers with what spares ours work."""
    what = f"accept a report, {measured}"
    if len(figures) < len(ALL):
        yield Row(what=what, ours="no valgrind here", beside="")
        return
    own, ratio = figures[OWN.name], times(figures[OWN.name], figures[FLOOR.name])
    yield Row(
        what=what,
        ours=f"{_plain(own)} {unit}, {ratio:.2f} × the floor",
        beside=_beside(figures, (FLOOR, *PEERS_ASKED)),
        target=f"≤ {LIMIT} × the floor, below both peers",
        kept=ratio <= LIMIT and own < _least(figures, PEERS_ASKED),
    )
    dearest = times(own, _least(figures, LEAN_PEERS))
    yield Row(
        what=f"the same, {measured}, beside lean peers",
        ours=f"{_plain(own)} {unit}, {dearest:.2f} × the lesser",
        beside=_beside(figures, LEAN_PEERS),
        target="below both",
        kept=dearest < 1,
    )


def _beside(figures: Figures, entrants: tuple[Entrant, ...]) -> str:
    return ", ".join(f"{one.name} {_plain(figures[one.name])}" for one in entrants)


def _least(figures: Figures, entrants: tuple[Entrant, ...]) -> float:
    return min(figures[one.name] for one in entrants)


def _plain(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 1000 else f"{figure:.2f}"
