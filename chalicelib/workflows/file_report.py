"""File a report: the short path on which none may be lost.

It makes two DynamoDB requests, three when the report was filed before; all else starts from the stream.
"""

import json
from datetime import datetime

from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters import citizens, incidents
from chalicelib.adapters.county import county, jurisdiction, outside_notice, outside_notice_en, priorities
from chalicelib.adapters.secrets import citizen_secret
from chalicelib.domain.asked import derived_id, new_id, request_digest
from chalicelib.domain.filing import Caller, Report, open_incident, read_object, read_report
from chalicelib.domain.incident import Incident, Mode
from chalicelib.domain.jurisdiction import Verdict, verdict
from chalicelib.domain.position import Point
from chalicelib.domain.refusals import OutsideJurisdiction
from chalicelib.domain.timeline import Actor, Role
from chalicelib.telemetry import log


def file_report(citizen_id: str, raw: bytes, *, mode: Mode, key: str | None, now: datetime) -> Incident:
    """Take a report and open its incident; the same key and body again give the same incident.

    Raises `BodyNotJson`, `OutsideJurisdiction` when the place is clearly outside and nobody said to send
    it all the same, or `KeyReused`.
    """
    body = read_object(raw)
    report = read_report(body, mode=mode, now=now)
    found = _verdict(report)
    if found is Verdict.OUTSIDE and mode is not Mode.SILENT and not report.confirm_outside:
        bureau = county()
        raise OutsideJurisdiction(
            outside_notice_en(),
            notice=outside_notice(),
            emergency_number=bureau.emergency_number,
            text_number=bureau.text_number,
        )
    first = open_incident(
        report,
        incident_id=derived_id(citizen_secret(), "report", citizen_id, key) if key else new_id(),
        mode=mode,
        caller=_caller(citizen_id),
        verdict=found,
        rules=priorities(),
        request_digest=request_digest(mode, json.dumps(body, sort_keys=True)),
        now=now,
    )
    return incidents.file(first.incident, first, actor=Actor(role=Role.CITIZEN, id=citizen_id))


def _verdict(report: Report) -> Verdict | None:
    if report.position is None:
        return None
    point = Point(lat=report.position.lat, lng=report.position.lng)
    return verdict(jurisdiction(), point, report.position.accuracy_m)


def _caller(citizen_id: str) -> Caller:
    """Who files it. A report is taken even when the citizen's record cannot be read."""
    try:
        citizen = citizens.get(citizen_id)
    except (citizens.CitizenNotFound, PynamoDBException) as fault:
        log.warning("report.caller_unread", citizen_id=citizen_id, fault=type(fault).__name__)
        return Caller(citizen_id=citizen_id, phone=None, phone_verified=False)
    return Caller(citizen_id=citizen.id, phone=citizen.phone, phone_verified=citizen.phone_verified)
