"""What floor and peers store of a report: the same items as the service, in the same two requests.

Only what must differ from report to report is made anew; digests and salts are constants of the right
length, and nobody looks where the caller is. The service does more with each report.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

SECRET = b"the bench's own"
INCIDENTS, CITIZENS = os.environ["INCIDENTS_TABLE"], os.environ["CITIZENS_TABLE"]
TRACK_LIFE_SECONDS = 180 * 24 * 3600

LEAN = Config(parameter_validation=False, user_agent="instant110")
"""What spares the service's own client work: it checks no parameters and has a short name."""

dynamodb = boto3.client("dynamodb", config=LEAN if os.environ.get("LEAN") else None)

UNTOUCHED: dict[str, Any] = {
    **dict.fromkeys(("plate", "behind_until", "marking", "call_taker_id", "owned_since", "former_owner")),
    **dict.fromkeys(("hold", "erased_at")),
    **dict.fromkeys(("booked_for", "answered_at", "abandoned_at", "type_code", "summary", "transfer")),
    **dict.fromkeys(
        ("spent", "event_asked", "linked_to", "continues", "continued_by", "disposition", "closed_at")
    ),
    **dict.fromkeys(("live_granted", "frozen", "was_booked", "unread", "exited_quickly", "left_call"), False),
    **dict.fromkeys(("texted_back", "hurt", "escalated", "callback_overridden"), False),
    **dict.fromkeys(("photos", "videos", "stills"), 0),
    "flags": [],
    "dispatches": [],
    "hits": [],
    "alerts": [],
    "evidence_seen": [],
    "linked_from": [],
    "ended": [],
    "recording": {"highest": 0, "missing": [], "given_up": [], "until": None},
    "trade": "none",
    "standing": "good",
    "head": "0" * 64,
}

SHOWN = (
    *("id", "number", "mode", "tip", "status", "created_at", "version", "flags", "contact", "text", "place"),
    *("position", "photos", "videos", "disposition", "closed_at", "linked_to", "continued_by", "booked_for"),
    "event_asked",
)


class KeyReused(Exception):
    """The key was used for another report."""


def file(citizen_id: str, key: str, report: dict[str, Any]) -> dict[str, Any]:
    """Read the citizen, store incident, entry and track if they are new; what is shown of the incident.

    The same key and report give the same incident; raises `KeyReused` for another report.
    """
    digest = hashlib.sha256(json.dumps(report, sort_keys=True).encode()).hexdigest()
    name = hmac.digest(SECRET, f"{citizen_id} {key}".encode(), "sha256")[:16]
    incident_id = base64.b32encode(name).decode().rstrip("=").lower()
    citizen = dynamodb.get_item(
        TableName=CITIZENS, Key={"citizen_id": {"S": citizen_id}}, ConsistentRead=True
    )["Item"]
    incident = _incident(incident_id, citizen_id, citizen, report, digest)
    puts = [{"Put": {"TableName": INCIDENTS, "Item": item}} for item in _items(incident, citizen_id)]
    puts[0]["Put"]["ConditionExpression"] = "attribute_not_exists(incident_id)"
    try:
        dynamodb.transact_write_items(TransactItems=puts)
    except ClientError as fault:
        if fault.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        incident = _filed_before(incident_id, digest)
    return {**{field: incident[field] for field in SHOWN}, "live_withheld": False}


def _incident(
    incident_id: str, citizen_id: str, citizen: dict[str, Any], report: dict[str, Any], digest: str
) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    at = {name: report["position"][name] for name in ("lat", "lng", "accuracy_m", "at")}
    return {
        **UNTOUCHED,
        "id": incident_id,
        "number": f"{now[2:10].replace('-', '')}-{incident_id[:7].upper()}",
        "mode": "photo_text",
        "citizen_id": citizen_id,
        "created_at": now,
        "rings_at": now,
        "status": "waiting",
        "priority": 3,
        "contact": "any",
        "tip": False,
        "text": report["text"],
        "phone": citizen["phone"]["S"],
        "phone_verified": True,
        "position": at,
        "place": None,
        "request_digest": digest,
        "version": 1,
    }


def _items(incident: dict[str, Any], citizen_id: str) -> list[dict[str, Any]]:
    key = {"incident_id": {"S": incident["id"]}}
    nothing, nought = {"B": b""}, {"N": "0"}
    return [
        {
            **key,
            "part": {"S": "incident"},
            "body": {"S": _text(incident)},
            "citizen_id": {"S": citizen_id},
            "filed_at": {"S": incident["created_at"]},
            "incident_number": {"S": incident["number"]},
            "photos_asked": nought,
            "videos_asked": nought,
            "version": {"N": "1"},
        },
        {
            **key,
            "part": {"S": "entry#00000001"},
            "body": {"S": _text(_entry(incident, citizen_id))},
            "personal": {"S": _text(_personal(incident))},
        },
        {
            **key,
            "part": {"S": "been#now"},
            **dict.fromkeys(("b1", "b2", "b3", "b4"), nothing),
            "came": nought,
            "number": nought,
            "expires_at": {"N": str(int(time.time()) + TRACK_LIFE_SECONDS)},
            "whose": {"S": citizen_id},
        },
    ]


def _entry(incident: dict[str, Any], citizen_id: str) -> dict[str, Any]:
    details = {name: incident[name] for name in ("booked_for", "contact", "flags", "mode", "priority", "tip")}
    return {
        "actor": {"id": citizen_id, "role": "citizen"},
        "at": incident["created_at"],
        "details": {**details, "verdict": "inside"},
        "digests": dict.fromkeys(("phone", "position", "text"), "0" * 64),
        "hash": "0" * 64,
        "incident_id": incident["id"],
        "kind": "report.filed",
        "previous": "0" * 64,
        "seq": 1,
    }


def _personal(incident: dict[str, Any]) -> dict[str, Any]:
    return {name: {"value": incident[name], "salt": "0" * 32} for name in ("text", "position", "phone")}


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _filed_before(incident_id: str, digest: str) -> dict[str, Any]:
    key = {"incident_id": {"S": incident_id}, "part": {"S": "incident"}}
    item = dynamodb.get_item(TableName=INCIDENTS, Key=key, ConsistentRead=True)["Item"]
    incident: dict[str, Any] = json.loads(item["body"]["S"])
    if incident["request_digest"] != digest:
        raise KeyReused
    return incident
