"""What staff does to accounts and lists 管理记录, apart from any incident: who, what, to which id, when."""

from datetime import UTC, datetime

import msgspec

from chalicelib.domain.timeline import Actor


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """One thing done; `verb` reads like `staff.added`, `subject` is the id of what it was done to."""

    id: str
    actor: Actor
    verb: str
    subject: str
    at: datetime

    @property
    def month(self) -> str:
        """The month it is kept under, in UTC: `2026-11`."""
        return month_of(self.at)


def month_of(at: datetime) -> str:
    """The month of a moment, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m}"
