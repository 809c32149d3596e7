"""A file's way from a phone to the evidence: what may be sent, what is kept, what is refused."""

import pytest
from msgspec.structs import replace

from chalicelib.domain.incident import Status
from chalicelib.domain.media import LIMITS, MediaKind
from chalicelib.domain.refusals import MediaTooLarge, MediaTypeRefused
from chalicelib.domain.upload import Media, Stored, accept, judge, must_be_taken, refuse
from tests.domain.samples import NOON, incident

MIB = 1024 * 1024
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 60
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 56
PHOTO = Media(
    media_id="m" * 26,
    incident_id="a" * 26,
    kind=MediaKind.PHOTO,
    content_type="image/jpeg",
    size_bytes=2000,
    sha256="5" * 64,
    asked_at=NOON,
    request_digest="",
)
VIDEO = replace(PHOTO, kind=MediaKind.VIDEO, content_type="video/mp4")
AS_SAID = Stored(version="v1", head=JPEG, size_bytes=2000, sha256="5" * 64)


@pytest.mark.parametrize(
    ("kind", "content_type", "size_bytes"),
    [
        (MediaKind.PHOTO, "image/jpeg", 15 * MIB),
        (MediaKind.PHOTO, "image/heic", 1),
        (MediaKind.VIDEO, "video/mp4", 200 * MIB),
        (MediaKind.VIDEO, "video/quicktime", 1),
        (MediaKind.STILL, "image/webp", MIB),
    ],
)
def test_what_its_kind_may_be_is_taken_to_the_last_byte(
    kind: MediaKind, content_type: str, size_bytes: int
) -> None:
    must_be_taken(kind, content_type, size_bytes)


@pytest.mark.parametrize("kind", MediaKind)
def test_one_byte_more_is_too_large_and_the_limit_is_said(kind: MediaKind) -> None:
    limit = LIMITS[kind]
    with pytest.raises(MediaTooLarge) as refused:
        must_be_taken(kind, min(limit.content_types), limit.size_bytes + 1)
    assert refused.value.facts == {"limit_bytes": limit.size_bytes}


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        (MediaKind.PHOTO, "video/mp4"),
        (MediaKind.PHOTO, "image/gif"),
        (MediaKind.PHOTO, "image/svg+xml"),
        (MediaKind.PHOTO, "IMAGE/JPEG"),
        (MediaKind.VIDEO, "image/jpeg"),
        (MediaKind.STILL, "image/png"),
    ],
)
def test_a_type_its_kind_may_not_be_is_refused_and_the_others_named(
    kind: MediaKind, content_type: str
) -> None:
    with pytest.raises(MediaTypeRefused) as refused:
        must_be_taken(kind, content_type, 1)
    assert refused.value.facts == {"allowed": sorted(LIMITS[kind].content_types)}


def test_a_file_that_is_what_it_was_said_to_be_is_not_refused() -> None:
    assert judge(PHOTO, AS_SAID) is None


@pytest.mark.parametrize(
    ("stored", "why"),
    [
        (replace(AS_SAID, size_bytes=1999), "size-differs"),
        (replace(AS_SAID, sha256="6" * 64), "sha256-differs"),
        (replace(AS_SAID, head=PNG), "not-what-it-says"),
        (replace(AS_SAID, head=b"<html>"), "not-what-it-says"),
        (replace(AS_SAID, head=b""), "not-what-it-says"),
    ],
)
def test_a_file_that_differs_in_one_thing_is_refused_for_it(stored: Stored, why: str) -> None:
    assert judge(PHOTO, stored) == why


@pytest.mark.parametrize(("media", "photos", "videos"), [(PHOTO, 3, 1), (VIDEO, 2, 2)])
def test_an_accepted_file_is_counted_by_its_kind(media: Media, photos: int, videos: int) -> None:
    change = accept(incident(photos=2, videos=1), media)
    assert (change.incident.photos, change.incident.videos) == (photos, videos)
    assert change.kind == "media.accepted"
    assert change.details["sha256"] == media.sha256


def test_a_refused_file_counts_for_nothing_and_its_entry_says_why() -> None:
    before = incident(photos=2)
    change = refuse(before, PHOTO, "not-what-it-says")
    assert change.incident == before
    assert (change.kind, change.details["reason"]) == ("media.refused", "not-what-it-says")


def test_an_entry_says_of_a_file_that_it_came_after_closing() -> None:
    """What follows from it then has to see to a hold that stands already."""
    assert "after_closing" not in accept(incident(), PHOTO).details
    assert accept(incident(status=Status.CLOSED), PHOTO).details["after_closing"] is True
