"""Lines 线路: signaling channels with their video streams, leased to one call at a time like trunk lines."""

from datetime import datetime, timedelta

import msgspec

URL_LIFE = timedelta(seconds=60)
"""How long a signed address opens a connection. A line rests that long after its release."""

STALE_AFTER = timedelta(seconds=90)
"""A lease nobody renewed for this long belongs to a dead page; every address signed under it is dead too."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What was provisioned once: the channel, its endpoints by role, and the stream the recording goes to."""

    id: str
    region: str
    channel_arn: str
    master_url: str
    viewer_url: str
    signaling_endpoint: str
    stream_name: str
    data_endpoint: str


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """Which incident has a line, as read at one moment."""

    line_id: str
    incident_id: str | None
    renewed_at: datetime | None
    rests_until: datetime | None

    def is_free(self, now: datetime) -> bool:
        """Whether the line can be leased now."""
        if self.incident_id is not None:
            return self.renewed_at is None or self.renewed_at <= now - STALE_AFTER
        return self.rests_until is None or self.rests_until <= now


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes part in a call, and the client id that names incident and party on the channel."""

    incident_id: str
    name: str

    @property
    def client_id(self) -> str:
        """At most 256 of the characters a client id may have; the hub ignores any other."""
        return f"{self.incident_id}.{self.name}"
