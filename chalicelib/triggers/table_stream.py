"""What follows from a stored change: daily digest, figures, the place in words, hits, and timers.

The feed is not among it: it has a reader of its own (`feed_stream`), so that a storm of reports to look into
makes none of them ring later. Texts go out from the timers' queue.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.adapters import tracks
from chalicelib.adapters.stream import Newest, Record, in_order, may_pass
from chalicelib.adapters.tables import HEAD, NOW
from chalicelib.domain.handling import FALSE
from chalicelib.domain.incident import Incident
from chalicelib.domain.timeline import Entry
from chalicelib.settings import settings
from chalicelib.telemetry import log, measure, utc_now
from chalicelib.workflows.alert_commander import watch_alerts
from chalicelib.workflows.change_standing import ask_review
from chalicelib.workflows.count_incident import count_incident, count_later
from chalicelib.workflows.end_retention import keep_from
from chalicelib.workflows.find_hits import find_hits
from chalicelib.workflows.hold_evidence import hold_stored, hold_track
from chalicelib.workflows.keep_call import free_line
from chalicelib.workflows.name_place import name_place
from chalicelib.workflows.record_call import end_recording
from chalicelib.workflows.release_silent_owners import watch_owner
from chalicelib.workflows.ring_booked import book
from chalicelib.workflows.text_back import ask_text_back
from chalicelib.workflows.text_officer import ask_text
from chalicelib.workflows.track_caller import end_tracking, far_point, keep_step, note_check
from chalicelib.workflows.transfer_incident import watch_transfer
from chalicelib.workflows.write_digests import note_head, note_later

table_stream = Blueprint(__name__)


def _name_place(entry: Entry, now: datetime) -> None:
    name_place(entry.incident_id, now=now)


def _book(entry: Entry, now: datetime) -> None:
    if entry.details.get("booked_for") is not None:
        book(entry.incident_id, now=now)


def _find_hits(entry: Entry, now: datetime) -> None:
    find_hits(entry.incident_id, now=now)


def _find_in_continued(entry: Entry, now: datetime) -> None:
    """The new incident is looked at; the closed one, whose entry says where it goes on, is not."""
    if "from" in entry.details:
        _find_hits(entry, now)


def _end_tracking(entry: Entry, now: datetime) -> None:
    end_tracking(entry.incident_id)


def _freeze_if_false(entry: Entry, now: datetime) -> None:
    if entry.details.get("disposition") in FALSE:
        _freeze_evidence(entry, now)


def _freeze_evidence(entry: Entry, _: datetime) -> None:
    hold_stored(entry.incident_id)
    ask_review(entry.incident_id)


def _hold_track(entry: Entry, _: datetime) -> None:
    # Its stored versions are on the keeper's list since the hold was placed.
    hold_track(entry.incident_id)


def _keep_from(entry: Entry, now: datetime) -> None:
    keep_from(entry.incident_id, now=now)
    hold_stored(entry.incident_id)


def _end_call(entry: Entry, now: datetime) -> None:
    if entry.details.get("live"):
        free_line(entry.incident_id, now=now)
        end_recording(entry.incident_id, now=now)


def _fragment_kept(entry: Entry, now: datetime) -> None:
    # What it skipped could not be named at the close, and nobody is there to send it any more.
    if entry.details.get("after_closing"):
        end_recording(entry.incident_id, now=now)
        hold_stored(entry.incident_id)


def _file_kept(entry: Entry, _: datetime) -> None:
    if entry.details.get("after_closing"):
        hold_stored(entry.incident_id)


def _text_officer(entry: Entry, now: datetime) -> None:
    ask_text(entry.incident_id, entry.details["dispatch_id"], now=now)


def _text_back(entry: Entry, now: datetime) -> None:
    ask_text_back(entry.incident_id, now=now)


def _watch_owner(entry: Entry, now: datetime) -> None:
    watch_owner(entry.incident_id, now=now)


def _measure_gaps(entry: Entry, now: datetime) -> None:
    measure("RecordingGaps", len(entry.details["seqs"]), "Count")


def _watch_transfer(entry: Entry, now: datetime) -> None:
    watch_transfer(entry.incident_id, now=now)


def _watch_alerts(entry: Entry, now: datetime) -> None:
    watch_alerts(entry.incident_id, now=now)


Start = Callable[[Entry, datetime], None]

FOLLOWS: Mapping[str, tuple[Start, ...]] = {
    "report.filed": (_name_place, _book, _find_hits, _watch_alerts),
    "incident.continued": (_find_in_continued, _watch_alerts),
    "place.confirmed": (_find_hits,),
    "phone.given": (_find_hits,),
    "officer.dispatched": (_text_officer, _watch_alerts),
    "dispatch.revoked": (_watch_alerts,),
    "link.asked": (_text_officer,),
    "incident.answered": (_watch_owner, _watch_alerts),
    "incident.taken": (_watch_owner, _watch_alerts),
    "incident.released": (_watch_alerts,),
    "incident.escalated": (_watch_alerts,),
    "incident.abandoned": (_text_back,),
    "incident.closed": (_end_tracking, _end_call, _freeze_if_false, _keep_from),
    "recording.kept": (_fragment_kept,),
    "media.accepted": (_file_kept,),
    "hold.placed": (_hold_track,),
    "transfer.asked": (_watch_transfer,),
    "transfer.returned": (_watch_alerts,),
    "report.marked_false": (_freeze_evidence,),
    "standing.changed": (_freeze_evidence,),
    "hits.found": (_watch_alerts,),
    "hit.judged": (_watch_alerts,),
    "alert.sending": (_watch_alerts,),
    "alert.texted": (_watch_alerts,),
    "alert.acknowledged": (_watch_alerts,),
    "alert.revoked": (_watch_alerts,),
    "recording.missing": (_measure_gaps,),
}
"""What each kind of timeline entry starts, in this order; what one cannot do keeps no other from its own."""


@table_stream.on_dynamodb_record(
    stream_arn=settings().incidents_stream_arn, batch_size=100, starting_position="TRIM_HORIZON"
)
def table_changed(event: DynamoDBEvent) -> dict[str, list[dict[str, str]]]:
    """Follow a shard's records in order; one that may pass later holds back those behind it."""
    records: list[Record] = event.to_dict()["Records"]
    newest = Newest.of(records, HEAD, NOW)

    def follow_one(record: Record) -> None:
        follow(record, now=utc_now(), is_newest=newest.holds(record))

    return in_order(records, follow_one, function="table_changed")


def follow(record: Record, *, now: datetime, is_newest: bool = True) -> None:
    """Do what one stored change asks for. Safe to repeat.

    The digest names only an incident's newest state, the figures are made from every one. The rules look at
    a caller's newest place only.
    """
    image = record["dynamodb"].get("NewImage")
    if image is None:
        return
    part, body = image["part"]["S"], image.get("body", {}).get("S", "")
    if part == HEAD:
        incident = msgspec.json.decode(body, type=Incident)
        if is_newest:
            _note_head(incident, now)
        _count(incident, record["dynamodb"].get("OldImage"), now)
    elif part == NOW:
        _follow_caller(record["dynamodb"], now, is_newest)
    elif part.startswith("entry#") and record["eventName"] == "INSERT":
        entry = msgspec.json.decode(body, type=Entry)
        _start(entry, now)


def _start(entry: Entry, now: datetime) -> None:
    own: list[Exception] = []
    for start in FOLLOWS.get(entry.kind, ()):
        try:
            start(entry, now)
        except Exception as fault:
            if may_pass(fault):
                raise
            own.append(fault)
    if own:
        raise own[0]


def _follow_caller(change: dict[str, Any], now: datetime, is_newest: bool) -> None:
    """What a batch of a track starts; a track's other changes start nothing.

    Where positions jump the rules look once at all that came together and not at each: officers' texts stand
    behind them.
    """
    step = tracks.step_of(change)
    if step is None:
        return
    keep_step(step)
    far = far_point(step) if is_newest else None
    if far is not None:
        find_hits(step.incident_id, now=now, position=far.position)
        note_check(step.incident_id, far)


def _note_head(incident: Incident, now: datetime) -> None:
    """Note the timeline's head for the daily digest, later if not now: it holds back nobody behind it."""
    try:
        note_head(incident, now=now)
    except Exception as fault:
        if not may_pass(fault):
            raise
        log.warning("digest.put_off", incident_id=incident.id, fault=type(fault).__name__)
        note_later(incident.id, now=now)


def _count(incident: Incident, old: dict[str, Any] | None, now: datetime) -> None:
    """Count the change; a counter that cannot be moved now is moved later and holds back nobody behind it."""
    before = msgspec.json.decode(old["body"]["S"], type=Incident) if old else None
    try:
        count_incident(incident, before=before)
    except Exception as fault:
        if not may_pass(fault):
            raise
        log.warning("figures.put_off", incident_id=incident.id, fault=type(fault).__name__)
        count_later(incident.id, now=now)
