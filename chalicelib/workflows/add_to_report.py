"""A citizen adds a word or a picture to her report; after closing, that opens a linked one which rings."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import msgspec

from chalicelib.adapters import citizens, incidents, uploads
from chalicelib.adapters.county import priorities
from chalicelib.adapters.media import UploadForm, upload_form
from chalicelib.adapters.secrets import citizen_secret
from chalicelib.domain import handling
from chalicelib.domain.asked import Asked, derived_id, new_id, request_digest
from chalicelib.domain.clusters import answer_event
from chalicelib.domain.filing import continue_incident, first_priority
from chalicelib.domain.incident import LIVE, EventAnswer, Incident
from chalicelib.domain.media import MediaKind
from chalicelib.domain.refusals import IncidentNotFound, MediaTypeRefused, NotLive, StepRefused
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.upload import Media, must_be_taken

T = TypeVar("T")


class FileToCome(msgspec.Struct, frozen=True, kw_only=True):
    """What a citizen says of a file before she sends it; `sha256` in hex."""

    kind: MediaKind
    content_type: str
    size_bytes: int
    sha256: str


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file asked for, and the signed form to send it with."""

    media: Media
    form: UploadForm


def add_message(
    citizen_id: str, incident_id: str, text: str, *, asked: Asked | None, now: datetime
) -> incidents.Changed:
    """Take a message to the call-taker. Raises `TooManyMessages`, `ReportFull`."""
    actor = Actor(role=Role.CITIZEN, id=citizen_id)

    def write(open_id: str) -> incidents.Changed:
        return incidents.change(
            open_id,
            lambda incident: handling.hear_from_citizen(_own(incident, citizen_id), text=text, at=now),
            actor=actor,
            at=now,
            asked=asked,
        )

    return _on_the_open_one(citizen_id, incident_id, write, now=now)


def say_of_event(
    citizen_id: str, incident_id: str, answer: EventAnswer, *, now: datetime
) -> incidents.Changed:
    """Take a citizen's word on the event near her. That somebody is hurt is never lost, closed or not."""

    def say(open_id: str) -> incidents.Changed:
        return incidents.change(
            open_id,
            lambda incident: answer_event(_own(incident, citizen_id), answer=answer, at=now),
            actor=Actor(role=Role.CITIZEN, id=citizen_id),
            at=now,
        )

    return _on_the_open_one(citizen_id, incident_id, say, now=now)


def ask_upload(
    citizen_id: str, incident_id: str, file: FileToCome, *, key: str | None, now: datetime
) -> Upload:
    """Take a place for one more file and sign its upload.

    Raises `MediaTypeRefused`, `MediaTooLarge`, `MediaLimitReached`, `TooManyStills`, `KeyReused`,
    `IncidentNotFound`.
    """
    must_be_taken(file.kind, file.content_type, file.size_bytes)

    def ask(open_id: str) -> Media:
        incident = _own(incidents.get(open_id), citizen_id)
        _must_suit(incident, file.kind)
        wanted = _media(incident.id, file, key, now)
        if incident.is_open:
            return uploads.ask(wanted)
        before = uploads.ask_again(wanted)
        if before is None:
            raise StepRefused("the incident is closed", incident_status=incident.status)
        return before

    taken = _on_the_open_one(citizen_id, incident_id, ask, now=now)
    return Upload(media=taken, form=upload_form(taken, now=now))


def _on_the_open_one(citizen_id: str, incident_id: str, act: Callable[[str], T], *, now: datetime) -> T:
    """Act on the incident, or on the one that continues it when it is closed.

    A retry of what was done before the closing finds it there, because each incident is tried first.
    """
    while True:
        try:
            return act(incident_id)
        except StepRefused:
            closed = _own(incidents.get(incident_id), citizen_id)
            if closed.is_open:
                raise
            incident_id = _continue(closed, now=now)


def _continue(closed: Incident, *, now: datetime) -> str:
    """The id of the incident that continues a closed one, opened now if it is not there yet."""
    actor = Actor(role=Role.CITIZEN, id=closed.citizen_id)
    next_id = derived_id(citizen_secret(), "continues", closed.id)
    if closed.continued_by is None:
        priority = first_priority(priorities(), mode=closed.mode, tip=closed.tip)
        caller = citizens.caller(closed.citizen_id, now=now)
        first = continue_incident(closed, incident_id=next_id, caller=caller, priority=priority, now=now)
        incidents.file(first.incident, first, actor=actor)
        incidents.change(
            closed.id, lambda incident: handling.continued(incident, by=next_id), actor=actor, at=now
        )
    return next_id


def _must_suit(incident: Incident, kind: MediaKind) -> None:
    """Raise for a kind that no citizen sends here; a still of an ended call opens nothing new."""
    if kind is MediaKind.SNAPSHOT:
        raise MediaTypeRefused("snapshots are taken by staff")
    if kind is MediaKind.STILL and incident.mode not in LIVE:
        raise MediaTypeRefused("stills belong to live calls")
    if kind is MediaKind.STILL and not incident.is_open:
        raise NotLive("the call has ended", incident_status=incident.status)


def _media(incident_id: str, file: FileToCome, key: str | None, now: datetime) -> Media:
    media_id = derived_id(citizen_secret(), "media", incident_id, key) if key else new_id()
    return Media(
        media_id=media_id,
        incident_id=incident_id,
        kind=file.kind,
        content_type=file.content_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        asked_at=now,
        request_digest=request_digest(msgspec.json.encode(file)),
    )


def _own(incident: Incident, citizen_id: str) -> Incident:
    """The incident, if it is this citizen's; another's is as unknown to her as one that is not there."""
    if incident.citizen_id != citizen_id:
        raise IncidentNotFound("no such incident")
    return incident
