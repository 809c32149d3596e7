"""Take lines back from dead pages."""

from datetime import datetime
from functools import partial

from chalicelib.adapters import incidents, lines
from chalicelib.adapters.turns import one_by_one
from chalicelib.domain import call
from chalicelib.domain.lines import Lease
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.timeline import Actor, Role
from chalicelib.telemetry import log

SWEEP = Actor(role=Role.SYSTEM, id="line-sweep")


def sweep_lines(*, now: datetime) -> int:
    """Release every lease nobody renewed; who left before an answer is marked so. How many were released."""
    stale = [one for one in lines.leases() if one.incident_id is not None and one.is_free(now)]
    return one_by_one({one.line_id: one for one in stale}, partial(_take_back, now=now))


def _take_back(lease: Lease, *, now: datetime) -> bool:
    """Marked before the line is released: of a line that is free again nobody would look at the incident."""
    incident_id = lease.incident_id or ""
    try:
        incidents.change(incident_id, partial(call.abandon, at=now), actor=SWEEP, at=now)
    except IncidentNotFound:
        log.warning("line.held_by_nobody", line_id=lease.line_id)
    return lines.release(lease.line_id, incident_id, now=now)
