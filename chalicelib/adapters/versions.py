"""The stored versions of an incident's objects: put under the lock's legal hold, let go, removed for good.

Removing takes every version of a key, also one that a crash left unnamed; hiding one behind a delete marker
would erase nothing.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from chalicelib.adapters.aws import client
from chalicelib.settings import settings

MEDIA, RECORDING, INTAKE = "media", "recording", "intake"
PAGE = 1000
"""As many as one request lists and as one removes (DeleteObjects)."""


HELD = 200
"""How many versions are held before that is written down: S3 takes one a request; a call has thousands."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where in an incident's versions to go on."""

    folder: str
    key: str = ""
    version: str = ""


class VersionLocked(Exception):
    """The lock of the evidence bucket still holds a version, or a legal hold does."""


def hold(incident_id: str, *, on: bool, after: Place | None) -> tuple[int, Place | None]:
    """Set the legal hold of a page of versions; how many, and where to go on. Safe to repeat."""
    place = after or Place(folder=MEDIA)
    markers = {"KeyMarker": place.key, "VersionIdMarker": place.version} if place.key else {}
    page = client("s3").list_object_versions(
        Bucket=_bucket(place.folder), Prefix=f"{place.folder}/{incident_id}/", MaxKeys=HELD, **markers
    )
    listed = page.get("Versions", [])
    for one in listed:
        client("s3").put_object_legal_hold(
            Bucket=_bucket(place.folder),
            Key=one["Key"],
            VersionId=one["VersionId"],
            LegalHold={"Status": "ON" if on else "OFF"},
        )
    if page.get("IsTruncated"):
        key, version = page["NextKeyMarker"], page["NextVersionIdMarker"]
        return len(listed), Place(folder=place.folder, key=key, version=version)
    return len(listed), Place(folder=RECORDING) if place.folder == MEDIA else None


def remove(folder: str, incident_id: str, *, before_its_time: bool) -> int:
    """Remove every version of one folder of an incident; how many there were. Safe to repeat.

    Raises `VersionLocked` for what is locked. `before_its_time` overrides the lock's governance mode, for
    which the function needs a permission of its own, and never a legal hold.
    """
    removed = 0
    for page in _pages(folder, incident_id, markers=True):
        overrides = before_its_time and folder != INTAKE  # The intake bucket has no lock.
        options: dict[str, Any] = {"BypassGovernanceRetention": True} if overrides else {}
        answer = client("s3").delete_objects(
            Bucket=_bucket(folder), Delete={"Objects": page, "Quiet": True}, **options
        )
        if errors := answer.get("Errors"):
            raise _fault(errors[0])
        removed += len(page)
    return removed


def _fault(error: dict[str, Any]) -> Exception:
    if error["Code"] == "AccessDenied":
        return VersionLocked("a version is locked")
    return ClientError({"Error": {"Code": error["Code"], "Message": ""}}, "DeleteObjects")


def _pages(folder: str, incident_id: str, *, markers: bool = False) -> Iterator[list[dict[str, str]]]:
    pages = (
        client("s3")
        .get_paginator("list_object_versions")
        .paginate(
            Bucket=_bucket(folder), Prefix=f"{folder}/{incident_id}/", PaginationConfig={"PageSize": PAGE}
        )
    )
    for page in pages:
        listed = [*page.get("Versions", []), *(page.get("DeleteMarkers", []) if markers else [])]
        if listed:
            yield [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in listed]


def _bucket(folder: str) -> str:
    return settings().intake_bucket if folder == INTAKE else settings().evidence_bucket
