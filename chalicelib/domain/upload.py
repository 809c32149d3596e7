"""A picture or a video on its way from a phone to the evidence: asked for, checked once, kept or refused."""

from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from chalicelib.domain.incident import Change, Incident
from chalicelib.domain.media import LIMITS, MediaKind, agrees, sniff
from chalicelib.domain.refusals import MediaTooLarge, MediaTypeRefused


class MediaState(StrEnum):
    """`awaiting` until one stored version was checked; then `accepted` or `refused`, for good.

    `lapsed` is one that did not come in time and whose place another has got; it may still come.
    """

    AWAITING = "awaiting"
    LAPSED = "lapsed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an incident, last asked for at `asked_at`.

    `evidence_version` is the version of the copy in the evidence bucket; none once that was erased.
    """

    media_id: str
    incident_id: str
    kind: MediaKind
    content_type: str
    size_bytes: int
    sha256: str
    asked_at: datetime
    request_digest: str
    state: MediaState = MediaState.AWAITING
    checked_at: datetime | None = None
    checked_version: str | None = None
    evidence_version: str | None = None
    refused_because: str | None = None
    replaced_at: datetime | None = None
    erased_at: datetime | None = None


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What the store really holds of one version: its first bytes, its size, and its SHA-256 in hex."""

    version: str
    head: bytes
    size_bytes: int
    sha256: str


def must_be_taken(kind: MediaKind, content_type: str, size_bytes: int) -> None:
    """Raise `MediaTypeRefused` or `MediaTooLarge` for a file that its kind may not be."""
    limit = LIMITS[kind]
    if content_type not in limit.content_types:
        raise MediaTypeRefused("this kind of file is not taken", allowed=sorted(limit.content_types))
    if size_bytes > limit.size_bytes:
        raise MediaTooLarge("the file is too large", limit_bytes=limit.size_bytes)


def judge(media: Media, stored: Stored) -> str | None:
    """Why a stored file is refused, or None when it is what it was said to be."""
    if stored.size_bytes != media.size_bytes:
        return "size-differs"
    if stored.sha256 != media.sha256:
        return "sha256-differs"
    if not agrees(media.content_type, sniff(stored.head)):
        return "not-what-it-says"
    return None


def accept(incident: Incident, media: Media) -> Change:
    """Add a checked file to the record; it may come after closing, when it was asked for before.

    The entry says `after_closing` of such a one.
    """
    counted = replace(
        incident,
        photos=incident.photos + (media.kind is MediaKind.PHOTO),
        videos=incident.videos + (media.kind is MediaKind.VIDEO),
        stills=incident.stills + (media.kind is MediaKind.STILL),
    )
    late: dict[str, object] = {} if incident.is_open else {"after_closing": True}
    return Change(incident=counted, kind="media.accepted", details={**_named(media), **late})


def refuse(incident: Incident, media: Media, why: str) -> Change:
    """Put on the record that a file was refused; nobody is shown it."""
    return Change(incident=incident, kind="media.refused", details={**_named(media), "reason": why})


def _named(media: Media) -> dict[str, object]:
    return {
        "media_id": media.media_id,
        "kind": media.kind,
        "content_type": media.content_type,
        "size_bytes": media.size_bytes,
        "sha256": media.sha256,
    }
