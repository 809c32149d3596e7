"""使用限制, the standing of a citizen: what each grade means for a report, and what a change of it needs.

No grade ever drops a report. Also a barred citizen files in every mode, writes and sends pictures; the
rule is the same for `silent`, which might be her only way.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from chalicelib.domain.citizen import Standing
from chalicelib.domain.refusals import BodyInvalid

BEHIND_FOR = timedelta(minutes=2)
LONGEST = timedelta(days=366)

WITHOUT_LIVE = frozenset({Standing.RESTRICTED, Standing.BARRED})
"""The grades whose reports begin with stills and text; the call-taker grants the live call with one tap."""


class FalseKind(StrEnum):
    """What a report can be marked as; a commander reviews it."""

    FALSE_REPORT = "false_report"
    HARASSMENT = "harassment"


class Outcome(StrEnum):
    """What came of a review: the citizen's standing was changed, or nothing was found."""

    STANDING = "standing"
    DISMISSED = "dismissed"


class Marking(msgspec.Struct, frozen=True, kw_only=True):
    """A report marked as false or as harassment, by whom and why, and what the review made of it."""

    kind: FalseKind
    reason: str
    marked_by: str
    marked_at: datetime
    outcome: Outcome | None = None
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None


class EndedBecause(StrEnum):
    """Why a change of standing no longer holds, other than its time."""

    LIFTED = "lifted"
    REPLACED = "replaced"


class StandingChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a citizen's standing: the reason, the incident that is its evidence, who decided.

    `proposed_by` marked the incident, `reviewed_by` decided; one person is both only when nobody had
    marked it. `id` sorts by time.
    """

    id: str
    citizen_id: str
    grade: Standing
    reason: str
    incident_id: str
    proposed_by: str
    reviewed_by: str
    decided_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_because: EndedBecause | None = None
    end_reason: str | None = None

    def holds_at(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.ended_at is None and now < self.expires_at


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that waits for a commander's review."""

    incident_id: str
    number: str
    citizen_id: str
    kind: FalseKind
    reason: str
    marked_by: str
    marked_at: datetime


def behind_until(standing: Standing, *, now: datetime) -> datetime | None:
    """Until when a new report waits behind the others: two minutes for a barred citizen, else not at all."""
    return now + BEHIND_FOR if standing is Standing.BARRED else None


def waits_behind(until: datetime | None, *, now: datetime) -> bool:
    """Whether a report still waits behind the others."""
    return until is not None and now < until


def expiry(expires_at: datetime | None, *, now: datetime, usual: timedelta) -> datetime:
    """When a change ends: as asked for, within a year, or after the usual time. Raises `BodyInvalid`."""
    if expires_at is None:
        return now + usual
    if not now < expires_at <= now + LONGEST:
        raise BodyInvalid("the end is within the next 366 days", field="expires_at")
    return expires_at


def time_id(now: datetime, random: str) -> str:
    """26 characters that sort by time; `random` gives the last fourteen."""
    return f"{int(now.timestamp() * 1000):012x}{random[:14]}"
