"""Erase a citizen: asked for by an admin, done by the keeper, stopped by what must be kept.

An incident that is done leaves the index of its citizen's reports, so a run that broke off goes on with the
next one, and whatever it had begun is done again from its beginning, which changes nothing twice.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import msgspec
from msgspec.structs import replace

from chalicelib.adapters import (
    citizens,
    desk,
    erasures,
    feed,
    forgetting,
    incidents,
    reported,
    standings,
    tracks,
    versions,
    watch,
)
from chalicelib.adapters.turns import one_by_one
from chalicelib.domain.card import card_of
from chalicelib.domain.citizen import Citizen
from chalicelib.domain.erasing import Ahead, Erasure, ErasureState, Obstacle, ahead, erase
from chalicelib.domain.incident import Incident
from chalicelib.domain.position import Point
from chalicelib.domain.refusals import CitizenNotFound, CitizenUnknown, ErasureRefused
from chalicelib.domain.repeats import reported as as_reported
from chalicelib.domain.sensitivity import Numbers
from chalicelib.domain.staff import Staff
from chalicelib.domain.timeline import Actor, Role
from chalicelib.telemetry import log

ERASER = Actor(role=Role.SYSTEM, id="eraser")
PAGE = 25


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """Whose an incident is, what erasing her would meet, and how far an erasing of hers is.

    `left` is whether there is anything of hers to erase.
    """

    citizen_id: str
    number: str
    left: bool
    ahead: Ahead
    erasure: Erasure | None


def preview_erasing(number: str, *, now: datetime) -> list[Preview]:
    """What erasing the citizen of the incident of that number would meet; nothing is changed by it."""
    return [_preview(incident, now=now) for incident in incidents.get_many(incidents.numbered(number))]


def _preview(incident: Incident, *, now: datetime) -> Preview:
    citizen_id, left = incident.citizen_id, True
    try:
        found = _look_ahead(citizen_id, now=now)
    except CitizenUnknown:
        found, left = Ahead(incidents=0), False
    return Preview(
        citizen_id=citizen_id,
        number=incident.number,
        left=left,
        ahead=found,
        erasure=erasures.get(citizen_id),
    )


def ask_erasure(citizen_id: str, *, reason: str, staff: Staff, now: datetime) -> Erasure:
    """Have a citizen be erased; one that is being erased already is answered as it stands.

    Raises `CitizenUnknown`, or `ErasureRefused` naming what stands in the way. One that stopped, or of a
    citizen who came back, begins anew and keeps what the one before had done.
    """
    before = erasures.get(citizen_id)
    if before is not None and before.state is ErasureState.ASKED:
        return before
    found = _look_ahead(citizen_id, now=now)
    if found.because is not None:
        raise found.refusal()
    asked = Erasure(
        citizen_id=citizen_id,
        asked_by=staff.username,
        reason=reason,
        asked_at=now,
        incident_ids=before.incident_ids if before else (),
        copies=before.copies if before else (),
        version=before.version if before else 0,
    )
    try:
        stored = erasures.put(asked)
    except erasures.ErasureOvertaken:
        # Another admin asked at this moment: that is the one which stands.
        return erasures.get(citizen_id) or asked
    log.info("erasure.asked", citizen_id=citizen_id)
    return stored


def go_on_erasing(*, now: datetime, has_time: Callable[[], bool]) -> int:
    """Go on with the erasures that wait, while there is time; how many were finished or stopped."""
    waiting = ((citizen_id, citizen_id) for citizen_id in erasures.waiting())
    go_on = partial(_go_on_alone, now=now, has_time=has_time)
    return one_by_one(waiting, go_on, only_logged=(), has_time=has_time)


def _go_on_alone(citizen_id: str, *, now: datetime, has_time: Callable[[], bool]) -> bool:
    """Two at one erasure would each write down only what it did itself."""
    work = f"erase#{citizen_id}"
    if not desk.claim(work, now=now):
        return False
    try:
        erasure = erasures.get(citizen_id)
        waits = erasure is not None and erasure.state is ErasureState.ASKED
        return _go_on(erasure, now=now, has_time=has_time) if erasure and waits else False
    finally:
        desk.drop_claim(work)


def _go_on(erasure: Erasure, *, now: datetime, has_time: Callable[[], bool]) -> bool:
    try:
        found = _look_ahead(erasure.citizen_id, now=now)
        if found.because is not None:
            raise found.refusal()
        for incident in _incidents_of(erasure.citizen_id):
            if not has_time():
                return False
            erasure = _erase_incident(incident, erasure, now=now)
    except ErasureRefused as refusal:
        _stop(erasure, refusal)
        return True
    except CitizenUnknown:
        pass
    standings.forget_reasons(erasure.citizen_id)
    citizens.remove(erasure.citizen_id)
    erasures.put(replace(erasure, state=ErasureState.DONE, finished_at=now))
    log.info("erasure.done", citizen_id=erasure.citizen_id, incidents=len(erasure.incident_ids))
    return True


def _stop(erasure: Erasure, refusal: ErasureRefused) -> None:
    """Put the erasing off until it is asked for again: somebody placed a hold, or she reported again."""
    because = Obstacle(str(refusal.facts["because"]))
    where: list[str] = refusal.facts["incident_ids"]  # type: ignore[assignment]
    numbers: list[str] = refusal.facts["numbers"]  # type: ignore[assignment]
    stopped = replace(erasure, state=ErasureState.STOPPED, stopped_by=because)
    erasures.put(replace(stopped, stopped_at_incidents=tuple(where), stopped_at_numbers=tuple(numbers)))
    log.warning("erasure.stopped", citizen_id=erasure.citizen_id, because=because)


def _look_ahead(citizen_id: str, *, now: datetime) -> Ahead:
    """What stands in the way of anything of hers, before anything is touched.

    Raises `CitizenUnknown` when there is neither record nor incident.
    """
    own = list(_incidents_of(citizen_id))
    found = ahead(own)
    if found.because is not None:
        return found
    phones = {incident.phone for incident in own if incident.phone}
    citizen = _citizen(citizen_id, known=bool(own))
    return replace(found, because=_of_herself(citizen, phones, now=now))


def _of_herself(citizen: Citizen | None, phones: set[str], *, now: datetime) -> Obstacle | None:
    """A standing in force, or an entry of the watch list by one of her numbers or WeChat's id."""
    if citizen is not None:
        change = standings.in_force(citizen)
        if change is not None and change.holds_at(now):
            return Obstacle.LIMITED
        phones = phones | ({citizen.phone} if citizen.phone else set())
    who = Numbers(openid=citizen.openid if citizen else None, phones=tuple(sorted(phones)))
    named = [person for person in watch.persons(who) if person.counts(now)]
    return Obstacle.WATCHED if named else None


def _citizen(citizen_id: str, *, known: bool) -> Citizen | None:
    try:
        return citizens.get(citizen_id)
    except CitizenNotFound as fault:
        if not known:
            raise CitizenUnknown("no such citizen") from fault
        return None


def _incidents_of(citizen_id: str) -> Iterator[Incident]:
    cursor = None
    while True:
        page, cursor = incidents.filed_by(citizen_id, cursor=cursor, limit=PAGE)
        yield from page
        if cursor is None:
            return


def _erase_incident(incident: Incident, erasure: Erasure, *, now: datetime) -> Erasure:
    """One incident, its head first: once it says that it was erased, nobody can place a hold any more."""
    _forget_reported(incident)
    step = partial(erase, asked_by=erasure.asked_by, at=now)
    erased = incidents.change(incident.id, step, actor=ERASER, at=now).incident
    copies = tuple(forgetting.copies(incident.id, incident.number))
    removed = _remove_versions(incident.id)
    forgetting.files(incident.id, at=now)
    forgetting.recording(incident.id, at=now)
    # A check or a fragment that was at work all the while may have stored its copy after the first look.
    removed += _remove_versions(incident.id)
    forgetting.words(incident.id)
    forgetting.track(incident.id)
    forgetting.markers(incident.id)
    feed.publish(card_of(erased), now=now)
    feed.forget_place(incident.id)
    progress = replace(
        erasure,
        incident_ids=tuple(dict.fromkeys((*erasure.incident_ids, incident.id))),
        objects=erasure.objects + removed,
        copies=tuple(dict.fromkeys((*erasure.copies, *copies))),
    )
    stored = erasures.put(progress)
    forgetting.leave_index(incident.id)
    return stored


def _remove_versions(incident_id: str) -> int:
    folders = (versions.MEDIA, versions.RECORDING, versions.INTAKE)
    return sum(versions.remove(folder, incident_id, before_its_time=True) for folder in folders)


def _forget_reported(incident: Incident) -> None:
    """Take it out of what later reports are compared with, wherever the rules had seen it."""
    kept = reported.kept(incident.citizen_id, incident.id, incident.created_at)
    phones = [*(kept.phones if kept else ()), *([incident.phone] if incident.phone else [])]
    points = [*(kept.points if kept else ()), *_points_of(incident)]
    one = as_reported(incident, phones=phones, points=[(point, 0.0) for point in points])
    reported.forget(one)


def _points_of(incident: Incident) -> Iterator[Point]:
    if incident.position is not None:
        yield incident.position.point
    if incident.place is not None and incident.place.point is not None:
        yield incident.place.point
    seen, more = 0, True
    while more:
        page = tracks.read(incident.id, after=seen)
        if page is None:
            return
        yield from (point.position.point for point in (*page.points, *page.recent))
        seen, more = page.seen, page.more
