"""Officers sent out: dispatch, the link's life, and what the officer says from the scene."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.asked import request_digest
from chalicelib.domain.incident import (
    STEPS,
    Change,
    Dispatch,
    DispatchStatus,
    Feedback,
    Incident,
    Status,
    TextState,
    move,
)
from chalicelib.domain.refusals import DispatchNotFound, StepRefused
from chalicelib.domain.timeline import Actor, Role

JOINED_AGAIN_AFTER = timedelta(hours=1)

NEXT: dict[DispatchStatus, tuple[DispatchStatus, ...]] = {
    DispatchStatus.SENT: (DispatchStatus.EN_ROUTE, DispatchStatus.ON_SCENE, DispatchStatus.HANDLED),
    DispatchStatus.OPENED: (DispatchStatus.EN_ROUTE, DispatchStatus.ON_SCENE, DispatchStatus.HANDLED),
    DispatchStatus.EN_ROUTE: (DispatchStatus.ON_SCENE, DispatchStatus.HANDLED),
    DispatchStatus.ON_SCENE: (DispatchStatus.HANDLED,),
    DispatchStatus.HANDLED: (),
    DispatchStatus.REVOKED: (),
}
"""What an officer may say next; an officer already there skips the way."""

AHEAD = (Status.DISPATCHED, Status.EN_ROUTE, Status.ON_SCENE, Status.HANDLED)
"""How far an incident has come; it is as far as its farthest officer and never goes back."""


def dispatch(incident: Incident, *, sent: Dispatch) -> Change:
    """Send one officer out; a second one does not take back how far the first has come."""
    if Status.DISPATCHED in STEPS[incident.status]:
        going = move(incident, Status.DISPATCHED)
    elif incident.status in AHEAD:
        going = incident
    else:
        raise StepRefused(f"{incident.status} does not lead to dispatched", incident_status=incident.status)
    details: dict[str, object] = {
        "dispatch_id": sent.dispatch_id,
        "unit_id": sent.unit_id,
        "unit_name": sent.unit_name,
    }
    personal: dict[str, object] = {"officer_name": sent.officer_name, "phone": sent.phone}
    if sent.note:
        personal["note"] = sent.note
    changed = replace(going, dispatches=(*going.dispatches, sent))
    return Change(incident=changed, kind="officer.dispatched", details=details, personal=personal)


def find(incident: Incident, dispatch_id: str) -> Dispatch:
    """The dispatch of that id, unless it was revoked; raises `DispatchNotFound`."""
    for one in incident.dispatches:
        if one.dispatch_id == dispatch_id and one.status is not DispatchStatus.REVOKED:
            return one
    raise DispatchNotFound("no such dispatch")


def pending(incident: Incident) -> list[Dispatch]:
    """The officers still out whose text has not gone out."""
    out = [one for one in incident.dispatches if one.status is not DispatchStatus.REVOKED]
    return [one for one in out if one.text is TextState.PENDING]


def ask_new_link(incident: Incident, *, dispatch_id: str) -> Change:
    """Have a fresh link texted to the officer; the old one ends when the new one is made."""
    one = find(incident, dispatch_id)
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
    asked = replace(one, text=TextState.PENDING, links_asked=one.links_asked + 1)
    return _changed(incident, asked, "link.asked", {"dispatch_id": dispatch_id})


def revoke(incident: Incident, *, dispatch_id: str, reason: str, at: datetime) -> Change:
    """Call one officer back; with none left out the incident is its call-taker's again.

    When all who are left have reported back, it is handled.
    """
    one = find(incident, dispatch_id)
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
    change = _changed(
        incident,
        replace(one, status=DispatchStatus.REVOKED, revoked_at=at),
        "dispatch.revoked",
        {"dispatch_id": dispatch_id, "unit_name": one.unit_name},
        {"reason": reason},
    )
    to = Status.HANDLED if change.incident.is_sent_out else Status.ANSWERED
    if to not in STEPS[incident.status] or not _all_handled(change.incident):
        return change
    return replace(change, incident=move(change.incident, to))


def texted(
    incident: Incident, *, dispatch_id: str, link_number: int, state: TextState, why: str | None
) -> Change | None:
    """Record what became of the text with this link; nothing once a newer link was asked for.

    An officer called back while the text went out has no more to record.
    """
    asked = {one.dispatch_id: one for one in incident.dispatches if one.status is not DispatchStatus.REVOKED}
    one = asked.get(dispatch_id)
    if one is None or one.links_asked != link_number or one.text is state:
        return None
    details: dict[str, object] = {"dispatch_id": dispatch_id, "state": state}
    if why:
        details["why"] = why
    return _changed(incident, replace(one, text=state), "officer.texted", details)


def opened(incident: Incident, *, dispatch_id: str, at: datetime) -> Change | None:
    """Record that the officer opened the link on a device of his."""
    one = find(incident, dispatch_id)
    if one.opened_at is not None:
        return None
    status = DispatchStatus.OPENED if one.status is DispatchStatus.SENT else one.status
    changed = replace(one, status=status, opened_at=at)
    return _changed(incident, changed, "link.opened", {"dispatch_id": dispatch_id})


def joined(incident: Incident, *, dispatch_id: str, at: datetime) -> Change | None:
    """Record that the officer asked for the way into the call; again after an hour, as for looks.

    Within the hour he may come back as often as his network makes him.
    """
    one = find(incident, dispatch_id)
    if one.joined_at is not None and at - one.joined_at < JOINED_AGAIN_AFTER:
        return None
    details: dict[str, object] = {"dispatch_id": dispatch_id, "unit_name": one.unit_name}
    return _changed(incident, replace(one, joined_at=at), "call.joined", details)


def officer(dispatch_id: str) -> Actor:
    """Who works by a link: a named officer, known by his dispatch."""
    return Actor(role=Role.OFFICER, id=dispatch_id)


def locked(incident: Incident, *, dispatch_id: str) -> Change:
    """Record that a link was tried with wrong digits too often and is dead."""
    return _changed(incident, find(incident, dispatch_id), "link.locked", {"dispatch_id": dispatch_id})


def write_to_officers(incident: Incident, *, text: str) -> Change:
    """Write to the officers sent out; no citizen reads it."""
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
    written = replace(incident, unread=False)
    return Change(
        incident=written, kind="officer.message", details={"to": "officers"}, personal={"text": text}
    )


def hear_from_officer(incident: Incident, *, dispatch_id: str, text: str) -> Change:
    """Take an officer's word to the desk; no citizen reads it."""
    one = find(incident, dispatch_id)
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
    details: dict[str, object] = {"to": "desk", "dispatch_id": dispatch_id, "unit_name": one.unit_name}
    heard = replace(incident, unread=True)
    return Change(incident=heard, kind="officer.message", details=details, personal={"text": text})


def progress(incident: Incident, *, dispatch_id: str, to: DispatchStatus) -> Change | None:
    """Take the officer's word that he is on the way or there."""
    one = find(incident, dispatch_id)
    if one.status is to:
        return None
    return _step(incident, one, to, details={}, personal={})


def feed_back(incident: Incident, *, dispatch_id: str, told: Feedback, result: str) -> Change | None:
    """Take the officer's report: times of arrival and end, the result, and the counts a bureau publishes.

    While the incident is open a report that says something else corrects the first and stands in its place,
    but for the moment he reported.
    """
    one = find(incident, dispatch_id)
    told = replace(told, words_digest=request_digest(dispatch_id, result))
    if one.status is DispatchStatus.HANDLED:
        return _correct(incident, one, told, result)
    reported = replace(one, feedback=told)
    return _step(incident, reported, DispatchStatus.HANDLED, details=_said(told), personal={"result": result})


def _correct(incident: Incident, one: Dispatch, told: Feedback, result: str) -> Change | None:
    """Put a corrected report in the place of the first; nothing for the same one sent again."""
    if one.feedback is not None:
        told = replace(told, reported_at=one.feedback.reported_at)
    if told == one.feedback:
        return None
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
    details = {"dispatch_id": one.dispatch_id, "unit_name": one.unit_name, **_said(told)}
    return _changed(incident, replace(one, feedback=told), "feedback.corrected", details, {"result": result})


def _said(told: Feedback) -> dict[str, object]:
    """What of a report stands in the timeline as it is."""
    apart = ("reported_at", "words_digest")
    return {name: getattr(told, name) for name in told.__struct_fields__ if name not in apart}


def _step(
    incident: Incident,
    one: Dispatch,
    to: DispatchStatus,
    *,
    details: dict[str, object],
    personal: dict[str, object],
) -> Change:
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
    if to not in NEXT[one.status]:
        raise StepRefused(f"{one.status} does not lead to {to}", dispatch_status=one.status)
    change = _changed(
        incident,
        replace(one, status=to),
        f"officer.{to}",
        {"dispatch_id": one.dispatch_id, "unit_name": one.unit_name, **details},
        personal,
    )
    ahead = Status(to)
    if incident.status in AHEAD and AHEAD.index(ahead) <= AHEAD.index(incident.status):
        return change
    if ahead is Status.HANDLED and not _all_handled(change.incident):
        return change
    return replace(change, incident=move(change.incident, ahead))


def _all_handled(incident: Incident) -> bool:
    """Whether every officer still out has reported back: one party's end is not the incident's."""
    done = (DispatchStatus.HANDLED, DispatchStatus.REVOKED)
    return all(one.status in done for one in incident.dispatches)


def _changed(
    incident: Incident,
    one: Dispatch,
    kind: str,
    details: dict[str, object],
    personal: dict[str, object] | None = None,
) -> Change:
    dispatches = tuple(one if d.dispatch_id == one.dispatch_id else d for d in incident.dispatches)
    changed = replace(incident, dispatches=dispatches)
    return Change(incident=changed, kind=kind, details=details, personal=personal or {})
