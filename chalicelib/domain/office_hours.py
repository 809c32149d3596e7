"""Office hours of 枫桥在线: weekdays and spans, holidays and working weekends as the State Council sets.

The calendar is data. A span begins with its first minute and ends before its last: 09:00 to 12:00 takes
11:59:59 and not 12:00.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

LOOK_AHEAD = timedelta(days=40)
"""Longer than any run of holidays; a calendar without an opening in it is a mistake."""


class Span(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From `opens` up to, and without, `closes`; local time."""

    opens: time
    closes: time


class Calendar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the office is open. `weekdays` are ISO, Monday is 1."""

    timezone: str
    weekdays: frozenset[int]
    spans: tuple[Span, ...]
    holidays: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()

    def works_on(self, day: date) -> bool:
        """Whether the office opens at all on a day; a working Sunday goes before the week's rule."""
        if day in self.working_days:
            return True
        return day not in self.holidays and day.isoweekday() in self.weekdays


class NeverOpen(ValueError):
    """The calendar has no opening in the next forty days."""


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the office is open at an aware moment."""
    local = at.astimezone(ZoneInfo(calendar.timezone))
    inside = any(span.opens <= local.time() < span.closes for span in calendar.spans)
    return inside and calendar.works_on(local.date())


def next_opening(calendar: Calendar, after: datetime) -> datetime:
    """The first moment later than `after` at which the office opens, in UTC; raises `NeverOpen`."""
    zone = ZoneInfo(calendar.timezone)
    day = after.astimezone(zone).date()
    for ahead in range(LOOK_AHEAD.days):
        today = day + timedelta(days=ahead)
        if not calendar.works_on(today):
            continue
        for span in sorted(calendar.spans, key=lambda one: one.opens):
            opening = datetime.combine(today, span.opens, zone)
            if opening > after:
                return opening.astimezone(UTC)
    raise NeverOpen(f"no opening within {LOOK_AHEAD.days} days")
