"""Mark a report as false, review it, and change or lift a citizen's standing, always on the record."""

from datetime import datetime, timedelta
from functools import partial

import msgspec
from pynamodb.transactions import TransactWrite

from chalicelib.adapters import citizens, desk, incidents, standings
from chalicelib.adapters.incidents import Changed, Together
from chalicelib.domain import handling, judging
from chalicelib.domain.asked import Asked, new_id
from chalicelib.domain.citizen import Standing
from chalicelib.domain.incident import Change, Incident
from chalicelib.domain.refusals import BodyInvalid, CitizenNotFound
from chalicelib.domain.staff import Staff
from chalicelib.domain.standing import FalseKind, Review, StandingChange, expiry, time_id
from chalicelib.settings import settings


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer decides of a citizen; `incident_id` is the evidence."""

    citizen_id: str
    grade: Standing
    reason: str
    incident_id: str
    expires_at: datetime | None = None


def mark_false(incident_id: str, *, kind: FalseKind, reason: str, staff: Staff, now: datetime) -> Changed:
    """Mark a report as false or as harassment, also after closing. Raises `NotYours`."""

    def step(incident: Incident) -> Change | None:
        handling.must_be_worked_by(incident, staff_id=staff.username, commands=staff.commands)
        return judging.mark_false(incident, kind=kind, reason=reason, by=staff.username, at=now)

    changed = incidents.change(incident_id, step, actor=staff.actor(), at=now)
    desk.see_seat(staff.username, now=now)
    return changed


def ask_review(incident_id: str) -> None:
    """Ask for a review, once an incident was marked. Safe to repeat."""
    incident = incidents.get(incident_id)
    marking = incident.marking
    if marking is None or marking.outcome is not None:
        return
    review = Review(
        incident_id=incident.id,
        number=incident.number,
        citizen_id=incident.citizen_id,
        kind=marking.kind,
        reason=marking.reason,
        marked_by=marking.marked_by,
        marked_at=marking.marked_at,
    )
    standings.put_review(review)


def change_standing(
    decision: Decision, *, staff: Staff, asked: Asked | None, now: datetime
) -> StandingChange:
    """Decide a citizen's standing. The signed-in commander is the reviewer.

    Raises `IncidentNotFound`, `EvidenceOfAnother`, `MarkedByYourself`, or `BodyInvalid` for a wrong end.
    """
    evidence = incidents.get(decision.incident_id)
    change = _change(decision, evidence, reviewer=staff.username, now=now)
    changed = incidents.change(
        decision.incident_id,
        partial(judging.take_as_evidence, change=change),
        actor=staff.actor(),
        at=now,
        asked=asked,
        together=Together(write=partial(_put_in_force, change)),
    )
    return standings.get(_standing_of(decision.incident_id, changed.seq))


def lift_standing(standing_id: str, *, reason: str, staff: Staff, now: datetime) -> None:
    """Lift a change before its time; one that no longer holds stays as it is. Raises `StandingNotFound`."""
    change = standings.get(standing_id)
    if not change.holds_at(now):
        return
    in_force = citizens.get(change.citizen_id).standing_id == change.id
    ended = standings.end(change, by=staff.username, at=now, reason=reason)
    incidents.change(
        change.incident_id,
        partial(judging.lift, change=change, reason=reason),
        actor=staff.actor(),
        at=now,
        together=Together(write=partial(standings.write_end, ended=ended, was_in_force=in_force)),
    )


def dismiss_review(incident_id: str, *, reason: str, staff: Staff, now: datetime) -> Changed:
    """Find nothing in a marking. Raises `ReviewNotFound`, `MarkedByYourself`."""
    return incidents.change(
        incident_id,
        partial(judging.dismiss, reason=reason, by=staff.username, at=now),
        actor=staff.actor(),
        at=now,
        together=Together(write=partial(standings.remove_review, incident_id=incident_id)),
    )


def _change(decision: Decision, evidence: Incident, *, reviewer: str, now: datetime) -> StandingChange:
    usual = timedelta(days=settings().standing_days)
    return StandingChange(
        id=time_id(now, new_id()),
        citizen_id=decision.citizen_id,
        grade=decision.grade,
        reason=decision.reason,
        incident_id=decision.incident_id,
        proposed_by=evidence.marking.marked_by if evidence.marking else reviewer,
        reviewed_by=reviewer,
        decided_at=now,
        expires_at=expiry(decision.expires_at, now=now, usual=usual),
    )


def _put_in_force(change: StandingChange, transaction: TransactWrite) -> None:
    """Each try reads the citizen anew: what another put in force meanwhile is what this one replaces."""
    try:
        citizen = citizens.get(change.citizen_id)
    except CitizenNotFound as fault:
        raise BodyInvalid("this citizen's record is gone", field="citizen_id") from fault
    standings.write(transaction, change, citizen=citizen)


def _standing_of(incident_id: str, seq: int) -> str:
    """The change that an entry tells of: of a retry, the first one's."""
    (written,) = incidents.read(incident_id, after=seq - 1).entries[:1]
    standing_id: str = written.entry.details["standing_id"]
    return standing_id
