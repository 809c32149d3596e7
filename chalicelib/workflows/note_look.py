"""Put on record who looks at an incident's files or recording outside of the manifest."""

from datetime import datetime

from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters import looks
from chalicelib.domain.looks import Look, Looked
from chalicelib.domain.timeline import Actor
from chalicelib.telemetry import log


def note_look(actor: Actor, incident_id: str, looked: Looked, *, now: datetime) -> None:
    """Note a look, once an incident, person and hour; an officer is named by his dispatch.

    A call-taker sees the picture also when this cannot be written: somebody may be in danger on it. Then the
    log says so.
    """
    look = Look(incident_id=incident_id, actor=actor, looked=looked, at=now)
    try:
        looks.note(look)
    except PynamoDBException as fault:
        log.error("look.not_noted", incident_id=incident_id, by=actor.id, fault=type(fault).__name__)
