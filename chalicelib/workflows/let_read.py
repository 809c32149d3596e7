"""Let a specialist read what was brought to her, and nothing else; whoever answers reads everything."""

from collections.abc import Iterable

from chalicelib.adapters import desk, incidents
from chalicelib.domain.reading import may_be_read_by, must_be_read_by
from chalicelib.domain.staff import Staff


def let_read(staff: Staff, incident_id: str) -> None:
    """Raise `IncidentNotFound` for who may not read it. For who answers, nothing is asked for."""
    if not staff.answers:
        department_id = desk.department_of(staff)
        must_be_read_by(incidents.get(incident_id), staff, department_id=department_id)


def readable(staff: Staff, incident_ids: Iterable[str]) -> set[str]:
    """Those of these incidents that she may read."""
    ids = set(incident_ids)
    if staff.answers or not ids:
        return ids
    department_id = desk.department_of(staff)
    found = incidents.get_many(ids)
    return {one.id for one in found if may_be_read_by(one, staff, department_id=department_id)}
