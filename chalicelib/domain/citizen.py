"""The citizen 群众: a WeChat user who signed in."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Trade(StrEnum):
    """Who drives for a living is followed when in trouble."""

    NONE = "none"
    TAXI = "taxi"
    COURIER = "courier"


class Language(StrEnum):
    """The language of the pages."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


class Standing(StrEnum):
    """使用限制, in grades; never a reason to drop a report."""

    GOOD = "good"
    WARNED = "warned"
    RESTRICTED = "restricted"
    BARRED = "barred"


class Citizen(msgspec.Struct, frozen=True, kw_only=True):
    """A citizen as stored; `openid` is WeChat's name for her within the mini-program.

    `standing` is as it was decided; `standing_at` is what holds.
    """

    id: str
    openid: str
    phone: str | None = None
    phone_verified: bool = False
    name: str | None = None
    trade: Trade = Trade.NONE
    plate: str | None = None
    language: Language = Language.CHINESE
    standing: Standing = Standing.GOOD
    standing_id: str | None = None
    standing_reason: str | None = None
    standing_since: datetime | None = None
    standing_until: datetime | None = None

    def standing_at(self, now: datetime) -> Standing:
        """The standing that holds: a change ends by the clock, with nothing to wake for it."""
        ended = self.standing_until is not None and self.standing_until <= now
        return Standing.GOOD if ended else self.standing
