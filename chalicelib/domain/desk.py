"""The command centre's own things: seats 席位, units 处警单位, and the links texted to people."""

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


class OfficerLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link texted to one officer for one incident; only the token's SHA-256 is kept.

    `device_digest` is the SHA-256 of the key given to the device that opened it first.
    """

    token_digest: str
    incident_id: str
    dispatch_id: str
    link_number: int
    phone: str
    made_at: datetime
    device_digest: str | None = None
    tries_left: int
    revoked: bool = False


class AlertLink(msgspec.Struct, frozen=True, kw_only=True):
    """The way for one commander to acknowledge one alert, as an officer's link; by token or by code."""

    token_digest: str
    incident_id: str
    alert_id: str
    phone: str
    made_at: datetime
    device_digest: str | None = None
    tries_left: int
    revoked: bool = False


def is_silent(seat: Seat | None, *, since: datetime, now: datetime, limit: timedelta) -> bool:
    """Whether an owner's console has said nothing for `limit`, counted from what it owns at the earliest."""
    if seat is None or seat.seen_at is None:
        return now - since >= limit
    return seat.state is SeatState.OFF or now - max(seat.seen_at, since) >= limit
