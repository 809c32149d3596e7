"""Turns a stored Matroska fragment into fragmented MP4; packets are copied, never encoded anew.

PyAV is a development dependency and is imported when it is first needed.
"""

import io
import statistics
import struct
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import msgspec

_MOVFLAGS = "empty_moov+default_base_moof+frag_discont+frag_custom+negative_cts_offsets"
_OPTIONS = {
    "movflags": _MOVFLAGS,
    "avoid_negative_ts": "disabled",
    "use_editlist": "0",
    "video_track_timescale": "90000",
}


class Mp4(msgspec.Struct, frozen=True, kw_only=True):
    """The initialisation segment and the media segment of one fragment."""

    init: bytes
    media: bytes


@lru_cache(maxsize=16)
def transmuxed(path: Path) -> Mp4:
    """The fragment in that file."""
    import av

    out = io.BytesIO()
    with (
        av.open(str(path), "r", format="matroska") as source,
        av.open(out, "w", format="mp4", options=_OPTIONS) as target,
    ):
        tracks = {one.index: target.add_stream_from_template(one) for one in source.streams}
        packets = [one for one in source.demux() if one.dts is not None]
        _time([one for one in packets if one.stream.type == "video"])
        for packet in packets:
            packet.stream = tracks[packet.stream.index]
            target.mux(packet)
    boxes = list(_boxes(out.getvalue()))
    return Mp4(
        init=b"".join(content for kind, content in boxes if kind in (b"ftyp", b"moov")),
        media=b"".join(content for kind, content in boxes if kind in (b"styp", b"moof", b"mdat")),
    )


def _time(packets: list) -> None:  # type: ignore[type-arg]
    """Give each picture the time to the next one, and the last one the usual time: Matroska says neither."""
    steps = [after.pts - before.pts for before, after in pairwise(packets)]
    usual = statistics.median_low(steps) if steps else 40
    for packet, step in zip(packets, [*steps, usual], strict=True):
        packet.duration = step


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, at + 8)
        size = size or len(content) - at
        yield kind, content[at : at + size]
        at += size
