"""Keep the lists of what is watched: key persons, key places, published events."""

from datetime import datetime

import msgspec

from chalicelib.adapters import watch
from chalicelib.adapters.secrets import citizen_secret
from chalicelib.domain.asked import Asked, derived_id, new_id
from chalicelib.domain.staff import Staff
from chalicelib.domain.watching import Circle, EventKind, KeyPerson, KeyPlace, PublishedEvent, Shape


class Entering(msgspec.Struct, frozen=True, kw_only=True):
    """An entry being made: by whom, when, for how long, and under which request's key."""

    staff: Staff
    at: datetime
    expires_at: datetime | None
    asked: Asked | None

    @property
    def id(self) -> str:
        """The id of the entry, the same for a request that is sent again."""
        return derived_id(citizen_secret(), "watched", self.asked.marker) if self.asked else new_id()

    @property
    def digest(self) -> str:
        """What was asked for, to know a repeat by."""
        return self.asked.digest if self.asked else ""


def watch_person(entering: Entering, *, phone: str | None, openid: str | None, reason: str) -> KeyPerson:
    """Put a person on the list, by number (E.164), by WeChat's id, or both; raises `KeyReused`."""
    person = KeyPerson(
        id=entering.id,
        owner=entering.staff.username,
        created_at=entering.at,
        expires_at=entering.expires_at,
        phone=phone,
        openid=openid,
        reason=reason,
    )
    return watch.add(person, digest=entering.digest)


def watch_place(entering: Entering, *, name: str, area: Shape, reason: str) -> KeyPlace:
    """Put a place on the list; raises `KeyReused`."""
    place = KeyPlace(
        id=entering.id,
        owner=entering.staff.username,
        created_at=entering.at,
        expires_at=entering.expires_at,
        name=name,
        area=area,
        reason=reason,
    )
    return watch.add(place, digest=entering.digest)


def publish_event(
    entering: Entering, *, event: EventKind, name: str, area: Circle, incident_id: str | None
) -> PublishedEvent:
    """Publish an event of which citizens near by may be asked; raises `KeyReused`."""
    published = PublishedEvent(
        id=entering.id,
        owner=entering.staff.username,
        created_at=entering.at,
        expires_at=entering.expires_at,
        event=event,
        name=name,
        area=area,
        incident_id=incident_id,
    )
    return watch.add(published, digest=entering.digest)
