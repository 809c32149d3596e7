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

Figures = dict[str, float]


def accept_rows() -> Iterator[Row]:
    """Milliseconds of the clock and of the processor, function calls, and instructions."""
    with tempfile.TemporaryDirectory() as folder:
        event = write_event(Path(folder))
        yield _first(event)
        wall, cpu, calls = _by_turns(event)
        yield _row("accept a report, clock", wall, "ms")
        yield _row("accept a report, processor time of the function", cpu, "ms")
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
