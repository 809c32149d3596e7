"""A commander takes notice of an alert by the link or code he was texted; opening is not acknowledging."""

import secrets
from datetime import datetime
from functools import partial
from typing import NoReturn

import msgspec

from chalicelib.adapters import alerts, desk, incidents
from chalicelib.domain import alerting
from chalicelib.domain.alerts import Alert, Reason
from chalicelib.domain.incident import Incident
from chalicelib.domain.link import AlertLink, Holder, fits, must_be_bound
from chalicelib.domain.refusals import DigitsRefused, LinkEnded, LinkNotFound
from chalicelib.domain.timeline import Actor, Role


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An alert with its incident and every reason there is now; `holder` is said once, on opening."""

    incident: Incident
    alert: Alert
    reasons: tuple[Reason, ...]
    holder: Holder | None = None


def open_alert(holder: Holder, last_digits: str, *, now: datetime) -> Shown:
    """Bind the alert to this device if the digits are the recipient's; five wrong tries end it.

    A device may bring a key of its own, and then an opening whose answer was lost can be repeated.

    Raises `LinkNotFound`, `LinkEnded`, `LinkBoundElsewhere`, `DigitsRefused`.
    """
    link, _, _ = _live(holder.token)
    held = None
    if link.device_digest is not None:
        must_be_bound(link, holder)
    elif fits(link, last_digits):
        held = msgspec.structs.replace(holder, device_key=holder.device_key or secrets.token_urlsafe(16))
        desk.bind_link(link, str(held.device_key))
    else:
        _count_wrong(link, now=now)
    # Also when it was bound before: an opening that broke off right after the binding is not on record yet.
    step = partial(alerting.opened, alert_id=link.alert_id, at=now)
    incidents.change(link.incident_id, step, actor=_actor(link), at=now)
    return msgspec.structs.replace(_shown(link, now=now), holder=held)


def open_by_code(code: str, last_digits: str, *, device_key: str | None, source: str, now: datetime) -> Shown:
    """Open by the code of the text; the answer has the token with which the device goes on.

    Raises `TooManyTries` for an address that typed too many wrong ones, else what `open_alert` raises.
    """
    alerts.must_have_tries(source, now=now)
    try:
        token = alerts.secrets_of(alerts.alert_of(code, now=now)).token
        holder = Holder(token=token, device_key=device_key)
        return msgspec.structs.replace(open_alert(holder, last_digits, now=now), holder=holder)
    except (LinkNotFound, DigitsRefused):
        alerts.count_wrong(source, now=now)
        raise


def read_alert(holder: Holder, *, now: datetime) -> Shown:
    """What the recipient sees; only the device that opened it sees it."""
    return _shown(_bound(holder), now=now)


def acknowledge_alert(holder: Holder, *, now: datetime) -> Shown:
    """Take the recipient's word that he knows; the ladder stops. Repeating it changes nothing."""
    link = _bound(holder)
    step = partial(alerting.acknowledge, alert_id=link.alert_id, waits=alerts.waits(), at=now)
    incidents.change(link.incident_id, step, actor=_actor(link), at=now)
    return _shown(link, now=now)


def _bound(holder: Holder) -> AlertLink:
    link, _, _ = _live(holder.token)
    must_be_bound(link, holder)
    return link


def _live(token: str) -> tuple[AlertLink, Incident, Alert]:
    """The link of a token with its incident, while neither has ended."""
    link = desk.link(token, AlertLink)
    incident = incidents.get(link.incident_id)
    alert = alerting.find(incident, link.alert_id)
    if link.revoked or alert.revoked_at is not None:
        raise LinkNotFound("the link was locked or revoked")
    if not incident.is_open:
        raise LinkEnded("the incident is closed")
    return link, incident, alert


def _count_wrong(link: AlertLink, *, now: datetime) -> NoReturn:
    left = desk.count_wrong_digits(link)
    if left == 0:
        step = partial(alerting.locked, alert_id=link.alert_id)
        incidents.change(link.incident_id, step, actor=_actor(link), at=now)
    raise DigitsRefused("not the last digits of the number the text was sent to", tries_left=left)


def _shown(link: AlertLink, *, now: datetime) -> Shown:
    incident = incidents.get(link.incident_id)
    alert = alerting.find(incident, link.alert_id)
    known = (*alert.reasons, *alerting.due_reasons(incident, alerts.waits(), now))
    return Shown(incident=incident, alert=alert, reasons=tuple(dict.fromkeys(known)))


def _actor(link: AlertLink) -> Actor:
    return Actor(role=Role.COMMANDER, id=link.alert_id)
