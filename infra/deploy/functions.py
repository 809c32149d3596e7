"""`chalice deploy`, and the memory of what it made, which outlives the machine that ran it.

Chalice knows what it made by one file, `deployed/<stage>.json`; without it the next deploy makes a second
API. The file is fetched from the stack's versioned bucket before and put back after, and where it is missing
although the functions are there, the deploy is refused. Each build is kept beside it, to go back to.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from infra.deploy.stage import DeployRefused

APP = "instant110"
NOT_KEPT = ("deployed", "deployments")
"""What Chalice writes below `.chalice` as it goes: its memory and its package."""


class Deployed:
    """The memory of one stage, in the stack's bucket."""

    def __init__(self, bucket: str, stage: str) -> None:
        self._s3: Any = boto3.client("s3")
        self._bucket = bucket
        self._stage = stage
        self._key = f"deployed/{stage}.json"

    def fetch(self) -> dict[str, Any] | None:
        """What Chalice made so far, or None before the first deploy."""
        try:
            stored = self._s3.get_object(Bucket=self._bucket, Key=self._key)
        except self._s3.exceptions.NoSuchKey:
            return None
        known: dict[str, Any] = json.loads(stored["Body"].read())
        return known

    def known(self) -> dict[str, Any] | None:
        """As `fetch`; raises `DeployRefused` when the memory was lost and what it remembers is there."""
        known = self.fetch()
        if known is None and _function_there(f"{APP}-{self._stage}"):
            raise DeployRefused(
                f"the functions of {self._stage} are there, but s3://{self._bucket}/{self._key} is not; "
                "another deploy would make a second API. Bring back a version of that object first"
            )
        return known

    def keep(self, folder: Path) -> None:
        """Store what Chalice wrote in the build's folder; the bucket keeps the versions before."""
        content = (folder / ".chalice" / self._key).read_bytes()
        self._s3.put_object(Bucket=self._bucket, Key=self._key, Body=content)

    def place(self, folder: Path) -> None:
        """Put the memory where Chalice looks for it; raises `DeployRefused` when it was lost."""
        known = self.known()
        if known is None:
            return
        path = folder / ".chalice" / self._key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(known))

    def forget(self) -> None:
        """After the functions are gone; the versions before stay in the bucket."""
        self._s3.delete_object(Bucket=self._bucket, Key=self._key)

    def keep_release(self, folder: Path) -> str:
        """Keep the build, so that it can be deployed again; its name sorts by time."""
        name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        with tempfile.TemporaryFile() as packed:
            _pack(folder, packed)
            packed.seek(0)
            self._s3.upload_fileobj(packed, self._bucket, self._release_key(name))
        return name

    def releases(self) -> list[str]:
        """The releases' names, oldest first."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._release_key("").removesuffix(".zip")
        )
        keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
        return sorted(Path(key).stem for key in keys)

    def fetch_release(self, name: str, folder: Path) -> Path:
        """Unpack a release into an empty folder; raises `DeployRefused` for an unknown one."""
        if name not in self.releases():
            raise DeployRefused(f"no release {name}; there are {', '.join(self.releases()) or 'none'}")
        folder.mkdir(parents=True)
        with tempfile.TemporaryFile() as packed:
            self._s3.download_fileobj(self._bucket, self._release_key(name), packed)
            with zipfile.ZipFile(packed) as archive:
                archive.extractall(folder)
        return folder

    def _release_key(self, name: str) -> str:
        return f"releases/{self._stage}/{name}.zip"


def run_chalice(verb: str, folder: Path, stage: str, *arguments: str, region: str) -> str:
    """Run one of Chalice's commands on a build; its own words. Raises `DeployRefused` with them."""
    program = Path(sys.executable).parent / "chalice"
    done = subprocess.run(
        [str(program), "--project-dir", str(folder), verb, "--stage", stage, *arguments],
        env={**os.environ, "PYTHONPATH": "", "AWS_DEFAULT_REGION": region},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DeployRefused(f"chalice {verb}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _pack(folder: Path, target: Any) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and not (inside.parts[0] == ".chalice" and inside.parts[1] in NOT_KEPT):
                archive.write(path, inside)


def _function_there(name: str) -> bool:
    try:
        boto3.client("lambda").get_function(FunctionName=name)
    except ClientError as fault:
        if fault.response["Error"]["Code"] == "ResourceNotFoundException":
            return False
        raise
    return True
