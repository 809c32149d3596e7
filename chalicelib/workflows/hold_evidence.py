"""Place and release a legal hold: at once on the incident, within a minute on its stored versions."""

from datetime import datetime
from functools import partial

from pynamodb.transactions import TransactWrite

from chalicelib.adapters import incidents, upkeep, versions
from chalicelib.adapters.incidents import Changed, Together
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


def hold_versions(incident_id: str) -> None:
    """Have the keeper hold what is stored by now, where the incident must be kept. Safe to repeat."""
    if incidents.get(incident_id).must_be_kept:
        upkeep.ask_hold(incident_id)


def set_holds() -> int:
    """Make the hold of stored versions what their incidents say; how many incidents there were."""
    asked = upkeep.holds_asked()
    for one in asked:
        try:
            on = incidents.get(one.incident_id).must_be_kept
            count = versions.hold(one.incident_id, on=on)
            log.info("hold.set", incident_id=one.incident_id, on=on, versions=count)
        except IncidentNotFound:
            log.error("hold.of_nothing", incident_id=one.incident_id)
        upkeep.hold_set(one)
    return len(asked)


def _with_versions(incident_id: str) -> Together:
    def write(transaction: TransactWrite) -> None:
        upkeep.ask_hold(incident_id, within=transaction)

    return Together(write=write)
