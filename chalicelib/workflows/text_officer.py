"""Text an officer the link to his incident. The text says nothing about the citizen."""

import hashlib
import secrets
from datetime import datetime
from functools import partial

from chalicelib.adapters import desk, incidents, sms
from chalicelib.domain import dispatching
from chalicelib.domain.desk import OfficerLink
from chalicelib.domain.incident import Dispatch, DispatchStatus, Incident, TextState
from chalicelib.domain.refusals import DispatchNotFound
from chalicelib.domain.timeline import Actor, Role
from chalicelib.settings import settings
from chalicelib.telemetry import log

TEXTER = Actor(role=Role.SYSTEM, id="texter")
TOKEN_BYTES = 16


def text_officer(incident_id: str, dispatch_id: str, *, now: datetime) -> None:
    """Make a link for this officer and text it; nothing when that was done for the link asked for.

    Raises what SNS raises when it may take the text later; the stream then tries again, with a new link.
    """
    incident = incidents.get(incident_id)
    try:
        dispatch = dispatching.find(incident, dispatch_id)
    except DispatchNotFound:
        return
    if dispatch.text is not TextState.PENDING or not incident.is_open:
        return
    state, why = _send(incident, dispatch, now=now)
    step = partial(
        dispatching.texted,
        dispatch_id=dispatch_id,
        link_number=dispatch.links_asked,
        state=state,
        why=why,
    )
    incidents.change(incident_id, step, actor=TEXTER, at=now)
    log.info("officer.texted", incident_id=incident_id, dispatch_id=dispatch_id, state=state)


def _send(incident: Incident, dispatch: Dispatch, *, now: datetime) -> tuple[TextState, str | None]:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    desk.put_link(
        OfficerLink(
            token_digest=hashlib.sha256(token.encode()).hexdigest(),
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
