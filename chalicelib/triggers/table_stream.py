"""What follows from a stored change: the feed, the place in words, the officer's text, the owner's watch."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from chalice.app import Blueprint, DynamoDBEvent
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters import set_aside, tracks
from chalicelib.adapters.tables import HEAD, NOW
from chalicelib.domain.incident import Incident
from chalicelib.domain.refusals import IncidentChanged
from chalicelib.domain.timeline import Entry
from chalicelib.settings import settings
from chalicelib.telemetry import log, utc_now
from chalicelib.workflows.keep_call import free_line
from chalicelib.workflows.name_place import name_place
from chalicelib.workflows.publish_change import publish_change
from chalicelib.workflows.record_call import end_recording
from chalicelib.workflows.release_silent_owners import watch_owner
from chalicelib.workflows.ring_booked import book
from chalicelib.workflows.text_officer import text_officer
from chalicelib.workflows.track_caller import end_tracking, follow_step
from chalicelib.workflows.transfer_incident import watch_transfer

table_stream = Blueprint(__name__)

PASSING = (ClientError, BotoCoreError, PynamoDBException, IncidentChanged)
"""Faults of the services around us: the record is tried again. Any other fault is the record's own."""


def _name_place(entry: Entry, now: datetime) -> None:
    name_place(entry.incident_id, now=now)


def _book(entry: Entry, now: datetime) -> None:
    if entry.details.get("booked_for") is not None:
        book(entry.incident_id, now=now)


def _filed(entry: Entry, now: datetime) -> None:
    _name_place(entry, now)
    _book(entry, now)


def _closed(entry: Entry, now: datetime) -> None:
    end_tracking(entry.incident_id)
    _end_call(entry, now)


def _end_call(entry: Entry, now: datetime) -> None:
    if entry.details.get("live"):
        free_line(entry.incident_id, now=now)
        end_recording(entry.incident_id, now=now)


def _text_officer(entry: Entry, now: datetime) -> None:
    text_officer(entry.incident_id, entry.details["dispatch_id"], now=now)


def _watch_owner(entry: Entry, now: datetime) -> None:
    watch_owner(entry.incident_id, now=now)


def _watch_transfer(entry: Entry, now: datetime) -> None:
    watch_transfer(entry.incident_id, now=now)


FOLLOWS: Mapping[str, Callable[[Entry, datetime], None]] = {
    "report.filed": _filed,
    "officer.dispatched": _text_officer,
    "link.asked": _text_officer,
    "incident.answered": _watch_owner,
    "incident.taken": _watch_owner,
    "incident.closed": _closed,
    "transfer.asked": _watch_transfer,
}
"""What each kind of timeline entry starts."""


@table_stream.on_dynamodb_record(
    stream_arn=settings().incidents_stream_arn, batch_size=100, starting_position="TRIM_HORIZON"
)
def table_changed(event: DynamoDBEvent) -> dict[str, list[dict[str, str]]]:
    """Handle a shard's records in order; one that may pass later holds back those behind it.

    A record whose own content cannot be handled is set aside whole, and the rest goes on.
    """
    for record in _worth_following(event.to_dict()["Records"]):
        try:
            follow(record, now=utc_now())
        except PASSING as fault:
            log.warning("stream.held_back", fault=type(fault).__name__)
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        except Exception as fault:
            log.error("stream.set_aside", fault=type(fault).__name__)
            set_aside.put(record, why=type(fault).__name__)
    return {"batchItemFailures": []}


def follow(record: dict[str, Any], *, now: datetime) -> None:
    """Do what one stored change asks for. Safe to repeat."""
    image = record["dynamodb"].get("NewImage")
    if image is None:
        return
    part, body = image["part"]["S"], image.get("body", {}).get("S", "")
    if part == HEAD:
        publish_change(msgspec.json.decode(body, type=Incident), now=now)
    elif part == NOW:
        _follow_caller(record["dynamodb"], now)
    elif part.startswith("entry#") and record["eventName"] == "INSERT":
        entry = msgspec.json.decode(body, type=Entry)
        if entry.kind in FOLLOWS:
            FOLLOWS[entry.kind](entry, now)


def _follow_caller(change: dict[str, Any], now: datetime) -> None:
    """What a batch of a track starts; a track's other changes start nothing."""
    step = tracks.step_of(change)
    if step is not None:
        follow_step(step, now=now)


def _worth_following(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records without those states of an incident that a newer one of the same batch replaces.

    In a storm a shard brings many changes of one incident at once, and the feed shows only the newest.
    """
    newest: dict[str, int] = {}
    for incident_id, version in filter(None, map(_state, records)):
        newest[incident_id] = max(version, newest.get(incident_id, 0))
    return [record for record in records if (state := _state(record)) is None or newest[state[0]] == state[1]]


def _state(record: dict[str, Any]) -> tuple[str, int] | None:
    """Which incident's which version a record brings; None for any other kind of record."""
    image = record["dynamodb"].get("NewImage", {})
    if image.get("part") != {"S": HEAD} or "version" not in image:
        return None
    return image["incident_id"]["S"], int(image["version"]["N"])
