"""A citizen signs in with WeChat, and says how to reach her."""

from datetime import datetime

import msgspec
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters import citizens, figures, tokens, wechat
from chalicelib.adapters.county import zone
from chalicelib.domain.citizen import Citizen
from chalicelib.domain.counting import day_of
from chalicelib.domain.phone import read_phone
from chalicelib.telemetry import log


class CitizenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in citizen with her token."""

    token: str
    expires_at: datetime
    citizen: Citizen


def sign_in_citizen(code: str, *, now: datetime) -> CitizenSession:
    """Turn a WeChat login code into a token; a new citizen is made at first sight, and counted."""
    signed_in = citizens.sign_in(wechat.openid_of(code), now=now)
    citizen = signed_in.citizen
    if not signed_in.is_counted:
        _count(citizen.id, since=signed_in.since)
    token, expires_at = tokens.issue(citizen.id, now=now)
    return CitizenSession(token=token, expires_at=expires_at, citizen=citizen)


def verify_phone(citizen_id: str, code: str, *, now: datetime) -> Citizen:
    """Keep the number WeChat vouches for."""
    return citizens.set_phone(citizen_id, read_phone(wechat.phone_of(code, now=now)), verified=True)


def keep_phone(citizen_id: str, phone: str) -> Citizen:
    """Keep the number the citizen typed, as unverified unless WeChat vouched for the very same one."""
    number, before = read_phone(phone), citizens.get(citizen_id)
    if before.phone == number:
        return before
    return citizens.set_phone(citizen_id, number, verified=False)


def _count(citizen_id: str, *, since: datetime) -> None:
    """Count a new citizen; one who could not be counted now is counted when she signs in again."""
    try:
        figures.count_citizen(citizen_id, since=since, day=day_of(since, zone()))
    except PynamoDBException as fault:
        log.warning("citizen.uncounted", citizen_id=citizen_id, fault=type(fault).__name__)
