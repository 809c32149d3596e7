"""Draws drills as SVG, by hand: how many of the measurements took how long, a curve a drill."""

import math
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from infra.drill.marks import MEANING, SERIES
from infra.drill.play import Result

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 56, 84
COLOURS = ("#1f6fb2", "#c4501b", "#2f8f5b", "#7a4fa3", "#8a6d1d", "#b03060")
DASHES = ("", "7 4", "2 3", "10 3 2 3", "4 4", "1 3")
"""Curves differ by their dashes too, for who sees no colours and for a page in print."""

SHARES = (0, 25, 50, 75, 90, 95, 100)


def draw_all(results: Sequence[Result], folder: Path) -> list[Path]:
    """One file a series that anything was measured of; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in SERIES:
        curves = [
            (label(one), sorted(s for _, s in one.series[name])) for one in results if one.series.get(name)
        ]
        if curves:
            path = folder / f"{name.replace(' → ', '-to-')}.svg"
            path.write_text(draw(name, MEANING[name], curves), "utf-8")
            written.append(path)
    return written


def label(result: Result) -> str:
    """How a drill is called beside its curve."""
    return f"{result.speed:g}×, {result.seats} seats, {result.window[:5]} to {result.window[9:14]}"


def draw(title: str, meaning: str, curves: Sequence[tuple[str, Sequence[float]]]) -> str:
    """The cumulative share of each curve's sorted seconds over time on a logarithmic scale."""
    axis = _Axis([seconds for _, values in curves for seconds in values])
    parts = [_head(title, meaning), *_grid(axis), *_curves(axis, curves), *_legend(curves)]
    return "\n".join([*parts, "</svg>", ""])


class _Axis:
    """Seconds to pixels, from one power of ten to another."""

    def __init__(self, seconds: Sequence[float]) -> None:
        milliseconds = [max(one * 1000, 1.0) for one in seconds]
        self.low = math.floor(math.log10(min(milliseconds)))
        self.high = max(math.ceil(math.log10(max(milliseconds))), self.low + 1)

    def x(self, seconds: float) -> float:
        share = (math.log10(max(seconds * 1000, 1.0)) - self.low) / (self.high - self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Where there are lines, and what stands under them; between powers of ten while there is room."""
        between = (1, 2, 5) if self.high - self.low <= 3 else (1,)
        steps = [one * 10**power for power in range(self.low, self.high) for one in between]
        for milliseconds in [*steps, 10**self.high]:
            seconds = milliseconds / 1000
            yield seconds, f"{seconds:g} s" if seconds >= 1 else f"{milliseconds:g} ms"


def _y(share: float) -> float:
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def _head(title: str, meaning: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12" fill="#222"><title>{escape(title)}</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n'
        f'<text x="{LEFT}" y="22" font-size="16" font-weight="bold">{escape(title)}</text>\n'
        f'<text x="{LEFT}" y="40" fill="#555">{escape(meaning)}</text>'
    )


def _grid(axis: _Axis) -> Iterator[str]:
    for share in SHARES:
        y = _y(share / 100)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{share} %</text>'
    for seconds, words in axis.ticks():
        x = axis.x(seconds)
        yield f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{words}</text>'


def _curves(axis: _Axis, curves: Sequence[tuple[str, Sequence[float]]]) -> Iterator[str]:
    for number, (_, values) in enumerate(curves):
        steps = [f"M{axis.x(values[0]):.1f} {_y(0):.1f}"]
        for rank, seconds in enumerate(values, 1):
            steps.append(f"H{axis.x(seconds):.1f}V{_y(rank / len(values)):.1f}")
        yield f'<path d="{"".join(steps)}" fill="none" stroke-width="2" {_pen(number)}/>'


def _legend(curves: Sequence[tuple[str, Sequence[float]]]) -> Iterator[str]:
    for number, (words, values) in enumerate(curves):
        x, y = LEFT + number % 2 * 330, HEIGHT - BOTTOM + 40 + number // 2 * 16
        yield f'<path d="M{x} {y}h28" stroke-width="2" {_pen(number)}/>'
        yield f'<text x="{x + 36}" y="{y + 4}">{escape(words)} (n = {len(values)})</text>'


def _pen(number: int) -> str:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    return f'stroke="{colour}"' + (f' stroke-dasharray="{dash}"' if dash else "")
