"""Writes the evidence of one incident into a folder that proves itself.

    python -m infra.export_evidence --url URL --user NAME --incident ID --to FOLDER

It reads through the service like any console, so the look and the copy are on the incident's record. The
password is asked for, or taken from INSTANT110_PASSWORD. What is written: `manifest.json` and its seal, the
timeline and its personal values, files, recording, track, the daily digests that name the incident, a list to
print and sign, and the verifier, which needs nothing but Python.
"""

import argparse
import getpass
import hashlib
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import requests

from chalicelib.domain.canonical import canonical
from chalicelib.domain.digests import day_of
from infra import verify_evidence
from infra.extraction_list import write_list

FORMAT = "instant110-evidence-1"
SECTIONS = ("timeline", "media", "recording", "positions", "looks", "digests")
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic"} | {
    "image/heif": "heif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
}
PATIENCE_SECONDS = 60
CHUNK_BYTES = 1 << 20

JSON = dict[str, Any]


class ExportFailed(Exception):
    """The evidence could not be written whole; what the folder holds is not to be used."""


class Service:
    """The service as a signed-in member of staff reads it."""

    def __init__(self, url: str, id_token: str) -> None:
        self.url = url.rstrip("/")
        self.session = requests.Session()
        self.headers = {"Authorization": id_token}

    def evidence(self, incident_id: str) -> JSON:
        """The whole manifest: its pages joined."""
        path, cursor = f"/console/incidents/{incident_id}/evidence", None
        whole: JSON = {}
        while True:
            page = self._ask("GET", path, params={"cursor": cursor} if cursor else {})
            whole = whole or {**page, **{name: [] for name in SECTIONS}}
            for name in SECTIONS:
                whole[name] += page[name]
            cursor = page["cursor"]
            if cursor is None:
                return whole

    def note_copy(self, incident_id: str, *, manifest_sha256: str, count: int) -> int:
        """Have the service put on record that this copy was taken; the number of the entry."""
        body = {"manifest_sha256": manifest_sha256, "count": count}
        path = f"/console/incidents/{incident_id}/evidence/copies"
        key = {"Idempotency-Key": manifest_sha256}
        seq: int = self._ask("POST", path, json=body, headers={**self.headers, **key})["seq"]
        return seq

    def fetch(self, url: str, to: Path) -> None:
        """Store what stands at a signed address."""
        to.parent.mkdir(parents=True, exist_ok=True)
        with self.session.get(url, stream=True, timeout=PATIENCE_SECONDS) as answer, to.open("wb") as file:
            if not answer.ok:
                raise ExportFailed(f"{to.name}: {answer.status_code}")
            for chunk in answer.iter_content(CHUNK_BYTES):
                file.write(chunk)

    def _ask(self, method: str, path: str, **options: Any) -> JSON:
        options = {"headers": self.headers, "timeout": PATIENCE_SECONDS, **options}
        answer = self.session.request(method, self.url + path, **options)
        if not answer.ok:
            raise ExportFailed(f"{method} {path}: {answer.status_code} {answer.text}")
        read: JSON = msgspec.json.decode(answer.content)
        return read


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that was written: the hash of its manifest, and the entry that tells of it."""

    manifest_sha256: str
    entry: int


def export(service: Service, incident_id: str, folder: Path, *, by: str, now: datetime) -> Exported:
    """Write an incident's evidence into a new folder; raises `ExportFailed`, and FileExistsError."""
    folder.mkdir(parents=True)
    found = service.evidence(incident_id)
    media, recording = _files_of(found), _fragments_of(found)
    _write_texts(folder, found)
    for one in [*media, *recording, *found["digests"]]:
        _keep(service, folder, one)
    head = {"format": FORMAT, "exported_at": now, "day": day_of(now), "exported_by": by}
    told = {**head, **{name: found[name] for name in ("incident", "count", "head")}}
    manifest = {**told, "media": list(map(_told, media)), "recording": list(map(_told, recording))}
    manifest["digests"] = [{"day": one["day"], "sha256": one["sha256"]} for one in found["digests"]]
    shutil.copyfile(verify_evidence.__file__, folder / "verify_evidence.py")
    entries = [one["entry"] for one in found["timeline"]]
    (folder / "提取清单.html").write_text(write_list(manifest, entries, found["looks"]), "utf-8")
    manifest_sha256 = _seal(folder, manifest)
    entry = service.note_copy(incident_id, manifest_sha256=manifest_sha256, count=found["count"])
    return Exported(manifest_sha256=manifest_sha256, entry=entry)


def _files_of(found: JSON) -> list[JSON]:
    """The files that the timeline took, each with where it will stand; None for one that was erased."""
    taken = {one["media_id"] for one in _details(found, "media.accepted")}
    return [{**one, "path": _file_path(one)} for one in found["media"] if one["media_id"] in taken]


def _file_path(one: JSON) -> str | None:
    ending = ENDINGS.get(one["content_type"], "bin")
    return f"media/{one['media_id']}.{ending}" if one["url"] else None


def _fragments_of(found: JSON) -> list[JSON]:
    """The fragments that the timeline has, each with where it will stand."""
    kept = {one["seq"] for one in _details(found, "recording.kept")}
    return [
        {**one, "path": f"recording/{one['seq']:06d}.mkv" if one["url"] else None}
        for one in found["recording"]
        if one["seq"] in kept
    ]


def _details(found: JSON, kind: str) -> list[JSON]:
    return [one["entry"]["details"] for one in found["timeline"] if one["entry"]["kind"] == kind]


def _write_texts(folder: Path, found: JSON) -> None:
    """The timeline, its personal values, the track and the looks, a line of canonical JSON each."""
    personal = [
        {"seq": one["entry"]["seq"], "name": name, **value}
        for one in found["timeline"]
        for name, value in sorted(one["personal"].items())
    ]
    points = {point["at"]: point for point in found["positions"]}
    _write_lines(folder / "timeline.jsonl", [one["entry"] for one in found["timeline"]])
    _write_lines(folder / "personal.jsonl", personal)
    _write_lines(folder / "positions.jsonl", [points[at] for at in sorted(points)])
    _write_lines(folder / "looks.jsonl", found["looks"])


def _write_lines(file: Path, rows: list[JSON]) -> None:
    file.write_bytes(b"".join(canonical(row) + b"\n" for row in rows))


def _keep(service: Service, folder: Path, one: JSON) -> None:
    """Store one file or digest; what came must be what the service says of it."""
    path = f"digests/{one['day']}.json" if "day" in one else one["path"]
    if path is None:
        return
    service.fetch(one["url"], folder / path)
    if _sha256(folder / path) != one["sha256"]:
        raise ExportFailed(f"{path} is not what the record says")


def _told(one: JSON) -> JSON:
    return {name: value for name, value in one.items() if name != "url"}


def _seal(folder: Path, manifest: JSON) -> str:
    """Write the manifest with every file of the folder on it, and its seal; the manifest's SHA-256."""
    files = [
        {
            "path": file.relative_to(folder).as_posix(),
            "size_bytes": file.stat().st_size,
            "sha256": _sha256(file),
        }
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    ]
    content = canonical({**manifest, "files": files}) + b"\n"
    (folder / verify_evidence.MANIFEST).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    (folder / verify_evidence.SEAL).write_text(f"{digest}  {verify_evidence.MANIFEST}\n", "utf-8")
    return digest


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def sign_in(url: str, username: str, password: str) -> str:
    """The ID token of a member of staff; asks for the code of her authenticator where she has one."""
    body = {"username": username, "password": password}
    answer = _session(url, body)
    if answer.get("challenge") == "mfa":
        code = input("验证码 / code: ")
        answer = _session(url, {"username": username, "session": answer["session"], "mfa_code": code})
    if not answer.get("id_token"):
        raise ExportFailed(f"not signed in: {answer.get('challenge')}")
    token: str = answer["id_token"]
    return token


def _session(url: str, body: JSON) -> JSON:
    answer = requests.post(f"{url.rstrip('/')}/console/session", json=body, timeout=PATIENCE_SECONDS)
    if not answer.ok:
        raise ExportFailed(f"not signed in: {answer.status_code}")
    read: JSON = answer.json()
    return read


def main() -> int:
    """Export and say where the copy is, and by which hash it is on record."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("url", "user", "incident", "to"):
        parser.add_argument(f"--{name}", required=True)
    asked = parser.parse_args()
    password = os.environ.get("INSTANT110_PASSWORD") or getpass.getpass("密码 / password: ")
    try:
        service = Service(asked.url, sign_in(asked.url, asked.user, password))
        now = datetime.now(UTC)
        exported = export(service, asked.incident, Path(asked.to), by=asked.user, now=now)
    except (ExportFailed, FileExistsError, requests.RequestException) as fault:
        print(f"导出失败 / not exported: {fault}", file=sys.stderr)
        return 1
    print(f"已导出 / exported: {asked.to}")
    print(f"清单 SHA-256 / manifest: {exported.manifest_sha256}（时间线第 {exported.entry} 条 / entry）")
    return 0


if __name__ == "__main__":
    sys.exit(main())
