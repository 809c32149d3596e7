"""The duty roster 值班表: shifts of commanders' posts, which may overlap, leave gaps and cross midnight."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from chalicelib.domain.refusals import ShiftInvalid

LONGEST = timedelta(hours=36)
"""No shift is longer, so who is on duty is found among those that began within this time."""


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A post on duty from one moment to another; of several at once the lowest `order` is texted first."""

    id: str
    name: str
    phone: str
    starts_at: datetime
    ends_at: datetime
    order: int = 1


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a text goes to; `fallback` is the standing number behind the roster."""

    name: str
    phone: str
    fallback: bool = False


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which nobody is on duty."""

    starts_at: datetime
    ends_at: datetime


def checked(shift: Shift) -> Shift:
    """The shift; raises `ShiftInvalid` when it ends before it begins, or is too long to be one."""
    if shift.ends_at <= shift.starts_at:
        raise ShiftInvalid("the shift ends before it begins")
    if shift.ends_at - shift.starts_at > LONGEST:
        raise ShiftInvalid("the shift is too long to be one", longest_hours=LONGEST // timedelta(hours=1))
    return shift


def on_duty(shifts: Iterable[Shift], at: datetime) -> list[Shift]:
    """Who is on duty at a moment, in the order in which they are texted.

    A shift holds from its first moment up to, not including, its last: at a change exactly one of the two
    is on duty.
    """
    there = [shift for shift in shifts if shift.starts_at <= at < shift.ends_at]
    return sorted(there, key=lambda shift: (shift.order, shift.starts_at, shift.id))


def recipients(shifts: Iterable[Shift], at: datetime, fallback: Recipient | None) -> list[Recipient]:
    """Whom to text, one after another: those on duty, each number once, then the standing one."""
    ladder = [Recipient(name=shift.name, phone=shift.phone) for shift in on_duty(shifts, at)]
    if fallback is not None:
        ladder.append(fallback)
    first: dict[str, Recipient] = {}
    for one in ladder:
        first.setdefault(one.phone, one)
    return list(first.values())


def gaps(shifts: Sequence[Shift], start: datetime, end: datetime) -> list[Gap]:
    """When nobody is on duty between two moments."""
    found, covered_until = [], start
    for shift in sorted(shifts, key=lambda shift: shift.starts_at):
        if shift.starts_at >= end:
            break
        if shift.starts_at > covered_until:
            found.append(Gap(starts_at=covered_until, ends_at=shift.starts_at))
        covered_until = max(covered_until, shift.ends_at)
    if covered_until < end:
        found.append(Gap(starts_at=covered_until, ends_at=end))
    return found
