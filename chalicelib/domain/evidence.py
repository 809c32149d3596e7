"""Evidence as it is shown and handed out: who looked at it, who took a copy, and what stays covered."""

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.incident import Change, Incident, Seen
from chalicelib.domain.timeline import Entry, Personal

ON_RECORD_EVERY = timedelta(hours=1)
"""One who looks again within this time is not put on the record again: the list must stay readable."""

TELLS_NUMBER = frozenset(
    {
        ("report.filed", "phone"),
        ("report.filed", "as_sent"),
        ("phone.given", "phone"),
    }
)
"""The personal values, by the kind of their entry, in which a citizen's number may stand."""

COMMANDERS_NUMBER = frozenset({("alert.sending", "phone"), ("alert.folded", "phone")})
"""The personal values that are a commander's own number, which no seat needs."""


def view(incident: Incident, *, staff_id: str, at: datetime) -> Change | None:
    """Put on the record who opened the evidence and how long the chain was then; once in an hour each."""
    recent = tuple(one for one in incident.evidence_seen if at - one.at < ON_RECORD_EVERY)
    if any(one.staff_id == staff_id for one in recent):
        return None
    seen = replace(incident, evidence_seen=(*recent, Seen(staff_id=staff_id, at=at)))
    details: dict[str, object] = {"count": incident.version, "head": incident.head}
    return Change(incident=seen, kind="evidence.viewed", details=details)


def export(incident: Incident, *, manifest_sha256: str, count: int) -> Change:
    """Put on the record that a copy was taken: the SHA-256 of its manifest holds every file of it."""
    details: dict[str, object] = {"manifest_sha256": manifest_sha256, "count": count}
    return Change(incident=incident, kind="evidence.exported", details=details)


def shown(incident: Incident, entry: Entry, personal: Personal) -> Personal:
    """The personal values of an entry that may be shown with their salts.

    While an open incident hides its number, what holds the number stays covered: a list that is printed and
    carried about must not be where it gets out.
    """
    if not (incident.hides_number and incident.is_open):
        return personal
    return {name: value for name, value in personal.items() if (entry.kind, name) not in TELLS_NUMBER}


def shown_to_staff(incident: Incident, entry: Entry, personal: Personal) -> dict[str, Any]:
    """The personal values of an entry as the console shows them.

    A commander's number never, a citizen's not while a call could endanger her; of what she sent that could
    not be read, the rest stays.
    """
    values = {name: one.value for name, one in personal.items()}
    withheld = COMMANDERS_NUMBER | (TELLS_NUMBER if incident.hides_number else frozenset())
    seen = {name: value for name, value in values.items() if (entry.kind, name) not in withheld}
    if "as_sent" in values.keys() - seen.keys():
        seen["as_sent"] = {name: sent for name, sent in values["as_sent"].items() if name != "contact_phone"}
    return seen
