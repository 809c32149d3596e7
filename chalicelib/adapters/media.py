"""Pictures and videos in S3: the signed upload, the look at one version, the locked copy, the signed view."""

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from chalicelib.adapters.aws import client
from chalicelib.domain.media import HEAD_BYTES
from chalicelib.domain.upload import Media, Stored
from chalicelib.settings import settings

CHUNK_BYTES = 1024 * 1024
PREFIX = "intake"


class UploadForm(msgspec.Struct, frozen=True, kw_only=True):
    """A presigned POST: the fields go first, in order, and the file last."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


def intake_key(incident_id: str, media_id: str) -> str:
    """Where an upload goes; the server chooses it."""
    return f"{PREFIX}/{incident_id}/{media_id}"


def read_intake_key(key: str) -> tuple[str, str] | None:
    """The incident and the file an intake key names, or None for a key that is not ours."""
    parts = key.split("/")
    if len(parts) != 3 or parts[0] != PREFIX or not all(parts):
        return None
    return parts[1], parts[2]


def upload_form(media: Media, *, now: datetime) -> UploadForm:
    """Sign one upload of exactly the size, type, key and SHA-256 announced; the store holds to it."""
    life = settings().upload_life_seconds
    fixed = {
        "Content-Type": media.content_type,
        "success_action_status": "201",
        "x-amz-checksum-algorithm": "SHA256",
        "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(media.sha256)).decode(),
    }
    conditions: list[Any] = [{name: value} for name, value in fixed.items()]
    conditions.append(["content-length-range", media.size_bytes, media.size_bytes])
    form = client("s3").generate_presigned_post(
        settings().intake_bucket,
        intake_key(media.incident_id, media.media_id),
        Fields=dict(fixed),
        Conditions=conditions,
        ExpiresIn=life,
    )
    return UploadForm(url=form["url"], fields=form["fields"], expires_at=now + timedelta(seconds=life))


def arrived(media: Media) -> bool:
    """Whether anything is stored where the file goes, checked or not.

    S3 says 404 of a missing object only to who may `s3:ListBucket`, and 403 to others.
    """
    try:
        client("s3").head_object(
            Bucket=settings().intake_bucket, Key=intake_key(media.incident_id, media.media_id)
        )
    except ClientError as fault:
        if fault.response["Error"]["Code"] in ("404", "NoSuchKey"):
            return False
        raise
    return True


def look_at(media: Media, version: str) -> Stored:
    """Read one stored version whole: its first bytes, its size and its SHA-256."""
    body = client("s3").get_object(
        Bucket=settings().intake_bucket,
        Key=intake_key(media.incident_id, media.media_id),
        VersionId=version,
    )["Body"]
    digest, head, size_bytes = hashlib.sha256(), b"", 0
    for chunk in body.iter_chunks(CHUNK_BYTES):
        head = (head + chunk[:HEAD_BYTES])[:HEAD_BYTES]
        size_bytes += len(chunk)
        digest.update(chunk)
    return Stored(version=version, head=head, size_bytes=size_bytes, sha256=digest.hexdigest())


def keep(media: Media, version: str) -> str:
    """Copy the checked version into the evidence bucket; the version of the copy."""
    source = {
        "Bucket": settings().intake_bucket,
        "Key": intake_key(media.incident_id, media.media_id),
        "VersionId": version,
    }
    copied = client("s3").copy_object(
        Bucket=settings().evidence_bucket,
        Key=evidence_key(media),
        CopySource=source,
        ContentType=media.content_type,
        MetadataDirective="REPLACE",
        ChecksumAlgorithm="SHA256",
    )
    evidence_version: str = copied["VersionId"]
    return evidence_version


def evidence_key(media: Media) -> str:
    """Where the evidence of one file stands."""
    return f"media/{media.incident_id}/{media.media_id}"


def view_url(media: Media) -> str | None:
    """A short-lived address of the checked version itself; None for a file nobody may see."""
    if media.evidence_version is None:
        return None
    url: str = client("s3").generate_presigned_url(
        "get_object",
        Params={
            "Bucket": settings().evidence_bucket,
            "Key": evidence_key(media),
            "VersionId": media.evidence_version,
            "ResponseContentType": media.content_type,
        },
        ExpiresIn=settings().view_life_seconds,
    )
    return url
