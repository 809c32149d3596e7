"""How often a thing may be asked: the published quotas, counted over a sliding second.

Source: the pages "service quotas" of Kinesis Video Streams and of its WebRTC part. The hard ones are here.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

from infra.local.kvs.faults import limit_exceeded

CALLS_PER_SECOND_OF_ACCOUNT = {
    "CreateSignalingChannel": 50,
    "DescribeSignalingChannel": 300,
    "GetSignalingChannelEndpoint": 300,
    "ListSignalingChannels": 50,
    "CreateStream": 50,
    "DescribeStream": 300,
    "ListStreams": 50,
    "GetDataEndpoint": 300,
}
# A resource is a channel, a stream, a playback session or, for what is sent over it, a connection.
CALLS_PER_SECOND_OF_RESOURCE = {
    "DeleteSignalingChannel": 5,
    "DescribeSignalingChannel": 5,
    "GetIceServerConfig": 5,
    "ConnectAsMaster": 3,
    "ConnectAsViewer": 3,
    "SDP_OFFER": 5,
    "SDP_ANSWER": 5,
    "ICE_CANDIDATE": 20,
    "DeleteStream": 5,
    "DescribeStream": 5,
    "GetDataEndpoint": 5,
    "PutMedia": 5,
    "GetMedia": 5,
    "ListFragments": 5,
    "GetMediaForFragmentList": 5,
    "GetHLSStreamingSessionURL": 5,
    "GetHLSMasterPlaylist": 5,
    "GetHLSMediaPlaylist": 5,
    "GetMP4InitFragment": 5,
    "GetMP4MediaFragment": 20,
}


class Rates:
    """Counts calls by operation and resource."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._times: dict[tuple[str, str], deque[float]] = {}

    def take(self, operation: str, resource: str = "") -> None:
        """Count one call; raises `KvsFault` (`ClientLimitExceededException`) for one too many in a second."""
        with self._lock:
            self._count(operation, "", CALLS_PER_SECOND_OF_ACCOUNT)
            if resource:
                self._count(operation, resource, CALLS_PER_SECOND_OF_RESOURCE)

    def forget(self, resource: str) -> None:
        """Drop what was counted for a resource that is gone."""
        with self._lock:
            for key in [key for key in self._times if key[1] == resource]:
                del self._times[key]

    def _count(self, operation: str, resource: str, limits: dict[str, int]) -> None:
        if operation not in limits:
            return
        now = self._clock()
        times = self._times.setdefault((operation, resource), deque())
        while times and times[0] <= now - 1:
            times.popleft()
        if len(times) >= limits[operation]:
            raise limit_exceeded(f"{operation} is taken {limits[operation]} times a second.")
        times.append(now)
