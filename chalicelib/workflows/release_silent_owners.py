"""Put back into the queue what is held by someone whose console went silent."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from chalicelib.adapters import desk, feed, incidents, timers
from chalicelib.adapters.turns import one_by_one
from chalicelib.domain import handling
from chalicelib.domain.card import Card
from chalicelib.domain.desk import Seat, SeatState, is_silent
from chalicelib.domain.incident import FormerOwner, Incident
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.settings import settings
from chalicelib.telemetry import log

WATCH = Actor(role=Role.SYSTEM, id="owner-watch")

HEARD_WITHIN = timedelta(seconds=5)
"""A console that polls each second is heard this long after its card has come, or says 已断线 itself."""

HEARD_AT_LAST_WITHIN = timedelta(seconds=10)
"""The same where the feed stood still, and whatever held it up may hold up a poll as well."""


def watch_owner(incident_id: str, *, now: datetime) -> None:
    """Begin to watch the console of whoever has just taken the incident."""
    incident = incidents.get(incident_id)
    if incident.call_taker_id is not None and incident.owned_since is not None and incident.is_open:
        _wake(incident, incident.owned_since + _limit(), now=now)


def look_at_owner(timer: Timer, *, now: datetime) -> None:
    """Release the incident if its owner is silent, else look again later; a moot timer does nothing."""
    try:
        incident = incidents.get(timer.incident_id)
    except IncidentNotFound:
        return
    if incident.owned_since is None or incident.owned_since != timer.owned_since or not incident.is_open:
        return
    due_at = _next_look(incident, now=now)
    if due_at is not None:
        _wake(incident, due_at, now=now)
    else:
        _release(incident, now=now)


def sweep_owners(cards: Iterable[Card], *, now: datetime) -> int:
    """Look at every owned incident once: finds what a lost timer left behind. How many were released."""
    owned = {card.id: card.id for card in cards if card.call_taker_id is not None}
    return one_by_one(owned, partial(_sweep_one, now=now))


def _sweep_one(incident_id: str, *, now: datetime) -> bool:
    incident = incidents.get(incident_id)
    if incident.owned_since is None or not incident.is_open:
        return False
    return _next_look(incident, now=now) is None and _release(incident, now=now)


def _next_look(incident: Incident, *, now: datetime) -> datetime | None:
    """The moment to look at its owner again; None when she is silent now, and could be heard."""
    since = incident.owned_since or now
    seat = desk.seat(incident.call_taker_id or "")
    if is_silent(seat, since=since, now=now, limit=_limit()):
        return _once_told(incident, seat, since=since, now=now)
    seen_at = seat.seen_at if seat and seat.seen_at else since
    return max(seen_at, since) + _limit()


def _once_told(incident: Incident, seat: Seat | None, *, since: datetime, now: datetime) -> datetime | None:
    """The moment to look again at who could not be heard; None when she could be.

    Her polls are a sign of life only once a card has told her that she owns the incident (`follow_feed`).
    Where the feed is behind it is told here, and her console is given its time to be heard. Who was heard
    since is given none: where a caller moves, her card is always new.
    """
    if seat is not None and seat.state is SeatState.OFF:
        return None
    told_at = feed.told_at(incident)
    if told_at is None:
        log.warning("feed.behind", incident_id=incident.id)
        feed.show(incident, now=now)
        return now + HEARD_AT_LAST_WITHIN
    was_heard = seat is not None and seat.seen_at is not None and seat.seen_at > since
    due_at = min(told_at, since + _limit()) + HEARD_WITHIN
    return due_at if due_at > now and not was_heard else None


def _release(incident: Incident, *, now: datetime) -> bool:
    """Release it from its silent owner; False when she had lost it, or it was closed, meanwhile."""
    owner_id = incident.call_taker_id or ""
    step = partial(handling.release, owner_id=owner_id, at=now, why="owner-silent")
    after = incidents.change(incident.id, step, actor=WATCH, at=now).incident
    if after.former_owner != FormerOwner(call_taker_id=owner_id, until=now):
        return False
    log.warning("incident.released", incident_id=incident.id, why="owner-silent")
    return True


def _wake(incident: Incident, due_at: datetime, *, now: datetime) -> None:
    timer = Timer(
        kind=TimerKind.OWNER_SILENT,
        incident_id=incident.id,
        due_at=due_at,
        owned_since=incident.owned_since,
    )
    timers.wake(timer, now=now)


def _limit() -> timedelta:
    return timedelta(seconds=settings().owner_silence_seconds)
