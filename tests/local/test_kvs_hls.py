"""HLS sessions: what is shown of a stream, and what is refused."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import av
import pytest
import requests
from botocore.exceptions import ClientError

from tests.local.kvs import client_of, put_media, started
from tests.local.kvs_media import cluster, fragment, segment
from tests.machine import HttpClient

START_MS = 1_795_000_000_000


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    running = started(tmp_path)
    client_of("kinesisvideo", running.url).create_stream(StreamName="line-1", DataRetentionInHours=24)
    yield running.url
    running.stop()


@pytest.fixture
def archive(url: str) -> Any:
    return client_of("kinesis-video-archived-media", url)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, "ResourceNotFoundException"),
        (fragment(sound="libopus"), "UnsupportedStreamMediaTypeException"),
        (fragment().replace(b"V_MPEG4/ISO/AVC", b"V_MPEGH/ISO/HEV"), "UnsupportedStreamMediaTypeException"),
        (
            segment(cluster(0, (1, 0, True), (2, 0, True))).replace(b"\x63\xa2", b"\x53\x6e"),
            "MissingCodecPrivateDataException",
        ),
    ],
    ids=["no fragment", "Opus", "H.265", "no codec private data"],
)
def test_what_the_service_cannot_play_is_refused(
    url: str, archive: Any, body: bytes | None, code: str
) -> None:
    if body is not None:
        put_media(url, body)
    assert _code(lambda: archive.get_hls_streaming_session_url(StreamName="line-1")) == code


@pytest.mark.parametrize(
    "wrong",
    [
        {"Expires": 43_201},
        {"ContainerFormat": "MPEG_TS"},
        {"MaxMediaPlaylistFragmentResults": 5_001},
        {"PlaybackMode": "ON_DEMAND"},
        {"PlaybackMode": "OTHER"},
    ],
)
def test_a_session_with_wrong_arguments_is_refused(url: str, archive: Any, wrong: dict[str, Any]) -> None:
    _put(url, 0)
    asked = {"StreamName": "line-1", **wrong}
    assert _code(lambda: archive.get_hls_streaming_session_url(**asked)) == "InvalidArgumentException"


def test_a_stream_that_retains_nothing_cannot_be_played(url: str, archive: Any) -> None:
    client_of("kinesisvideo", url).create_stream(StreamName="line-2")
    code = _code(lambda: archive.get_hls_streaming_session_url(StreamName="line-2"))
    assert code == "NoDataRetentionException"


def test_a_stored_stream_plays_as_hls_from_first_to_last_frame(
    url: str, archive: Any, tmp_path: Path
) -> None:
    for number in range(3):
        _put(url, number)
    session = _session(archive, PlaybackMode="ON_DEMAND", HLSFragmentSelector=_all())
    variant = _load(session).text
    assert 'CODECS="avc1.42c00b,mp4a.40.2",RESOLUTION=320x240' in variant
    playlist_url = urljoin(session, variant.splitlines()[-1])
    playlist = _load(playlist_url).text
    assert playlist.count("#EXTINF:1.000,") == 3
    assert playlist.rstrip().endswith("#EXT-X-ENDLIST")
    joined = tmp_path / "joined.mp4"
    names = [line.split('"')[1] if "MAP" in line else line for line in playlist.splitlines() if "mp4" in line]
    joined.write_bytes(b"".join(_load(urljoin(playlist_url, name)).content for name in names))
    with av.open(str(joined)) as opened:
        assert sum(1 for _ in opened.decode(video=0)) == 30


def test_a_live_session_shows_the_last_fragments_as_they_come(url: str, archive: Any) -> None:
    for number in range(2):
        _put(url, number)
    session = _session(archive)
    playlist_url = urljoin(session, _load(session).text.splitlines()[-1])
    before = _load(playlist_url).text
    assert (before.count("#EXTINF"), "ENDLIST" in before) == (2, False)
    for number in range(2, 5):
        _put(url, number)
    after = _load(playlist_url).text
    assert after.count("#EXTINF") == 3
    assert "#EXT-X-MEDIA-SEQUENCE:2\n" in after
    assert "#EXT-X-DISCONTINUITY-SEQUENCE:2\n" in after


@pytest.mark.parametrize(("mode", "breaks"), [("ALWAYS", 2), ("ON_DISCONTINUITY", 1), ("NEVER", 0)])
def test_gaps_are_marked_as_asked(url: str, archive: Any, mode: str, breaks: int) -> None:
    for number in (0, 1, 5):
        _put(url, number)
    session = _session(archive, PlaybackMode="ON_DEMAND", HLSFragmentSelector=_all(), DiscontinuityMode=mode)
    playlist = _load(urljoin(session, _load(session).text.splitlines()[-1])).text
    assert playlist.count("#EXT-X-DISCONTINUITY\n") == breaks
    assert playlist.count("#EXT-X-MAP") == 1


def test_of_two_fragments_with_one_start_the_newer_is_played(url: str, archive: Any) -> None:
    for number in (0, 1, 0):
        _put(url, number)
    session = _session(archive, PlaybackMode="ON_DEMAND", HLSFragmentSelector=_all())
    playlist = _load(urljoin(session, _load(session).text.splitlines()[-1])).text
    numbers = [one["FragmentNumber"] for one in _listed(url)]
    assert [number for number in numbers if f"{number}&" in playlist] == numbers[1:]


def test_nothing_is_played_without_a_session(url: str, archive: Any) -> None:
    _put(url, 0)
    session = _session(archive)
    wrong = session[:-1] + ("A" if session[-1] != "A" else "B")
    assert HttpClient("").get(wrong).status_code == 403
    assert HttpClient("").get(session.split("?")[0]).status_code == 403


def _put(url: str, number: int) -> None:
    """Put the second with that number, slowly enough for the service."""
    put_media(url, fragment(start_ms=START_MS + number * 1000))


def _session(archive: Any, **asked: Any) -> str:
    address: str = archive.get_hls_streaming_session_url(StreamName="line-1", **asked)[
        "HLSStreamingSessionURL"
    ]
    return address


def _load(address: str) -> requests.Response:
    answer = HttpClient("").get(address)
    assert answer.ok, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer


def _all() -> dict[str, Any]:
    times = {"StartTimestamp": START_MS / 1000 - 1, "EndTimestamp": START_MS / 1000 + 3600}
    return {"FragmentSelectorType": "PRODUCER_TIMESTAMP", "TimestampRange": times}


def _listed(url: str) -> list[dict[str, Any]]:
    archive = client_of("kinesis-video-archived-media", url)
    fragments: list[dict[str, Any]] = archive.list_fragments(StreamName="line-1")["Fragments"]
    return fragments


def _code(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    code: str = refused.value.response["Error"]["Code"]
    return code
