"""Changes of citizens' standing, and the reviews that wait, in DynamoDB.

Each change stands twice: among all of them, and among its citizen's, both by time. The one in force stands
on the citizen's own record, which filing reads anyway.
"""

from datetime import datetime

import msgspec
from msgspec.structs import replace
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.tables import CitizenItem, DeskItem
from chalicelib.domain.citizen import Citizen, Standing
from chalicelib.domain.refusals import StandingNotFound
from chalicelib.domain.standing import EndedBecause, Review, StandingChange

ALL = "standing"
REVIEW = "review"
PAGE = 50


def get(standing_id: str) -> StandingChange:
    """One change; raises `StandingNotFound`."""
    try:
        body = DeskItem.get(ALL, standing_id, consistent_read=True).body
    except DoesNotExist as fault:
        raise StandingNotFound("no such change of standing") from fault
    return msgspec.json.decode(body or "", type=StandingChange)


def page(citizen_id: str | None, after: str | None) -> tuple[list[StandingChange], str | None]:
    """One page of all changes, or of one citizen's, newest first, and the id to go on from."""
    kind = _of(citizen_id) if citizen_id else ALL
    beyond = DeskItem.id < after if after else None
    found = DeskItem.query(kind, beyond, scan_index_forward=False, limit=PAGE, page_size=PAGE)
    changes = [msgspec.json.decode(item.body or "", type=StandingChange) for item in found]
    return changes, changes[-1].id if found.last_evaluated_key else None


def in_force(citizen: Citizen) -> StandingChange | None:
    """The change that a citizen's record names, or None."""
    if citizen.standing_id is None:
        return None
    try:
        return get(citizen.standing_id)
    except StandingNotFound:
        return None


def write(transaction: TransactWrite, change: StandingChange, *, citizen: Citizen) -> None:
    """Store a change, put it in force, end the one before, and take its incident off the reviews.

    It is refused when another change was put in force since the citizen was read: two never are.
    """
    before = in_force(citizen)
    _save(transaction, change)
    if before is not None and before.ended_at is None:
        ended = replace(before, ended_at=change.decided_at, ended_by=change.reviewed_by)
        _save(transaction, replace(ended, ended_because=EndedBecause.REPLACED))
    transaction.update(
        CitizenItem(change.citizen_id),
        [
            CitizenItem.standing.set(change.grade.value),
            CitizenItem.standing_id.set(change.id),
            CitizenItem.standing_reason.set(change.reason),
            CitizenItem.standing_since.set(change.decided_at.isoformat()),
            CitizenItem.standing_until.set(change.expires_at.isoformat()),
        ],
        condition=_has_still(citizen),
    )
    remove_review(transaction, change.incident_id)


def write_end(transaction: TransactWrite, ended: StandingChange, *, was_in_force: bool) -> None:
    """Store a change as ended; one that was in force leaves the citizen's standing good."""
    _save(transaction, ended)
    if not was_in_force:
        return
    names = ("standing_id", "standing_reason", "standing_since", "standing_until")
    transaction.update(
        CitizenItem(ended.citizen_id),
        [
            CitizenItem.standing.set(Standing.GOOD.value),
            *(getattr(CitizenItem, name).remove() for name in names),
        ],
        condition=CitizenItem.standing_id == ended.id,
    )


def end(change: StandingChange, *, by: str, at: datetime, reason: str) -> StandingChange:
    """The change as lifted."""
    return replace(change, ended_at=at, ended_by=by, ended_because=EndedBecause.LIFTED, end_reason=reason)


def forget_reasons(citizen_id: str) -> None:
    """Erase why a citizen's standing was changed; that it was, and by whom, remains. Safe to repeat."""
    for item in DeskItem.query(_of(citizen_id)):
        change = msgspec.json.decode(item.body or "", type=StandingChange)
        without = replace(change, reason="", end_reason=None)
        for kind in (ALL, _of(citizen_id)):
            DeskItem(kind=kind, id=change.id, body=_text(without)).save()


def put_review(review: Review) -> None:
    """Have an incident wait for review; the same one again changes nothing."""
    DeskItem(kind=REVIEW, id=review.incident_id, body=_text(review)).save()


def remove_review(transaction: TransactWrite, incident_id: str) -> None:
    """Take an incident off the reviews; one that is not there is off them already."""
    transaction.delete(DeskItem(REVIEW, incident_id))


def reviews(after: str | None) -> tuple[list[Review], str | None]:
    """One page of what waits for review, and the id to go on from."""
    beyond = DeskItem.id > after if after else None
    found = DeskItem.query(REVIEW, beyond, limit=PAGE, page_size=PAGE)
    waiting = [msgspec.json.decode(item.body or "", type=Review) for item in found]
    return waiting, waiting[-1].incident_id if found.last_evaluated_key else None


def _has_still(citizen: Citizen) -> Condition:
    """That the citizen's record is there and names the same change as when it was read."""
    if citizen.standing_id is not None:
        same: Condition = CitizenItem.standing_id == citizen.standing_id
        return same
    none: Condition = CitizenItem.citizen_id.exists() & CitizenItem.standing_id.does_not_exist()
    return none


def _save(transaction: TransactWrite, change: StandingChange) -> None:
    for kind in (ALL, _of(change.citizen_id)):
        transaction.save(DeskItem(kind=kind, id=change.id, body=_text(change)))


def _of(citizen_id: str) -> str:
    return f"{ALL}#{citizen_id}"


def _text(body: StandingChange | Review) -> str:
    return msgspec.json.encode(body).decode()
