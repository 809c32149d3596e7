"""End a text's link and code when the telephone it came to is in wrong hands."""

from datetime import datetime
from functools import partial

from chalicelib.adapters import desk, incidents
from chalicelib.adapters.incidents import Changed
from chalicelib.domain import alerting
from chalicelib.domain.staff import Staff


def revoke_alert(incident_id: str, alert_id: str, reason: str, *, staff: Staff, now: datetime) -> Changed:
    """Revoke an alert; what was acknowledged with it is told to the next. Raises `LinkNotFound`."""
    step = partial(alerting.revoke, alert_id=alert_id, reason=reason, at=now)
    changed = incidents.change(incident_id, step, actor=staff.actor(), at=now)
    desk.see_seat(staff.username, now=now)
    return changed
