"""What tests of the citizen's side share: filing, following and closing."""

import uuid
from typing import Any

from tests.desk import work
from tests.machine import CitizenClient, HttpClient, Machine, StaffClient, done

INSIDE = {"lat": 36.40, "lng": 118.55, "crs": "wgs84", "accuracy_m": 20}
OUTSIDE = {"lat": 36.70, "lng": 119.10, "crs": "wgs84", "accuracy_m": 20}
"""潍坊, some forty kilometres to the east."""


def someone(machine: Machine, *, phone: str | None = None) -> CitizenClient:
    """A citizen whom no other test knows."""
    return machine.citizen(f"someone-{uuid.uuid4().hex}", phone=phone)


def new_key() -> str:
    """An `Idempotency-Key` that was never used."""
    return uuid.uuid4().hex


def file_report(citizen: HttpClient, body: Any = None, *, key: str | None = None) -> Any:
    """File a report that must be taken; its incident."""
    sent = {"text": "有人落水"} if body is None else body
    return done(citizen.post("/reports/photo-text", sent, key=key))["incident"]


def record_of(citizen: HttpClient, incident_id: str) -> Any:
    """The report as its citizen sees it."""
    return done(citizen.get(f"/reports/{incident_id}"))


def kinds(record: Any) -> list[str]:
    """The kinds of the entries shown, in order."""
    return [entry["kind"] for entry in record["timeline"]]


def close(seat: StaffClient, incident_id: str) -> None:
    """Answer an incident and close it at once, with a note that only staff may read."""
    work(seat, incident_id, "answer")
    work(seat, incident_id, "close", {"disposition": "advised", "note": "内部说明"})
