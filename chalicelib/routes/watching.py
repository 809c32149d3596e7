"""What the lists of what is watched share: the parts of an entry as it is sent, and who makes it."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from chalicelib.domain.position import Crs, Point, gcj02_to_wgs84
from chalicelib.domain.refusals import BodyInvalid
from chalicelib.domain.watching import RADIUS_LIMIT_M
from chalicelib.routes.contract import Call
from chalicelib.workflows.keep_watch import Entering

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"\S")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Metres = Annotated[float, msgspec.Meta(gt=0, le=RADIUS_LIMIT_M)]


class ListAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to go on in a list."""

    cursor: Annotated[str, msgspec.Meta(max_length=256)] | None = None


class CornerSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point on a map."""

    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lng: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    crs: Crs = Crs.WGS84


def entering(call: Call[Any], what: str, until: datetime | None) -> Entering:
    """Who enters what and for how long; raises `BodyInvalid` when that time is over already."""
    if until is not None and until <= call.now:
        raise BodyInvalid("that moment is past", field="expires_at")
    asked = call.asked(call.staff.username, what)
    return Entering(staff=call.staff, at=call.now, expires_at=until, asked=asked)


def point_of(sent: CornerSent) -> Point:
    """The point in WGS-84."""
    if sent.crs is Crs.GCJ02:
        return gcj02_to_wgs84(sent.lat, sent.lng)
    return Point(lat=sent.lat, lng=sent.lng)
