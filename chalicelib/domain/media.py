"""What a citizen may attach to a report, and what a file really is by its first bytes."""

from enum import StrEnum

import msgspec

HEAD_BYTES = 64  # as much of a file as `sniff` looks at

_MIB = 1024 * 1024
# ISO 14496-12 and the registry at mp4ra.org: what the four letters of a brand promise.
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_HEIF_BRANDS = frozenset({b"mif1", b"mif2", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis", b"avio"})
_MP4_BRANDS = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso3",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
        b"M4VH",
        b"M4VP",
    }
)
_EQUAL = {"image/heif": "image/heic", "image/jpg": "image/jpeg"}


class MediaKind(StrEnum):
    """What a file is for.

    A `still` is one picture of a call that has no live video, a `snapshot` one that staff took of a call.
    """

    PHOTO = "photo"
    VIDEO = "video"
    STILL = "still"
    SNAPSHOT = "snapshot"


STILLS_IN_A_MINUTE = 60
"""Twice what a page sends."""


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """What files of one kind may be; `count` is how many a report holds, None for no limit."""

    content_types: frozenset[str]
    size_bytes: int
    count: int | None


LIMITS = {
    MediaKind.PHOTO: Limit(
        content_types=frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"}),
        size_bytes=15 * _MIB,
        count=9,
    ),
    MediaKind.VIDEO: Limit(
        content_types=frozenset({"video/mp4", "video/quicktime"}), size_bytes=200 * _MIB, count=3
    ),
    MediaKind.STILL: Limit(
        content_types=frozenset({"image/jpeg", "image/webp"}), size_bytes=1 * _MIB, count=5000
    ),
    MediaKind.SNAPSHOT: Limit(
        content_types=frozenset({"image/jpeg", "image/png", "image/webp"}), size_bytes=4 * _MIB, count=None
    ),
}


def sniff(head: bytes) -> str | None:
    """The content type that a file's first `HEAD_BYTES` bytes show, or None for a type that is not taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return _sniff_brands(head) if head[4:8] == b"ftyp" else None


def agrees(declared: str, sniffed: str | None) -> bool:
    """Whether a file is what it was said to be; image/heic and image/heif are two names of one thing."""
    return sniffed is not None and _EQUAL.get(declared, declared) == _EQUAL.get(sniffed, sniffed)


def _sniff_brands(head: bytes) -> str | None:
    """Read the file type box: the major brand decides, the compatible ones when it is not known here.

    AVIF shares HEIF's container and its general brands, so its own brand among them rules HEIC out.
    """
    end = min(int.from_bytes(head[:4]), HEAD_BYTES, len(head))
    major, compatible = head[8:12], [head[i : i + 4] for i in range(16, end - 3, 4)]
    if major in _AVIF_BRANDS or (major in _HEIF_BRANDS and not _AVIF_BRANDS.isdisjoint(compatible)):
        return None
    return next((found for brand in (major, *compatible) if (found := _type_of_brand(brand))), None)


def _type_of_brand(brand: bytes) -> str | None:
    if brand in _HEIC_BRANDS or brand in _HEIF_BRANDS:
        return "image/heic"
    if brand == b"qt  ":
        return "video/quicktime"
    return "video/mp4" if brand in _MP4_BRANDS else None
