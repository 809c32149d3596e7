"""The ladder of alerts: what a commander must be told, when, and who is next. One text a recipient."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from chalicelib.domain.alerts import UNSETTLED, Alert, AlertState, Failure, Reason, ReasonCode, folds
from chalicelib.domain.duty import Recipient
from chalicelib.domain.incident import LIVE, Change, DispatchStatus, Incident, Mode, Status
from chalicelib.domain.refusals import LinkNotFound, StepRefused

LAPSES_AFTER = timedelta(seconds=45)
"""A text on its way for longer was lost with its sender: SNS is given 13 s, 18 s where it asks for patience.

The sweep reserves as of the moment at which it began, and begins with no alert after 15 s.
"""

AGAIN_AFTER = timedelta(seconds=10)
"""How long after SNS could not take a text it is offered again; each time this much longer, to a minute."""

ATTEMPTS = 3
"""How often a text whose end is unknown is sent before the next recipient gets one."""


class Waits(msgspec.Struct, frozen=True, kw_only=True):
    """How long a step may take before a commander is told, and `pace` from one recipient to the next."""

    live: timedelta
    pictures: timedelta
    undispatched: timedelta
    unopened: timedelta
    pace: timedelta


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to tell, one after another, by which waits, at which moment."""

    recipients: Sequence[Recipient]
    waits: Waits
    at: datetime


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What SNS said to a text: its id for it, or why not."""

    state: AlertState
    message_id: str | None = None
    why: str | None = None


def due_reasons(incident: Incident, waits: Waits, at: datetime) -> tuple[Reason, ...]:
    """Every reason that holds at a moment."""
    return tuple(reason for reason, since in _concerns(incident, waits) if since <= at)


def next_look(incident: Incident, waits: Waits) -> datetime | None:
    """When there is something to do if nothing changes; None when there is nothing left to do."""
    if _is_quiet(incident):
        return None
    unsettled = _unsettled(incident)
    if unsettled is not None:
        again = AGAIN_AFTER * min(unsettled.attempts, 6)
        return unsettled.reserved_at + (LAPSES_AFTER if unsettled.state is AlertState.SENDING else again)
    if any(alert.fallback and alert.failure is not Failure.REFUSED for alert in _used(incident)):
        return None
    open_since = [since for reason, since in _concerns(incident, waits) if reason not in _covered(incident)]
    return max(min(open_since), _gate(incident, waits)) if open_since else None


def plan(incident: Incident, situation: Situation, *, ticket: str) -> Alert | None:
    """The alert to be sent now, as it would be reserved; None when none is due or nobody is left.

    A text whose sender was lost, or that SNS could not take, is sent again to the same recipient.
    """
    waits, at = situation.waits, situation.at
    look = next_look(incident, waits)
    if look is None or look > at:
        return None
    reasons, unsettled = due_reasons(incident, waits, at), _unsettled(incident)
    if unsettled is not None:
        again = replace(unsettled, state=AlertState.SENDING, reasons=reasons, reserved_at=at, ticket=ticket)
        return replace(again, attempts=unsettled.attempts + 1)
    used = {alert.phone for alert in _used(incident)}
    left = [one for one in situation.recipients if one.phone not in used]
    if not left:
        return None
    return Alert(
        id=ticket,
        name=left[0].name,
        phone=left[0].phone,
        fallback=left[0].fallback,
        reasons=reasons,
        reserved_at=at,
        ticket=ticket,
    )


def reserve(incident: Incident, *, situation: Situation, ticket: str) -> Change | None:
    """Put the alert that is due on record as being sent, before it is: who stores this sends the text.

    One that need not be sent any more, or whose end stayed unknown too often, is given up instead.
    """
    planned, unsettled = plan(incident, situation, ticket=ticket), _unsettled(incident)
    if planned is None:
        return None
    if unsettled is not None and not set(planned.reasons) - _covered(incident):
        return _given_up(incident, unsettled, Failure.MOOT, at=situation.at)
    if unsettled is not None and unsettled.state is AlertState.SENDING and unsettled.attempts >= ATTEMPTS:
        return _given_up(incident, unsettled, Failure.UNKNOWN, at=situation.at)
    return _told(incident, planned, "alert.sending")


def fold(incident: Incident, *, situation: Situation, ticket: str, flood: bool = False) -> Change | None:
    """Count the alert that is due instead of sending it; nothing when it is more than may be (`folds`)."""
    planned = plan(incident, situation, ticket=ticket)
    if planned is None or planned.attempts > 1 or not folds(planned.reasons, flood=flood):
        return None
    folded = replace(planned, state=AlertState.FOLDED, settled_at=situation.at)
    return _told(incident, folded, "alert.folded")


def settle(incident: Incident, *, ticket: str, outcome: Outcome, at: datetime) -> Change | None:
    """Record what became of a text; nothing when it was settled, or reserved anew by another."""
    for alert in incident.alerts:
        if alert.ticket == ticket and alert.state is AlertState.SENDING:
            refused = Failure.REFUSED if outcome.state is AlertState.FAILED else None
            sent = replace(alert, message_id=outcome.message_id, failure=refused)
            return _settled(incident, sent, outcome.state, at=at, why=outcome.why)
    return None


def find(incident: Incident, alert_id: str) -> Alert:
    """The alert of that id; raises `LinkNotFound`."""
    for alert in incident.alerts:
        if alert.id == alert_id:
            return alert
    raise LinkNotFound("no such alert")


def opened(incident: Incident, *, alert_id: str, at: datetime) -> Change | None:
    """Record that the recipient opened the page; that acknowledges nothing."""
    alert = find(incident, alert_id)
    if alert.opened_at is not None:
        return None
    return _changed(incident, replace(alert, opened_at=at), "alert.opened")


def acknowledge(incident: Incident, *, alert_id: str, waits: Waits, at: datetime) -> Change | None:
    """Stop the ladder for everything that is known now; a reason that comes later starts it again.

    A text that was acknowledged has arrived, whatever is known of its sending.
    """
    alert = find(incident, alert_id)
    if alert.acknowledged_at is not None:
        return None
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
    seen = tuple(dict.fromkeys((*alert.reasons, *due_reasons(incident, waits, at))))
    if alert.state in UNSETTLED:
        alert = replace(alert, state=AlertState.ACCEPTED, settled_at=at)
    done = replace(alert, acknowledged_at=at, acknowledged=seen)
    return _changed(incident, done, "alert.acknowledged", {"reasons": _codes(seen)})


def revoke(incident: Incident, *, alert_id: str, reason: str, at: datetime) -> Change | None:
    """End an alert's link and code, for a telephone in wrong hands; the next recipient is told at once."""
    alert = find(incident, alert_id)
    if alert.revoked_at is not None:
        return None
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
    if alert.state in UNSETTLED:
        alert = replace(alert, state=AlertState.FAILED, settled_at=at)
    change = _changed(incident, replace(alert, revoked_at=at), "alert.revoked")
    return replace(change, personal={"reason": reason})


def carries_alarm(incident: Incident) -> bool:
    """Whether somebody was told, or is being told, of an incident that is open still."""
    told = (AlertState.SENDING, AlertState.UNSENT, AlertState.ACCEPTED)
    return incident.is_open and any(alert.state in told for alert in incident.alerts)


def locked(incident: Incident, *, alert_id: str) -> Change:
    """Record that an alert's link was tried with wrong digits too often and is dead."""
    return _changed(incident, find(incident, alert_id), "alert.locked")


def _concerns(incident: Incident, waits: Waits) -> Iterator[tuple[Reason, datetime]]:
    """Each reason that holds, or will if nothing changes, with the moment from which it does."""
    if _is_quiet(incident):
        return
    for hit in incident.hits:
        if hit.stands:
            yield Reason(code=ReasonCode(hit.rule.value), of=hit.id), hit.found_at
    if incident.tip:
        return
    if not incident.is_sent_out:
        yield from _nobody_sent(incident, waits)
    for sent in incident.dispatches:
        if sent.status is DispatchStatus.SENT:
            reason = Reason(code=ReasonCode.UNOPENED, of=sent.dispatch_id)
            yield reason, sent.dispatched_at + waits.unopened


def _nobody_sent(incident: Incident, waits: Waits) -> Iterator[tuple[Reason, datetime]]:
    """Nobody is out: because nobody has it, or since its owner had it, or called the last officer back."""
    if incident.rings:
        wait = waits.live if incident.mode in LIVE else waits.pictures
        of = incident.rings_at.isoformat()
        yield Reason(code=ReasonCode.UNANSWERED, of=of), incident.rings_at + wait
    if incident.status is Status.ANSWERED and incident.owned_since is not None:
        since, of = incident.owned_since, ""
        for sent in incident.dispatches:
            if sent.revoked_at is not None and sent.revoked_at > since:
                since, of = sent.revoked_at, sent.dispatch_id
        yield Reason(code=ReasonCode.UNDISPATCHED, of=of), since + waits.undispatched


def _is_quiet(incident: Incident) -> bool:
    """Whether nobody is ever texted for it: closed, a consult, or a call-back booked for later."""
    consults = incident.mode is Mode.FENGQIAO and not incident.escalated
    return not incident.is_open or incident.booked_for is not None or consults


def _used(incident: Incident) -> list[Alert]:
    return [alert for alert in incident.alerts if alert.uses_up_its_recipient]


def _unsettled(incident: Incident) -> Alert | None:
    return next((alert for alert in incident.alerts if alert.state in UNSETTLED), None)


def _covered(incident: Incident) -> set[Reason]:
    return {reason for alert in incident.alerts for reason in alert.covers}


def _gate(incident: Incident, waits: Waits) -> datetime:
    """The earliest moment of the next text: the last one is given time to be acknowledged."""
    used = _used(incident)
    last = used[-1] if used else None
    if last is None or last.state is AlertState.FAILED or last.acknowledged_at or last.revoked_at:
        return incident.created_at
    return (last.settled_at or last.reserved_at) + waits.pace


def _told(incident: Incident, alert: Alert, kind: str) -> Change:
    details: dict[str, object] = {
        "alert_id": alert.id,
        "reasons": _codes(alert.reasons),
        "fallback": alert.fallback,
        "attempt": alert.attempts,
    }
    personal: dict[str, object] = {"name": alert.name, "phone": alert.phone}
    kept = [one for one in incident.alerts if one.id != alert.id]
    changed = replace(incident, alerts=(*kept, alert))
    return Change(incident=changed, kind=kind, details=details, personal=personal)


def _given_up(incident: Incident, alert: Alert, failure: Failure, *, at: datetime) -> Change:
    failed = replace(alert, failure=failure)
    return _settled(incident, failed, AlertState.FAILED, at=at, why=failure.value)


def _settled(incident: Incident, alert: Alert, state: AlertState, *, at: datetime, why: str | None) -> Change:
    details: dict[str, object] = {"state": state, **({"why": why} if why else {})}
    if alert.message_id is not None:
        details["message_id"] = alert.message_id
    return _changed(incident, replace(alert, state=state, settled_at=at), "alert.texted", details)


def _changed(incident: Incident, alert: Alert, kind: str, details: dict[str, object] | None = None) -> Change:
    alerts = tuple(alert if one.id == alert.id else one for one in incident.alerts)
    told: dict[str, object] = {"alert_id": alert.id, **(details or {})}
    return Change(incident=replace(incident, alerts=alerts), kind=kind, details=told)


def _codes(reasons: Iterable[Reason]) -> list[str]:
    return list(dict.fromkeys(str(reason.code) for reason in reasons))
