"""Tell the commanders on duty, one after another, of what must not be missed. The text says nothing personal.

A text is put on the incident's record before it is sent, so that nobody sends it beside, and what became of
it after: a sender lost in between leaves a record of its own, which the timer or the sweep takes up.
"""

from datetime import datetime, timedelta
from functools import partial

from chalicelib.adapters import alerts, desk, duty, feed, incidents, sms, timers
from chalicelib.adapters.turns import one_by_one
from chalicelib.domain import alerting
from chalicelib.domain.alerting import Outcome
from chalicelib.domain.alerts import Alert, AlertState, folds, text_of
from chalicelib.domain.asked import new_id
from chalicelib.domain.incident import Incident
from chalicelib.domain.link import AlertLink, digest_of
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.settings import settings
from chalicelib.telemetry import log

ALERTER = Actor(role=Role.SYSTEM, id="alerter")
LATE = timedelta(seconds=10)
"""What is due for longer has lost its timer."""


def watch_alerts(incident_id: str, *, now: datetime) -> None:
    """Set the timer for the next moment at which a commander may have to be told; at once if it has come."""
    due_at = alerting.next_look(incidents.get(incident_id), alerts.waits())
    if due_at is not None:
        timers.wake(Timer(kind=TimerKind.ALERT, incident_id=incident_id, due_at=due_at), now=now)


def look_at_alerts(timer: Timer, *, now: datetime) -> None:
    """Text whoever is next if somebody must be told now; a moot timer does nothing."""
    try:
        alert_commander(timer.incident_id, now=now)
    except IncidentNotFound:
        return


def sweep_alerts(*, now: datetime) -> int:
    """Look at whatever is due and has lost its timer, or its sender. How many there were."""
    late = [card for card in feed.open_cards() if card.alert_due_at and card.alert_due_at <= now - LATE]
    return one_by_one({card.id: card.id for card in late}, partial(_alert_late, now=now))


def _alert_late(incident_id: str, *, now: datetime) -> bool:
    alert_commander(incident_id, now=now)
    return True


def alert_commander(incident_id: str, *, now: datetime) -> None:
    """Reserve the next text and send it, or count it where the recipient's budget is spent."""
    situation = situation_at(now)
    planned = alerting.plan(incidents.get(incident_id), situation, ticket=new_id())
    if planned is None:
        return
    step = alerting.reserve if _pay_if_it_folds(planned, now) else alerting.fold
    changed = incidents.change(
        incident_id, partial(step, situation=situation, ticket=planned.ticket), actor=ALERTER, at=now
    ).incident
    for alert in changed.alerts:
        if alert.ticket == planned.ticket:
            _go_on(changed, alert, now=now)


def situation_at(now: datetime) -> alerting.Situation:
    """Whom there is to tell at this moment, and by which waits."""
    return alerting.Situation(recipients=duty.ladder(now), waits=alerts.waits(), at=now)


def _pay_if_it_folds(planned: Alert, now: datetime) -> bool:
    """Take the text of a repeat report from its recipient's budget; False when nothing is left of it.

    Any other is sent whatever was sent before, and paid for when it is.
    """
    if planned.attempts > 1 or not folds(planned.reasons):
        return True
    return alerts.spend(planned.phone, now=now, within=settings().alert_budget_daily)


def _go_on(incident: Incident, alert: Alert, *, now: datetime) -> None:
    """Do what was reserved under our ticket; an alert given up in the same step asks for nothing."""
    if alert.state is AlertState.FOLDED:
        alerts.count_folded(alert.phone, now=now)
        log.info("alert.folded", incident_id=incident.id, alert_id=alert.id)
    if alert.state is not AlertState.SENDING:
        return
    if alert.attempts == 1 and not folds(alert.reasons):
        alerts.spend(alert.phone, now=now)
    outcome = _send(incident, alert, now=now)
    step = partial(alerting.settle, ticket=alert.ticket, outcome=outcome, at=now)
    incidents.change(incident.id, step, actor=ALERTER, at=now)
    log.info("alert.texted", incident_id=incident.id, alert_id=alert.id, state=outcome.state)


def _send(incident: Incident, alert: Alert, *, now: datetime) -> Outcome:
    text = _text(incident, alert, now=now)
    try:
        return Outcome(state=AlertState.ACCEPTED, message_id=sms.send(alert.phone, text))
    except sms.TextRefused as refused:
        return Outcome(state=AlertState.FAILED, why=refused.code)
    except sms.TextUnavailable as fault:
        return Outcome(state=AlertState.UNSENT, why=str(fault))


def _text(incident: Incident, alert: Alert, *, now: datetime) -> str:
    secrets = alerts.secrets_of(alert.id)
    desk.put_link(
        AlertLink(
            token_digest=digest_of(secrets.token),
            incident_id=incident.id,
            alert_id=alert.id,
            phone=alert.phone,
            made_at=now,
            tries_left=settings().link_tries,
        )
    )
    alerts.put_code(secrets.code, alert.id, now=now)
    return text_of(
        number=incident.number,
        reasons=alert.reasons,
        code=secrets.code,
        link=f"{settings().public_url}/ack#{secrets.token}" if settings().links_in_texts else None,
        folded=alerts.take_folded(alert.phone, now=now),
    )
