"""Keep one recorded fragment: the original first, then its record, then the copy for watching live."""

import hashlib
from datetime import datetime, timedelta
from functools import partial

import msgspec

from chalicelib.adapters import incidents, lines, recording
from chalicelib.domain import recording as rules
from chalicelib.domain.incident import Change, Incident, Recording
from chalicelib.domain.recording import CopyState, Fragment, must_be_a_fragment
from chalicelib.domain.refusals import FragmentDiffers
from chalicelib.domain.staff import Staff
from chalicelib.domain.timeline import Actor, Role
from chalicelib.settings import settings

RECORDER = Actor(role=Role.SYSTEM, id="recorder")


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What was kept, what became of its copy, and which numbers are still to come."""

    seq: int
    sha256: str
    copy: CopyState
    recording: Recording


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A fragment as the console sends it."""

    seq: int
    started_at: datetime
    duration_ms: int
    content: bytes


def keep_fragment(staff: Staff, incident_id: str, piece: Piece, *, now: datetime) -> Recorded:
    """Keep a fragment; the same one again is answered as before and copied to nobody twice.

    Raises `NotYours`, `BodyInvalid`, `FragmentDiffers`.
    """
    must_be_a_fragment(piece.content)
    incident = incidents.get(incident_id)
    rules.must_be_recorded_by(
        incident,
        staff_id=staff.username,
        commands=staff.commands,
        at=now,
        grace=timedelta(seconds=settings().recording_grace_seconds),
    )
    before = recording.get(incident_id, piece.seq)
    if before is not None:
        return _kept_before(before, piece, incident)
    sha256, version = recording.store(incident_id, piece.seq, piece.content)
    fragment = Fragment(
        incident_id=incident_id,
        seq=piece.seq,
        sha256=sha256,
        size_bytes=len(piece.content),
        started_at=piece.started_at,
        duration_ms=piece.duration_ms,
        kept_at=now,
        evidence_version=version,
    )
    changed = recording.record(fragment, partial(_tell, fragment), actor=staff.actor())
    mine = recording.get(incident_id, piece.seq)
    if mine != fragment:
        return _kept_before(mine or fragment, piece, changed.incident)
    return _copied(fragment, piece.content, changed.incident, now=now)


def end_recording(incident_id: str, *, now: datetime) -> None:
    """Put on record which fragments never came. Safe to repeat."""
    incidents.change(incident_id, rules.end, actor=RECORDER, at=now)


def _tell(fragment: Fragment, incident: Incident) -> Change | None:
    return rules.keep(incident, fragment)


def _kept_before(fragment: Fragment, piece: Piece, incident: Incident) -> Recorded:
    if fragment.sha256 != hashlib.sha256(piece.content).hexdigest():
        raise FragmentDiffers("another fragment was kept under this number", seq=piece.seq)
    return _recorded(fragment, incident)


def _copied(fragment: Fragment, content: bytes, incident: Incident, *, now: datetime) -> Recorded:
    line = lines.held_by(incident.id, now=now)
    state = recording.send_copy(line, fragment, content) if line else CopyState.NOT_SENT
    recording.set_copy(fragment, state)
    if line is not None:
        lines.renew(line.id, incident.id, now=now)
    return _recorded(msgspec.structs.replace(fragment, copy=state), incident)


def _recorded(fragment: Fragment, incident: Incident) -> Recorded:
    return Recorded(
        seq=fragment.seq, sha256=fragment.sha256, copy=fragment.copy, recording=incident.recording
    )
