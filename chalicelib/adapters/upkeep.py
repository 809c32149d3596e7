"""What the keeper still has to do, in the desk's table: holds to set, and what is near the end of its time.

Each list is one partition, read page by page: the keeper asks for as much of what is due as it has time for.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import msgspec
from pynamodb.exceptions import DeleteError, PutError
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.fault_codes import only_conditions
from chalicelib.adapters.tables import DeskItem
from chalicelib.adapters.turns import readable
from chalicelib.adapters.versions import Place
from chalicelib.domain.asked import new_id
from chalicelib.domain.incident import Kept

HOLDS = "holds-to-set"
PAGE = 25


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """An incident whose data of one kind are kept from `since` on, a day in UTC."""

    kept: Kept
    incident_id: str
    since: date


class HoldAsked(msgspec.Struct, frozen=True, kw_only=True):
    """An incident whose versions' hold is to be set, and where to go on; `stamp` tells askings apart."""

    incident_id: str
    stamp: str
    after: Place | None = None


def ask_hold(incident_id: str, *, within: TransactWrite | None = None) -> None:
    """Have the keeper set the versions' hold as the incident says; in its change's transaction, if given."""
    item = _asked_item(HoldAsked(incident_id=incident_id, stamp=new_id()))
    if within is None:
        item.save()
    else:
        within.save(item)


def holds_asked() -> Iterator[HoldAsked]:
    """The incidents whose holds are to be set; one whose item cannot be read begins anew."""
    items = DeskItem.query(HOLDS, page_size=PAGE, consistent_read=True)
    return readable(items, _asked, kind=HOLDS, instead=_asked_anew)


def hold_set(asked: HoldAsked) -> None:
    """Take an incident off the list, unless it was asked for once more meanwhile."""
    item = _asked_item(asked)
    _unless_asked_again(lambda: item.delete(condition=DeskItem.body == item.body))


def go_on_from(asked: HoldAsked, place: Place) -> HoldAsked:
    """Write down how far an incident's hold is set, unless it was asked for once more meanwhile."""
    further, before = msgspec.structs.replace(asked, after=place), _asked_item(asked).body
    _unless_asked_again(lambda: _asked_item(further).save(condition=DeskItem.body == before))
    return further


def keep_from(incident_id: str, since: date) -> None:
    """List an incident under each kind of data, in one request; the same again is the same items."""
    with DeskItem.batch_write() as batch:
        for kept in Kept:
            batch.save(_item(Ending(kept=kept, incident_id=incident_id, since=since)))


def ending(kept: Kept, *, until: date) -> Iterator[Ending]:
    """What has been kept since `until` or longer, oldest first; one that is put off may come once more."""
    within = DeskItem.id < f"{until.isoformat()}~"
    items = DeskItem.query(_kind(kept), within, page_size=PAGE)
    return readable(items, lambda item: _ending(kept, item.id), kind=_kind(kept))


def ended(one: Ending) -> None:
    """Take an incident off the list of one kind."""
    _item(one).delete()


def look_again(one: Ending, *, after: timedelta) -> None:
    """Pass over an incident that must be kept, as if it had been closed so much later."""
    _item(msgspec.structs.replace(one, since=one.since + after)).save()
    ended(one)


def _asked(item: DeskItem) -> HoldAsked:
    return msgspec.json.decode(item.body or "", type=HoldAsked)


def _asked_anew(item: DeskItem) -> HoldAsked:
    """The incident is the item's key: how far its hold was set is all that is lost."""
    anew = HoldAsked(incident_id=item.id, stamp=new_id())
    _asked_item(anew).save()
    return anew


def _asked_item(asked: HoldAsked) -> DeskItem:
    return DeskItem(kind=HOLDS, id=asked.incident_id, body=msgspec.json.encode(asked).decode())


def _unless_asked_again(write: Callable[[], object]) -> None:
    try:
        write()
    except (DeleteError, PutError) as fault:
        only_conditions(fault)


def _kind(kept: Kept) -> str:
    return f"ends#{kept}"


def _item(one: Ending) -> DeskItem:
    return DeskItem(kind=_kind(one.kept), id=f"{one.since.isoformat()}#{one.incident_id}")


def _ending(kept: Kept, sort: str) -> Ending:
    since, _, incident_id = sort.partition("#")
    return Ending(kept=kept, incident_id=incident_id, since=date.fromisoformat(since))
