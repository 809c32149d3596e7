"""The figures of drills as text: what they took, what happened, what was lost."""

from collections.abc import Sequence

from infra.drill.marks import SERIES, percentile
from infra.drill.play import Result

PERCENTS = {50: 1, 95: 20, 99: 100}
"""Each with how many values it takes: of fewer it would be the greatest, which has a column of its own."""

SHOWN_AT_MOST = 20


def table(results: Sequence[Result]) -> str:
    """A row for each drill and series, milliseconds."""
    rows = [
        "| measured | drill | seats | n | p50, ms | p95, ms | p99, ms | most, ms |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    rows += [_row(name, result) for name in SERIES for result in results if result.series.get(name)]
    return "\n".join(rows)


def account(result: Result) -> str:
    """What happened in one drill, as lines."""
    head = f"{result.calls} calls of {result.window} at {result.speed:g}×, {result.seats} seats"
    lines = [
        head,
        f"started {result.started_at}; {result.machine}; load {result.load[0]} to {result.load[1]}",
    ]
    lines += [f"  {count:>8,}  {name}" for name, count in result.counts.items()]
    lines.append(f"lost: {len(result.lost) or 'nothing'}")
    lines += [f"  {line}" for line in result.lost[:SHOWN_AT_MOST]]
    lines.append(f"faults of the drill's people: {len(result.faults) or 'none'}")
    lines += [f"  {line}" for line in result.faults[:SHOWN_AT_MOST]]
    return "\n".join(lines)


def _row(name: str, result: Result) -> str:
    took = sorted(seconds * 1000 for _, seconds in result.series[name])
    cells = [
        f"{percentile(took, percent):,.0f}" if len(took) >= enough else "–"
        for percent, enough in PERCENTS.items()
    ]
    drill = f"{name} | {result.speed:g}× | {result.seats} | {len(took)}"
    return f"| {drill} | {' | '.join(cells)} | {took[-1]:,.0f} |"
