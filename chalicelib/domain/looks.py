"""Who looked at an incident's files or recording, at the console or by link: once a person and hour.

A look is no change of the incident, so it is no entry of its timeline (decision 29).
"""

from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from chalicelib.domain.timeline import Actor


class Looked(StrEnum):
    """At what: files, stills among them, or the recording."""

    FILES = "files"
    RECORDING = "recording"


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One person's looks at one thing within an hour; `at` is the first of them."""

    incident_id: str
    actor: Actor
    looked: Looked
    at: datetime

    @property
    def place(self) -> str:
        """Where it sorts among an incident's looks: by hour in UTC, then thing and person."""
        return f"{self.at.astimezone(UTC):%Y-%m-%dT%H}#{self.looked}#{self.actor.id}"
