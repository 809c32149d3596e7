"""The console: events that many see at once, published by a commander."""

from datetime import datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint, Response

from chalicelib.adapters import watch
from chalicelib.domain.cells import LARGEST_DEG
from chalicelib.domain.position import Point
from chalicelib.domain.refusals import BodyInvalid, IncidentNotFound
from chalicelib.domain.staff import Group
from chalicelib.domain.watching import Circle, EventKind, PublishedEvent
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import ANY, INCIDENT_ID, Call, contract
from chalicelib.routes.views import View
from chalicelib.routes.watching import CornerSent, ListAsked, Metres, Moment, Name, entering, point_of
from chalicelib.workflows.keep_watch import publish_event
from chalicelib.workflows.note_deed import note_deed

console_events = Blueprint(__name__)

EVERYONE = tuple(Group)
PUBLISHERS = (Group.COMMANDER,)


class EventSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event that many see at once, where, and until when; `incident_id` is its own incident."""

    kind: EventKind
    name: Name
    centre: CornerSent
    radius_m: Metres
    expires_at: Moment
    incident_id: Annotated[str, msgspec.Meta(max_length=64)] | None = None


class EventView(View, frozen=True, kw_only=True):
    """A published event. WGS-84."""

    id: str
    kind: EventKind
    name: str
    centre: Point
    radius_m: float
    incident_id: str | None
    owner: str
    created_at: datetime
    expires_at: datetime | None


class EventList(View, frozen=True, kw_only=True):
    """A page of the published events."""

    items: list[EventView]
    cursor: str | None


@console_events.route("/console/events", methods=["GET"], authorizer=staff)
@contract(console_events, query=ListAsked, gives=EventList, groups=EVERYONE)
def list_events(call: Call[None]) -> EventList:
    """The published events that go on."""
    found, cursor = watch.listed(PublishedEvent, after=call.query.cursor, now=call.now)
    return EventList(items=[_event(one) for one in found], cursor=cursor)


@console_events.route("/console/events", methods=["POST"], authorizer=staff, content_types=ANY)
@contract(
    console_events,
    takes=EventSent,
    keyed=True,
    gives=EventView,
    status=201,
    refuses=(IncidentNotFound,),
    groups=PUBLISHERS,
)
def add_event(call: Call[EventSent]) -> EventView:
    """Publish an event: citizens near by are asked whether theirs is the same."""
    body = call.body
    if body.incident_id is not None and not INCIDENT_ID.fullmatch(body.incident_id):
        raise IncidentNotFound("no such incident")
    area = Circle(centre=point_of(body.centre), radius_m=body.radius_m)
    if area.bounds.size_deg > LARGEST_DEG:
        raise BodyInvalid(f"wider than {LARGEST_DEG} degrees", field="radius_m")
    made = entering(call, "event", body.expires_at)
    event = publish_event(made, event=body.kind, name=body.name, area=area, incident_id=body.incident_id)
    note_deed(call.staff, "event.published", event.id, now=call.now)
    return _event(event)


@console_events.route("/console/events/{entry_id}", methods=["DELETE"], authorizer=staff)
@contract(console_events, status=204, groups=PUBLISHERS)
def remove_event(call: Call[None], entry_id: str) -> Response:
    """Take a published event back: nobody is asked about it any more."""
    note_deed(call.staff, "event.withdrawn", entry_id, now=call.now)
    watch.remove(PublishedEvent, entry_id)
    return Response(body="", status_code=204)


def _event(event: PublishedEvent) -> EventView:
    return EventView(
        id=event.id,
        kind=event.event,
        name=event.name,
        centre=event.area.centre,
        radius_m=event.area.radius_m,
        incident_id=event.incident_id,
        owner=event.owner,
        created_at=event.created_at,
        expires_at=event.expires_at,
    )
