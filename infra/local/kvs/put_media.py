"""PutMedia: takes Matroska, checks each cluster as the service does, keeps it and acknowledges it.

The body is read whole before it is looked at, because the signature covers its hash; so the acknowledgements
of a connection come together, at its end. Source: the API reference of PutMedia.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

from infra.local.kvs.faults import KvsFault, connection_limit_exceeded, invalid_argument
from infra.local.kvs.fragments import Fragment, Fragments
from infra.local.kvs.matroska import Cluster, InvalidMatroska, Segment, Track, read_segment
from infra.local.kvs.rates import Rates
from infra.local.kvs.streams import Stream, Streams

PATH = "/putMedia"
MOST_TRACKS = 3
LONGEST_FRAGMENT_MS = 10_000


class ErrorId(IntEnum):
    """What an acknowledgement may find wrong with a fragment."""

    MAX_FRAGMENT_DURATION_REACHED = 4002
    FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS = 4004
    MORE_THAN_ALLOWED_TRACKS_FOUND = 4005
    INVALID_MKV_DATA = 4006
    TRACK_NUMBER_MISMATCH = 4010
    FRAMES_MISSING_FOR_TRACK = 4011


class Connection:
    """A place in the count of a stream's connections; there is one for the first only."""

    _lock = threading.Lock()

    def __init__(self, counted: Counter[str], arn: str) -> None:
        self._counted = counted
        self._arn = arn
        self._is_held = True
        with self._lock:
            counted[arn] += 1
            self.is_first = counted[arn] == 1

    def release(self) -> None:
        """Give the place back, once."""
        with self._lock:
            self._counted[self._arn] -= self._is_held
            self._is_held = False


class PutMedia:
    """Takes media for all streams."""

    def __init__(self, streams: Streams, fragments: Fragments, rates: Rates) -> None:
        self._streams = streams
        self._fragments = fragments
        self._rates = rates
        self._connected: Counter[str] = Counter()

    @contextmanager
    def connection(self, headers: Mapping[str, str]) -> Iterator["Connection"]:
        """Hold the stream's one connection from before its body until it is answered or breaks off."""
        try:
            held = Connection(self._connected, self._stream_of(headers).arn)
        except KvsFault:
            # It is refused with that very fault once its body is there.
            held = Connection(Counter(), "")
        try:
            yield held
        finally:
            held.release()

    def put(self, headers: Mapping[str, str], body: bytes, *, connection: "Connection") -> tuple[str, bytes]:
        """Keep what is in the body: the stream's ARN and the acknowledgements, a JSON document a line.

        Raises `KvsFault` for the headers, the rate, and a connection beside another. What is wrong with the
        media is told in an acknowledgement, after which nothing more of this connection is taken.
        """
        stream = self._stream_of(headers)
        start_ms = _start_of(headers)
        self._rates.take("PutMedia", stream.arn)
        if not connection.is_first:
            raise connection_limit_exceeded()
        lines = [json.dumps(one) for one in self._acknowledgements(stream, start_ms, body)]
        # Before the answer: whoever has read it may connect again.
        connection.release()
        return stream.arn, "".join(f"{line}\r\n" for line in lines).encode()

    def _stream_of(self, headers: Mapping[str, str]) -> Stream:
        return self._streams.find(
            arn=headers.get("x-amzn-stream-arn", ""), name=headers.get("x-amzn-stream-name", "")
        )

    def _acknowledgements(self, stream: Stream, start_ms: int, body: bytes) -> Iterator[dict[str, Any]]:
        try:
            segment = read_segment(body)
        except InvalidMatroska:
            yield _error(ErrorId.INVALID_MKV_DATA)
            return
        previous = None
        for cluster in segment.clusters:
            known = {
                "FragmentTimecode": cluster.timecode_ms,
                "FragmentNumber": self._fragments.next_number(),
            }
            yield {"EventType": "BUFFERING", **known}
            error = error_of(cluster, segment.tracks, previous=previous)
            if error is not None:
                yield _error(error) | known
                return
            yield {"EventType": "RECEIVED", **known}
            self._keep(stream, segment, cluster, start_ms=start_ms, number=str(known["FragmentNumber"]))
            if stream.data_retention_hours:
                yield {"EventType": "PERSISTED", **known}
            previous = cluster

    def _keep(
        self, stream: Stream, segment: Segment, cluster: Cluster, *, start_ms: int, number: str
    ) -> None:
        content = segment.head + cluster.content
        fragment = Fragment(
            number=number,
            producer_timestamp_ms=start_ms + cluster.timecode_ms,
            server_timestamp_ms=time.time_ns() // 1_000_000,
            length_ms=_length_ms(cluster, segment.tracks),
            size_bytes=len(content),
            tracks=segment.tracks,
        )
        self._fragments.keep(stream, fragment, content)


def error_of(cluster: Cluster, tracks: tuple[Track, ...], *, previous: Cluster | None) -> ErrorId | None:
    """What the service finds wrong with a cluster that follows `previous` on its connection, if anything."""
    declared, used = {one.number for one in tracks}, {one.track for one in cluster.blocks}
    is_late = previous is not None and cluster.timecode_ms <= previous.timecode_ms
    findings = {
        ErrorId.MORE_THAN_ALLOWED_TRACKS_FOUND: len(tracks) > MOST_TRACKS,
        ErrorId.FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS: is_late,
        ErrorId.TRACK_NUMBER_MISMATCH: bool(used - declared),
        ErrorId.FRAMES_MISSING_FOR_TRACK: bool(declared - used),
        ErrorId.INVALID_MKV_DATA: not _starts_on_key_frame(cluster, tracks),
        ErrorId.MAX_FRAGMENT_DURATION_REACHED: _length_ms(cluster, tracks) > LONGEST_FRAGMENT_MS,
    }
    return next((error for error, is_found in findings.items() if is_found), None)


def _starts_on_key_frame(cluster: Cluster, tracks: tuple[Track, ...]) -> bool:
    video = {one.number for one in tracks if one.kind == "video"}
    first = next((one for one in cluster.blocks if one.track in video), None)
    return first is None or first.is_key_frame


def _length_ms(cluster: Cluster, tracks: tuple[Track, ...]) -> int:
    """How long the cluster plays, its last frame as long as the mean one: its picture, or else its sound."""
    video = {one.number for one in tracks if one.kind == "video"}
    times = [one.timecode_ms for one in cluster.blocks if not video or one.track in video]
    if len(times) < 2:
        return 0
    return round((max(times) - min(times)) * len(times) / (len(times) - 1))


def _start_of(headers: Mapping[str, str]) -> int:
    """What is added to the media's timecodes, in milliseconds: nothing where they are absolute."""
    kind = headers.get("x-amzn-fragment-timecode-type")
    stated = headers.get("x-amzn-producer-start-timestamp", "")
    if kind not in ("ABSOLUTE", "RELATIVE"):
        raise invalid_argument("x-amzn-fragment-timecode-type is ABSOLUTE or RELATIVE.")
    try:
        start_ms = round(float(stated) * 1000)
    except (ValueError, OverflowError) as error:
        raise invalid_argument("x-amzn-producer-start-timestamp is in seconds since 1970.") from error
    return start_ms if kind == "RELATIVE" else 0


def _error(error: ErrorId) -> dict[str, Any]:
    return {"EventType": "ERROR", "ErrorId": int(error), "ErrorCode": error.name}
