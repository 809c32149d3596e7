"""What a call-taker does with an incident, from answering it to closing it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters import desk, incidents, lines, signaling
from chalicelib.adapters.incidents import Changed
from chalicelib.domain import dispatching, handling, judging, sensitivity
from chalicelib.domain.asked import Asked
from chalicelib.domain.hits import Verdict
from chalicelib.domain.incident import LIVE, Change, Disposition, Incident
from chalicelib.domain.position import Point
from chalicelib.domain.reading import must_be_read_by
from chalicelib.domain.refusals import NotTransferred
from chalicelib.domain.staff import Staff
from chalicelib.domain.transferring import is_transferred_to
from chalicelib.telemetry import log

Step = Callable[[Incident], Change | None]


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work: on which incident, by whom, when, and under which request's key."""

    incident_id: str
    staff: Staff
    at: datetime
    asked: Asked | None = None


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """An answered incident, with the hub's way into its call where it holds a line."""

    changed: Changed
    join: signaling.Join | None


def answer_incident(work: Work) -> Answered:
    """Give a waiting incident to the signed-in call-taker; raises `AlreadyAnswered`.

    A way in that cannot be had now fails nothing: the console asks for one when it opens the call.
    """
    changed = _do(work, partial(handling.answer, call_taker_id=work.staff.username, at=work.at))
    try:
        return Answered(changed=changed, join=_hubs_way_in(changed.incident, now=work.at))
    except (ClientError, BotoCoreError, PynamoDBException) as fault:
        log.error("call.not_joined", incident_id=work.incident_id, fault=type(fault).__name__)
        return Answered(changed=changed, join=None)


def release_incident(work: Work) -> Changed:
    """Put an incident of one's own back into the ringing queue."""
    return _do(work, _owned(work, partial(_release, work)))


def take_incident(work: Work, *, reason: str) -> Changed:
    """Take an incident over from whoever holds it; a specialist only while it is transferred to her."""
    name, staff = work.staff.username, work.staff

    def step(incident: Incident) -> Change | None:
        if not staff.answers and not is_transferred_to(incident, name):
            raise NotTransferred("take the transfer first")
        return handling.take(incident, call_taker_id=name, at=work.at, reason=reason)

    return _do(work, step)


def classify_incident(work: Work, *, priority: int, type_code: str, summary: str | None) -> Changed:
    """Set priority, kind and summary."""
    step = partial(handling.classify, priority=priority, type_code=type_code, summary=summary)
    return _do(work, _owned(work, step))


def confirm_place(work: Work, *, words: str, point: Point | None) -> Changed:
    """Correct the place."""
    return _do(work, _owned(work, partial(handling.confirm_place, words=words, point=point)))


def write_note(work: Work, *, text: str) -> Changed:
    """Write a note that only staff read; whoever may read the incident may. Raises `IncidentNotFound`."""
    department_id = desk.department_of(work.staff)

    def step(incident: Incident) -> Change:
        must_be_read_by(incident, work.staff, department_id=department_id)
        return handling.note(incident, text=text)

    return _do(work, step)


def write_to_citizen(work: Work, *, text: str) -> Changed:
    """Send a message to the citizen's app."""
    return _do(work, _owned(work, partial(handling.write_to_citizen, text=text)))


def write_to_officers(work: Work, *, text: str) -> Changed:
    """Send a message to the officers' pages."""
    return _do(work, _owned(work, partial(dispatching.write_to_officers, text=text)))


def record_callback(work: Work, *, result: str, override_reason: str | None) -> Changed:
    """Record a call-back; raises `CallbackForbidden`."""
    step = partial(handling.record_callback, result=result, override_reason=override_reason)
    return _do(work, _owned(work, step))


def judge_hit(work: Work, *, hit_id: str, verdict: Verdict) -> Changed:
    """Say whether a hit is what it seems; raises `HitNotFound`."""
    by, at = work.staff.username, work.at
    return _do(
        work, _owned(work, partial(sensitivity.judge_hit, hit_id=hit_id, verdict=verdict, by=by, at=at))
    )


def link_incident(work: Work, *, to: str) -> Changed:
    """Link to another incident; both records say so. Raises `IncidentNotFound` for either."""
    incidents.get(to)
    changed = _do(work, _owned(work, partial(handling.link, to=to)))
    other = msgspec.structs.replace(work, incident_id=to, asked=None)
    incidents.change(
        to,
        partial(handling.hold_link, other_id=work.incident_id),
        actor=other.staff.actor(),
        at=other.at,
    )
    return changed


def grant_live(work: Work) -> Changed:
    """Give a citizen whose live calls are withheld this one."""
    return _do(work, _owned(work, judging.grant_live))


def close_incident(
    work: Work, *, disposition: Disposition, note: str | None, told: dict[str, object] | None
) -> Changed:
    """End an incident with how it ended."""
    step = partial(
        handling.close, disposition=disposition, note=note, told=told, by=work.staff.username, at=work.at
    )
    return _do(work, _owned(work, step))


def _do(work: Work, step: Step) -> Changed:
    """Change the incident; whoever works gives a sign of life by it."""
    changed = incidents.change(work.incident_id, step, actor=work.staff.actor(), at=work.at, asked=work.asked)
    desk.see_seat(work.staff.username, now=work.at)
    return changed


def _hubs_way_in(incident: Incident, *, now: datetime) -> signaling.Join | None:
    """A line is not leased here: a citizen who has left needs none."""
    line = lines.held_by(incident.id, now=now) if incident.mode in LIVE else None
    if line is None or not lines.renew(line.id, incident.id, now=now):
        return None
    return signaling.join_as_master(line, now=now)


def _owned(work: Work, step: Step) -> Step:
    def checked(incident: Incident) -> Change | None:
        handling.must_be_worked_by(incident, staff_id=work.staff.username, commands=work.staff.commands)
        return step(incident)

    return checked


def _release(work: Work, incident: Incident) -> Change | None:
    owner_id = incident.call_taker_id or ""
    return handling.release(incident, owner_id=owner_id, at=work.at, why="released")
