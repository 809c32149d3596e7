"""Legal hold 证据保全 of an incident: placed and released by a commander, with a reason on the record.

Each step is a pure function from an incident to its change, or None when it would change nothing.
"""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.incident import Change, Hold, Incident, must_not_be_erased
from chalicelib.domain.refusals import StepRefused


def place(incident: Incident, *, reason: str, by: str, at: datetime) -> Change | None:
    """Place a hold; one that stands stays as it is. Raises `StepRefused` once nothing is left to hold."""
    if incident.hold is not None:
        return None
    must_not_be_erased(incident)
    held = replace(incident, hold=Hold(placed_by=by, placed_at=at))
    return Change(incident=held, kind="hold.placed", personal={"reason": reason})


def release(incident: Incident, *, reason: str) -> Change | None:
    """Release the hold, and the freeze of a marked report once it was reviewed.

    Raises `StepRefused` when the one thing that keeps the incident is a marking nobody has reviewed.
    """
    if not incident.must_be_kept:
        return None
    waits = incident.marking is not None and incident.marking.outcome is None
    if incident.hold is None and waits:
        raise StepRefused("the marking waits for review", incident_status=incident.status)
    thawed = incident.frozen and not waits
    released = replace(incident, hold=None, frozen=incident.frozen and waits)
    details: dict[str, object] = {"thawed": thawed}
    return Change(incident=released, kind="hold.released", details=details, personal={"reason": reason})
