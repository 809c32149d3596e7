"""What decoders make of recorded Matroska."""

import io
from fractions import Fraction
from typing import Any, NamedTuple

import av
from PIL import Image


class Decoded(NamedTuple):
    """Times of pictures and sound in ms, the pictures' sizes, the codecs, and how loud each block is."""

    pictures_ms: list[int]
    sound_ms: list[int]
    sizes: set[tuple[int, int]]
    codecs: set[str]
    loudness: list[float]


def decoded(content: bytes) -> Decoded:
    """Decode everything; raises what a decoder raises."""
    media: Any
    with av.open(io.BytesIO(content)) as media:
        codecs = {stream.codec_context.name for stream in media.streams}
        frames = [frame for packet in media.demux() for frame in packet.decode()]
    pictures = [frame for frame in frames if isinstance(frame, av.VideoFrame)]
    sound = [frame for frame in frames if isinstance(frame, av.AudioFrame)]
    return Decoded(
        pictures_ms=[_at_ms(one) for one in pictures],
        sound_ms=[_at_ms(one) for one in sound],
        sizes={(one.width, one.height) for one in pictures},
        codecs=codecs,
        loudness=[_loudest(one) for one in sound],
    )


def pictures_of(content: bytes) -> list[Image.Image]:
    """Every picture, in order."""
    media: Any
    with av.open(io.BytesIO(content)) as media:
        return [frame.to_image() for frame in media.decode(video=0)]


def _at_ms(frame: Any) -> int:
    assert frame.pts is not None
    return round(Fraction(frame.pts * frame.time_base) * 1000)


def _loudest(frame: Any) -> float:
    return max(map(abs, memoryview(bytes(frame.planes[0])).cast("f")))
