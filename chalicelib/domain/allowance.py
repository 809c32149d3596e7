"""How much a citizen may write to one report: more than anyone in need, less than makes it unreadable.

A record is read whole, and Lambda answers with six megabytes at most: without a limit one citizen makes her
report unreadable for whoever is to help her.
"""

from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from chalicelib.domain.incident import Incident, Spent
from chalicelib.domain.refusals import ReportFull, TooManyMessages

IN_ALL = 1_000_000
EACH = 500
"""What an entry takes in a record beside its text."""

IN_A_MINUTE = 30
MINUTE = timedelta(minutes=1)


def spend(incident: Incident, text: str, *, at: datetime) -> Incident:
    """The incident with what one more entry of its citizen takes: the bytes of its text in JSON, and 500.

    Raises `TooManyMessages` when it is one too many in the running minute, `ReportFull` when the report can
    hold no more.
    """
    before = incident.spent or Spent(minute=at)
    passed = at - before.minute
    if passed >= MINUTE:
        before = replace(before, minute=at, in_minute=0)
    elif before.in_minute >= IN_A_MINUTE:
        seconds = max(1, -(-(MINUTE - passed) // timedelta(seconds=1)))
        raise TooManyMessages("wait a moment", retry_after_seconds=seconds)
    in_all = before.in_all + len(msgspec.json.encode(text)) + EACH
    if in_all > IN_ALL:
        raise ReportFull("ring 110, or file another report")
    spent = replace(before, in_all=in_all, in_minute=before.in_minute + 1)
    return replace(incident, spent=spent)


def carried_over(spent: Spent | None) -> Spent | None:
    """What the incident that continues another begins with: its record is new, the running minute is not."""
    return replace(spent, in_all=0) if spent else None
