"""What tests inside the process begin with: incidents straight from the domain, staff without an account."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.adapters import incidents
from chalicelib.adapters.tables import DeskItem
from chalicelib.adapters.upkeep import Ending
from chalicelib.domain.asked import incident_number, new_id
from chalicelib.domain.incident import Change, Incident, Mode
from chalicelib.domain.staff import Staff
from chalicelib.domain.timeline import Actor, Role
from chalicelib.workflows import work_incident
from chalicelib.workflows.work_incident import Work
from tests.machine import ROOT, Machine

EVENTS = ROOT / "events"


def event(name: str) -> dict[str, Any]:
    """The sample event of a trigger, by its function's name."""
    sample: dict[str, Any] = json.loads(Path(EVENTS / f"{name}.json").read_text("utf-8"))
    return sample


def now() -> datetime:
    """The present moment, from which a test moves on."""
    return datetime.now(UTC)


def an_incident(**fields: Any) -> Incident:
    """File an incident of nobody in particular; with no position, nothing follows from it by itself."""
    incident_id, at = new_id(), now()
    incident = Incident(
        id=incident_id,
        number=incident_number(incident_id, at),
        citizen_id=new_id(),
        created_at=at,
        rings_at=at,
        **{"mode": Mode.PHOTO_TEXT, "priority": 3, **fields},
    )
    first = Change(incident=incident, kind="report.filed")
    return incidents.file(incident, first, actor=Actor(role=Role.CITIZEN, id=incident.citizen_id))


def a_call_taker(*groups: str) -> Staff:
    """A member of staff whom no other test is."""
    return Staff(username=f"seat-{new_id()}", groups=frozenset(groups or ("call_taker",)))


def answered_by(staff: Staff, **fields: Any) -> Incident:
    """A new incident that this call-taker has just answered."""
    work = Work(incident_id=an_incident(**fields).id, staff=staff, at=now())
    return work_incident.answer_incident(work).changed.incident


def kinds_of(incident_id: str) -> list[str]:
    """What stands in the timeline, in order."""
    return [written.entry.kind for written in incidents.read(incident_id).entries]


def is_listed(one: Ending) -> bool:
    """Whether the keeper's list of one kind of data has an incident under that day."""
    place = f"{one.since.isoformat()}#{one.incident_id}"
    return bool(list(DeskItem.query(f"ends#{one.kept}", DeskItem.id == place, consistent_read=True)))


def stored(machine: Machine, incident_id: str, part: str) -> dict[str, Any]:
    """One item as the table has it, in DynamoDB's JSON."""
    key = {"incident_id": {"S": incident_id}, "part": {"S": part}}
    table = machine.outputs()["IncidentsTable"]
    item: dict[str, Any] = machine.client("dynamodb").get_item(TableName=table, Key=key)["Item"]
    return item


def queue_of(machine: Machine, name: str) -> str:
    """The address of a queue, on the port the machine has now."""
    return f"{machine.aws_endpoint}/000000000000/{name.rsplit('/', 1)[-1]}"
