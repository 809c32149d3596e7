"""What standing does to an incident: marked as false, reviewed, taken as evidence, its live call granted.

Each step is a pure function from an incident to its change, or None when it would change nothing.
"""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.incident import Change, Incident, must_not_be_erased
from chalicelib.domain.refusals import EvidenceOfAnother, MarkedByYourself, ReviewNotFound, StepRefused
from chalicelib.domain.standing import FalseKind, Marking, Outcome, StandingChange


def mark_false(incident: Incident, *, kind: FalseKind, reason: str, by: str, at: datetime) -> Change | None:
    """Mark a report as false or as harassment: its evidence is frozen, and a commander is asked.

    Raises `StepRefused` once its citizen was erased.
    """
    must_not_be_erased(incident)
    before = incident.marking
    if before is not None and before.outcome is None and (before.kind, before.reason) == (kind, reason):
        return None
    marked = marked_false(incident, Marking(kind=kind, reason=reason, marked_by=by, marked_at=at))
    return Change(
        incident=marked, kind="report.marked_false", details={"kind": kind}, personal={"reason": reason}
    )


def marked_false(incident: Incident, marking: Marking) -> Incident:
    """The incident with its evidence frozen, waiting for review."""
    return replace(incident, marking=marking, frozen=True)


def take_as_evidence(incident: Incident, change: StandingChange) -> Change:
    """Put a change of its citizen's standing on the record; a marking that waited is reviewed by it.

    Raises `EvidenceOfAnother` for an incident that is not this citizen's, `MarkedByYourself`.
    """
    if incident.citizen_id != change.citizen_id:
        raise EvidenceOfAnother("the incident is not one of this citizen")
    _must_be_anothers(incident, reviewer=change.reviewed_by)
    details: dict[str, object] = {
        "standing_id": change.id,
        "grade": change.grade,
        "expires_at": change.expires_at,
        "proposed_by": change.proposed_by,
        "reviewed_by": change.reviewed_by,
    }
    reviewed = _reviewed(incident, Outcome.STANDING, by=change.reviewed_by, at=change.decided_at)
    frozen = replace(reviewed, frozen=True)
    return Change(
        incident=frozen, kind="standing.changed", details=details, personal={"reason": change.reason}
    )


def lift(incident: Incident, change: StandingChange, *, reason: str) -> Change:
    """Put on the record of its evidence that a change of standing was lifted."""
    details: dict[str, object] = {"standing_id": change.id, "grade": change.grade}
    return Change(incident=incident, kind="standing.lifted", details=details, personal={"reason": reason})


def dismiss(incident: Incident, *, reason: str, by: str, at: datetime) -> Change | None:
    """Find nothing in a marking. The evidence stays frozen: the citizen may want it.

    Raises `ReviewNotFound` when nothing waits for review, `MarkedByYourself`.
    """
    marking = incident.marking
    if marking is not None and marking.outcome is Outcome.DISMISSED:
        return None
    if marking is None or marking.outcome is not None:
        raise ReviewNotFound("nothing waits for review here")
    _must_be_anothers(incident, reviewer=by)
    dismissed = _reviewed(incident, Outcome.DISMISSED, by=by, at=at)
    details: dict[str, object] = {"kind": marking.kind}
    return Change(incident=dismissed, kind="review.dismissed", details=details, personal={"reason": reason})


def grant_live(incident: Incident) -> Change | None:
    """Give a citizen without live calls this one."""
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
    if not incident.withholds_live:
        return None
    return Change(incident=replace(incident, live_granted=True), kind="live.granted")


def _must_be_anothers(incident: Incident, *, reviewer: str) -> None:
    """Raise `MarkedByYourself` when a marking that waits is the reviewer's own: two people decide."""
    marking = incident.marking
    if marking is not None and marking.outcome is None and marking.marked_by == reviewer:
        raise MarkedByYourself("another commander reviews what you marked")


def _reviewed(incident: Incident, outcome: Outcome, *, by: str, at: datetime) -> Incident:
    if incident.marking is None or incident.marking.outcome is not None:
        return incident
    marking = replace(incident.marking, outcome=outcome, reviewed_by=by, reviewed_at=at)
    return replace(incident, marking=marking)
