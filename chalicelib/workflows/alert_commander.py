"""Tell the commanders on duty, one after another, of what must not be missed. The text says nothing personal.

A text is put on the incident's record before it is sent, so that nobody sends it beside, and what became of
it after: a sender lost in between leaves a record of its own, which the timer or the sweep takes up.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from chalicelib.adapters import alerts, desk, duty, incidents, sms, timers
from chalicelib.adapters import reported as book
from chalicelib.adapters.turns import one_by_one
from chalicelib.domain import alerting
from chalicelib.domain.alerting import Outcome
from chalicelib.domain.alerts import Alert, AlertState, folds, text_of
from chalicelib.domain.asked import new_id
from chalicelib.domain.card import Card
from chalicelib.domain.incident import Change, Incident
from chalicelib.domain.link import AlertLink, digest_of
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.repeats import filed_by_then, reported
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


def sweep_alerts(cards: Iterable[Card], *, now: datetime, has_time: Callable[[], bool] = lambda: True) -> int:
    """Look at whatever is due and has lost its timer, or its sender. How many there was time for.

    What has been due for longest comes first: a text that SNS does not take is due again after the others.
    """
    due = [(card.alert_due_at, card.id) for card in cards if card.alert_due_at]
    late = {incident_id: incident_id for due_at, incident_id in sorted(due) if due_at <= now - LATE}
    return one_by_one(late, partial(_alert_late, now=now), has_time=has_time)


def _alert_late(incident_id: str, *, now: datetime) -> bool:
    alert_commander(incident_id, now=now)
    return True


def alert_commander(incident_id: str, *, now: datetime) -> None:
    """Reserve the next text and send it, or count it in a flood, or where the recipient's budget is spent."""
    situation, incident = situation_at(now), incidents.get(incident_id)
    planned = alerting.plan(incident, situation, ticket=new_id())
    if planned is None:
        return
    step = _step(incident, planned, now)
    changed = incidents.change(
        incident_id, partial(step, situation=situation, ticket=planned.ticket), actor=ALERTER, at=now
    ).incident
    for alert in changed.alerts:
        if alert.ticket == planned.ticket:
            _go_on(changed, alert, now=now)


def situation_at(now: datetime) -> alerting.Situation:
    """Whom there is to tell at this moment, and by which waits."""
    return alerting.Situation(recipients=duty.ladder(now), waits=alerts.waits(), at=now)


def _step(incident: Incident, planned: Alert, now: datetime) -> Callable[..., Change | None]:
    if _is_in_a_flood(incident, planned):
        return partial(alerting.fold, flood=True)
    return alerting.reserve if _pay_if_it_folds(planned, now) else alerting.fold


def _is_in_a_flood(incident: Incident, planned: Alert) -> bool:
    """Whether it is one too many of one citizen and an earlier one of hers carries the alarm.

    The month's texts are one purse for commanders and officers: nobody may spend it by filing.
    """
    if planned.attempts > 1 or folds(planned.reasons) or not folds(planned.reasons, flood=True):
        return False
    if filed_by_then(incident) <= settings().alert_reports_of_one:
        return False
    one = reported(incident, phones=(), points=())
    same = book.of_same(one, window=timedelta(minutes=settings().repeat_window_minutes))
    earlier = [other.incident_id for other in same if other.order < one.order]
    return any(map(alerting.carries_alarm, incidents.get_many(earlier)))


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
