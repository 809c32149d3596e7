"""Follow a caller who moves: take her batches, show her track, and let the queue and the rules know."""

from datetime import datetime

import msgspec

from chalicelib.adapters import feed, incidents, tracks
from chalicelib.adapters.tracks import Step, TrackNotOpen
from chalicelib.domain.refusals import BodyInvalid, IncidentNotFound
from chalicelib.domain.tracks import (
    TrackPoint,
    enters_window,
    in_order,
    moved_m,
    read_batch,
    speed_mps,
    unpack,
)
from chalicelib.settings import settings


class Tracked(msgspec.Struct, frozen=True, kw_only=True):
    """How many points of a batch were taken and how many could not be; whether to send any more."""

    taken: int
    dropped: int
    tracking: bool


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a track by time, and where the caller was last seen, with her speed."""

    points: list[TrackPoint]
    seen: int
    more: bool
    latest: TrackPoint | None
    tracking: bool


def take_positions(citizen_id: str, incident_id: str, sent: list[object], *, now: datetime) -> Tracked:
    """Take what can be taken of a batch. Raises `IncidentNotFound`, or `BodyInvalid` when nothing can be.

    One request and one write unit. Only when that finds no open track of hers does it read the incident,
    to tell a stranger from an incident that is closed, and from one that never had a track.
    """
    batch = read_batch(sent, now=now)
    if not batch.points:
        raise BodyInvalid("no point has a place and a time", field="points")
    try:
        tracks.add(incident_id, citizen_id, batch, now=now)
    except TrackNotOpen:
        incident = incidents.get(incident_id)
        if incident.citizen_id != citizen_id:
            raise IncidentNotFound("no such incident") from None
        if not incident.is_open:
            return Tracked(taken=0, dropped=batch.dropped, tracking=False)
        tracks.begin(incident)
        tracks.add(incident_id, citizen_id, batch, now=now)
    return Tracked(taken=len(batch.points), dropped=batch.dropped, tracking=True)


def read_track(incident_id: str, *, after: int) -> Track:
    """What came after batch `after`; raises `IncidentNotFound`."""
    page = tracks.read(incident_id, after=after)
    if page is None:
        incident = incidents.get(incident_id)
        return Track(points=[], seen=0, more=False, latest=None, tracking=incident.is_open)
    known = in_order([*page.points, *page.recent])
    return Track(
        points=page.points,
        seen=page.seen,
        more=page.more,
        latest=None if page.more else _with_speed(known),
        tracking=page.tracking,
    )


def last_position(incident_id: str) -> TrackPoint | None:
    """Where the caller was last seen, or None before her phone said."""
    return _with_speed(tracks.recent(incident_id))


def end_tracking(incident_id: str) -> None:
    """Take no more points: the incident is closed."""
    tracks.end(incident_id)


def move_card(step: Step, *, now: datetime) -> None:
    """Say on the card where the caller was last seen, once in a while. Safe to repeat."""
    every = settings().card_moves_seconds
    if enters_window(step.came_before_ms, step.came_ms, every_seconds=every):
        feed.move(step.incident_id, _latest(step).position, now=now)


def keep_step(step: Step) -> None:
    """Keep what moves out of the last four. Safe to repeat."""
    if step.number % tracks.KEPT == 0:
        tracks.put_away(step)


def far_point(step: Step) -> TrackPoint | None:
    """The point at which the rules should look again.

    None while the caller has not moved far enough since the rules last looked. The step says where that was
    when it was written; it is read anew before it is believed.
    """
    latest = _latest(step)
    if not _is_far(step.checked, latest) or not _is_far(tracks.checked(step.incident_id), latest):
        return None
    return latest


def note_check(incident_id: str, point: TrackPoint) -> None:
    """Remember where the rules looked."""
    tracks.note_check(incident_id, point)


def _is_far(looked_at: TrackPoint | None, latest: TrackPoint) -> bool:
    return moved_m(looked_at, latest) > settings().rules_again_after_m


def _latest(step: Step) -> TrackPoint:
    known = [point for packed in step.batches for point in unpack(packed)]
    return in_order([*known, step.newest] if step.newest else known)[-1]


def _with_speed(points: list[TrackPoint]) -> TrackPoint | None:
    return msgspec.structs.replace(points[-1], speed_mps=speed_mps(points)) if points else None
