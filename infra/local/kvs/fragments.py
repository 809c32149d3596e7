"""The fragments of all streams, as files: one Matroska file a fragment and an index line for each."""

import shutil
import threading
import time
from pathlib import Path
from typing import Any

import msgspec

from infra.local.kvs.matroska import Track
from infra.local.kvs.streams import Stream
from infra.local.state import State

_INDEX_NAME = "index.jsonl"


class Fragment(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one stored fragment; numbers rise in the order of arrival, times are since 1970."""

    number: str
    producer_timestamp_ms: int
    server_timestamp_ms: int
    length_ms: int
    size_bytes: int
    tracks: tuple[Track, ...]

    def document(self) -> dict[str, Any]:
        """As ListFragments gives it; times in seconds."""
        return {
            "FragmentNumber": self.number,
            "FragmentSizeInBytes": self.size_bytes,
            "ProducerTimestamp": self.producer_timestamp_ms / 1000,
            "ServerTimestamp": self.server_timestamp_ms / 1000,
            "FragmentLengthInMilliseconds": self.length_ms,
        }


class Fragments:
    """Keeps fragments and gives them back."""

    def __init__(self, state: State) -> None:
        self._directory = state.directory
        self._lock = threading.Lock()
        self._last_number = 0
        self._known: dict[str, list[Fragment]] = {}

    def next_number(self) -> str:
        """A number above all given out before, in this run and earlier ones."""
        with self._lock:
            self._last_number = max(self._last_number + 1, time.time_ns())
            return f"91343852333{self._last_number:036d}"

    def keep(self, stream: Stream, fragment: Fragment, content: bytes) -> None:
        """Store one fragment: its file first, so that what the index names is there."""
        folder = self._directory / stream.directory
        folder.mkdir(parents=True, exist_ok=True)
        self.path(stream, fragment).write_bytes(content)
        with self._lock:
            self._of(stream).append(fragment)
            with (folder / _INDEX_NAME).open("ab") as index:
                index.write(msgspec.json.encode(fragment) + b"\n")

    def all(self, stream: Stream) -> list[Fragment]:
        """Every fragment of the stream, in the order of arrival."""
        with self._lock:
            return list(self._of(stream))

    def content(self, stream: Stream, fragment: Fragment) -> bytes:
        """The fragment as a Matroska file."""
        return self.path(stream, fragment).read_bytes()

    def path(self, stream: Stream, fragment: Fragment) -> Path:
        """Where that file is."""
        return self._directory / stream.directory / f"{fragment.number}.mkv"

    def drop(self, stream: Stream) -> None:
        """Delete all fragments of a stream that is gone."""
        with self._lock:
            self._known.pop(stream.arn, None)
            shutil.rmtree(self._directory / stream.directory, ignore_errors=True)

    def _of(self, stream: Stream) -> list[Fragment]:
        if stream.arn not in self._known:
            index = self._directory / stream.directory / _INDEX_NAME
            lines = index.read_bytes().splitlines() if index.exists() else []
            self._known[stream.arn] = [msgspec.json.decode(line, type=Fragment) for line in lines]
        return self._known[stream.arn]
