"""The evidence objects that a timeline names: whether each is there in its version, locked, and unchanged.

A backup holds tables and no objects, so a restored record is worth what its objects still are.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from chalicelib.adapters import recording, uploads
from chalicelib.adapters.aws import client
from chalicelib.adapters.media import evidence_key
from chalicelib.adapters.recording import fragment_key
from chalicelib.domain.timeline import Entry
from chalicelib.settings import settings

NAMING = ("media.accepted", "recording.kept")
"""The kinds of entries that take a piece into the evidence."""

CHUNK_BYTES = 1024 * 1024
NOT_THERE = ("400", "404", "405", "NoSuchKey", "NoSuchVersion")
"""No such version; 400 where its name is none, 405 where it marks a deletion."""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One object that an incident's timeline names, with the version its record names; None once erased."""

    incident_id: str
    media_id: str = ""
    seq: int = 0
    key: str
    version: str | None
    sha256: str
    size_bytes: int


class Unrecorded(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that the timeline names and whose record is not beside it, or says another thing."""

    why: str


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What became of looking at one piece: whether it is there, and what is wrong with it."""

    there: bool
    faults: tuple[str, ...] = ()


def named_by(incident_id: str, entries: Sequence[Entry]) -> Iterator[Piece | Unrecorded]:
    """The pieces these entries took into the evidence, by their records on the tables that are read."""
    for entry in entries:
        if entry.kind == NAMING[0]:
            yield _file(incident_id, entry.details)
        elif entry.kind == NAMING[1]:
            yield _fragment(incident_id, entry.details)


def look_at(piece: Piece, *, whole: bool) -> Looked:
    """Ask the store for a piece; with `whole` read it and hash it."""
    named = {"Bucket": settings().evidence_bucket, "Key": piece.key, "VersionId": str(piece.version)}
    try:
        head = client("s3").head_object(**named, ChecksumMode="ENABLED")
    except ClientError as fault:
        if fault.response["Error"]["Code"] not in NOT_THERE:
            raise
        return Looked(there=False)
    faults = [f"{piece.key}: {why}" for why in _wrong(piece, head)]
    if whole and _sha256(named) != piece.sha256:
        faults.append(f"{piece.key}: its bytes are not those of the timeline")
    return Looked(there=True, faults=tuple(faults))


def was_erased(piece: Piece) -> bool:
    """Whether the tables that are read say that a piece was erased."""
    if piece.media_id:
        try:
            return uploads.get(piece.incident_id, piece.media_id).erased_at is not None
        except uploads.MediaNotFound:
            return False
    fragment = recording.get(piece.incident_id, piece.seq)
    return fragment is not None and fragment.erased_at is not None


def _file(incident_id: str, told: dict[str, Any]) -> Piece | Unrecorded:
    media_id = str(told["media_id"])
    try:
        media = uploads.get(incident_id, media_id)
    except uploads.MediaNotFound:
        return Unrecorded(why=f"the record of file {media_id} is missing")
    if media.sha256 != told["sha256"]:
        return Unrecorded(why=f"the record of file {media_id} is of another file")
    if media.evidence_version is None and media.erased_at is None:
        return Unrecorded(why=f"the record of file {media_id} names no version")
    return Piece(
        incident_id=incident_id,
        media_id=media_id,
        key=evidence_key(media),
        version=media.evidence_version,
        sha256=media.sha256,
        size_bytes=media.size_bytes,
    )


def _fragment(incident_id: str, told: dict[str, Any]) -> Piece | Unrecorded:
    seq = int(told["seq"])
    fragment = recording.get(incident_id, seq)
    if fragment is None:
        return Unrecorded(why=f"the record of fragment {seq} is missing")
    erased = fragment.erased_at is not None
    version_differs = fragment.evidence_version != told["evidence_version"] and not erased
    if fragment.sha256 != told["sha256"] or version_differs:
        return Unrecorded(why=f"the record of fragment {seq} is of another fragment")
    return Piece(
        incident_id=incident_id,
        seq=seq,
        key=fragment_key(incident_id, seq),
        version=None if erased else fragment.evidence_version,
        sha256=fragment.sha256,
        size_bytes=fragment.size_bytes,
    )


def _wrong(piece: Piece, head: dict[str, Any]) -> Iterator[str]:
    """What the store's own words about an object do not agree with."""
    if head["ContentLength"] != piece.size_bytes:
        yield f"{head['ContentLength']} bytes, not {piece.size_bytes}"
    if not head.get("ObjectLockMode") or not head.get("ObjectLockRetainUntilDate"):
        yield "no lock holds it"
    said = head.get("ChecksumSHA256")
    if said and head.get("ChecksumType") != "COMPOSITE" and _hex(said) != piece.sha256:
        yield "the store's checksum is another"


def _hex(checksum: str) -> str:
    return base64.b64decode(checksum).hex()


def _sha256(named: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for chunk in client("s3").get_object(**named)["Body"].iter_chunks(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()
