"""hls.js plays in Chromium what the stand-in kept, while it is live and after."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from tests.local.kvs import client_of, put_media, started
from tests.local.kvs_media import fragment
from tests.local.kvs_pages import Joins, pages

START_MS = 1_795_000_000_000
PLAY = """
address => {
  const video = document.querySelector('video');
  const hls = new Hls({liveSyncDurationCount: 1});
  Object.assign(window, {hls, video, faults: []});
  hls.on(Hls.Events.ERROR, (_, fault) => { if (fault.fatal) faults.push(fault.details); });
  hls.loadSource(address);
  hls.attachMedia(video);
  video.playbackRate = 2;
  video.play().catch(fault => faults.push(String(fault)));
}
"""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    running = started(tmp_path)
    client_of("kinesisvideo", running.url).create_stream(StreamName="line-1", DataRetentionInHours=24)
    yield running.url
    running.stop()


@pytest.fixture
def page(playwright: Playwright) -> Iterator[Callable[[], Page]]:
    with pages(playwright, Joins(lambda role, client_id: {})) as opened:
        yield opened


@pytest.mark.parametrize("discontinuities", ["ALWAYS", "ON_DISCONTINUITY"])
def test_a_recording_plays_to_its_end(url: str, page: Callable[[], Page], discontinuities: str) -> None:
    _put(url, 0, 3)
    times = {"StartTimestamp": START_MS / 1000 - 1, "EndTimestamp": START_MS / 1000 + 60}
    player = page()
    player.evaluate(
        PLAY,
        _session(
            url,
            PlaybackMode="ON_DEMAND",
            DiscontinuityMode=discontinuities,
            HLSFragmentSelector={"FragmentSelectorType": "PRODUCER_TIMESTAMP", "TimestampRange": times},
        ),
    )
    player.wait_for_function("() => video.ended || faults.length", timeout=20_000)
    assert player.evaluate("faults") == []
    assert player.evaluate("video.getVideoPlaybackQuality().totalVideoFrames") >= 25
    assert 2.8 < player.evaluate("video.duration") < 3.3
    assert player.evaluate("video.webkitAudioDecodedByteCount") > 0


def test_a_live_stream_plays_on_as_fragments_come(url: str, page: Callable[[], Page]) -> None:
    _put(url, 0, 3)
    player = page()
    player.evaluate(PLAY, _session(url))
    player.wait_for_function("() => video.currentTime > 0 || faults.length", timeout=20_000)
    _put(url, 3, 6)
    player.wait_for_function("() => hls.latestLevelDetails?.endSN >= 5 || faults.length", timeout=20_000)
    assert player.evaluate("faults") == []


def _put(url: str, first: int, end: int) -> None:
    for number in range(first, end):
        put_media(url, fragment(start_ms=START_MS + number * 1000))


def _session(url: str, **asked: Any) -> str:
    archive = client_of("kinesis-video-archived-media", url)
    answer = archive.get_hls_streaming_session_url(StreamName="line-1", **asked)
    address: str = answer["HLSStreamingSessionURL"]
    return address
