"""File a report: the short path on which none may be lost.

It makes two DynamoDB requests, three when the report was filed before; a live one makes one more to take a
line. All else starts from the stream.
"""

import json
from datetime import datetime

import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters import citizens, incidents, lines, signaling
from chalicelib.adapters.county import (
    county,
    jurisdiction,
    office_hours,
    outside_notice,
    outside_notice_en,
    priorities,
)
from chalicelib.adapters.secrets import citizen_secret
from chalicelib.domain.asked import derived_id, new_id, request_digest
from chalicelib.domain.filing import Report, open_incident, read_object, read_report
from chalicelib.domain.incident import Incident, Mode
from chalicelib.domain.jurisdiction import Verdict, verdict
from chalicelib.domain.lines import Line, Party
from chalicelib.domain.office_hours import is_open, next_opening
from chalicelib.domain.position import Point
from chalicelib.domain.refusals import OutsideJurisdiction
from chalicelib.domain.timeline import Actor, Role
from chalicelib.settings import settings
from chalicelib.telemetry import log


class LiveReport(msgspec.Struct, frozen=True, kw_only=True):
    """A filed live report, with the way into its call where a line was free."""

    incident: Incident
    join: signaling.Join | None


def file_report(citizen_id: str, raw: bytes, *, mode: Mode, key: str | None, now: datetime) -> Incident:
    """Take a report and open its incident; the same key and body again give the same incident.

    Raises `BodyNotJson`, `OutsideJurisdiction` when the place is clearly outside and nobody said to send
    it all the same, or `KeyReused`.
    """
    body = read_object(raw)
    report = read_report(body, mode=mode, now=now)
    first = open_incident(
        report,
        incident_id=derived_id(citizen_secret(), "report", citizen_id, key) if key else new_id(),
        mode=mode,
        verdict=_verdict_on(report, mode),
        caller=citizens.caller(citizen_id, now=now),
        rules=priorities(),
        request_digest=request_digest(mode, json.dumps(body, sort_keys=True)),
        now=now,
        booked_for=_booked_for(mode, now),
    )
    return incidents.file(first.incident, first, actor=Actor(role=Role.CITIZEN, id=citizen_id))


def file_live_report(
    citizen_id: str, raw: bytes, *, mode: Mode, key: str | None, now: datetime
) -> LiveReport:
    """Take a live report, then a line for it; without a line the report stands all the same.

    None is tried for a citizen whose standing leaves her stills and text, in `silent` as elsewhere.
    Raises what `file_report` raises, and nothing of what comes after the report is in.
    """
    incident = file_report(citizen_id, raw, mode=mode, key=key, now=now)
    if incident.booked_for is not None or incident.withholds_live or not incident.is_open:
        return LiveReport(incident=incident, join=None)
    try:
        line = _line(incident, filed_now=incident.created_at == now, now=now)
        party = Party(incident_id=incident.id, name="citizen")
        return LiveReport(incident=incident, join=signaling.join_as_viewer(line, party, now=now))
    except lines.NoLineFree:
        log.warning("call.no_line", incident_id=incident.id)
    except (ClientError, BotoCoreError, PynamoDBException) as fault:
        log.error("call.not_joined", incident_id=incident.id, fault=type(fault).__name__)
    return LiveReport(incident=incident, join=None)


def _line(incident: Incident, *, filed_now: bool, now: datetime) -> Line:
    """The line of an incident: a new lease, or the one a first try of the same report took."""
    held = None if filed_now else lines.held_by(incident.id, now=now)
    if held is not None and lines.renew(held.id, incident.id, now=now):
        return held
    if incident.mode is Mode.FENGQIAO:
        return lines.lease_sparing(incident, settings().lines_spared, now=now)
    return lines.lease(incident, now=now)


def _verdict_on(report: Report, mode: Mode) -> Verdict | None:
    """Where the report comes from; raises `OutsideJurisdiction` unless it is to be taken from anywhere."""
    if report.position is None:
        return None
    point = Point(lat=report.position.lat, lng=report.position.lng)
    found = verdict(jurisdiction(), point, report.position.accuracy_m)
    if found is Verdict.OUTSIDE and mode is not Mode.SILENT and not report.confirm_outside:
        bureau = county()
        raise OutsideJurisdiction(
            outside_notice_en(),
            notice=outside_notice(),
            emergency_number=bureau.emergency_number,
            text_number=bureau.text_number,
        )
    return found


def _booked_for(mode: Mode, now: datetime) -> datetime | None:
    """When a consult out of hours is called back; None for what is answered now."""
    if mode is not Mode.FENGQIAO or is_open(office_hours(), now):
        return None
    return next_opening(office_hours(), now)
