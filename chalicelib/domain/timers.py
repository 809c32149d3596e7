"""What is to be looked at again later; a timer only wakes, and its handler decides by the state then."""

from datetime import datetime
from enum import StrEnum

import msgspec


class TimerKind(StrEnum):
    """What a timer is for."""

    OWNER_SILENT = "owner_silent"
    BOOKED = "booked"
    TRANSFER_UNTAKEN = "transfer_untaken"
    TEXT_OFFICER = "text_officer"
    TEXT_BACK = "text_back"
    ALERT = "alert"
    UNCOUNTED = "uncounted"
    UNNOTED = "unnoted"


class Timer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One look to be taken at one incident, not before `due_at`."""

    kind: TimerKind
    incident_id: str
    due_at: datetime
    owned_since: datetime | None = None
    asked_at: datetime | None = None
    dispatch_id: str | None = None
