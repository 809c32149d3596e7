"""The recording of a call in fragments: each self-contained, numbered from 1, hashed, missed if lost."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from chalicelib.domain.handling import must_be_worked_by
from chalicelib.domain.incident import Change, Incident, Recording, must_not_be_erased
from chalicelib.domain.refusals import BodyInvalid, StepRefused

MATROSKA = b"\x1a\x45\xdf\xa3"
"""How every EBML document begins (RFC 8794, 11.2.1)."""

LIMIT_BYTES = 4 * 1024 * 1024
FURTHEST_AHEAD = 300
"""How many numbers a fragment may skip; a console that skips more is broken."""

TOLERANCE = timedelta(seconds=1)
"""How far apart two fragments may be before the time between them counts as not recorded."""


class CopyState(StrEnum):
    """What became of the copy for watching live; it is sent at most once."""

    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"


class Fragment(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded fragment as it came; the original stands in the evidence bucket."""

    incident_id: str
    seq: int
    sha256: str
    size_bytes: int
    started_at: datetime
    duration_ms: int
    kept_at: datetime
    evidence_version: str
    copy: CopyState = CopyState.SENDING
    erased_at: datetime | None = None

    @property
    def ended_at(self) -> datetime:
        """When the last frame in it ended."""
        return self.started_at + timedelta(milliseconds=self.duration_ms)


def must_be_a_fragment(content: bytes) -> None:
    """Raise `BodyInvalid` for bytes that are no Matroska document."""
    if not content.startswith(MATROSKA):
        raise BodyInvalid("a fragment is a Matroska document of its own", field="body")


def must_be_recorded_by(
    incident: Incident, *, staff_id: str, commands: bool, at: datetime, grace: timedelta
) -> None:
    """Raise `NotYours` unless this person owns the incident, commands, or has just handed it over.

    Raises `StepRefused` once its citizen was erased.

    A hand-over cuts a fragment short: it is finished by a console that owns the call no more, and a slow
    network leaves others waiting there. For `grace` after the hand-over they are kept like the rest, because
    what was recorded is evidence whoever leads now; nothing else of the incident is the former owner's to do.
    """
    must_not_be_erased(incident)
    former = incident.former_owner
    if former and former.call_taker_id == staff_id and at <= former.until + grace:
        return
    must_be_worked_by(incident, staff_id=staff_id, commands=commands)


def keep(incident: Incident, fragment: Fragment) -> Change | None:
    """Add a fragment to the record; nothing if that number was kept before.

    The entry says what is missing before it: numbers that have not come, and time that nobody recorded;
    and `after_closing` of one that came when the incident was closed already.
    """
    before = incident.recording
    if before.has(fragment.seq):
        return None
    if fragment.seq > before.highest + FURTHEST_AHEAD:
        raise StepRefused("too many fragments are missing before this one", incident_status=incident.status)
    details: dict[str, object] = {
        "seq": fragment.seq,
        "sha256": fragment.sha256,
        "size_bytes": fragment.size_bytes,
        "started_at": fragment.started_at,
        "duration_ms": fragment.duration_ms,
        "evidence_version": fragment.evidence_version,
    }
    unrecorded = _unrecorded(before, fragment)
    if unrecorded > TOLERANCE:
        details["unrecorded_seconds"] = round(unrecorded.total_seconds(), 3)
    if not incident.is_open:
        details["after_closing"] = True
    recorded = replace(incident, recording=_after(before, fragment))
    return Change(incident=recorded, kind="recording.kept", details=details)


def end(incident: Incident) -> Change | None:
    """Say at the end which fragments never came; nothing when all did."""
    recording = incident.recording
    if not recording.missing:
        return None
    ended = replace(recording, missing=(), given_up=(*recording.given_up, *recording.missing))
    details: dict[str, object] = {"seqs": list(recording.missing)}
    return Change(incident=replace(incident, recording=ended), kind="recording.missing", details=details)


def _after(before: Recording, fragment: Fragment) -> Recording:
    skipped = range(before.highest + 1, fragment.seq)
    missing = [seq for seq in (*before.missing, *skipped) if seq != fragment.seq]
    until = max(before.until or fragment.ended_at, fragment.ended_at)
    return Recording(
        highest=max(before.highest, fragment.seq),
        missing=tuple(missing),
        given_up=tuple(seq for seq in before.given_up if seq != fragment.seq),
        until=until,
    )


def _unrecorded(before: Recording, fragment: Fragment) -> timedelta:
    if before.until is None or fragment.seq <= before.highest:
        return timedelta(0)
    return fragment.started_at - before.until
