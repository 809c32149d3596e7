"""Reports of one event: what an incident may be linked to, and the question to a citizen near a known one.

Nothing is ever linked or closed by these: a person does that, with one tap.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.domain.allowance import spend
from chalicelib.domain.call import HIGHEST
from chalicelib.domain.incident import Change, Contact, EventAnswer, EventAsked, Incident
from chalicelib.domain.refusals import StepRefused
from chalicelib.domain.repeats import Reported, apart_m
from chalicelib.domain.watching import PublishedEvent


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that this one may belong to: how far and how long apart, and what speaks for it.

    `apart_m` is None for what the citizen herself called the same event.
    """

    incident: Incident
    apart_m: float | None
    apart_seconds: float
    said_same: bool = False


def suggest(
    incident: Incident, one: Reported, near: Iterable[Reported], known: Iterable[Incident]
) -> list[Suggestion]:
    """The incidents this one may be linked to: open, older, at its spot, and not of another kind.

    The oldest comes first, and one linked already gives way to what it is linked to: so however many report
    an event, all are led to the same one. `known` are the incidents of `near`, and what those are linked to.
    """
    by_id = {other.id: other for other in known}
    found: dict[str, Suggestion] = {}
    for other in sorted(near, key=lambda report: report.order):
        target = by_id.get(other.incident_id)
        if target is not None and target.linked_to in by_id:
            target = by_id[target.linked_to]
        if target is not None and _may_belong(incident, target):
            found.setdefault(target.id, _suggestion(incident, target, apart_m(one, other)))
    found.pop(_event_incident(incident) or "", None)
    return [*_said_same(incident, by_id), *found.values()]


def ask_event(incident: Incident, event: PublishedEvent, *, at: datetime) -> Change | None:
    """Have the citizen asked whether hers is the event near her 是同一件事吗: once, never one who hides."""
    hides = incident.contact is Contact.APP_ONLY
    if hides or incident.event_asked is not None or not incident.is_open or event.incident_id == incident.id:
        return None
    asked = EventAsked(
        event_id=event.id,
        event=event.event,
        name=event.name,
        asked_at=at,
        incident_id=event.incident_id,
    )
    details: dict[str, object] = {"event": event.id, "kind": event.event}
    return Change(incident=replace(incident, event_asked=asked), kind="event.asked", details=details)


def answer_event(incident: Incident, *, answer: EventAnswer, at: datetime) -> Change | None:
    """Take the citizen's word. `hurt` makes it as urgent as can be, asked or not; nothing closes.

    Once somebody was said to be hurt, no later word takes that back. Raises `StepRefused` when it is closed,
    and for any other word than that somebody is hurt `TooManyMessages` or `ReportFull`.
    """
    asked = incident.event_asked
    if answer is EventAnswer.HURT:
        return _hurt(incident, asked)
    if asked is None or asked.answer in (answer, EventAnswer.HURT) or not incident.is_open:
        return None
    said = replace(spend(incident, "", at=at), event_asked=replace(asked, answer=answer))
    details: dict[str, object] = {"event": asked.event_id, "answer": answer}
    return Change(incident=said, kind="event.answered", details=details)


def _hurt(incident: Incident, asked: EventAsked | None) -> Change | None:
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
    if incident.hurt:
        return None
    said = replace(asked, answer=EventAnswer.HURT) if asked else None
    urgent = replace(incident, priority=HIGHEST, hurt=True, unread=True, event_asked=said)
    details = {"event": asked.event_id if asked else None, "answer": EventAnswer.HURT, "priority": HIGHEST}
    return Change(incident=urgent, kind="event.answered", details=details)


def _may_belong(incident: Incident, target: Incident) -> bool:
    """Whether one may be linked to the other: that is open, came before, and is no other kind of thing."""
    older = (target.created_at, target.id) < (incident.created_at, incident.id)
    kinds = {incident.type_code, target.type_code} - {None}
    related = target.id in (incident.linked_to, incident.continues) or incident.id in target.linked_from
    return older and target.is_open and target.linked_to is None and len(kinds) < 2 and not related


def _suggestion(incident: Incident, target: Incident, away_m: float | None) -> Suggestion:
    apart_seconds = abs((incident.created_at - target.created_at).total_seconds())
    return Suggestion(incident=target, apart_m=away_m, apart_seconds=apart_seconds)


def _event_incident(incident: Incident) -> str | None:
    """The incident of the event that the citizen called the same as hers."""
    asked = incident.event_asked
    return asked.incident_id if asked is not None and asked.answer is EventAnswer.SAME else None


def _said_same(incident: Incident, known: dict[str, Incident]) -> list[Suggestion]:
    target = known.get(_event_incident(incident) or "")
    if target is None or target.id == incident.linked_to or not target.is_open:
        return []
    return [replace(_suggestion(incident, target, None), said_same=True)]
