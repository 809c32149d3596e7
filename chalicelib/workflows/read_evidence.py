"""Show the evidence of an incident page by page, and put on record who looked and who took a copy."""

import base64
from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.adapters import digests, evidence, incidents
from chalicelib.adapters.incidents import Changed
from chalicelib.domain import evidence as rules
from chalicelib.domain.asked import Asked
from chalicelib.domain.digests import Written as Digest
from chalicelib.domain.handling import must_be_worked_by
from chalicelib.domain.incident import Change, Incident
from chalicelib.domain.refusals import CursorInvalid
from chalicelib.domain.staff import Staff


class Cursor(msgspec.Struct, frozen=True, kw_only=True, array_like=True, forbid_unknown_fields=True):
    """Where a reader stands: the chain when she began, the section, and the place in it."""

    count: int
    head: str
    section: str
    after: str


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A page of an incident's evidence; `count` and `head` are those of the first page on all of them.

    `digests` are on the first page.
    """

    incident: Incident
    count: int
    head: str
    page: evidence.Page
    digests: list[Digest]
    cursor: str | None


def open_evidence(staff: Staff, incident_id: str, cursor: str | None, *, now: datetime) -> Evidence:
    """A page of the evidence, of one moment of the timeline. Opening it is on the record.

    Raises `IncidentNotFound`, `NotYours`, `IncidentChanged`, `CursorInvalid`.
    """
    incident = _seen_by(staff, incident_id, now=now)
    at = _read_cursor(cursor) if cursor else _beginning(incident)
    try:
        page = evidence.read(incident_id, count=at.count, section=at.section, after=at.after)
    except ValueError as fault:
        raise CursorInvalid("the cursor is not one of this list") from fault
    going_on = replace(at, section=page.section, after=page.following) if page.section else None
    return Evidence(
        incident=incident,
        count=at.count,
        head=at.head,
        page=replace(page, entries=[_covered(incident, one) for one in page.entries]),
        digests=[] if cursor else digests.naming(incident_id),
        cursor=_write_cursor(going_on) if going_on else None,
    )


def record_export(
    staff: Staff, incident_id: str, *, manifest_sha256: str, count: int, asked: Asked | None, now: datetime
) -> Changed:
    """Put on record that a copy was taken. Raises `IncidentNotFound`, `NotYours`, `IncidentChanged`."""

    def step(incident: Incident) -> Change:
        must_be_worked_by(incident, staff_id=staff.username, commands=staff.commands)
        return rules.export(incident, manifest_sha256=manifest_sha256, count=count)

    return incidents.change(incident_id, step, actor=staff.actor(), at=now, asked=asked)


def _seen_by(staff: Staff, incident_id: str, *, now: datetime) -> Incident:
    def step(incident: Incident) -> Change | None:
        must_be_worked_by(incident, staff_id=staff.username, commands=staff.commands)
        return rules.view(incident, staff_id=staff.username, at=now)

    return incidents.change(incident_id, step, actor=staff.actor(), at=now).incident


def _covered(incident: Incident, written: incidents.Written) -> incidents.Written:
    return replace(written, personal=rules.shown(incident, written.entry, written.personal))


def _beginning(incident: Incident) -> Cursor:
    return Cursor(count=incident.version, head=incident.head, section="entries", after="")


def _read_cursor(text: str) -> Cursor:
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text), type=Cursor)
    except (ValueError, msgspec.MsgspecError) as fault:
        raise CursorInvalid("the cursor is not one of this list") from fault


def _write_cursor(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode()
