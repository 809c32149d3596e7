"""The bureau's own data, as files: outline, places, first priorities, kinds of incident."""

from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.domain.duty import Recipient
from chalicelib.domain.filing import PriorityRule
from chalicelib.domain.gazetteer import Gazetteer
from chalicelib.domain.jurisdiction import Jurisdiction
from chalicelib.domain.office_hours import Calendar
from chalicelib.domain.phone import read_phone
from chalicelib.domain.position import Point
from chalicelib.settings import settings


class County(msgspec.Struct, frozen=True, kw_only=True):
    """The bureau's name and numbers. `margin_m` is how far the outline may be off, in metres."""

    name: str
    name_en: str
    adcode: str
    margin_m: float
    emergency_number: str
    text_number: str
    timezone: str
    centre: Point


class TypeCode(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of incident 警情类别 as the bureau counts them."""

    code: str
    name: str
    name_en: str


@cache
def county() -> County:
    """The bureau's name and numbers."""
    return msgspec.json.decode(_file("county.json"), type=County)


@cache
def zone() -> ZoneInfo:
    """The zone of the county's calendar."""
    return ZoneInfo(county().timezone)


@cache
def jurisdiction() -> Jurisdiction:
    """The polygon served, with its margin."""
    return Jurisdiction.from_geojson(_file("outline.geojson"), margin_m=county().margin_m)


@cache
def outline() -> Any:
    """The outline's GeoJSON geometry, for maps that must work with no internet."""
    return msgspec.json.decode(_file("outline.geojson"))["geometry"]


@cache
def gazetteer() -> Gazetteer:
    """The county's villages and streets."""
    return Gazetteer.from_csv(_file("places.csv"))


@cache
def priorities() -> list[PriorityRule]:
    """The priority each kind of report starts with."""
    return msgspec.json.decode(_file("priorities.json"), type=list[PriorityRule])


@cache
def type_codes() -> list[TypeCode]:
    """The kinds of incident a call-taker chooses from."""
    return msgspec.json.decode(_file("types.json"), type=list[TypeCode])


class Standing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The post that is always there, and its number."""

    name: str
    phone: str


def outside_notice() -> str:
    """What a citizen outside the county is told, in Chinese."""
    bureau = county()
    return (
        f"您当前不在{bureau.name}范围内。请直接拨打 {bureau.emergency_number}，"
        f"不便说话时发短信到 {bureau.text_number}，由当地公安机关受理。"
    )


def outside_notice_en() -> str:
    """What a citizen outside the county is told, in English."""
    bureau = county()
    return (
        f"You are outside {bureau.name_en}. Please ring {bureau.emergency_number}, "
        f"or text {bureau.text_number} if you cannot speak; the local police will help you."
    )


@cache
def fallback() -> Recipient | None:
    """The standing number behind the duty roster, or None where a county has none."""
    number = msgspec.json.decode(_file("duty.json"), type=Standing)
    return (
        Recipient(name=number.name, phone=read_phone(number.phone), fallback=True) if number.phone else None
    )


@cache
def office_hours() -> Calendar:
    """When 枫桥在线 is answered."""
    return msgspec.json.decode(_file("office_hours.json"), type=Calendar)


def _file(name: str) -> bytes:
    return (Path(settings().county_dir) / name).read_bytes()
