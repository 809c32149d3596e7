"""The commander's acknowledgement: no account; a token in a header, or the code of the text typed in."""

from datetime import datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.alerts import AlertState, ReasonCode
from chalicelib.domain.incident import Mode, Status
from chalicelib.domain.refusals import (
    DigitsRefused,
    IncidentChanged,
    StepRefused,
    TooManyTries,
)
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.holder import DEAD, DEVICE, TOKEN, LastDigits, device_key, holder
from chalicelib.routes.views import View
from chalicelib.workflows.acknowledge_alert import (
    Shown,
    acknowledge_alert,
    open_alert,
    open_by_code,
    read_alert,
)

alert_link = Blueprint(__name__)


class AlertDigits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last digits of the number the text came to."""

    last_digits: LastDigits


class AlertCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code of the text and the last digits of the number it came to."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{8}$", max_length=8)]
    last_digits: LastDigits


class AlertShown(View, frozen=True, kw_only=True):
    """An alert as its recipient sees it: nothing about the citizen.

    `reasons` are all there are by now, each once. `token` is said once, to a device that opened by code,
    and `device_key` once, to the device that opens first.
    """

    number: str
    mode: Mode
    tip: bool
    status: Status
    priority: int
    created_at: datetime
    reasons: list[ReasonCode]
    recipient: str
    state: AlertState
    texted_at: datetime
    acknowledged_at: datetime | None
    token: str | None = None
    device_key: str | None = None


@alert_link.route("/link/alert", methods=["POST"], content_types=ANY)
@contract(
    alert_link,
    takes=AlertDigits,
    gives=AlertShown,
    refuses=(*DEAD, DigitsRefused, IncidentChanged),
    headers=(TOKEN, DEVICE),
)
def open_by_link(call: Call[AlertDigits]) -> AlertShown:
    """Bind the alert to this device; that acknowledges nothing."""
    return _view(open_alert(holder(call), call.body.last_digits, now=call.now))


@alert_link.route("/link/alert/code", methods=["POST"], content_types=ANY)
@contract(
    alert_link,
    takes=AlertCode,
    gives=AlertShown,
    refuses=(*DEAD, DigitsRefused, IncidentChanged, TooManyTries),
    headers=(DEVICE,),
)
def open_by_typed_code(call: Call[AlertCode]) -> AlertShown:
    """The same with the code typed in; the answer has the token to go on with."""
    source = call.request.context["identity"]["sourceIp"]
    body, key = call.body, device_key(call)
    return _view(open_by_code(body.code, body.last_digits, device_key=key, source=source, now=call.now))


@alert_link.route("/link/alert", methods=["GET"])
@contract(alert_link, gives=AlertShown, refuses=DEAD, headers=(TOKEN, DEVICE))
def read_alert_by_link(call: Call[None]) -> AlertShown:
    """The alert as it stands."""
    return _view(read_alert(holder(call), now=call.now))


@alert_link.route("/link/ack", methods=["POST"], content_types=ANY)
@contract(
    alert_link,
    gives=AlertShown,
    refuses=(*DEAD, StepRefused, IncidentChanged),
    headers=(TOKEN, DEVICE),
)
def acknowledge_by_link(call: Call[None]) -> AlertShown:
    """Acknowledge: the next commander is not texted. Repeating it changes nothing."""
    return _view(acknowledge_alert(holder(call), now=call.now))


def _view(shown: Shown) -> AlertShown:
    incident, alert = shown.incident, shown.alert
    return AlertShown(
        number=incident.number,
        mode=incident.mode,
        tip=incident.tip,
        status=incident.status,
        priority=incident.priority,
        created_at=incident.created_at,
        reasons=list(dict.fromkeys(reason.code for reason in shown.reasons)),
        recipient=alert.name,
        state=alert.state,
        texted_at=alert.reserved_at,
        acknowledged_at=alert.acknowledged_at,
        token=shown.holder.token if shown.holder else None,
        device_key=shown.holder.device_key if shown.holder else None,
    )
