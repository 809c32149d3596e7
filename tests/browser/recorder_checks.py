"""What a good recording is, to a decoder, to the evidence bucket and to Kinesis Video."""

import hashlib
import math
from itertools import pairwise

from PIL import Image

from infra.local.kvs.matroska import read_segment
from infra.local.kvs.put_media import error_of
from tests.browser.recorder_media import Decoded, decoded, pictures_of
from tests.machine import Machine, StaffClient
from tests.recording import Kept, entries, original, put_media_calls, streamed_ms

FRAME_MS = 40
AAC_BLOCK_MS = 1024 / 48
COLOURS = BLACK, GREEN, WHITE = (0, 0, 0), (0, 170, 0), (255, 255, 255)
SIGNED = {"host", "x-amzn-stream-name", "x-amzn-fragment-timecode-type", "x-amzn-producer-start-timestamp"}


def opens_alone(one: Kept) -> None:
    """Fail unless a decoder takes the fragment by itself, whole, and Kinesis Video would."""
    segment = read_segment(one.content)
    assert [error_of(cluster, segment.tracks, previous=None) for cluster in segment.clusters] == [None]
    alone = decoded(one.content)
    assert (alone.codecs, alone.sizes) == ({"h264", "aac"}, {(640, 480)})
    assert len(alone.pictures_ms) == sum(block.track == 1 for block in segment.clusters[0].blocks)
    assert alone.pictures_ms[0] == one.started_ms
    assert one.started_ms <= alone.sound_ms[0] < one.started_ms + 50
    assert alone.pictures_ms[-1] < one.ended_ms
    assert {(at - one.started_ms) % FRAME_MS for at in alone.pictures_ms} == {0}
    assert len(alone.pictures_ms) > 1


def opens_joined(kept: list[Kept]) -> Decoded:
    """What a decoder makes of fragments in a row; fails on any gap, in picture or sound."""
    assert all(one.ended_ms == after.started_ms for one, after in pairwise(kept))
    joined = decoded(b"".join(one.content for one in kept))
    assert len(joined.pictures_ms) == sum(len(decoded(one.content).pictures_ms) for one in kept)
    assert all(before < after for before, after in pairwise(joined.pictures_ms))
    assert all(abs(after - before - AAC_BLOCK_MS) <= 1 for before, after in pairwise(joined.sound_ms))
    return joined


def is_as_the_timeline_says(machine: Machine, seat: StaffClient, call: str, kept: list[Kept]) -> None:
    """Fail unless the evidence bucket has each fragment under the hash that stands in the timeline."""
    told = entries(seat, call)
    assert sorted(one["seq"] for one in told) == [one.seq for one in kept]
    by_seq = {one["seq"]: one for one in told}
    for one in kept:
        content = original(machine, call, one.seq, by_seq[one.seq]["evidence_version"])
        assert content == one.content
        assert hashlib.sha256(content).hexdigest() == by_seq[one.seq]["sha256"] == one.sha256


def was_copied_at_most_once(machine: Machine, stream: str, kept: list[Kept]) -> None:
    """Fail unless PutMedia was asked once at most for each fragment, with all that says what it is signed."""
    streamed = streamed_ms(machine, stream, since_ms=kept[0].started_ms)
    assert len(streamed) == len(set(streamed))
    assert {one.started_ms for one in kept if one.copy == "accepted"} <= set(streamed)
    assert set(streamed) <= {one.started_ms for one in kept}
    assert {one.copy for one in kept} <= {"accepted", "unknown"}
    assert "accepted" in {one.copy for one in kept}
    asked = put_media_calls(machine, stream, since_ms=kept[0].started_ms)
    assert len(streamed) <= len(asked) <= len(kept)
    assert all(one["fault"] is None and set(one["signed"]) >= SIGNED for one in asked)


def says_that_it_stands_still(stalled: Kept) -> None:
    """Fail unless a band with white words stands across the foot of the fragment's last picture."""
    picture = pictures_of(stalled.content)[-1]
    band = colours(picture.crop((0, 440, 640, 480)))
    assert band[BLACK] > 0.7
    assert band[WHITE] > 0.005


def colours(picture: Image.Image) -> dict[tuple[int, int, int], float]:
    """How much of a picture is nearest to which colour."""
    found = dict.fromkeys(COLOURS, 0.0)
    for count, colour in picture.getcolors(1 << 20) or []:
        assert isinstance(colour, tuple)
        found[min(COLOURS, key=lambda one: math.dist(one, colour))] += count / picture.width / picture.height
    return found
