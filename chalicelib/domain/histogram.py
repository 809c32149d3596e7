"""Durations counted by fixed buckets, so that shares within a target are exact and days add up."""

from bisect import bisect_left
from collections.abc import Mapping
from math import ceil

EDGES_SECONDS = (
    *range(1, 31),
    *(35, 40, 45, 50, 55, 60, 75, 90, 105, 120, 150, 180, 240, 300, 360, 420, 480, 540, 600),
    *(720, 900, 1200, 1500, 1800, 2700, 3600, 7200, 14_400, 28_800, 86_400),
)
"""The upper edges, inclusive: every target of the field (10, 15, 20, 30 s; 1, 5, 30 min) is one."""

OVER_SECONDS = 86_401
"""The bucket of what took longer than a day."""


def bucket(seconds: float) -> int:
    """The upper edge, in seconds, of the bucket a duration falls in; one below zero counts as none."""
    place = bisect_left(EDGES_SECONDS, seconds)
    return EDGES_SECONDS[place] if place < len(EDGES_SECONDS) else OVER_SECONDS


def total(buckets: Mapping[int, int]) -> int:
    """How many durations were counted."""
    return sum(buckets.values())


def within(buckets: Mapping[int, int], seconds: int) -> int:
    """How many took at most so long; exact. Raises ValueError for a limit that is no edge."""
    if seconds not in EDGES_SECONDS:
        raise ValueError(f"{seconds} s is no edge of a bucket")
    return sum(count for edge, count in buckets.items() if edge <= seconds)


def percentile(buckets: Mapping[int, int], percent: float) -> int | None:
    """The upper edge, in seconds, of the bucket with the duration of this rank; None when there is none.

    The nearest rank, so `percent` of all took at most this long. 86,401 stands for longer than a day.
    """
    rank, seen = max(ceil(total(buckets) * percent / 100), 1), 0
    for edge in sorted(buckets):
        seen += buckets[edge]
        if seen >= rank:
            return edge
    return None
