"""The command centre's own things: seats 席位, units 处警单位, departments."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec


class SeatState(StrEnum):
    """Whether a call-taker takes the next one."""

    READY = "ready"
    BUSY = "busy"
    WRAP_UP = "wrap_up"
    BREAK = "break"
    OFF = "off"


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """A call-taker's place; `seen_at` is when her console last spoke, `department_id` a specialist's own."""

    username: str
    state: SeatState
    seen_at: datetime | None
    department_id: str | None = None


class Department(msgspec.Struct, frozen=True, kw_only=True):
    """Where a consult can be transferred: 户籍, 车驾管, …"""

    id: str
    name: str


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """Who can be sent out: a unit with the officer on duty for it and the number to text."""

    id: str
    name: str
    officer_name: str
    phone: str


def is_silent(seat: Seat | None, *, since: datetime, now: datetime, limit: timedelta) -> bool:
    """Whether an owner's console has said nothing for `limit`, counted from what it owns at the earliest."""
    if seat is None or seat.seen_at is None:
        return now - since >= limit
    return seat.state is SeatState.OFF or now - max(seat.seen_at, since) >= limit
