"""What tests about recordings share: a call to record, fragments to send, and what became of them."""

import time
from datetime import UTC, datetime
from typing import Any

import boto3
import msgspec

from infra.local.aws import REGION
from infra.local.kvs.server import ANYBODYS_CREDENTIAL
from tests.desk import INSIDE, JSON, a_citizen, record, work
from tests.local.kvs_media import fragment
from tests.machine import HttpClient, Machine, StaffClient, done, eventually

LINE_WITHIN_SECONDS = 100
"""A line that another test released rests a minute."""

MATROSKA = "video/x-matroska"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A fragment as the service gives it back, with the bytes of the original; times are since 1970."""

    seq: int
    sha256: str
    started_ms: int
    duration_ms: int
    copy: str
    content: bytes

    @property
    def ended_ms(self) -> int:
        """When its last picture ended."""
        return self.started_ms + self.duration_ms


def a_live_call(machine: Machine, seat: StaffClient) -> str:
    """A live report that this seat has answered and that holds a line; its id."""
    citizen = a_citizen(machine)
    filed = done(citizen.post("/reports/video110", {"position": INSIDE}))
    incident_id = str(filed["incident"]["id"])
    work(seat, incident_id, "answer")

    def joined() -> bool:
        # The seat's sign of life, so that the wait for a line does not cost it the incident.
        done(seat.put("/console/seat", {"state": "ready"}))
        return citizen.post(f"/reports/{incident_id}/call", {}).ok

    if filed["call"] is None:
        eventually(joined, within_seconds=LINE_WITHIN_SECONDS)
    return incident_id


def end(seat: StaffClient, incident_id: str) -> None:
    """Close an incident, whoever holds it by now, so that its line is free again."""
    if record(seat, incident_id)["incident"]["status"] != "closed":
        work(seat, incident_id, "take", {"reason": "测试结束"})
        work(seat, incident_id, "close", {"disposition": "resolved"})


def a_piece(seq: int, *, of: float | None = None, sound: str = "aac") -> tuple[bytes, JSON]:
    """The n-th second of a call that began at `of` (or a minute ago): its bytes, and what is said of it."""
    start_ms = round((of or time.time() - 60) * 1000) + (seq - 1) * 1000
    began = datetime.fromtimestamp(start_ms / 1000, UTC)
    return fragment(start_ms=start_ms, sound=sound), {"started_at": began.isoformat(), "duration_ms": 1000}


def put_piece(client: HttpClient, incident_id: str, seq: int, content: bytes, told: JSON) -> Any:
    """Send a fragment."""
    return client.ask(
        "PUT",
        f"/console/incidents/{incident_id}/recording/{seq}",
        data=content,
        params=told,
        headers={"Content-Type": MATROSKA},
    )


def fragments(seat: StaffClient, incident_id: str) -> list[Kept]:
    """All fragments the service has, with the bytes of their originals."""
    found: list[Kept] = []
    cursor: int | None = 0
    while cursor is not None:
        page = done(seat.get(f"/console/incidents/{incident_id}/recording?after={cursor}"))
        found += [_kept(one) for one in page["items"]]
        cursor = page["cursor"]
    return found


def entries(seat: StaffClient, incident_id: str, kind: str = "recording.kept") -> list[JSON]:
    """The details of the timeline's entries of a kind."""
    return [one["details"] for one in record(seat, incident_id)["timeline"] if one["kind"] == kind]


def original(machine: Machine, incident_id: str, seq: int, version: str) -> bytes:
    """One version of a fragment as the evidence bucket has it."""
    stored = machine.client("s3").get_object(
        Bucket=machine.outputs()["EvidenceBucket"],
        Key=f"recording/{incident_id}/{seq:06d}.mkv",
        VersionId=version,
    )
    content: bytes = stored["Body"].read()
    return content


def line_of(machine: Machine, incident_id: str) -> str:
    """The name of the line, and of its stream, that the incident holds."""
    items = machine.client("dynamodb").query(
        TableName=machine.outputs()["DeskTable"],
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues={":kind": {"S": "line"}},
    )["Items"]
    return str(next(one["id"]["S"] for one in items if one.get("leased_to", {}).get("S") == incident_id))


def kinesis(machine: Machine, service: str = "kinesis-video-archived-media") -> Any:
    """A client of the machine's stand-in for Kinesis Video."""
    return boto3.client(  # type: ignore[call-overload]
        service,
        region_name=REGION,
        endpoint_url=machine.kvs_endpoint,
        aws_access_key_id=ANYBODYS_CREDENTIAL.access_key,
        aws_secret_access_key=ANYBODYS_CREDENTIAL.secret_key,
    )


def streamed_ms(machine: Machine, stream: str, *, since_ms: int) -> list[int]:
    """The producer's times of what Kinesis Video took for a stream since a moment, as it came."""
    listed = kinesis(machine).list_fragments(StreamName=stream, MaxResults=1000)["Fragments"]
    came = [one for one in listed if one["ServerTimestamp"].timestamp() * 1000 >= since_ms]
    return [round(one["ProducerTimestamp"].timestamp() * 1000) for one in came]


def put_media_calls(machine: Machine, stream: str, *, since_ms: int) -> list[JSON]:
    """How Kinesis Video's stand-in was asked to take media for a stream since a moment."""
    calls = done(HttpClient(machine.kvs_endpoint).get("/_standin/calls"))["calls"]
    since = datetime.fromtimestamp(since_ms / 1000, UTC).isoformat()
    mine = [one for one in calls if one["operation"] == "PutMedia" and f"/{stream}/" in one["resource"]]
    return [one for one in mine if one["at"] >= since]


def _kept(item: JSON) -> Kept:
    return Kept(
        seq=item["seq"],
        sha256=item["sha256"],
        started_ms=round(datetime.fromisoformat(item["started_at"]).timestamp() * 1000),
        duration_ms=item["duration_ms"],
        copy=item["copy"],
        content=HttpClient(item["url"]).get("").content,
    )
