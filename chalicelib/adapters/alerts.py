"""What alerts need beside the incident: codes to type, each recipient's daily budget, wrong tries counted."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, UpdateError

from chalicelib.adapters.fault_codes import only_conditions
from chalicelib.adapters.secrets import citizen_secret
from chalicelib.adapters.tables import Named, Patience, Table
from chalicelib.domain.alerting import Waits
from chalicelib.domain.asked import BEIJING, derived_id
from chalicelib.domain.refusals import LinkNotFound, TooManyTries
from chalicelib.settings import settings

ONLY = "-"
CODE_LIFE = timedelta(days=3)
BUDGET_LIFE = timedelta(days=3)
WINDOW = timedelta(minutes=5)
WRONG_TRIES = 10
"""Wrong codes from one address within a window; a commander mistypes once or twice."""


class CountItem(Table):
    """A code's link, or a count, in the desk's table."""

    class Meta(Patience):
        table_name = Named("desk_table")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute(null=True)
    sent = NumberAttribute(null=True)
    folded = NumberAttribute(null=True)
    told = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """The token and the code of an alert: derived from its id, so that a repeated text says the same."""

    token: str
    code: str


def secrets_of(alert_id: str) -> Secrets:
    """The secrets of an alert: 128 bits as a token, eight digits as a code."""
    token = derived_id(citizen_secret(), "alert-token", alert_id)
    code = int.from_bytes(derived_id(citizen_secret(), "alert-code", alert_id).encode()) % 10**8
    return Secrets(token=token, code=f"{code:08d}")


def put_code(code: str, alert_id: str, *, now: datetime) -> None:
    """Have a code stand for an alert for three days. Of two that chance gave one code the newer has it."""
    item = CountItem(kind=_code_kind(code), id=ONLY, body=alert_id)
    item.expires_at = int((now + CODE_LIFE).timestamp())
    item.save()


def alert_of(code: str, *, now: datetime) -> str:
    """The alert a code stands for; raises `LinkNotFound`."""
    try:
        item = CountItem.get(_code_kind(code), ONLY, consistent_read=True)
    except DoesNotExist as fault:
        raise LinkNotFound("no such code") from fault
    if (item.expires_at or 0) <= now.timestamp() or item.body is None:
        raise LinkNotFound("no such code")
    return str(item.body)


def must_have_tries(source: str, *, now: datetime) -> None:
    """Raise `TooManyTries` when that address has typed too many wrong codes."""
    kind, window = _tries_key(source, now)
    try:
        tried = CountItem.get(kind, window, consistent_read=True).sent or 0
    except DoesNotExist:
        return
    if tried >= WRONG_TRIES:
        raise TooManyTries("too many wrong codes; wait five minutes")


def count_wrong(source: str, *, now: datetime) -> None:
    """Count a wrong code from an address."""
    _add(*_tries_key(source, now), now + 2 * WINDOW, CountItem.sent)


def spend(phone: str, *, now: datetime, within: int | None = None) -> bool:
    """Count a text to a number that day (Beijing's); False, uncounted, when it has had `within` already."""
    left = None if within is None else CountItem.sent.does_not_exist() | (CountItem.sent < within)
    return _add(*_budget_key(phone, now), now + BUDGET_LIFE, CountItem.sent, left)


def take_folded(phone: str, *, now: datetime) -> int:
    """How many repeat reports were folded today since it was last asked: what the next text says.

    Of two texts at once one says it.
    """
    try:
        item = CountItem.get(*_budget_key(phone, now), consistent_read=True)
    except DoesNotExist:
        return 0
    folded, told = int(item.folded or 0), int(item.told or 0)
    same = CountItem.told.does_not_exist() if item.told is None else CountItem.told == item.told
    if folded == told or not _held(item, [CountItem.told.set(folded)], same):
        return 0
    return folded - told


def count_folded(phone: str, *, now: datetime) -> None:
    """Count a repeat report that was not texted to that number."""
    _add(*_budget_key(phone, now), now + BUDGET_LIFE, CountItem.folded)


def waits() -> Waits:
    """How long each step may take, by the settings."""
    chosen = settings()
    return Waits(
        live=timedelta(seconds=chosen.alert_live_seconds),
        pictures=timedelta(seconds=chosen.alert_pictures_seconds),
        undispatched=timedelta(seconds=chosen.alert_undispatched_seconds),
        unopened=timedelta(seconds=chosen.alert_unopened_seconds),
        pace=timedelta(seconds=chosen.alert_pace_seconds),
    )


def _add(kind: str, key: str, until: datetime, counter: Any, condition: Any = None) -> bool:
    actions = [counter.add(1), CountItem.expires_at.set(int(until.timestamp()))]
    return _held(CountItem(kind, key), actions, condition)


def _held(item: CountItem, actions: list[Any], condition: Any) -> bool:
    """Do the actions if the condition holds; whether it did."""
    try:
        item.update(actions, condition=condition)
    except UpdateError as fault:
        only_conditions(fault)
        return False
    return True


def _code_kind(code: str) -> str:
    return f"alert-code#{derived_id(citizen_secret(), 'typed-code', code)}"


def _budget_key(phone: str, now: datetime) -> tuple[str, str]:
    kind = f"alert-budget#{derived_id(citizen_secret(), 'alert-budget', phone)}"
    return kind, f"{now.astimezone(BEIJING):%Y-%m-%d}"


def _tries_key(source: str, now: datetime) -> tuple[str, str]:
    window = int(now.timestamp() // WINDOW.total_seconds())
    return f"alert-tries#{derived_id(citizen_secret(), 'alert-tries', source)}", str(window)
