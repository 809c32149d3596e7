"""Deeds in DynamoDB: one item each, by month and time. Nothing changes one or takes one away."""

import msgspec

from chalicelib.adapters.tables import DeskItem
from chalicelib.domain.deeds import Deed

PAGE = 100


def append(deed: Deed) -> None:
    """Put a deed on record."""
    item = DeskItem(kind=_of(deed.month), id=deed.id, body=msgspec.json.encode(deed).decode())
    item.save(condition=DeskItem.kind.does_not_exist())


def page(month: str, before: str | None) -> tuple[list[Deed], str | None]:
    """One page of a month's deeds, newest first, and the id to go on from."""
    older = DeskItem.id < before if before else None
    found = DeskItem.query(_of(month), older, scan_index_forward=False, limit=PAGE, page_size=PAGE)
    deeds = [msgspec.json.decode(item.body or "", type=Deed) for item in found]
    return deeds, deeds[-1].id if found.last_evaluated_key else None


def _of(month: str) -> str:
    return f"audit#{month}"
