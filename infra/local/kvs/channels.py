"""The signaling channels there are, kept from run to run."""

import re
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from infra.local.kvs.faults import in_use, invalid_argument, not_found, version_mismatch
from infra.local.state import State

CHANNELS_NAME = "kvs/channels.json"
NAME = re.compile(r"[a-zA-Z0-9_.-]{1,256}")
CHANNEL_ARN = re.compile(r"arn:aws:kinesisvideo:[a-z0-9-]+:[0-9]+:channel/[a-zA-Z0-9_.-]+/[0-9]+")


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """One signaling channel; `created_at` is in seconds since 1970."""

    arn: str
    name: str
    created_at: float
    message_ttl_seconds: int
    version: str

    def info(self) -> dict[str, Any]:
        """`ChannelInfo`, as DescribeSignalingChannel gives it."""
        return {
            "ChannelName": self.name,
            "ChannelARN": self.arn,
            "ChannelType": "SINGLE_MASTER",
            "ChannelStatus": "ACTIVE",
            "CreationTime": self.created_at,
            "SingleMasterConfiguration": {"MessageTtlSeconds": self.message_ttl_seconds},
            "Version": self.version,
        }


class Channels:
    """Makes, finds and deletes channels."""

    def __init__(self, state: State, *, arn_prefix: str) -> None:
        self._state = state
        self._arn_prefix = arn_prefix
        self._lock = threading.Lock()
        stored = msgspec.convert(state.read(CHANNELS_NAME, default=[]), list[Channel])
        self._by_arn = {one.arn: one for one in stored}
        self._on_delete: list[Callable[[Channel], None]] = []

    def on_delete(self, then: Callable[[Channel], None]) -> None:
        """Have `then` told of each deleted channel."""
        self._on_delete.append(then)

    def create(self, *, name: str, message_ttl_seconds: int) -> Channel:
        """Make a channel; raises `ResourceInUseException` for a name that is taken."""
        if not NAME.fullmatch(name):
            raise invalid_argument("ChannelName has a form that is not allowed.")
        with self._lock:
            if any(one.name == name for one in self._by_arn.values()):
                raise in_use("signaling channel")
            now = time.time()
            made = Channel(
                arn=f"{self._arn_prefix}:channel/{name}/{int(now * 1000)}",
                name=name,
                created_at=now,
                message_ttl_seconds=message_ttl_seconds,
                version=f"{int(now * 1000):x}",
            )
            self._by_arn[made.arn] = made
            self._keep()
            return made

    def find(self, *, arn: str = "", name: str = "") -> Channel:
        """The channel of exactly one of these; raises `ResourceNotFoundException`."""
        if bool(arn) == bool(name):
            raise invalid_argument("Give either ChannelARN or ChannelName.")
        with self._lock:
            for one in self._by_arn.values():
                if arn == one.arn or name == one.name:
                    return one
        raise not_found("channel")

    def delete(self, channel: Channel, *, current_version: str = "") -> None:
        """Delete a channel and put out who is on it; raises `VersionMismatchException`."""
        if current_version and current_version != channel.version:
            raise version_mismatch()
        with self._lock:
            self._by_arn.pop(channel.arn, None)
            self._keep()
        for then in self._on_delete:
            then(channel)

    def all(self) -> list[Channel]:
        """Every channel, by name."""
        with self._lock:
            return sorted(self._by_arn.values(), key=lambda one: one.name)

    def _keep(self) -> None:
        self._state.write(CHANNELS_NAME, msgspec.to_builtins(list(self._by_arn.values())))
