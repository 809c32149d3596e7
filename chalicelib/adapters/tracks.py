"""The tracks of callers in DynamoDB: each batch is one write of one unit, and no read.

The item `NOW` of an incident holds its last four batches and moves them up by one with each. It says whose
they are and whether tracking ended, so the write itself refuses a stranger. After every fourth batch the
table's stream puts the four away (`docs/decisions/0019-a-track-moves-up-by-one.md`).
"""

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from pynamodb.exceptions import DoesNotExist, PutError, UpdateError

from chalicelib.adapters.fault_codes import only_conditions
from chalicelib.adapters.tables import NOW, TrackItem, track_part
from chalicelib.domain.incident import Incident
from chalicelib.domain.tracks import Batch, TrackPoint, in_order, is_fresh, pack, unpack
from chalicelib.settings import settings

KEPT = 4
PAGE = 25
OVERDUE = 20
"""Batches behind the newest after which one that was not put away is no longer waited for."""


class TrackNotOpen(Exception):
    """There is no track of this citizen that goes on."""


class TrackPage(msgspec.Struct, frozen=True, kw_only=True):
    """Points by time; `seen` is the last batch up to which none is missing, `more` whether to go on at once.

    `recent` are the points of the last four batches, on the last page only.
    """

    points: list[TrackPoint]
    seen: int
    more: bool
    recent: list[TrackPoint]
    tracking: bool


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What the stream tells of one write to a track: its number and arrivals, and what it holds since."""

    incident_id: str
    number: int
    number_before: int
    came_ms: int
    came_before_ms: int
    batches: tuple[bytes, ...]
    newest: TrackPoint | None
    checked: TrackPoint | None
    expires_at: int | None


def beginning(incident: Incident) -> TrackItem:
    """The item in which the track of a new incident will grow; it expires as the setting says."""
    until = incident.created_at + timedelta(days=settings().track_life_days)
    nothing: dict[str, Any] = {f"b{place}": b"" for place in range(1, KEPT + 1)}
    return TrackItem(
        incident_id=incident.id,
        part=NOW,
        whose=incident.citizen_id,
        expires_at=int(until.timestamp()),
        **nothing,
    )


def begin(incident: Incident) -> None:
    """Have an incident that has no track begin one; one that is there stays."""
    try:
        beginning(incident).save(condition=TrackItem.incident_id.does_not_exist())
    except PutError as fault:
        only_conditions(fault)


def add(incident_id: str, citizen_id: str, batch: Batch, *, now: datetime) -> None:
    """Add a batch to the citizen's own track that goes on; raises `TrackNotOpen`."""
    actions = [
        *(getattr(TrackItem, f"b{n}").set(getattr(TrackItem, f"b{n - 1}")) for n in range(KEPT, 1, -1)),
        TrackItem.b1.set(pack(batch.points)),
        TrackItem.number.set(TrackItem.number + 1),
        TrackItem.came.set(int(now.timestamp() * 1000)),
    ]
    if is_fresh(batch, now=now):
        actions.append(TrackItem.newest.set(pack([batch.newest])))
    own = (TrackItem.whose == citizen_id) & TrackItem.ended.does_not_exist()
    _update(TrackItem(incident_id, NOW), actions, own)


def end(incident_id: str) -> None:
    """Let the track take no more; safe to repeat."""
    try:
        _update(TrackItem(incident_id, NOW), [TrackItem.ended.set(1)], TrackItem.whose.exists())
    except TrackNotOpen:
        return


def put_away(step: Step) -> None:
    """Keep four batches for good, oldest first; the same four again are the same item."""
    item = TrackItem(step.incident_id, track_part(step.number), expires_at=step.expires_at)
    item.b4, item.b3, item.b2, item.b1 = step.batches
    item.save()


def note_check(incident_id: str, point: TrackPoint) -> None:
    """Remember where the caller was when the rules last looked."""
    try:
        actions = [TrackItem.checked.set(pack([point]))]
        _update(TrackItem(incident_id, NOW), actions, TrackItem.whose.exists())
    except TrackNotOpen:
        return


def checked(incident_id: str) -> TrackPoint | None:
    """Where the caller was when the rules last looked, as it stands now; None before they did."""
    try:
        item = TrackItem.get(incident_id, NOW, consistent_read=True, attributes_to_get=["checked"])
    except DoesNotExist:
        return None
    return _point(item.checked or b"")


def read(incident_id: str, *, after: int) -> TrackPage | None:
    """What came after batch `after`, one query; None where there is no track.

    A look right after many batches may not find all that are being put away: then `seen` stays before the
    first that is missing, and the next look brings it. What is long overdue is waited for no more.
    """
    beyond = TrackItem.part.between(track_part(after + 1), NOW)
    page = TrackItem.query(incident_id, beyond, limit=PAGE, page_size=PAGE)
    items = list(page)
    if not items:
        return None
    numbered = {n: packed for item in items for n, packed in _batches(item) if n > after}
    last = items[-1] if items[-1].part == NOW else None
    return TrackPage(
        points=_points(numbered.values()),
        seen=_without_gap(set(numbered), after),
        more=last is None,
        recent=_recent(last) if last else [],
        tracking=last is None or last.ended is None,
    )


def recent(incident_id: str) -> list[TrackPoint]:
    """The points of the last batches and the newest one, by time; one read, none where there is no track."""
    try:
        return _recent(TrackItem.get(incident_id, NOW))
    except DoesNotExist:
        return []


def keep_for_good(incident_id: str) -> int:
    """Take the end of its life from every item of a track; how many there are."""
    parts = TrackItem.part.between(track_part(0), NOW)
    items = list(TrackItem.query(incident_id, parts, page_size=PAGE, consistent_read=True))
    for item in items:
        if item.expires_at is not None:
            item.update(actions=[TrackItem.expires_at.remove()], condition=TrackItem.incident_id.exists())
    return len(items)


def step_of(change: dict[str, Any]) -> Step | None:
    """What a stream's record tells of a track; None when no batch came with it."""
    after, before = change["NewImage"], change.get("OldImage", {})
    number, number_before = _number(after, "number"), _number(before, "number")
    if number == number_before:
        return None
    return Step(
        incident_id=after["incident_id"]["S"],
        number=number,
        number_before=number_before,
        came_ms=_number(after, "came"),
        came_before_ms=_number(before, "came"),
        batches=tuple(_bytes(after, f"b{place}") for place in range(1, KEPT + 1)),
        newest=_point(_bytes(after, "newest")),
        checked=_point(_bytes(after, "checked")),
        expires_at=_number(after, "expires_at") or None,
    )


def _without_gap(numbers: set[int], after: int) -> int:
    """The last batch up to which none is missing that may still come."""
    highest, seen = max(numbers, default=after), after
    while seen < highest and (seen + 1 in numbers or seen + 1 <= highest - OVERDUE):
        seen += 1
    return seen


def _update(item: TrackItem, actions: list[Any], condition: Any) -> None:
    try:
        item.update(actions=actions, condition=condition)
    except UpdateError as fault:
        only_conditions(fault)
        raise TrackNotOpen from fault


def _batches(item: TrackItem) -> Iterator[tuple[int, bytes]]:
    """The batches of an item with their numbers; put away they stand oldest first, in `NOW` newest first."""
    packed = [item.b1, item.b2, item.b3, item.b4]
    if item.part == NOW:
        return ((int(item.number) - place, one) for place, one in enumerate(packed) if one)
    last = int(item.part.rpartition("#")[2])
    return ((last - KEPT + place, one) for place, one in enumerate(packed, start=1) if one)


def _recent(item: TrackItem) -> list[TrackPoint]:
    return _points([packed for _, packed in _batches(item)] + ([item.newest] if item.newest else []))


def _points(packed: Any) -> list[TrackPoint]:
    return in_order(point for one in packed for point in unpack(one))


def _number(image: dict[str, Any], name: str) -> int:
    return int(image.get(name, {}).get("N", 0))


def _bytes(image: dict[str, Any], name: str) -> bytes:
    return base64.b64decode(image.get(name, {}).get("B", ""))


def _point(packed: bytes) -> TrackPoint | None:
    return unpack(packed)[0] if packed else None
