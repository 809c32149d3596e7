"""Recorded fragments at S3 and at Kinesis Video: signed whole, sent once, whatever the answer."""

import hashlib
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.adapters import lines, recording
from chalicelib.adapters.aws import client
from chalicelib.domain.asked import new_id
from chalicelib.domain.lines import Line
from chalicelib.domain.recording import CopyState, Fragment
from infra.local.aws import SESSION_TOKEN
from tests.local.kvs_media import fragment as media
from tests.machine import Machine
from tests.recording import kinesis, original, streamed_ms
from tests.within import now

AMZN = {"x-amzn-stream-name", "x-amzn-fragment-timecode-type", "x-amzn-producer-start-timestamp"}
START = datetime(2026, 11, 22, 8, tzinfo=UTC)
START_MS = round(START.timestamp() * 1000)


class Answering(HTTPServer):
    """A data endpoint that gives one answer, and remembers what it was asked."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(("127.0.0.1", 0), Remembering)
        self.answer = status, text.encode()
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.is_held = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Remembering(BaseHTTPRequestHandler):
    server: Answering

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.path, headers, body))
        status, text = self.server.answer
        if status == 0:
            self.server.is_held.wait(10)
            return
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def endpoint(request: pytest.FixtureRequest) -> Iterator[Answering]:
    server = Answering(*getattr(request, "param", (200, '{"EventType":"PERSISTED"}')))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.is_held.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def line(inside: Machine) -> Line:
    """A line whose stream is one test's own."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    kinesis(inside, "kinesisvideo").create_stream(StreamName=name, DataRetentionInHours=1)
    return replace(lines.known(now=now())[0], stream_name=name)


def a_fragment(seq: int = 1) -> Fragment:
    return Fragment(
        incident_id=new_id(),
        seq=seq,
        sha256="0" * 64,
        size_bytes=1,
        started_at=START + timedelta(seconds=seq - 1),
        duration_ms=1000,
        kept_at=now(),
        evidence_version="v",
    )


def test_the_copy_is_signed_with_the_headers_that_say_what_it_is(line: Line, endpoint: Answering) -> None:
    content = media(start_ms=START_MS)
    here = replace(line, data_endpoint=endpoint.url)
    assert recording.send_copy(here, a_fragment(), content) is CopyState.ACCEPTED
    ((path, headers, body),) = endpoint.asked
    assert (path, body) == ("/putMedia", content)
    signed = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert {"host", "x-amz-date", "x-amz-content-sha256", *AMZN} <= set(signed)
    assert headers["x-amz-content-sha256"] == hashlib.sha256(content).hexdigest()
    assert headers["x-amzn-stream-name"] == line.stream_name
    assert headers["x-amzn-fragment-timecode-type"] == "ABSOLUTE"
    assert float(headers["x-amzn-producer-start-timestamp"]) == START.timestamp()


def test_the_session_token_of_a_role_is_signed_too(line: Line, endpoint: Answering) -> None:
    recording.send_copy(replace(line, data_endpoint=endpoint.url), a_fragment(), media())
    ((_, headers, _),) = endpoint.asked
    assert headers["x-amz-security-token"] == SESSION_TOKEN
    assert "x-amz-security-token" in headers["authorization"]


@pytest.mark.parametrize(
    ("endpoint", "state"),
    [
        ((200, '{"EventType":"BUFFERING"}\r\n{"EventType":"RECEIVED"}'), CopyState.ACCEPTED),
        ((200, '{"EventType":"BUFFERING"}'), CopyState.UNKNOWN),
        ((200, '{"EventType":"RECEIVED"}\n{"EventType":"ERROR","ErrorId":4006}'), CopyState.REFUSED),
        ((200, ""), CopyState.UNKNOWN),
        ((200, "<html>"), CopyState.UNKNOWN),
        ((400, '{"Message":"ClientLimitExceededException"}'), CopyState.REFUSED),
        ((403, "<html>"), CopyState.REFUSED),
        ((500, ""), CopyState.UNKNOWN),
        ((503, "<html>"), CopyState.UNKNOWN),
        ((0, ""), CopyState.UNKNOWN),
    ],
    indirect=["endpoint"],
)
def test_whatever_is_answered_the_copy_is_sent_once(
    line: Line, endpoint: Answering, state: CopyState
) -> None:
    began = now()
    assert recording.send_copy(replace(line, data_endpoint=endpoint.url), a_fragment(), media()) is state
    assert len(endpoint.asked) == 1
    assert (now() - began).total_seconds() < sum(recording.COPY_DEADLINE_SECONDS) + 2


def test_where_nobody_listens_nobody_knows(line: Line, endpoint: Answering) -> None:
    gone = replace(line, data_endpoint=endpoint.url.replace("127.0.0.1", "127.0.0.2"))
    assert recording.send_copy(gone, a_fragment(), media()) is CopyState.UNKNOWN
    assert endpoint.asked == []


def test_fragments_follow_each_other_in_the_stream_by_their_own_clock(inside: Machine, line: Line) -> None:
    for seq in (1, 2, 3):
        content = media(start_ms=START_MS + (seq - 1) * 1000)
        assert recording.send_copy(line, a_fragment(seq), content) is CopyState.ACCEPTED
    came = streamed_ms(inside, line.stream_name, since_ms=0)
    assert came == pytest.approx([START_MS, START_MS + 1000, START_MS + 2000], abs=50)


def test_media_that_kinesis_video_refuses_is_told_so(line: Line) -> None:
    assert recording.send_copy(line, a_fragment(), b"\x1a\x45\xdf\xa3") is CopyState.REFUSED


def test_a_stream_is_played_from_a_moment_on_when_there_is_something_to_play(line: Line) -> None:
    assert recording.hls_url(line, since=START) is None
    recording.send_copy(line, a_fragment(), media(start_ms=START_MS + 1000))
    assert recording.hls_url(line, since=START + timedelta(minutes=1)) is None
    assert "SessionToken=" in str(recording.hls_url(line, since=START))


def test_where_kinesis_video_knows_no_stream_nothing_is_played_and_nothing_fails(line: Line) -> None:
    assert recording.hls_url(replace(line, stream_name="taken-away"), since=START) is None


def test_sound_that_hls_does_not_carry_is_not_played(line: Line) -> None:
    sent = recording.send_copy(line, a_fragment(), media(start_ms=START_MS, sound="libopus"))
    assert sent is CopyState.ACCEPTED
    assert recording.hls_url(line, since=START - timedelta(minutes=1)) is None


def test_each_storing_is_a_version_of_its_own_and_none_is_lost(inside: Machine) -> None:
    incident_id = new_id()
    stored = {content: recording.store(incident_id, 1, content) for content in (b"first", b"second")}
    for content, (sha256, version) in stored.items():
        assert sha256 == hashlib.sha256(content).hexdigest()
        assert original(inside, incident_id, 1, version) == content
    head = client("s3").head_object(
        Bucket=inside.outputs()["EvidenceBucket"], Key=recording.fragment_key(incident_id, 1)
    )
    assert head["ContentType"] == recording.CONTENT_TYPE
