"""Recorded fragments: the originals in the evidence bucket, their records, and the copy to Kinesis Video."""

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters import incidents
from chalicelib.adapters.aws import client, client_at, role
from chalicelib.adapters.tables import FragmentItem, fragment_part
from chalicelib.domain.incident import Change, Incident
from chalicelib.domain.lines import Line
from chalicelib.domain.recording import CopyState, Fragment
from chalicelib.domain.timeline import Actor
from chalicelib.settings import settings
from chalicelib.telemetry import log

SIGNED = {
    "host",
    "content-type",
    "date",
    "x-amz-*",
    "x-amzn-stream-name",
    "x-amzn-fragment-timecode-type",
    "x-amzn-producer-start-timestamp",
}
COPY_DEADLINE_SECONDS = (1.0, 3.0)
CONTENT_TYPE = "video/x-matroska"


def store(incident_id: str, seq: int, content: bytes) -> tuple[str, str]:
    """Keep the bytes as they came; their SHA-256 in hex and the version of the object."""
    digest = hashlib.sha256(content).digest()
    stored = client("s3").put_object(
        Bucket=settings().evidence_bucket,
        Key=fragment_key(incident_id, seq),
        Body=content,
        ContentType=CONTENT_TYPE,
        ChecksumSHA256=base64.b64encode(digest).decode(),
    )
    return digest.hex(), stored["VersionId"]


def record(
    fragment: Fragment, tell: Callable[[Incident], Change | None], *, actor: Actor
) -> incidents.Changed:
    """Store the fragment's record with its timeline entry, both or neither."""
    item = FragmentItem(incident_id=fragment.incident_id, part=fragment_part(fragment.seq), body=fragment)
    absent = FragmentItem.incident_id.does_not_exist()
    together = incidents.Together(write=lambda transaction: transaction.save(item, condition=absent))
    return incidents.change(fragment.incident_id, tell, actor=actor, at=fragment.kept_at, together=together)


def get(incident_id: str, seq: int) -> Fragment | None:
    """The record of a fragment, or None."""
    try:
        item = FragmentItem.get(incident_id, fragment_part(seq), consistent_read=True)
    except DoesNotExist:
        return None
    fragment: Fragment = item.body
    return fragment


def after(incident_id: str, seq: int, *, limit: int) -> list[Fragment]:
    """One page of the fragments numbered above `seq`."""
    beyond = FragmentItem.part.between(fragment_part(seq + 1), fragment_part(999_999))
    return [item.body for item in FragmentItem.query(incident_id, beyond, limit=limit, page_size=limit)]


def set_copy(fragment: Fragment, state: CopyState) -> None:
    """Write down what became of the copy."""
    key = FragmentItem(incident_id=fragment.incident_id, part=fragment_part(fragment.seq))
    key.update([FragmentItem.body.set(msgspec.structs.replace(fragment, copy=state))])


def send_copy(line: Line, fragment: Fragment, content: bytes) -> CopyState:
    """Send the fragment to the line's stream once, within a deadline; never again, whatever the answer."""
    import requests
    from requests_aws4auth import AWS4Auth

    headers = {
        "Content-Type": CONTENT_TYPE,
        "x-amzn-stream-name": line.stream_name,
        "x-amzn-fragment-timecode-type": "ABSOLUTE",
        "x-amzn-producer-start-timestamp": f"{fragment.started_at.timestamp():.3f}",
    }
    signer = AWS4Auth(
        region=line.region,
        service="kinesisvideo",
        refreshable_credentials=role(),
        include_hdrs=SIGNED,
    )
    try:
        answer = requests.post(
            f"{line.data_endpoint}/putMedia",
            data=content,
            headers=headers,
            auth=signer,
            timeout=COPY_DEADLINE_SECONDS,
        )
    except requests.RequestException:
        return CopyState.UNKNOWN
    return _read_acknowledgements(answer.status_code, answer.text)


def view_url(fragment: Fragment) -> str | None:
    """A short-lived address of the original; None for one that was erased."""
    if fragment.erased_at is not None:
        return None
    url: str = client("s3").generate_presigned_url(
        "get_object",
        Params={
            "Bucket": settings().evidence_bucket,
            "Key": fragment_key(fragment.incident_id, fragment.seq),
            "VersionId": fragment.evidence_version,
            "ResponseContentType": CONTENT_TYPE,
        },
        ExpiresIn=settings().view_life_seconds,
    )
    return url


def fragment_key(incident_id: str, seq: int) -> str:
    """Where the original of a fragment stands."""
    return f"recording/{incident_id}/{seq:06d}.mkv"


def hls_url(line: Line, *, since: datetime) -> str | None:
    """The address hls.js plays what the line's stream holds from `since` on; it lives five minutes.

    None while nothing is there to play: no fragment yet, sound in a codec that HLS does not carry, or a
    service that is away. The originals are looked at without it.
    """
    try:
        answer = _playback(line).get_hls_streaming_session_url(
            StreamName=line.stream_name,
            PlaybackMode="LIVE_REPLAY",
            HLSFragmentSelector={
                "FragmentSelectorType": "PRODUCER_TIMESTAMP",
                "TimestampRange": {"StartTimestamp": since},
            },
            DiscontinuityMode="ON_DISCONTINUITY",
        )
    except (ClientError, BotoCoreError) as fault:
        log.info("recording.not_playing", line_id=line.id, fault=type(fault).__name__)
        return None
    url: str = answer["HLSStreamingSessionURL"]
    return url


def _read_acknowledgements(status: int, text: str) -> CopyState:
    """PutMedia answers with a line of JSON an event; PERSISTED or RECEIVED is what counts (its API page)."""
    if status >= 500:
        return CopyState.UNKNOWN
    events: list[dict[str, Any]] = []
    for line in text.splitlines():
        try:
            events.append(msgspec.json.decode(line))
        except msgspec.DecodeError:
            return CopyState.UNKNOWN if status == 200 else CopyState.REFUSED
    kinds = {event.get("EventType") for event in events}
    if status != 200 or "ERROR" in kinds:
        return CopyState.REFUSED
    return CopyState.ACCEPTED if kinds & {"RECEIVED", "PERSISTED"} else CopyState.UNKNOWN


@cache
def _playback(line: Line) -> Any:
    """The client of a line's playback; its endpoint stays for as long as the stream does."""
    endpoint = client("kinesisvideo").get_data_endpoint(
        StreamName=line.stream_name, APIName="GET_HLS_STREAMING_SESSION_URL"
    )["DataEndpoint"]
    return client_at("kinesis-video-archived-media", endpoint=endpoint, region=line.region)
