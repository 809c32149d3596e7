"""The stored versions of an incident's objects: put under the lock's legal hold, let go, removed for good.

Removing takes every version of a key, also one that a crash left unnamed; hiding one behind a delete marker
would erase nothing.
"""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import client
from chalicelib.settings import settings

MEDIA, RECORDING, INTAKE = "media", "recording", "intake"
PAGE = 1000
"""As many as one request lists and as one removes (DeleteObjects)."""


class VersionLocked(Exception):
    """The lock of the evidence bucket still holds a version, or a legal hold does."""


def hold(incident_id: str, *, on: bool) -> int:
    """Set the legal hold of every version of an incident's evidence; how many. Safe to repeat."""
    versions = [one for folder in (MEDIA, RECORDING) for page in _pages(folder, incident_id) for one in page]
    for one in versions:
        client("s3").put_object_legal_hold(
            Bucket=_bucket(MEDIA), **one, LegalHold={"Status": "ON" if on else "OFF"}
        )
    return len(versions)


def remove(folder: str, incident_id: str, *, before_its_time: bool) -> int:
    """Remove every version of one folder of an incident; how many there were. Safe to repeat.

    Raises `VersionLocked` for what is locked. `before_its_time` overrides the lock's governance mode, for
    which the function needs a permission of its own, and never a legal hold.
    """
    removed = 0
    for page in _pages(folder, incident_id, markers=True):
        options: dict[str, Any] = {"BypassGovernanceRetention": True} if before_its_time else {}
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
