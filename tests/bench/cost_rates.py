"""How often each step comes: the paces of the pages and of the service, and how long is assumed."""

from collections.abc import Mapping

import msgspec

from chalicelib.settings import Settings
from chalicelib.workflows.follow_feed import SIGN_OF_LIFE_SECONDS

DAYS_A_MONTH = 365 / 12
MINUTES_A_MONTH = DAYS_A_MONTH * 24 * 60
HOUR_SECONDS = 3600


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """A page asks each so many seconds, as the constant of that name in its script says."""

    seconds: float
    script: str
    constant: str

    def times(self, within_seconds: float) -> float:
        """How often within a time."""
        return within_seconds / self.seconds


FRAGMENT = Pace(seconds=2, script="shared/recorder/picture.js", constant="STEPS_TO_A_KEY")
CITIZEN_LOOK = Pace(seconds=2, script="citizen/follow.js", constant="SOON_MS")
"""While something was new within two minutes; a fragment kept is a new version of its incident."""
POSITIONS = Pace(seconds=5, script="citizen/live/where.js", constant="EVERY_MS")
LINE_KEPT = Pace(seconds=25, script="citizen/live/joins.js", constant="SIGN_MS")
OFFICER_LOOK = Pace(seconds=5, script="officer/page.js", constant="EVERY_MS")
FEED_POLL = Pace(seconds=1, script="console/poller.js", constant="FEED_MS")
"""The track is looked at with each beat of the same worker, a second too."""
CLUSTER_LOOK = Pace(seconds=15, script="console/watch/cluster.js", constant="LOOK_AGAIN_MS")

PACES = (FRAGMENT, CITIZEN_LOOK, POSITIONS, LINE_KEPT, OFFICER_LOOK, FEED_POLL, CLUSTER_LOOK)

OWNER_TIMER_SECONDS = Settings().owner_silence_seconds - SIGN_OF_LIFE_SECONDS / 2
"""It is set again for the newest sign of life and the silence; that sign is up to five seconds old."""

PICTURES = 3
VERSIONS_AFTER_THE_ANSWER, STEPS_AFTER_THE_ANSWER = 5, 2
"""The panel reads once for each newer version, and twice for a step of its own (`console/panel.js`)."""
PAGE_SECONDS, OFFICER_SECONDS = 600, 300
"""Assumed: from filing to close, with the citizen's page and the console's panel open all the time."""

REPORT_STEPS: Mapping[str, float] = {
    "file": 1,
    "picture": PICTURES,
    "answer": 1,
    "open": 1,
    "panel's read": VERSIONS_AFTER_THE_ANSWER + STEPS_AFTER_THE_ANSWER,
    "dispatch": 1,
    "officer": 1,
    "close": 1,
}

REPORT_PAGES: Mapping[str, float] = {
    "citizen's look": CITIZEN_LOOK.times(PAGE_SECONDS),
    "positions": POSITIONS.times(PAGE_SECONDS),
    "officer's look": OFFICER_LOOK.times(OFFICER_SECONDS),
    "owner's poll": FEED_POLL.times(PAGE_SECONDS),
    "track look": FEED_POLL.times(PAGE_SECONDS),
    "cluster look": CLUSTER_LOOK.times(PAGE_SECONDS),
    "owner timer": PAGE_SECONDS / OWNER_TIMER_SECONDS,
}

CALLER_HOUR: Mapping[str, float] = {
    "live": 1,
    "open": 1,
    "fragment": FRAGMENT.times(HOUR_SECONDS),
    # The feed is asked more often than a fragment comes, so each version of the incident is read.
    "panel's read in a call": FRAGMENT.times(HOUR_SECONDS),
    "citizen's look in a call": CITIZEN_LOOK.times(HOUR_SECONDS),
    "positions": POSITIONS.times(HOUR_SECONDS),
    "line kept": LINE_KEPT.times(HOUR_SECONDS),
    "owner's poll": FEED_POLL.times(HOUR_SECONDS),
    "track look": FEED_POLL.times(HOUR_SECONDS),
    "cluster look": CLUSTER_LOOK.times(HOUR_SECONDS),
    "owner timer": HOUR_SECONDS / OWNER_TIMER_SECONDS,
}

IDLE_HOUR: Mapping[str, float] = {"idle poll": FEED_POLL.times(HOUR_SECONDS)}

MONTH: Mapping[str, float] = {"sweep": MINUTES_A_MONTH, "keeper": MINUTES_A_MONTH}
QUEUES, POLLERS, LONG_POLL_SECONDS = 2, 5, 20
"""Lambda reads each queue with five long polls at a time, which nobody answers while it is empty."""
EMPTY_POLLS = {"sqs_requests": QUEUES * POLLERS * MINUTES_A_MONTH * 60 / LONG_POLL_SECONDS}

FIREWALL = {"firewall_months": 1, "firewall_rule_months": 3}
"""One access list a stage, with its rules (`infra/deploy/watching.py`)."""

PICTURE_GB = 0.003
"""Assumed: as a phone takes it; the page sends it as it is."""
PICTURE_MONTHS = Settings().media_life_days / DAYS_A_MONTH
PICTURES_KEPT = {"s3_gb_months": PICTURES * PICTURE_GB * PICTURE_MONTHS}

FRAGMENT_GB = 0.0002
HOUR_GB = FRAGMENT.times(HOUR_SECONDS) * FRAGMENT_GB
RECORDING_MONTHS = Settings().recording_life_days / DAYS_A_MONTH
RECORDING_KEPT = {"s3_gb_months": RECORDING_MONTHS * HOUR_GB}
CALL_MEDIA = {
    "kvs_gb_in": HOUR_GB,
    "kvs_gb_months": HOUR_GB / DAYS_A_MONTH,
    "signaling_messages": 200.0,
}
RELAYED = {"turn_minutes": 120.0, "gb_out": 2 * 0.45}
