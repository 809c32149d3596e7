"""Text a citizen who left before an answer, so that she knows that her report stands and how to reach 110."""

from datetime import datetime
from functools import partial

from chalicelib.adapters import incidents, sms
from chalicelib.adapters.county import county
from chalicelib.domain import call
from chalicelib.domain.incident import Incident, TextState
from chalicelib.domain.timeline import Actor, Role
from chalicelib.telemetry import log

TEXTER = Actor(role=Role.SYSTEM, id="texter")


def text_back(incident_id: str, *, now: datetime) -> None:
    """Text her own number once; nothing for who must not be rung, has no number, came back or was answered.

    Raises what SNS raises when it may take the text later; the stream then tries again.
    """
    incident = incidents.get(incident_id)
    if not call.may_text_back(incident):
        return
    state, why = _send(incident)
    step = partial(call.texted_back, state=state, why=why)
    incidents.change(incident_id, step, actor=TEXTER, at=now)
    log.info("citizen.texted", incident_id=incident_id, state=state)


def _send(incident: Incident) -> tuple[TextState, str | None]:
    try:
        sms.send(incident.phone or "", _words(incident))
    except sms.TextRefused as refused:
        return TextState.FAILED, refused.code
    return TextState.ACCEPTED, None


def _words(incident: Incident) -> str:
    bureau = county()
    return (
        f"【即时报警】您的报警 {incident.number} 仍然有效，接警员会处理。需要立即帮助请拨打 "
        f"{bureau.emergency_number}，不便说话请发短信到 {bureau.text_number}，或回到小程序继续。"
    )
