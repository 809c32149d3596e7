"""Text an officer the link to his incident. The text says nothing about the citizen."""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from chalicelib.adapters import desk, incidents, sms, timers
from chalicelib.adapters.turns import one_by_one
from chalicelib.domain import dispatching
from chalicelib.domain.card import Card
from chalicelib.domain.incident import Dispatch, DispatchStatus, Incident, TextState
from chalicelib.domain.link import OfficerLink, digest_of
from chalicelib.domain.refusals import DispatchNotFound, IncidentNotFound
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.settings import settings
from chalicelib.telemetry import log

TEXTER = Actor(role=Role.SYSTEM, id="texter")
TOKEN_BYTES = 16
AGAIN_AFTER = timedelta(seconds=10)
LATE = timedelta(seconds=60)
"""What is pending for longer has lost its timer, or waits for SNS."""


def ask_text(incident_id: str, dispatch_id: str, *, now: datetime) -> None:
    """Have an officer's text sent at once from the timers' queue: no feed waits for SNS there."""
    _wake(incident_id, dispatch_id, at=now, now=now)


def text_officer(timer: Timer, *, now: datetime) -> None:
    """Make a link for this officer and text it; nothing when that was done for the link asked for.

    While SNS takes no texts it is asked again every ten seconds.
    """
    try:
        incident = incidents.get(timer.incident_id)
        dispatch = dispatching.find(incident, timer.dispatch_id or "")
    except (IncidentNotFound, DispatchNotFound):
        return
    if _text_alone(incident, dispatch, now=now) is False:
        _wake(incident.id, dispatch.dispatch_id, at=now + AGAIN_AFTER, now=now)


def sweep_texts(cards: Iterable[Card], *, now: datetime, has_time: Callable[[], bool] = lambda: True) -> int:
    """Text every officer whose text has lost its timer, as long as there is time.

    For how many incidents that came to something.
    """
    since = {card.id: card.text_pending_since for card in cards if card.text_pending_since}
    late = {incident_id: incident_id for incident_id, at in since.items() if at <= now - LATE}
    return one_by_one(late, partial(_text_late, now=now, has_time=has_time), has_time=has_time)


def _text_late(incident_id: str, *, now: datetime, has_time: Callable[[], bool]) -> bool:
    incident = incidents.get(incident_id)
    told = [_text_alone(incident, one, now=now) for one in dispatching.pending(incident) if has_time()]
    return any(told)


def _text_alone(incident: Incident, dispatch: Dispatch, *, now: datetime) -> bool | None:
    """Whether SNS took it, or refused it for good; None when there is nothing to do, or another is at it."""
    work = f"text#{dispatch.dispatch_id}#{dispatch.links_asked}"
    if dispatch.text is not TextState.PENDING or not incident.is_open or not desk.claim(work, now=now):
        return None
    try:
        _text(incident, dispatch, now=now)
    except sms.TextUnavailable as fault:
        log.warning("officer.unsent", incident_id=incident.id, code=str(fault))
        desk.drop_claim(work)
        return False
    return True


def _text(incident: Incident, dispatch: Dispatch, *, now: datetime) -> None:
    state, why = _send(incident, dispatch, now=now)
    step = partial(
        dispatching.texted,
        dispatch_id=dispatch.dispatch_id,
        link_number=dispatch.links_asked,
        state=state,
        why=why,
    )
    incidents.change(incident.id, step, actor=TEXTER, at=now)
    log.info("officer.texted", incident_id=incident.id, dispatch_id=dispatch.dispatch_id, state=state)


def _send(incident: Incident, dispatch: Dispatch, *, now: datetime) -> tuple[TextState, str | None]:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    desk.put_link(
        OfficerLink(
            token_digest=digest_of(token),
            incident_id=incident.id,
            dispatch_id=dispatch.dispatch_id,
            link_number=dispatch.links_asked,
            phone=dispatch.phone,
            made_at=now,
            tries_left=settings().link_tries,
        )
    )
    try:
        sms.send(dispatch.phone, _words(incident, token, again=dispatch.status is not DispatchStatus.SENT))
    except sms.TextRefused as refused:
        return TextState.FAILED, refused.code
    return TextState.ACCEPTED, None


def _words(incident: Incident, token: str, *, again: bool) -> str:
    lead = "警情链接已更新" if again else "您有新的警情"
    return f"【即时报警】{lead} {incident.number}，请打开：{settings().public_url}/officer#{token}"


def _wake(incident_id: str, dispatch_id: str, *, at: datetime, now: datetime) -> None:
    timer = Timer(kind=TimerKind.TEXT_OFFICER, incident_id=incident_id, due_at=at, dispatch_id=dispatch_id)
    timers.wake(timer, now=now)
