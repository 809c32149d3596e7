"""A report and its answer as the peers check them: pydantic, which both of them are made for."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class Position(BaseModel):
    """Where a phone says it is."""

    lat: float = Field(ge=-90, le=90)
    lng: float = Field(ge=-180, le=180)
    accuracy_m: float = Field(ge=0)
    crs: Literal["wgs84", "gcj02"] = "wgs84"
    at: datetime


class Report(BaseModel):
    """What a citizen sends."""

    position: Position | None = None
    place: str | None = Field(None, max_length=200)
    contact_phone: str | None = Field(None, max_length=20)
    callback_allowed: bool | None = None
    text: str | None = Field(None, max_length=2000)
    tip: bool | None = None
    confirm_outside: bool | None = None


class Seen(BaseModel):
    """A position as it is answered."""

    lat: float
    lng: float
    accuracy_m: float | None
    at: datetime


class Incident(BaseModel):
    """What a citizen sees of her report."""

    id: str
    number: str
    mode: str
    tip: bool
    status: str
    created_at: datetime
    version: int
    flags: list[str]
    contact: str
    text: str | None
    place: dict[str, Any] | None
    position: Seen | None
    photos: int
    videos: int
    disposition: str | None
    closed_at: datetime | None
    linked_to: str | None
    continued_by: str | None
    booked_for: datetime | None
    event_asked: dict[str, Any] | None
    live_withheld: bool


class Filed(BaseModel):
    """The incident that a report opened."""

    incident: Incident
