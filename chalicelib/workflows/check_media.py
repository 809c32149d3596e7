"""Check one stored version of an upload before anyone sees it, and keep it as evidence or refuse it."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.adapters import media as store
from chalicelib.adapters import uploads
from chalicelib.domain.refusals import MediaLimitReached
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.upload import Media, MediaState, accept, judge, refuse
from chalicelib.telemetry import log

CHECKER = Actor(role=Role.SYSTEM, id="media-check")


def check_media(key: str, version: str, *, now: datetime) -> None:
    """Decide about a stored version once; a later version of a decided file is put on record and never shown.

    Safe to repeat. A key that is not an upload's is left alone.
    """
    named = store.read_intake_key(key)
    if named is None:
        log.warning("media.unknown_key")
        return
    try:
        media = uploads.get(*named)
    except uploads.MediaNotFound:
        log.warning("media.not_asked_for", incident_id=named[0])
        return
    if media.state in (MediaState.AWAITING, MediaState.LAPSED):
        media = _decide(media, version, now=now)
    if version != media.checked_version and media.replaced_at is None:
        _record_replacement(media, now=now)


def _decide(media: Media, version: str, *, now: datetime) -> Media:
    """The file as it was decided, by this check or by another that was first."""
    try:
        media = uploads.renew(media, at=now) if media.state is MediaState.LAPSED else media
        why = judge(media, store.look_at(media, version))
    except MediaLimitReached:
        why = "came-too-late"
    decided = replace(media, checked_at=now, checked_version=version)
    if why is None:
        kept = store.keep(media, version)
        decided = replace(decided, state=MediaState.ACCEPTED, evidence_version=kept)
        uploads.decide(media, decided, accept, actor=CHECKER, at=now)
    else:
        decided = replace(decided, state=MediaState.REFUSED, refused_because=why)
        uploads.decide(media, decided, lambda i, m: refuse(i, m, why), actor=CHECKER, at=now)
    log.info("media.checked", incident_id=media.incident_id, media_id=media.media_id, state=decided.state)
    return uploads.get(media.incident_id, media.media_id)


def _record_replacement(media: Media, *, now: datetime) -> None:
    decided = replace(media, replaced_at=now)
    uploads.decide(media, decided, lambda i, m: refuse(i, m, "replaced"), actor=CHECKER, at=now)
    log.warning("media.replaced", incident_id=media.incident_id, media_id=media.media_id)
