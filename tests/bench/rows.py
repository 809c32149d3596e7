"""The table of `docs/benchmarks.md`: figures of ours beside a floor or a peer of the same run."""

from collections.abc import Sequence

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row; `kept` says whether the target was, or is None where there is none to keep."""

    what: str
    ours: str
    beside: str
    target: str = ""
    kept: bool | None = None

    @property
    def verdict(self) -> str:
        """As the page says it."""
        return {True: "kept", False: "**missed**", None: ""}[self.kept]

    def line(self) -> str:
        """The row as Markdown."""
        return f"| {self.what} | {self.ours} | {self.beside} | {self.target} | {self.verdict} |"


HEAD = "| what | ours | beside it | target | |\n| --- | --- | --- | --- | --- |\n"


def times(ours: float, other: float) -> float:
    """How many times the other one ours is, to two places, which is what is judged and printed."""
    return round(ours / other, 2)


def table(rows: Sequence[Row]) -> str:
    """All rows as a Markdown table."""
    return HEAD + "\n".join(row.line() for row in rows) + "\n"
