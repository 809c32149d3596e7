"""Every change of an incident, and every move of its caller, to the consoles' feed.

A reader of the table's stream for this alone: what else follows from a change (`table_stream`) may take its
time, but a report must ring.
"""

from datetime import datetime

import msgspec
from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.adapters import incidents, tracks
from chalicelib.adapters.stream import REPLAYED, Newest, Record, in_order
from chalicelib.adapters.tables import HEAD, NOW
from chalicelib.domain.incident import Incident
from chalicelib.settings import settings
from chalicelib.telemetry import utc_now
from chalicelib.workflows.publish_change import publish_change
from chalicelib.workflows.track_caller import move_card

feed_stream = Blueprint(__name__)


@feed_stream.on_dynamodb_record(
    stream_arn=settings().incidents_stream_arn, batch_size=100, starting_position="TRIM_HORIZON"
)
def state_changed(event: DynamoDBEvent) -> dict[str, list[dict[str, str]]]:
    """Publish the newest state of each incident of a batch; older ones in it were overtaken."""
    records: list[Record] = event.to_dict()["Records"]
    newest = Newest.of(records, HEAD)
    return in_order([one for one in records if newest.holds(one)], _show, function="state_changed")


def _show(record: Record) -> None:
    show(record, now=utc_now())


def show(record: Record, *, now: datetime) -> None:
    """Bring one stored change to the feed, if it is one that the feed shows. Safe to repeat."""
    image = record["dynamodb"].get("NewImage")
    if image is None:
        return
    part = image["part"]["S"]
    if part == HEAD:
        publish_change(_incident_of(record, image), now=now)
    elif part == NOW and (step := tracks.step_of(record["dynamodb"])) is not None:
        move_card(step, now=now)


def _incident_of(record: Record, image: Record) -> Incident:
    """The incident as the record tells it, or as it stands by now where that was long ago.

    The card of a closed incident lives two days and a set-aside record fourteen: an old state that finds no
    card would ring for good.
    """
    if REPLAYED in record:
        return incidents.get(image["incident_id"]["S"])
    return msgspec.json.decode(image["body"]["S"], type=Incident)
