"""PutMedia takes what the service takes, acknowledges it in the service's words, and refuses the rest."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from infra.local.kvs.signatures import Credential
from tests.local.kvs import KEY, SESSION, client_of, counts, put_once, started, together
from tests.local.kvs_media import cluster, element, fragment, segment, track
from tests.machine import eventually

BOTH = ((1, 0, True), (2, 0, True))


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    running = started(tmp_path)
    client_of("kinesisvideo", running.url).create_stream(StreamName="line-1", DataRetentionInHours=24)
    yield running.url
    running.stop()


def test_a_recorded_fragment_is_buffered_received_and_persisted(url: str) -> None:
    acks = _acks(put_once(url, fragment(start_ms=1_000)))
    assert [one["EventType"] for one in acks] == ["BUFFERING", "RECEIVED", "PERSISTED"]
    assert {one["FragmentTimecode"] for one in acks} == {1_000}
    assert len({one["FragmentNumber"] for one in acks}) == 1
    assert acks[0]["FragmentNumber"].isdigit()


def test_each_cluster_of_a_connection_is_a_fragment(url: str) -> None:
    body = segment(cluster(0, *BOTH, is_open=True), cluster(2_000, *BOTH, is_open=True))
    acks = [one for one in _acks(put_once(url, body)) if one["EventType"] == "PERSISTED"]
    assert [one["FragmentTimecode"] for one in acks] == [0, 2_000]
    assert acks[0]["FragmentNumber"] < acks[1]["FragmentNumber"]


def test_a_chunked_body_is_taken(url: str) -> None:
    """Its signature covers the hash of the whole, so the whole is known before it is sent."""
    body = fragment()
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    connection.request("POST", "/putMedia", iter([body[:1000], body[1000:]]), _signed_headers(url, body))
    assert _events(connection.getresponse().read()) == ["BUFFERING", "RECEIVED", "PERSISTED"]
    connection.close()


def test_a_stream_that_retains_nothing_acknowledges_no_persistence(url: str) -> None:
    client_of("kinesisvideo", url).create_stream(StreamName="line-2")
    assert _events(put_once(url, fragment(), stream="line-2").content) == ["BUFFERING", "RECEIVED"]


def test_the_stream_can_be_named_by_its_arn(url: str) -> None:
    arn = client_of("kinesisvideo", url).describe_stream(StreamName="line-1")["StreamInfo"]["StreamARN"]
    headers = {"x-amzn-stream-arn": arn}
    assert put_once(url, fragment(), stream=None, headers=headers).ok
    assert _refusal(put_once(url, fragment(), headers=headers)) == (400, "InvalidArgumentException")


@pytest.mark.parametrize(
    ("body", "error_id", "code"),
    [
        (b"", 4006, "INVALID_MKV_DATA"),
        (b"\x00" * 64, 4006, "INVALID_MKV_DATA"),
        (segment(cluster(0, *BOTH), is_open=False)[:-3], 4006, "INVALID_MKV_DATA"),
        (segment(cluster(0, *BOTH)).replace(b"matroska", b"webm\0\0\0\0"), 4006, "INVALID_MKV_DATA"),
        (segment(cluster(0, *BOTH)) + segment(cluster(1, *BOTH)), 4006, "INVALID_MKV_DATA"),
        (segment(cluster(0, *BOTH), is_open=False) + b"more", 4006, "INVALID_MKV_DATA"),
        (segment(cluster(0, *BOTH), tracks=b""), 4006, "INVALID_MKV_DATA"),
        (segment(cluster(0, (1, 0, False), (2, 0, True))), 4006, "INVALID_MKV_DATA"),
        (segment(cluster(0, (1, 0, True))), 4011, "FRAMES_MISSING_FOR_TRACK"),
        (segment(cluster(0, *BOTH, (3, 0, True))), 4010, "TRACK_NUMBER_MISMATCH"),
        (
            segment(cluster(0, *BOTH), tracks=b"".join(track(n, 1) for n in range(1, 5))),
            4005,
            "MORE_THAN_ALLOWED_TRACKS_FOUND",
        ),
        (segment(cluster(0, *BOTH, (1, 9_000, False))), 4002, "MAX_FRAGMENT_DURATION_REACHED"),
    ],
    ids=[
        "empty",
        "not EBML",
        "cut short",
        "WebM",
        "two segments",
        "more after the segment",
        "no tracks",
        "no key frame",
        "a silent track",
        "an undeclared track",
        "four tracks",
        "too long",
    ],
)
def test_spoiled_media_is_acknowledged_with_the_services_error(
    url: str, body: bytes, error_id: int, code: str
) -> None:
    answer = put_once(url, body)
    assert answer.status_code == 200
    last = _acks(answer)[-1]
    assert (last["EventType"], last["ErrorId"], last["ErrorCode"]) == ("ERROR", error_id, code)
    assert _stored(url) == 0


@pytest.mark.parametrize("second_ms", [2_000, 1_999])
def test_timecodes_must_rise_within_a_connection(url: str, second_ms: int) -> None:
    body = segment(cluster(2_000, *BOTH), cluster(second_ms, *BOTH), cluster(5_000, *BOTH))
    acks = _acks(put_once(url, body))
    assert acks[-1]["ErrorCode"] == "FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS"
    assert acks[-1]["FragmentTimecode"] == second_ms
    assert _stored(url) == 1, "what came before is kept, what comes after is not taken"


def test_block_groups_and_other_elements_are_read_too(url: str) -> None:
    """A group without a reference is a key frame."""
    block = element("A1", b"\x81\x00\x00\x00frame")
    sound = element("A3", b"\x82\x00\x00\x80frame")
    for group, events in (
        (element("A0", block), ["BUFFERING", "RECEIVED", "PERSISTED"]),
        (element("A0", block + element("FB", b"\x01")), ["BUFFERING", "ERROR"]),
    ):
        content = element("EC", b"\0" * 5) + element("E7", b"\x07") + group + sound
        body = segment(element("1F43B675", content), element("1254C367"))
        assert _events(put_once(url, body).content) == events


@pytest.mark.parametrize("credential", [KEY, SESSION], ids=["key", "session"])
def test_requests_aws4auth_signs_it_headers_included(url: str, credential: Credential) -> None:
    assert put_once(url, fragment(), credential=credential).ok


def test_a_changed_header_body_or_secret_is_refused(url: str) -> None:
    body = fragment()
    stranger = Credential(access_key=KEY.access_key, secret_key="another")
    changed = [
        put_once(url, body, credential=stranger),
        put_once(url, body, change=lambda one: one.headers.update({"x-amzn-stream-name": "line-2"})),
        put_once(url, body, change=lambda one: setattr(one, "body", body[:-1] + bytes([body[-1] ^ 1]))),
        put_once(url, body, change=lambda one: one.headers.pop("Authorization")),
    ]
    assert [one.status_code for one in changed] == [403] * 4
    assert _stored(url) == 0


@pytest.mark.parametrize(
    ("headers", "refusal"),
    [
        ({"x-amzn-stream-name": "no"}, (404, "ResourceNotFoundException")),
        ({"x-amzn-stream-name": None}, (400, "InvalidArgumentException")),
        ({"x-amzn-fragment-timecode-type": "OTHER"}, (400, "InvalidArgumentException")),
        ({"x-amzn-fragment-timecode-type": None}, (400, "InvalidArgumentException")),
        ({"x-amzn-producer-start-timestamp": "today"}, (400, "InvalidArgumentException")),
        ({"x-amzn-producer-start-timestamp": "nan"}, (400, "InvalidArgumentException")),
    ],
)
def test_wrong_headers_are_refused(
    url: str, headers: dict[str, str | None], refusal: tuple[int, str]
) -> None:
    assert _refusal(put_once(url, fragment(), headers=headers)) == refusal


def test_a_stream_takes_one_connection_at_a_time(url: str) -> None:
    body = fragment()
    first = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    first.putrequest("POST", "/putMedia")
    for name, value in (_signed_headers(url, body) | {"Content-Length": str(len(body))}).items():
        first.putheader(name, value)
    first.endheaders()
    first.send(body[:100])
    eventually(lambda: _refusal(put_once(url, body)) == (400, "ConnectionLimitExceededException"))
    first.send(body[100:])
    assert _events(first.getresponse().read())[-1] == "PERSISTED"
    first.close()
    assert eventually(lambda: put_once(url, body)).ok


def test_a_connection_that_broke_off_frees_its_stream(url: str) -> None:
    body = fragment()
    first = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    first.putrequest("POST", "/putMedia")
    for name, value in (_signed_headers(url, body) | {"Content-Length": str(len(body))}).items():
        first.putheader(name, value)
    first.endheaders()
    eventually(lambda: _refusal(put_once(url, body)) == (400, "ConnectionLimitExceededException"))
    first.close()
    eventually(lambda: put_once(url, body))


def test_a_stream_takes_five_calls_a_second(url: str) -> None:
    """Those beyond are refused for the rate, whether or not another connection is there."""
    refused = {_refusal(one)[1] for one in together(20, lambda: put_once(url, segment(cluster(0, *BOTH))))}
    assert "ClientLimitExceededException" in refused
    assert counts(url)["PutMedia"] == 20


def _signed_headers(url: str, body: bytes) -> dict[str, str]:
    """What signs this body, for a client that sends it in pieces."""
    caught: dict[str, str] = {}

    def keep(prepared: requests.PreparedRequest) -> None:
        caught.update({name: str(value) for name, value in prepared.headers.items()})
        raise InterruptedError

    with pytest.raises(InterruptedError):
        put_once(url, body, change=keep)
    return {name: value for name, value in caught.items() if name.lower() != "content-length"}


def _acks(answer: requests.Response) -> list[dict[str, Any]]:
    assert answer.ok, answer.text
    return [json.loads(line) for line in answer.content.splitlines()]


def _events(content: bytes) -> list[str]:
    return [json.loads(line)["EventType"] for line in content.splitlines()]


def _refusal(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.headers.get("x-amzn-ErrorType", "")


def _stored(url: str) -> int:
    archive = client_of("kinesis-video-archived-media", url)
    return len(archive.list_fragments(StreamName="line-1")["Fragments"])
