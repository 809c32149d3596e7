"""The erasures of citizens in DynamoDB: what was asked for stands in a list until it is done."""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace
from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.fault_codes import lost_race
from chalicelib.adapters.tables import DeskItem, transactions
from chalicelib.adapters.turns import readable
from chalicelib.domain.erasing import Erasure, ErasureState

ALL = "erasure"
WAITING = "erasure-waiting"
PAGE = 50


class ErasureOvertaken(Exception):
    """Somebody else stored the erasure first."""


def put(erasure: Erasure) -> Erasure:
    """Store how far an erasure is, and with it whether it stands on the keeper's list; as it is stored.

    Raises `ErasureOvertaken` when it was changed since it was read: a write that comes late undoes nothing.
    """
    after = replace(erasure, version=erasure.version + 1)
    text = msgspec.json.encode(after).decode()
    item = DeskItem(kind=ALL, id=after.citizen_id, body=text, version=after.version)
    unchanged = DeskItem.version == erasure.version if erasure.version else DeskItem.kind.does_not_exist()
    waiting = DeskItem(WAITING, after.citizen_id)
    try:
        with TransactWrite(connection=transactions()) as transaction:
            transaction.save(item, condition=unchanged)
            (transaction.save if after.state is ErasureState.ASKED else transaction.delete)(waiting)
    except TransactWriteError as fault:
        lost_race(fault)
        raise ErasureOvertaken from fault
    return after


def get(citizen_id: str) -> Erasure | None:
    """The erasure of a citizen, or None."""
    try:
        return _erasure(DeskItem.get(ALL, citizen_id, consistent_read=True))
    except DoesNotExist:
        return None


def waiting() -> Iterator[str]:
    """The citizens whose erasing is not done, page by page."""
    return (item.id for item in DeskItem.query(WAITING, page_size=PAGE, consistent_read=True))


def page(after: str | None) -> tuple[list[Erasure], str | None]:
    """One page of all erasures, and the id to go on from."""
    beyond = DeskItem.id > after if after else None
    asked = DeskItem.query(ALL, beyond, limit=PAGE, page_size=PAGE)
    found = list(asked)
    return list(readable(found, _erasure, kind=ALL)), found[-1].id if asked.last_evaluated_key else None


def _erasure(item: DeskItem) -> Erasure:
    return msgspec.json.decode(item.body or "", type=Erasure)
