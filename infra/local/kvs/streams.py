"""The video streams there are, kept from run to run."""

import threading
import time
from typing import Any

import msgspec

from infra.local.kvs.channels import NAME
from infra.local.kvs.faults import in_use, invalid_argument, not_found, version_mismatch
from infra.local.state import State

STREAMS_NAME = "kvs/streams.json"


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """One video stream; `created_at` is in seconds since 1970."""

    arn: str
    name: str
    created_at: float
    media_type: str
    data_retention_hours: int
    version: str

    @property
    def directory(self) -> str:
        """Where its fragments are kept, below the state; a stream made anew under an old name has its own."""
        return f"kvs/streams/{self.name}-{self.arn.rsplit('/', 1)[1]}"

    def info(self) -> dict[str, Any]:
        """`StreamInfo`, as DescribeStream gives it."""
        return {
            "StreamName": self.name,
            "StreamARN": self.arn,
            "MediaType": self.media_type,
            "Status": "ACTIVE",
            "Version": self.version,
            "CreationTime": self.created_at,
            "DataRetentionInHours": self.data_retention_hours,
        }


class Streams:
    """Makes, finds and deletes streams."""

    def __init__(self, state: State, *, arn_prefix: str) -> None:
        self._state = state
        self._arn_prefix = arn_prefix
        self._lock = threading.Lock()
        stored = msgspec.convert(state.read(STREAMS_NAME, default=[]), list[Stream])
        self._by_arn = {one.arn: one for one in stored}

    def create(self, *, name: str, media_type: str, data_retention_hours: int) -> Stream:
        """Make a stream; raises `ResourceInUseException` for a name that is taken."""
        if not NAME.fullmatch(name):
            raise invalid_argument("StreamName has a form that is not allowed.")
        with self._lock:
            if any(one.name == name for one in self._by_arn.values()):
                raise in_use("stream")
            now = time.time()
            made = Stream(
                arn=f"{self._arn_prefix}:stream/{name}/{int(now * 1000)}",
                name=name,
                created_at=now,
                media_type=media_type,
                data_retention_hours=data_retention_hours,
                version=f"{int(now * 1000):x}",
            )
            self._by_arn[made.arn] = made
            self._keep()
            return made

    def find(self, *, arn: str = "", name: str = "") -> Stream:
        """The stream of exactly one of these; raises `ResourceNotFoundException`."""
        if bool(arn) == bool(name):
            raise invalid_argument("Give either StreamARN or StreamName.")
        with self._lock:
            for one in self._by_arn.values():
                if arn == one.arn or name == one.name:
                    return one
        raise not_found("stream")

    def delete(self, stream: Stream, *, current_version: str = "") -> None:
        """Delete a stream; raises `VersionMismatchException`."""
        if current_version and current_version != stream.version:
            raise version_mismatch()
        with self._lock:
            self._by_arn.pop(stream.arn, None)
            self._keep()

    def all(self) -> list[Stream]:
        """Every stream, by name."""
        with self._lock:
            return sorted(self._by_arn.values(), key=lambda one: one.name)

    def _keep(self) -> None:
        self._state.write(STREAMS_NAME, msgspec.to_builtins(list(self._by_arn.values())))
