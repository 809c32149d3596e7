"""The console: the lists of key persons and key places."""

from datetime import datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint, Response

from chalicelib.adapters import watch
from chalicelib.domain.cells import LARGEST_DEG
from chalicelib.domain.phone import read_phone
from chalicelib.domain.position import Point
from chalicelib.domain.refusals import BodyInvalid, PhoneInvalid
from chalicelib.domain.staff import Group
from chalicelib.domain.watching import (
    CORNERS_LIMIT,
    Circle,
    KeyPerson,
    KeyPlace,
    Ring,
    Shape,
)
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.views import View
from chalicelib.routes.watching import CornerSent, ListAsked, Metres, Moment, Name, entering, point_of
from chalicelib.workflows.keep_watch import watch_person, watch_place
from chalicelib.workflows.note_deed import note_deed

console_watch = Blueprint(__name__)

KEEPERS = (Group.COMMANDER, Group.ADMIN)

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


class PersonSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person by number or WeChat's id (`openid`), why, and until when."""

    reason: Reason
    phone: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | None = None
    openid: Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=r"^\S+$")] | None = None
    expires_at: Moment | None = None


class PlaceSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place: `centre` with `radius_m`, or a `polygon` of three corners or more; why, and until when."""

    name: Name
    reason: Reason
    centre: CornerSent | None = None
    radius_m: Metres | None = None
    polygon: Annotated[list[CornerSent], msgspec.Meta(min_length=3, max_length=CORNERS_LIMIT)] | None = None
    expires_at: Moment | None = None


class PersonView(View, frozen=True, kw_only=True):
    """A person on the list."""

    id: str
    phone: str | None
    openid: str | None
    reason: str
    owner: str
    created_at: datetime
    expires_at: datetime | None


class PlaceView(View, frozen=True, kw_only=True):
    """A place on the list; a circle or a polygon, the other is None. WGS-84."""

    id: str
    name: str
    centre: Point | None
    radius_m: float | None
    polygon: tuple[Point, ...] | None
    reason: str
    owner: str
    created_at: datetime
    expires_at: datetime | None


class PersonList(View, frozen=True, kw_only=True):
    """A page of the key persons."""

    items: list[PersonView]
    cursor: str | None


class PlaceList(View, frozen=True, kw_only=True):
    """A page of the key places."""

    items: list[PlaceView]
    cursor: str | None


@console_watch.route("/console/watch/persons", methods=["GET"], authorizer=staff)
@contract(console_watch, query=ListAsked, gives=PersonList, groups=KEEPERS)
def list_persons(call: Call[None]) -> PersonList:
    """The key persons; what has expired is not among them."""
    found, cursor = watch.listed(KeyPerson, after=call.query.cursor, now=call.now)
    return PersonList(items=[_person(one) for one in found], cursor=cursor)


@console_watch.route("/console/watch/persons", methods=["POST"], authorizer=staff, content_types=ANY)
@contract(
    console_watch,
    takes=PersonSent,
    keyed=True,
    gives=PersonView,
    status=201,
    refuses=(PhoneInvalid,),
    groups=KEEPERS,
)
def add_person(call: Call[PersonSent]) -> PersonView:
    """Watch for a person, by number or by WeChat's id."""
    body = call.body
    if body.phone is None and body.openid is None:
        raise BodyInvalid("give a phone or an openid", field="phone")
    phone = read_phone(body.phone) if body.phone is not None else None
    made = entering(call, "person", body.expires_at)
    person = watch_person(made, phone=phone, openid=body.openid, reason=body.reason)
    note_deed(call.staff, "watch.person_added", person.id, now=call.now)
    return _person(person)


@console_watch.route("/console/watch/persons/{entry_id}", methods=["DELETE"], authorizer=staff)
@contract(console_watch, status=204, groups=KEEPERS)
def remove_person(call: Call[None], entry_id: str) -> Response:
    """Watch for a person no more; hits that were found stay on record."""
    note_deed(call.staff, "watch.person_removed", entry_id, now=call.now)
    watch.remove(KeyPerson, entry_id)
    return Response(body="", status_code=204)


@console_watch.route("/console/watch/places", methods=["GET"], authorizer=staff)
@contract(console_watch, query=ListAsked, gives=PlaceList, groups=KEEPERS)
def list_places(call: Call[None]) -> PlaceList:
    """The key places; what has expired is not among them."""
    found, cursor = watch.listed(KeyPlace, after=call.query.cursor, now=call.now)
    return PlaceList(items=[_place(one) for one in found], cursor=cursor)


@console_watch.route("/console/watch/places", methods=["POST"], authorizer=staff, content_types=ANY)
@contract(console_watch, takes=PlaceSent, keyed=True, gives=PlaceView, status=201, groups=KEEPERS)
def add_place(call: Call[PlaceSent]) -> PlaceView:
    """Watch a place, a circle or a polygon."""
    body = call.body
    area = _area(body)
    made = entering(call, "place", body.expires_at)
    place = watch_place(made, name=body.name, area=area, reason=body.reason)
    note_deed(call.staff, "watch.place_added", place.id, now=call.now)
    return _place(place)


@console_watch.route("/console/watch/places/{entry_id}", methods=["DELETE"], authorizer=staff)
@contract(console_watch, status=204, groups=KEEPERS)
def remove_place(call: Call[None], entry_id: str) -> Response:
    """Watch a place no more; hits that were found stay on record."""
    note_deed(call.staff, "watch.place_removed", entry_id, now=call.now)
    watch.remove(KeyPlace, entry_id)
    return Response(body="", status_code=204)


def _area(sent: PlaceSent) -> Shape:
    """The circle or the polygon; exactly one of the two, and not wider than the cells it is found by."""
    if (sent.centre is None) == (sent.polygon is None) or (sent.centre is None) != (sent.radius_m is None):
        raise BodyInvalid("give a centre with a radius_m, or a polygon", field="centre")
    area = _circle(sent) or _ring(sent)
    if area.bounds.size_deg > LARGEST_DEG:
        raise BodyInvalid(
            f"wider than {LARGEST_DEG} degrees", field="polygon" if sent.polygon else "radius_m"
        )
    return area


def _circle(sent: PlaceSent) -> Circle | None:
    if sent.centre is None or sent.radius_m is None:
        return None
    return Circle(centre=point_of(sent.centre), radius_m=sent.radius_m)


def _ring(sent: PlaceSent) -> Ring:
    """The polygon, whether or not its first corner is said again at the end."""
    corners = [point_of(corner) for corner in sent.polygon or ()]
    if corners[0] == corners[-1]:
        corners.pop()
    if len({(one.lat, one.lng) for one in corners}) < 3:
        raise BodyInvalid("a polygon has three corners or more", field="polygon")
    return Ring(corners=tuple(corners))


def _person(person: KeyPerson) -> PersonView:
    return msgspec.convert(person, PersonView, from_attributes=True)


def _place(place: KeyPlace) -> PlaceView:
    circle = place.area if isinstance(place.area, Circle) else None
    return PlaceView(
        id=place.id,
        name=place.name,
        centre=circle.centre if circle else None,
        radius_m=circle.radius_m if circle else None,
        polygon=place.area.corners if isinstance(place.area, Ring) else None,
        reason=place.reason,
        owner=place.owner,
        created_at=place.created_at,
        expires_at=place.expires_at,
    )
