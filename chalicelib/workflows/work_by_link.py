"""An officer works an incident through the link he was texted: open it, say how far he is, report back."""

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NoReturn

import msgspec

from chalicelib.adapters import desk, incidents, stills
from chalicelib.adapters.incidents import Written
from chalicelib.domain import dispatching
from chalicelib.domain.asked import Asked
from chalicelib.domain.incident import Change, Dispatch, DispatchStatus, Feedback, Incident
from chalicelib.domain.link import Holder, OfficerLink, fits, must_be_bound
from chalicelib.domain.refusals import (
    DigitsRefused,
    DispatchNotFound,
    LinkEnded,
    LinkNotFound,
)
from chalicelib.domain.upload import Media

Step = Callable[..., Change | None]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """The incident and the dispatch a link stands for; `device_key` is said once, to the first device.

    `messages` are those asked for, and `read_up_to` is from where the next look goes on.
    """

    incident: Incident
    dispatch: Dispatch
    media: list[Media]
    messages: list[Written]
    read_up_to: int
    device_key: str | None = None


def open_link(holder: Holder, last_digits: str, *, now: datetime) -> Opened:
    """Bind the link to this device if the digits are the officer's; five wrong tries end the link.

    A device may bring a key of its own, and then an opening whose answer was lost can be repeated.

    Raises `LinkNotFound`, `LinkEnded`, `LinkBoundElsewhere`, `DigitsRefused`.
    """
    link, incident, dispatch = _live(holder.token)
    key = None
    if link.device_digest is not None:
        must_be_bound(link, holder)
    elif fits(link, last_digits):
        key = holder.device_key or secrets.token_urlsafe(16)
        desk.bind_link(link, key)
    else:
        _count_wrong(link, now=now)
    # Also when it was bound before: an opening that broke off right after the binding is not on record yet.
    step = partial(dispatching.opened, dispatch_id=link.dispatch_id, at=now)
    incidents.change(incident.id, step, actor=dispatching.officer(link.dispatch_id), at=now)
    return msgspec.structs.replace(_opened(link, dispatch), device_key=key)


def read_by_link(holder: Holder, *, after: int) -> Opened:
    """What the officer sees, with messages above `after`; only the device that opened the link sees it."""
    link, _, dispatch = _bound(holder)
    return _opened(link, dispatch, after=after)


def incident_by_link(holder: Holder) -> tuple[str, str]:
    """The incident and the dispatch a device's link stands for, while it lives."""
    link, _, _ = _bound(holder)
    return link.incident_id, link.dispatch_id


def write_by_link(holder: Holder, text: str, *, asked: Asked | None, now: datetime) -> Opened:
    """Take the officer's word to the desk."""
    link, incident, dispatch = _bound(holder)
    step = partial(dispatching.hear_from_officer, dispatch_id=link.dispatch_id, text=text)
    incidents.change(incident.id, step, actor=dispatching.officer(link.dispatch_id), at=now, asked=asked)
    return _opened(link, dispatch)


def progress_by_link(holder: Holder, to: DispatchStatus, *, now: datetime) -> Opened:
    """Take the officer's word that he is on the way, or there."""
    return _work(holder, partial(dispatching.progress, to=to), now=now)


def feed_back_by_link(holder: Holder, *, told: Feedback, result: str, now: datetime) -> Opened:
    """Take the officer's report, or what corrects it."""
    return _work(holder, partial(dispatching.feed_back, told=told, result=result), now=now)


def _work(holder: Holder, step: Step, *, now: datetime) -> Opened:
    link, incident, dispatch = _bound(holder)
    own = partial(step, dispatch_id=link.dispatch_id)
    incidents.change(incident.id, own, actor=dispatching.officer(link.dispatch_id), at=now)
    return _opened(link, dispatch)


def _bound(holder: Holder) -> tuple[OfficerLink, Incident, Dispatch]:
    link, incident, dispatch = _live(holder.token)
    must_be_bound(link, holder)
    return link, incident, dispatch


def _live(token: str) -> tuple[OfficerLink, Incident, Dispatch]:
    """The link of a token with its incident, while neither has ended and no newer link was asked for."""
    link = desk.link(token, OfficerLink)
    incident = incidents.get(link.incident_id)
    try:
        dispatch = dispatching.find(incident, link.dispatch_id)
    except DispatchNotFound as fault:
        raise LinkNotFound("the dispatch was called back") from fault
    if link.revoked or link.link_number != dispatch.links_asked:
        raise LinkNotFound("the link was replaced or locked")
    if not incident.is_open:
        raise LinkEnded("the incident is closed")
    return link, incident, dispatch


def _count_wrong(link: OfficerLink, *, now: datetime) -> NoReturn:
    left = desk.count_wrong_digits(link)
    if left == 0:
        step = partial(dispatching.locked, dispatch_id=link.dispatch_id)
        incidents.change(link.incident_id, step, actor=dispatching.officer(link.dispatch_id), at=now)
    raise DigitsRefused("not the last digits of the number the link was sent to", tries_left=left)


def _opened(link: OfficerLink, dispatch: Dispatch, *, after: int = 0) -> Opened:
    record = incidents.read(link.incident_id, after=after)
    current = dispatching.find(record.incident, dispatch.dispatch_id)
    messages = [one for one in record.entries if one.entry.kind == "officer.message"]
    newest = stills.read(link.incident_id, limit=1).items if record.incident.stills else []
    media = [*record.media, *newest]
    return Opened(
        incident=record.incident,
        dispatch=current,
        media=media,
        messages=messages,
        read_up_to=record.read_up_to(after),
    )
