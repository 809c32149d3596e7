"""What a commander had to be told and by when, said anew here: by the waits that are set and the record.

The code's own rule for its next look is not asked; `waits` are the code's own `Waits`. A concern that ended
before it was due, or with its incident, had to be told to nobody.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

SLACK = timedelta(seconds=75)
"""A lost timer is found by the next minute's sweep, and by the one after it at the latest."""

TOLD = ("alert.sending", "alert.folded", "alert.acknowledged")
LIVE = ("video110", "silent", "voice", "fengqiao")


class Concern(msgspec.Struct, frozen=True, kw_only=True):
    """What holds of an open incident: a reason's code, what it is of, and when a text of it is due."""

    code: str
    of: str
    due: datetime


def concerns(incident: Any, waits: Any) -> Iterator[Concern]:
    """Everything that holds now and that somebody had to be told of, or will have to be."""
    is_consult = incident.mode == "fengqiao" and not incident.escalated
    if incident.status == "closed" or incident.booked_for is not None or is_consult:
        return
    for hit in incident.hits:
        if hit.stands:
            yield Concern(code=str(hit.rule), of=hit.id, due=hit.found_at)
    if incident.tip:
        return
    if not any(one.status != "revoked" for one in incident.dispatches):
        if incident.rings:
            due = incident.rings_at + (waits.live if incident.mode in LIVE else waits.pictures)
            yield Concern(code="unanswered", of=incident.rings_at.isoformat(), due=due)
        if incident.status == "answered" and incident.owned_since is not None:
            revoked = [(one.revoked_at, one.dispatch_id) for one in incident.dispatches if one.revoked_at]
            since, of = max([(incident.owned_since, ""), *revoked])
            yield Concern(code="undispatched", of=of, due=since + waits.undispatched)
    for one in incident.dispatches:
        if one.status == "sent":
            yield Concern(code="unopened", of=one.dispatch_id, due=one.dispatched_at + waits.unopened)


def seconds_until_told(incidents: Sequence[Any], waits: Any, *, now: datetime) -> float:
    """In how many seconds the last of what is not told yet must have been told."""
    due = [
        one.due for incident in incidents for one in concerns(incident, waits) if not _is_told(incident, one)
    ]
    return max(((at + SLACK - now).total_seconds() + 1 for at in due), default=0)


def untold(incident: Any, waits: Any, *, recipients: int, now: datetime) -> Iterator[str]:
    """What is overdue and was put to none of `recipients`, though there was one who had no text yet."""
    texted = {one.phone for one in incident.alerts if one.state != "folded" and one.failure != "moot"}
    if len(texted) >= recipients:
        return
    for one in concerns(incident, waits):
        if one.due + SLACK < now and not _is_told(incident, one):
            yield f"nobody was told of {one.code}, due {(now - one.due).total_seconds():.0f} s ago"


def told_late(
    incident: Any, entries: Sequence[Any], waits: Any, *, slack: timedelta = SLACK
) -> Iterator[str]:
    """What was told, but later than the next sweep would have.

    Who was told of something before is given `waits.pace` to acknowledge; the next text waits for that.
    """
    alerts = [entry for entry in entries if entry.kind in TOLD]
    for one in concerns(incident, waits):
        if not _is_told(incident, one):
            continue
        told = [entry.at for entry in alerts if entry.at >= one.due and one.code in entry.details["reasons"]]
        before = [entry.at + waits.pace for entry in alerts if entry.at < one.due]
        if not told or told[0] > max([one.due, *before]) + slack:
            late = (told[0] - one.due).total_seconds() if told else -1
            yield f"somebody was told of {one.code} {late:.0f} s after it was due"


def _is_told(incident: Any, concern: Concern) -> bool:
    """Whether an alert names it, or it was seen by who acknowledged one."""
    return any(
        (str(reason.code), reason.of) == (concern.code, concern.of)
        for alert in incident.alerts
        for reason in (*alert.reasons, *alert.acknowledged)
    )
