"""Looks at an incident's evidence in DynamoDB: at most one conditional write an incident, person and hour."""

import threading

from pynamodb.exceptions import PutError

from chalicelib.adapters.fault_codes import only_conditions
from chalicelib.adapters.tables import LookItem, look_part
from chalicelib.domain.looks import Look

REMEMBERED = 10_000
_noted: dict[tuple[str, str], None] = {}
_noting = threading.Lock()


def note(look: Look) -> None:
    """Put a look on record, once; what this process noted before is not even asked for again."""
    key = (look.incident_id, look.place)
    if key in _noted:
        return
    item = LookItem(incident_id=look.incident_id, part=look_part(look.place), body=look)
    try:
        item.save(condition=LookItem.incident_id.does_not_exist())
    except PutError as fault:
        only_conditions(fault)
    _remember(key)


def after(incident_id: str, place: str, *, limit: int) -> list[Look]:
    """One page of an incident's looks behind `place`, by hour; from the first with an empty one."""
    beyond = LookItem.part.between(look_part(place) + ("!" if place else ""), look_part("~"))
    page = LookItem.query(incident_id, beyond, limit=limit, page_size=limit, consistent_read=True)
    return [item.body for item in page]


def _remember(key: tuple[str, str]) -> None:
    """Keep the newest ten thousand: a process that forgets asks the table once more."""
    with _noting:
        _noted[key] = None
        if len(_noted) > REMEMBERED:
            del _noted[next(iter(_noted))]
