"""The erasures of citizens in DynamoDB: what was asked for stands in a list until it is done."""

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.tables import DeskItem
from chalicelib.domain.erasing import Erasure, ErasureState

ALL = "erasure"
WAITING = "erasure-waiting"
PAGE = 50


def put(erasure: Erasure) -> None:
    """Store how far an erasure is; what waits stands on the keeper's list too, written first."""
    if erasure.state is ErasureState.ASKED:
        wait(erasure.citizen_id)
    DeskItem(kind=ALL, id=erasure.citizen_id, body=msgspec.json.encode(erasure).decode()).save()
    if erasure.state is not ErasureState.ASKED:
        DeskItem(WAITING, erasure.citizen_id).delete()


def wait(citizen_id: str) -> None:
    """Put a citizen on the keeper's list; again it is the same item."""
    DeskItem(kind=WAITING, id=citizen_id).save()


def get(citizen_id: str) -> Erasure | None:
    """The erasure of a citizen, or None."""
    try:
        return _erasure(DeskItem.get(ALL, citizen_id, consistent_read=True))
    except DoesNotExist:
        return None


def waiting() -> list[str]:
    """A page of citizens whose erasing is not done."""
    return [item.id for item in DeskItem.query(WAITING, limit=PAGE, page_size=PAGE, consistent_read=True)]


def page(after: str | None) -> tuple[list[Erasure], str | None]:
    """One page of all erasures, and the id to go on from."""
    beyond = DeskItem.id > after if after else None
    found = DeskItem.query(ALL, beyond, limit=PAGE, page_size=PAGE)
    listed = [_erasure(item) for item in found]
    return listed, listed[-1].citizen_id if found.last_evaluated_key else None


def _erasure(item: DeskItem) -> Erasure:
    return msgspec.json.decode(item.body or "", type=Erasure)
