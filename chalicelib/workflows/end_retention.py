"""Let each kind of an incident's data end when its time is over: files, recording, what is personal.

Tracks, markers and cards end by the table itself (`expires_at`), uploads by the intake bucket's own rule.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from chalicelib.adapters import forgetting, incidents, upkeep, versions
from chalicelib.adapters.turns import one_by_one
from chalicelib.adapters.upkeep import Ending
from chalicelib.adapters.versions import VersionLocked
from chalicelib.domain.erasing import end
from chalicelib.domain.incident import Kept
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.domain.timeline import Actor, Role
from chalicelib.settings import settings
from chalicelib.telemetry import log

KEEPER = Actor(role=Role.SYSTEM, id="keeper")
LOOK_AGAIN_AFTER = timedelta(days=7)


def keep_from(incident_id: str, *, now: datetime) -> None:
    """Begin the time for which a closed incident is kept. Safe to repeat."""
    upkeep.keep_from(incident_id, now.date())


def end_what_is_due(*, now: datetime, has_time: Callable[[], bool]) -> int:
    """End what has been kept for its time, kind by kind; how many incidents ended in something."""
    due = (
        (f"{kept} {one.incident_id}", one)
        for kept in Kept
        if (days := _days(kept))
        for one in upkeep.ending(kept, until=(now - timedelta(days=days)).date())
    )
    return one_by_one(due, partial(_end, now=now), only_logged=(), has_time=has_time)


def _end(one: Ending, *, now: datetime) -> bool:
    """Whether it ended; what must be kept, or is still locked, is looked at again in a week."""
    days = _days(one.kept)
    try:
        incident = incidents.change(
            one.incident_id, partial(end, kept=one.kept, days=days), actor=KEEPER, at=now
        ).incident
        if one.kept not in incident.ended:
            upkeep.look_again(one, after=LOOK_AGAIN_AFTER)
            return False
        REMOVE[one.kept](one.incident_id, now)
    except IncidentNotFound:
        pass
    except VersionLocked:
        log.warning("retention.locked", incident_id=one.incident_id, kept=one.kept)
        upkeep.look_again(one, after=LOOK_AGAIN_AFTER)
        return False
    upkeep.ended(one)
    log.info("retention.ended", incident_id=one.incident_id, kept=one.kept)
    return True


def _end_media(incident_id: str, now: datetime) -> None:
    versions.remove(versions.MEDIA, incident_id, before_its_time=False)
    forgetting.files(incident_id, at=now)


def _end_recording(incident_id: str, now: datetime) -> None:
    versions.remove(versions.RECORDING, incident_id, before_its_time=False)
    forgetting.recording(incident_id, at=now)


def _end_personal(incident_id: str, now: datetime) -> None:
    forgetting.words(incident_id)
    forgetting.track(incident_id)
    forgetting.markers(incident_id)


REMOVE: Mapping[Kept, Callable[[str, datetime], None]] = {
    Kept.MEDIA: _end_media,
    Kept.RECORDING: _end_recording,
    Kept.PERSONAL: _end_personal,
}


def _days(kept: Kept) -> int:
    """For how many days a kind is kept after closing; 0 for good."""
    said = settings()
    days = {
        Kept.MEDIA: said.media_life_days,
        Kept.RECORDING: said.recording_life_days,
        Kept.PERSONAL: said.personal_life_days,
    }
    return days[kept]
