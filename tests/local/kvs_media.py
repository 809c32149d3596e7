"""Matroska as a console records it, made with real encoders, and spoiled ones made by hand."""

import array
import io
import math
from fractions import Fraction
from typing import Any

import av
from PIL import Image

WIDTH, HEIGHT, RATE, SOUND_RATE = 320, 240, 10, 48_000
SOUND_SIZE = 960
EBML_HEADER = bytes.fromhex("1A45DFA3 8B 4282 88") + b"matroska"


def fragment(*, start_ms: int = 0, seconds: float = 1, sound: str = "aac") -> bytes:
    """One file with one cluster: H.264 that starts on a key frame, and sound if any, from `start_ms` on."""
    out = io.BytesIO()
    options = {"cluster_time_limit": "100000", "cluster_size_limit": "50000000", "live": "1"}
    with av.open(out, "w", format="matroska", options=options) as target:
        video = target.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.codec_context.options = {
            "tune": "zerolatency",
            "profile": "baseline",
            "x264-params": "keyint=1000:scenecut=0",
        }
        streams: list[Any] = [video]
        if sound:
            streams.append(target.add_stream(sound, rate=SOUND_RATE, layout="mono"))
        packets = _packets(video, streams[1:], start_ms, seconds)
        for packet in sorted(packets, key=lambda one: one.dts * one.time_base):
            target.mux(packet)
    return out.getvalue()


def _packets(video: Any, audio: list[Any], start_ms: int, seconds: float) -> list[Any]:
    packets = []
    for number in range(int(seconds * RATE)):
        shade = 40 + number
        frame = av.VideoFrame.from_image(Image.new("RGB", (WIDTH, HEIGHT), (shade, 90, 255 - shade)))  # type: ignore[no-untyped-call]
        frame.pts, frame.time_base = start_ms + number * 1000 // RATE, Fraction(1, 1000)
        packets += video.encode(frame)
    packets += video.encode()
    for stream in audio:
        for number in range(int(seconds * SOUND_RATE) // SOUND_SIZE):
            packets += stream.encode(_sound(start_ms * SOUND_RATE // 1000 + number * SOUND_SIZE))
        packets += stream.encode()
    return packets


def _sound(at: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="fltp", layout="mono", samples=SOUND_SIZE)
    tone = array.array("f", [math.sin((at + number) * 0.06) / 4 for number in range(SOUND_SIZE)])
    frame.planes[0].update(tone.tobytes())
    frame.rate, frame.time_base, frame.pts = SOUND_RATE, Fraction(1, SOUND_RATE), at
    return frame


def element(identifier: str, content: bytes = b"", *, is_open: bool = False) -> bytes:
    """One EBML element; an open one states no size."""
    size = b"\x01" + b"\xff" * 7 if is_open else (len(content) | 1 << 56).to_bytes(8, "big")
    return bytes.fromhex(identifier) + size + content


def track(number: int, kind: int, codec: str = "V_MPEG4/ISO/AVC") -> bytes:
    """A track entry; kind 1 is video, 2 is audio."""
    fields = element("D7", bytes([number])) + element("83", bytes([kind])) + element("86", codec.encode())
    return element("AE", fields + element("63A2", b"\x01\x42\xe0\x1f"))


def cluster(timecode_ms: int, *blocks: tuple[int, int, bool], is_open: bool = False) -> bytes:
    """A cluster of (track, milliseconds after its timecode, whether it is a key frame)."""
    content = element("E7", timecode_ms.to_bytes(8, "big"))
    for number, after_ms, is_key in blocks:
        flags = b"\x80" if is_key else b"\x00"
        head = bytes([0x80 | number]) + after_ms.to_bytes(2, "big", signed=True) + flags
        content += element("A3", head + b"frame")
    return element("1F43B675", content, is_open=is_open)


def segment(*clusters: bytes, tracks: bytes | None = None, is_open: bool = True) -> bytes:
    """A file with those clusters; a video and an audio track unless told."""
    entries = track(1, 1) + track(2, 2, "A_AAC") if tracks is None else tracks
    info = element("1549A966", element("2AD7B1", (1_000_000).to_bytes(3, "big")))
    content = info + element("1654AE6B", entries) + b"".join(clusters)
    return EBML_HEADER + element("18538067", content, is_open=is_open)
