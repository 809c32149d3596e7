"""Filing: read whatever a phone sent, flag what is wrong, refuse nothing over it, open the incident."""

import json
import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from chalicelib.domain.allowance import carried_over
from chalicelib.domain.asked import incident_number
from chalicelib.domain.citizen import Standing, Trade
from chalicelib.domain.incident import Change, Contact, Incident, Mode, Place
from chalicelib.domain.jurisdiction import Verdict
from chalicelib.domain.phone import read_phone
from chalicelib.domain.position import Position, read_position
from chalicelib.domain.refusals import BodyNotJson, PhoneInvalid
from chalicelib.domain.standing import behind_until

TEXT_LIMIT = 2000
PLACE_LIMIT = 200
KEPT_LIMIT = 500

_OF_THE_NUMBER = ("phone-missing", "phone-unverified")
_DEEPEST = 32
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"?|[][{}]|[^][{}"]+', re.DOTALL)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a citizen sent, as far as it could be read; `as_sent` keeps the rest, cut to 500 characters."""

    text: str | None
    tip: bool
    place: str | None
    position: Position | None
    contact_phone: str | None
    callback_allowed: bool
    confirm_outside: bool
    flags: tuple[str, ...]
    as_sent: dict[str, str]


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """What the service knows of the citizen at the moment of filing."""

    citizen_id: str
    phone: str | None
    phone_verified: bool
    trade: Trade = Trade.NONE
    plate: str | None = None
    standing: Standing = Standing.GOOD


class PriorityRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first priority of one kind of report; 1 is the highest."""

    mode: Mode
    tip: bool
    priority: int


def read_object(raw: bytes) -> dict[str, object]:
    """The JSON object of a body, also with the NaN and lone surrogates that careless clients send.

    What is nested deeper than any field of a report is read as null. Raises `BodyNotJson` for anything
    that is no JSON object.
    """
    try:
        body = json.loads(_shallow(raw.decode("utf-8-sig", "replace")), parse_int=_whole_number)
    except ValueError as fault:
        raise BodyNotJson("the body is not JSON") from fault
    if not isinstance(body, dict):
        raise BodyNotJson("the body is not a JSON object")
    return body


def read_report(body: dict[str, object], *, mode: Mode, now: datetime) -> Report:
    """Read a report leniently: unknown fields are ignored, wrong ones flagged and kept as sent."""
    reader = _Reader(body)
    position, position_flags = read_position(body.get("position"), now=now)
    reader.flags.extend(position_flags)
    if position is None and body.get("position") is not None:
        reader.keep("position")
    return Report(
        text=reader.text("text", TEXT_LIMIT),
        tip=reader.truth("tip", otherwise=False),
        place=reader.text("place", PLACE_LIMIT),
        position=position,
        contact_phone=reader.phone("contact_phone"),
        callback_allowed=reader.truth(
            "callback_allowed", otherwise=mode is not Mode.SILENT, unreadable=False
        ),
        confirm_outside=reader.truth("confirm_outside", otherwise=False),
        flags=tuple(reader.flags),
        as_sent=reader.as_sent,
    )


def first_priority(rules: Sequence[PriorityRule], *, mode: Mode, tip: bool) -> int:
    """The priority a report starts with, from the bureau's table; the highest for a mode it does not name."""
    return next((rule.priority for rule in rules if rule.mode is mode and rule.tip == tip), 1)


def open_incident(
    report: Report,
    *,
    incident_id: str,
    mode: Mode,
    caller: Caller,
    verdict: Verdict | None,
    rules: Sequence[PriorityRule],
    request_digest: str,
    now: datetime,
    booked_for: datetime | None = None,
) -> Change:
    """The incident that a report opens, with the first entry of its timeline.

    One that is booked rings nobody before its hour.
    """
    flags = [*report.flags, *_flags_of(report, caller, verdict)]
    app_only = mode is Mode.SILENT or not report.callback_allowed
    incident = Incident(
        id=incident_id,
        number=incident_number(incident_id, now),
        mode=mode,
        citizen_id=caller.citizen_id,
        created_at=now,
        rings_at=booked_for or now,
        booked_for=booked_for,
        priority=first_priority(rules, mode=mode, tip=report.tip),
        contact=Contact.APP_ONLY if app_only else Contact.ANY,
        tip=report.tip,
        flags=tuple(dict.fromkeys(flags)),
        text=report.text,
        phone=report.contact_phone or caller.phone,
        phone_verified=report.contact_phone is None and caller.phone_verified,
        trade=caller.trade,
        plate=caller.plate,
        standing=caller.standing,
        behind_until=behind_until(caller.standing, now=now),
        position=report.position,
        place=Place(words=report.place) if report.place else None,
        request_digest=request_digest,
    )
    return _filed(incident, report, verdict)


def continue_incident(
    closed: Incident, *, incident_id: str, caller: Caller, priority: int, now: datetime
) -> Change:
    """The linked incident that a citizen's word or picture opens after the first one was closed.

    She stands in it as she stands now; of the closed one's number remains what is not known better.
    """
    phone, verified = caller.phone, caller.phone_verified
    if phone is None:
        phone, verified = closed.phone, closed.phone_verified
    kept = [flag for flag in closed.flags if flag not in (*_OF_THE_NUMBER, "after-closing")]
    again = Incident(
        id=incident_id,
        number=incident_number(incident_id, now),
        mode=closed.mode,
        citizen_id=closed.citizen_id,
        created_at=now,
        rings_at=now,
        priority=priority,
        contact=closed.contact,
        tip=closed.tip,
        flags=(*kept, *_flags_of_number(phone, verified=verified), "after-closing"),
        phone=phone,
        phone_verified=verified,
        trade=closed.trade,
        plate=closed.plate,
        standing=caller.standing,
        behind_until=behind_until(caller.standing, now=now),
        position=closed.position,
        place=closed.place,
        spent=carried_over(closed.spent),
        linked_to=closed.id,
        continues=closed.id,
    )
    details: dict[str, object] = {"from": closed.id, **_standing_said(again)}
    return Change(incident=again, kind="incident.continued", details=details)


def _filed(incident: Incident, report: Report, verdict: Verdict | None) -> Change:
    details: dict[str, object] = {
        "mode": incident.mode,
        "tip": incident.tip,
        "priority": incident.priority,
        "contact": incident.contact,
        "flags": incident.flags,
        "verdict": verdict,
        "booked_for": incident.booked_for,
        **_standing_said(incident),
    }
    held = {
        "text": incident.text,
        "place": report.place,
        "position": incident.position,
        "phone": incident.phone,
        "as_sent": report.as_sent or None,
    }
    personal = {name: value for name, value in held.items() if value is not None}
    return Change(incident=incident, kind="report.filed", details=details, personal=personal)


def _flags_of(report: Report, caller: Caller, verdict: Verdict | None) -> list[str]:
    flags = []
    if verdict is Verdict.OUTSIDE:
        flags.append("outside-jurisdiction")
    if verdict is Verdict.STRADDLING:
        flags.append("straddling-jurisdiction")
    verified = report.contact_phone is None and caller.phone_verified
    return [*flags, *_flags_of_number(report.contact_phone or caller.phone, verified=verified)]


def _flags_of_number(phone: str | None, *, verified: bool) -> list[str]:
    if phone is None:
        return ["phone-missing"]
    return [] if verified else ["phone-unverified"]


def _standing_said(incident: Incident) -> dict[str, object]:
    """What an entry says of a standing that is not good."""
    return {} if incident.standing is Standing.GOOD else {"standing": incident.standing}


class _Reader:
    """Reads the fields of one body, gathering flags and what could not be read."""

    def __init__(self, body: dict[str, object]) -> None:
        self.body = body
        self.flags: list[str] = []
        self.as_sent: dict[str, str] = {}

    def keep(self, name: str) -> None:
        """Keep a field as it was sent, as text."""
        raw = self.body.get(name)
        sent = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)
        self.as_sent[name] = _storable(sent)[:KEPT_LIMIT]

    def text(self, name: str, limit: int) -> str | None:
        raw = self.body.get(name)
        if raw is None:
            return None
        if not isinstance(raw, str):
            self._wrong(name)
            return None
        text = _storable(raw).strip()
        if len(text) > limit:
            self.flags.append(f"{_slug(name)}-cut")
        return text[:limit] or None

    def truth(self, name: str, *, otherwise: bool, unreadable: bool | None = None) -> bool:
        raw = self.body.get(name)
        if raw is None:
            return otherwise
        if isinstance(raw, bool):
            return raw
        self._wrong(name)
        return otherwise if unreadable is None else unreadable

    def phone(self, name: str) -> str | None:
        raw = self.body.get(name)
        if raw is None or raw == "":
            return None
        try:
            if not isinstance(raw, str):
                raise PhoneInvalid("not a text")
            return read_phone(raw)
        except PhoneInvalid:
            self._wrong(name)
            return None

    def _wrong(self, name: str) -> None:
        self.flags.append(f"{_slug(name)}-invalid")
        self.keep(name)


def _shallow(text: str) -> str:
    """The JSON text with null for what is nested too deep: the parser's own depth ends in a fault."""
    if text.count("[") + text.count("{") <= _DEEPEST:
        return text
    kept, depth = [], 0
    for token in _TOKENS.findall(text):
        depth += token in ("[", "{")
        if depth <= _DEEPEST:
            kept.append(token)
        elif depth == _DEEPEST + 1 and token in ("[", "{"):
            kept.append("null")
        depth -= token in ("]", "}")
    return "".join(kept)


def _whole_number(digits: str) -> int | float:
    """Python reads integers of up to 4,300 digits, JSON has no limit; a very long one reads as infinite."""
    return int(digits) if len(digits) <= 400 else float(digits)


def _slug(name: str) -> str:
    return name.replace("_", "-")


def _storable(text: str) -> str:
    """The text without lone surrogates, which no UTF-8 store takes."""
    return text.encode("utf-8", "replace").decode()
