"""What was put is given back, listed and as it came."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import pytest
from botocore.exceptions import ClientError

from infra.local.kvs.matroska import read_segment
from tests.local.kvs import client_of, put_media, started
from tests.local.kvs_media import fragment

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


def test_fragments_are_listed_by_page_and_by_time(url: str, archive: Any) -> None:
    for number in range(3):
        _put(url, number)
    first = archive.list_fragments(StreamName="line-1", MaxResults=2)
    rest = archive.list_fragments(StreamName="line-1", NextToken=first["NextToken"])
    starts = [one["ProducerTimestamp"].timestamp() for one in first["Fragments"] + rest["Fragments"]]
    assert starts == [START_MS / 1000 + number for number in range(3)]
    assert all(one["FragmentLengthInMilliseconds"] == 1000 for one in first["Fragments"])
    selector = _range("PRODUCER_TIMESTAMP", START_MS / 1000 + 1, START_MS / 1000 + 1.5)
    chosen = archive.list_fragments(StreamName="line-1", FragmentSelector=selector)
    assert [one["FragmentNumber"] for one in chosen["Fragments"]] == [first["Fragments"][1]["FragmentNumber"]]


def test_relative_timecodes_count_from_the_producers_start(url: str, archive: Any) -> None:
    put_media(url, fragment(start_ms=250), timecodes="RELATIVE", start_seconds=START_MS / 1000)
    (stored,) = archive.list_fragments(StreamName="line-1")["Fragments"]
    assert stored["ProducerTimestamp"].timestamp() == START_MS / 1000 + 0.25


@pytest.mark.parametrize("sound", ["aac", "libopus", ""])
def test_media_of_any_codec_comes_back_frame_for_frame(url: str, archive: Any, sound: str) -> None:
    body = fragment(start_ms=START_MS, sound=sound)
    put_media(url, body)
    number = archive.list_fragments(StreamName="line-1")["Fragments"][0]["FragmentNumber"]
    listed = archive.get_media_for_fragment_list(StreamName="line-1", Fragments=[number])["Payload"].read()
    whole = client_of("kinesis-video-media", url).get_media(
        StreamName="line-1", StartSelector={"StartSelectorType": "EARLIEST"}
    )
    assert whole["Payload"].read() == listed
    assert _frames(listed) == _frames(body)


def test_each_cluster_of_one_connection_opens_alone(url: str, archive: Any, tmp_path: Path) -> None:
    """The service keeps fragments, not files: each needs the header and the tracks it came after."""
    first, second = (read_segment(fragment(start_ms=number * 1000)) for number in range(2))
    put_media(url, first.head + first.clusters[0].content + second.clusters[0].content)
    for stored in archive.list_fragments(StreamName="line-1")["Fragments"]:
        file = tmp_path / "alone.mkv"
        file.write_bytes(
            archive.get_media_for_fragment_list(StreamName="line-1", Fragments=[stored["FragmentNumber"]])[
                "Payload"
            ].read()
        )
        with av.open(str(file)) as opened:
            assert sum(1 for _ in opened.decode(video=0)) == 10


def test_get_media_starts_where_it_is_told(url: str) -> None:
    for number in range(3):
        _put(url, number)
    media = client_of("kinesis-video-media", url)
    number = client_of("kinesis-video-archived-media", url).list_fragments(StreamName="line-1")["Fragments"][
        0
    ]["FragmentNumber"]
    for selector, count in (
        ({"StartSelectorType": "EARLIEST"}, 3),
        ({"StartSelectorType": "FRAGMENT_NUMBER", "AfterFragmentNumber": number}, 2),
        ({"StartSelectorType": "PRODUCER_TIMESTAMP", "StartTimestamp": START_MS / 1000 + 2}, 1),
        ({"StartSelectorType": "NOW"}, 1),
    ):
        payload = media.get_media(StreamName="line-1", StartSelector=selector)["Payload"].read()
        assert payload.count(b"matroska") == count


def test_fragments_are_kept_from_run_to_run_and_go_with_their_stream(tmp_path: Path) -> None:
    running = started(tmp_path)
    video = client_of("kinesisvideo", running.url)
    arn = video.create_stream(StreamName="line-1", DataRetentionInHours=24)["StreamARN"]
    _put(running.url, 0)
    running.stop()
    again = started(tmp_path)
    assert len(_listed(again.url)) == 1
    video = client_of("kinesisvideo", again.url)
    video.delete_stream(StreamARN=arn)
    video.create_stream(StreamName="line-1", DataRetentionInHours=24)
    assert _listed(again.url) == []
    assert not list((tmp_path / "kvs" / "streams").glob("**/*.mkv"))
    again.stop()


def test_an_unknown_fragment_is_not_found(archive: Any) -> None:
    code = _code(lambda: archive.get_media_for_fragment_list(StreamName="line-1", Fragments=["1"]))
    assert code == "ResourceNotFoundException"


def _put(url: str, number: int) -> None:
    """Put the second with that number, slowly enough for the service."""
    put_media(url, fragment(start_ms=START_MS + number * 1000))


def _range(kind: str, start: float, end: float) -> dict[str, Any]:
    times = {"StartTimestamp": start, "EndTimestamp": end}
    return {"FragmentSelectorType": kind, "TimestampRange": times}


def _listed(url: str) -> list[dict[str, Any]]:
    archive = client_of("kinesis-video-archived-media", url)
    fragments: list[dict[str, Any]] = archive.list_fragments(StreamName="line-1")["Fragments"]
    return fragments


def _frames(content: bytes) -> list[Any]:
    return [(one.timecode_ms, one.blocks, one.content) for one in read_segment(content).clusters]


def _code(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    code: str = refused.value.response["Error"]["Code"]
    return code
