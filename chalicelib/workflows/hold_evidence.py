"""Place and release a legal hold: at once on the incident, soon on its track and its stored versions."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from pynamodb.transactions import TransactWrite

from chalicelib.adapters import incidents, tracks, upkeep, versions
from chalicelib.adapters.incidents import Changed, Together
from chalicelib.adapters.turns import one_by_one
from chalicelib.adapters.upkeep import HoldAsked
from chalicelib.domain import holding
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.staff import Staff
from chalicelib.telemetry import log


def place_hold(incident_id: str, *, reason: str, staff: Staff, now: datetime) -> Changed:
    """Nothing of the incident is erased from now on. Raises `StepRefused` once its citizen was erased."""
    step = partial(holding.place, reason=reason, by=staff.username, at=now)
    return incidents.change(
        incident_id, step, actor=staff.actor(), at=now, together=_with_versions(incident_id)
    )


def release_hold(incident_id: str, *, reason: str, staff: Staff, now: datetime) -> Changed:
    """End the hold, and the freeze of a reviewed marking. Raises `StepRefused` for one that waits."""
    step = partial(holding.release, reason=reason)
    return incidents.change(
        incident_id, step, actor=staff.actor(), at=now, together=_with_versions(incident_id)
    )


def hold_stored(incident_id: str) -> None:
    """Hold what is stored by now, where the incident must be kept. Safe to repeat."""
    if hold_track(incident_id):
        upkeep.ask_hold(incident_id)


def hold_track(incident_id: str) -> bool:
    """Keep the track for good where the incident must be kept; whether it must. Safe to repeat.

    The track alone has an end of life of its own in the table; files and recording have none there.
    """
    kept = incidents.get(incident_id).must_be_kept
    if kept:
        tracks.keep_for_good(incident_id)
    return kept


def set_holds(*, has_time: Callable[[], bool]) -> int:
    """Make the hold of stored versions what their incidents say; for how many that is done."""
    asked = ((one.incident_id, one) for one in upkeep.holds_asked())
    return one_by_one(asked, partial(_set_hold, has_time=has_time), only_logged=(), has_time=has_time)


def _set_hold(asked: HoldAsked, *, has_time: Callable[[], bool]) -> bool:
    """Page by page, each written down: a call has more versions than a minute has time for."""
    on, count, held, further = _must_be_kept(asked.incident_id), 0, asked, True
    while further and has_time():
        set_here, place = versions.hold(held.incident_id, on=on, after=held.after)
        count += set_here
        further = place is not None
        if place is not None:
            held = upkeep.go_on_from(held, place)
    if not further:
        upkeep.hold_set(held)
    log.info("hold.set", incident_id=asked.incident_id, on=on, versions=count, done=not further)
    return not further


def _must_be_kept(incident_id: str) -> bool:
    try:
        return incidents.get(incident_id).must_be_kept
    except IncidentNotFound:
        return False


def _with_versions(incident_id: str) -> Together:
    def write(transaction: TransactWrite) -> None:
        upkeep.ask_hold(incident_id, within=transaction)

    return Together(write=write)
