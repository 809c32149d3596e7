"""Text an officer the link to his incident. The text says nothing about the citizen."""

import secrets
from datetime import datetime, timedelta
from functools import partial

from chalicelib.adapters import desk, incidents, sms, timers
from chalicelib.domain import dispatching
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
    work = f"text#{dispatch.dispatch_id}#{dispatch.links_asked}"
    if dispatch.text is not TextState.PENDING or not incident.is_open or not desk.claim(work, now=now):
        return
    try:
        _text(incident, dispatch, now=now)
    except sms.TextUnavailable as fault:
        log.warning("officer.unsent", incident_id=incident.id, code=str(fault))
        desk.drop_claim(work)
        _wake(incident.id, dispatch.dispatch_id, at=now + AGAIN_AFTER, now=now)


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
