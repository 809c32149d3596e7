"""Citizens in DynamoDB."""

from datetime import datetime

import msgspec
from pynamodb.exceptions import DoesNotExist, PynamoDBException, UpdateError
from pynamodb.expressions.update import Action

from chalicelib.adapters.fault_codes import only_conditions
from chalicelib.adapters.secrets import citizen_secret
from chalicelib.adapters.tables import CitizenItem
from chalicelib.domain.asked import derived_id
from chalicelib.domain.citizen import Citizen, Language, Standing, Trade
from chalicelib.domain.filing import Caller
from chalicelib.domain.refusals import CitizenNotFound
from chalicelib.telemetry import log


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A citizen who signed in, when she first did, and whether the figures count her already."""

    citizen: Citizen
    since: datetime
    is_counted: bool


def sign_in(openid: str, *, now: datetime) -> SignedIn:
    """The citizen of a WeChat id, made at first sight; one request."""
    item = CitizenItem(derived_id(citizen_secret(), "citizen", openid))
    item.update(
        actions=[
            CitizenItem.openid.set(CitizenItem.openid | openid),
            CitizenItem.since.set(CitizenItem.since | now.isoformat()),
        ]
    )
    since = datetime.fromisoformat(item.since)
    return SignedIn(citizen=_citizen(item), since=since, is_counted=item.counted_at is not None)


def get(citizen_id: str) -> Citizen:
    """The citizen as stored, strongly consistent; raises `CitizenNotFound`."""
    try:
        return _citizen(CitizenItem.get(citizen_id, consistent_read=True))
    except DoesNotExist as fault:
        raise CitizenNotFound("sign in again") from fault


def caller(citizen_id: str, *, now: datetime) -> Caller:
    """Who files a report, as she stands now.

    A report is taken even when the citizen's record cannot be read: then as of good standing.
    """
    try:
        citizen = get(citizen_id)
    except (CitizenNotFound, PynamoDBException) as fault:
        log.warning("report.caller_unread", citizen_id=citizen_id, fault=type(fault).__name__)
        return Caller(citizen_id=citizen_id, phone=None, phone_verified=False)
    return Caller(
        citizen_id=citizen.id,
        phone=citizen.phone,
        phone_verified=citizen.phone_verified,
        trade=citizen.trade,
        plate=citizen.plate,
        standing=citizen.standing_at(now),
    )


def set_phone(citizen_id: str, phone: str, *, verified: bool) -> Citizen:
    """Keep a telephone number, as WeChat vouches for it or as the citizen typed it."""
    return _update(
        citizen_id,
        [CitizenItem.phone.set(phone), CitizenItem.phone_verified.set(int(verified))],
    )


def set_profile(citizen_id: str, changes: dict[str, str | None]) -> Citizen:
    """Set or clear (None) fields of the profile: name, trade, plate, language."""
    actions: list[Action] = []
    for name, value in changes.items():
        attribute = getattr(CitizenItem, name)
        actions.append(attribute.remove() if value is None else attribute.set(value))
    return _update(citizen_id, actions) if actions else get(citizen_id)


def remove(citizen_id: str) -> None:
    """Erase the citizen's record; one that is not there is erased already."""
    CitizenItem(citizen_id).delete()


def _update(citizen_id: str, actions: list[Action]) -> Citizen:
    item = CitizenItem(citizen_id)
    try:
        item.update(actions=actions, condition=CitizenItem.citizen_id.exists())
    except UpdateError as fault:
        only_conditions(fault)
        raise CitizenNotFound("sign in again") from fault
    return _citizen(item)


def _citizen(item: CitizenItem) -> Citizen:
    return Citizen(
        id=item.citizen_id,
        openid=item.openid,
        phone=item.phone,
        phone_verified=bool(item.phone_verified),
        name=item.name,
        trade=Trade(item.trade or Trade.NONE),
        plate=item.plate,
        language=Language(item.language or Language.CHINESE),
        standing=Standing(item.standing or Standing.GOOD),
        standing_id=item.standing_id,
        standing_reason=item.standing_reason,
        standing_since=_time(item.standing_since),
        standing_until=_time(item.standing_until),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
