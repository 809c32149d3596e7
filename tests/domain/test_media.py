"""What may be attached, and what files are by their first bytes."""

import io

import av
import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chalicelib.domain.media import HEAD_BYTES, LIMITS, MediaKind, agrees, sniff


def picture(file_format: str) -> bytes:
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(file, file_format)
    return file.getvalue()


def video(container: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for packet in [*stream.encode(av.VideoFrame(64, 48, "yuv420p")), *stream.encode()]:
            output.mux(packet)
    return file.getvalue()


def box(major: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + major + bytes(4) + b"".join(compatible)
    return (len(body) + 4).to_bytes(4) + body + b"\x00\x00\x00\x08free" + b"mdatheic" * 8


@pytest.mark.parametrize(
    ("file_format", "content_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("HEIF", "image/heic")],
)
def test_real_pictures_are_known(file_format: str, content_type: str) -> None:
    assert sniff(picture(file_format)[:HEAD_BYTES]) == content_type


@pytest.mark.parametrize(("container", "content_type"), [("mp4", "video/mp4"), ("mov", "video/quicktime")])
def test_real_videos_are_known(container: str, content_type: str) -> None:
    assert sniff(video(container)[:HEAD_BYTES]) == content_type


@pytest.mark.parametrize("file_format", ["GIF", "BMP", "TIFF", "PDF"])
def test_other_pictures_are_not_taken(file_format: str) -> None:
    assert sniff(picture(file_format)[:HEAD_BYTES]) is None


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (box(b"heic", b"mif1", b"heic"), "image/heic"),
        (box(b"heix", b"mif1"), "image/heic"),
        (box(b"hevc", b"msf1"), "image/heic"),
        (box(b"mif1", b"heic"), "image/heic"),
        (box(b"msf1", b"hevc"), "image/heic"),
        (box(b"qt  "), "video/quicktime"),
        (box(b"isom", b"iso2", b"avc1", b"mp41"), "video/mp4"),
        (box(b"mp42", b"qt  "), "video/mp4"),
        (box(b"M4V ", b"isom"), "video/mp4"),
        (box(b"3gp4", b"isom"), "video/mp4"),
        (box(b"avif", b"mif1", b"miaf"), None),
        (box(b"avis", b"msf1"), None),
        (box(b"mif1", b"avif"), None),
        (box(b"M4A "), None),
        (box(b"crx ", b"isoX"), None),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"\x00\x00\x00\x08ftyp", None),
        (b"", None),
        (b"<svg onload=alert(1)>", None),
    ],
)
def test_brands_tell_pictures_from_videos(head: bytes, content_type: str | None) -> None:
    assert sniff(head) == content_type


@given(st.binary(max_size=HEAD_BYTES) | st.binary(max_size=56).map(lambda tail: b"\0\0\0\x40ftyp" + tail))
def test_any_bytes_are_a_type_that_some_kind_takes_or_none(head: bytes) -> None:
    taken = {content_type for limit in LIMITS.values() for content_type in limit.content_types}
    assert sniff(head) in taken | {None}


def test_heic_and_heif_are_two_names_of_one_thing() -> None:
    assert agrees("image/heif", "image/heic")
    assert agrees("image/heic", "image/heic")


@pytest.mark.parametrize(
    ("declared", "sniffed"),
    [
        ("image/png", "image/jpeg"),
        ("video/mp4", "video/quicktime"),
        ("image/heic", "video/mp4"),
        ("image/png", None),
    ],
)
def test_a_file_that_is_something_else_does_not_agree(declared: str, sniffed: str | None) -> None:
    assert not agrees(declared, sniffed)


def test_the_limits_are_those_of_the_design() -> None:
    sizes = {kind: limit.size_bytes for kind, limit in LIMITS.items()}
    assert sizes == {
        MediaKind.PHOTO: 15_728_640,
        MediaKind.VIDEO: 209_715_200,
        MediaKind.STILL: 1_048_576,
        MediaKind.SNAPSHOT: 4_194_304,
    }
    assert [limit.count for limit in LIMITS.values()] == [9, 3, 5000, None]
