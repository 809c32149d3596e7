"""A citizen signs in with WeChat, and says how to reach her."""

from datetime import datetime
from functools import partial

import msgspec
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters import citizens, figures, incidents, tokens, wechat
from chalicelib.adapters.county import zone
from chalicelib.domain import handling
from chalicelib.domain.citizen import Citizen
from chalicelib.domain.counting import day_of
from chalicelib.domain.phone import read_phone
from chalicelib.domain.refusals import IncidentChanged, IncidentNotFound
from chalicelib.domain.timeline import Actor, Role
from chalicelib.telemetry import log

NEWEST = 5
"""How many of a citizen's reports are looked at for one that lacks her number."""


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
    number = read_phone(wechat.phone_of(code, now=now))
    citizen = citizens.set_phone(citizen_id, number, verified=True)
    _bring_to_reports(citizen, now=now)
    return citizen


def keep_phone(citizen_id: str, phone: str, *, now: datetime) -> Citizen:
    """Keep the number the citizen typed, as unverified unless WeChat vouched for the very same one."""
    number, before = read_phone(phone), citizens.get(citizen_id)
    same = before.phone == number
    citizen = before if same else citizens.set_phone(citizen_id, number, verified=False)
    _bring_to_reports(citizen, now=now)
    return citizen


def _bring_to_reports(citizen: Citizen, *, now: datetime) -> None:
    """Put the number on those of her newest reports that lack one: permissions are asked for after filing.

    The number is kept by then: what fails here is logged and costs nobody the answer.
    """
    try:
        newest, _ = incidents.filed_by(citizen.id, cursor=None, limit=NEWEST)
        for incident in newest:
            if incident.is_open and incident.phone is None and citizen.phone is not None:
                step = partial(handling.give_phone, phone=citizen.phone, verified=citizen.phone_verified)
                actor = Actor(role=Role.CITIZEN, id=citizen.id)
                incidents.change(incident.id, step, actor=actor, at=now)
    except (PynamoDBException, IncidentChanged, IncidentNotFound) as fault:
        log.error("phone.not_brought", citizen_id=citizen.id, fault=type(fault).__name__)


def _count(citizen_id: str, *, since: datetime) -> None:
    """Count a new citizen; one who could not be counted now is counted when she signs in again."""
    try:
        figures.count_citizen(citizen_id, since=since, day=day_of(since, zone()))
    except PynamoDBException as fault:
        log.warning("citizen.uncounted", citizen_id=citizen_id, fault=type(fault).__name__)
