"""The clock by which signed addresses end, which tests may set forward."""

from datetime import UTC, datetime, timedelta

import msgspec


class Ahead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the clock is set forward."""

    ahead_seconds: float = 0


class Clock:
    """The time of day, and what a test adds to it."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def set(self, ahead: Ahead) -> None:
        """Go that far ahead of the time of day from now on."""
        self._ahead = timedelta(seconds=ahead.ahead_seconds)

    def now(self) -> datetime:
        """The time here."""
        return datetime.now(UTC) + self._ahead
