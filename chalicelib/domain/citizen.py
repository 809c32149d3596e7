"""The citizen 群众: a WeChat user who signed in."""

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
    """A citizen as stored; `openid` is WeChat's name for her within the mini-program."""

    id: str
    openid: str
    phone: str | None = None
    phone_verified: bool = False
    name: str | None = None
    trade: Trade = Trade.NONE
    plate: str | None = None
    language: Language = Language.CHINESE
    standing: Standing = Standing.GOOD
