"""Text a citizen who left before an answer, so that she knows that her report stands and how to reach 110."""

from datetime import datetime, timedelta
from functools import partial

from chalicelib.adapters import desk, incidents, sms, timers
from chalicelib.adapters.county import county
from chalicelib.domain import call
from chalicelib.domain.incident import Incident, TextState
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.telemetry import log

TEXTER = Actor(role=Role.SYSTEM, id="texter")
AGAIN_AFTER = timedelta(seconds=10)


def ask_text_back(incident_id: str, *, now: datetime) -> None:
    """Have the text sent at once from the timers' queue, where no feed waits for SNS."""
    _wake(incident_id, at=now, now=now)


def text_back(timer: Timer, *, now: datetime) -> None:
    """Text her own number once; nothing for who must not be rung, has no number, came back or was answered.

    While SNS takes no texts it is asked again every ten seconds.
    """
    try:
        incident = incidents.get(timer.incident_id)
    except IncidentNotFound:
        return
    work = f"text-back#{incident.id}"
    if not call.may_text_back(incident) or not desk.claim(work, now=now):
        return
    try:
        _text(incident, now=now)
    except sms.TextUnavailable as fault:
        log.warning("citizen.unsent", incident_id=incident.id, code=str(fault))
        desk.drop_claim(work)
        _wake(incident.id, at=now + AGAIN_AFTER, now=now)


def _text(incident: Incident, *, now: datetime) -> None:
    state, why = _send(incident)
    step = partial(call.texted_back, state=state, why=why)
    incidents.change(incident.id, step, actor=TEXTER, at=now)
    log.info("citizen.texted", incident_id=incident.id, state=state)


def _send(incident: Incident) -> tuple[TextState, str | None]:
    try:
        sms.send(incident.phone or "", _words(incident))
    except sms.TextRefused as refused:
        return TextState.FAILED, refused.code
    return TextState.ACCEPTED, None


def _wake(incident_id: str, *, at: datetime, now: datetime) -> None:
    timers.wake(Timer(kind=TimerKind.TEXT_BACK, incident_id=incident_id, due_at=at), now=now)


def _words(incident: Incident) -> str:
    bureau = county()
    return (
        f"【即时报警】您的报警 {incident.number} 仍然有效，接警员会处理。需要立即帮助请拨打 "
        f"{bureau.emergency_number}，不便说话请发短信到 {bureau.text_number}，或回到小程序继续。"
    )
