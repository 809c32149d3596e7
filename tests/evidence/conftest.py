"""One incident with everything an incident can have, exported once; each test gets a copy of its own."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from chalicelib.adapters import digests
from infra.export_evidence import Exported, Service, export
from tests.desk import INSIDE, a_citizen, a_report, a_seat, record, work
from tests.digesting import digest_a_day
from tests.machine import Machine, StaffClient, done, eventually
from tests.media import ask_upload, picture, send, video
from tests.recording import a_piece, put_piece

FRAGMENTS = 4


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """An exported incident: where the copy is, the digests that others hold, and what was told of it."""

    incident_id: str
    folder: Path
    trusted: Path
    exported: Exported


@pytest.fixture(scope="session")
def owner(machine: Machine) -> StaffClient:
    """The call-taker of the exported incident."""
    return a_seat(machine)


@pytest.fixture(scope="session")
def worked(inside: Machine, owner: StaffClient) -> str:
    """An incident with files, recording, a track and words, closed; digests of two days name it."""
    citizen = a_citizen(inside)
    incident_id = a_report(citizen, text="有人在路口打架，一人受伤 1e-7 “引号”")
    work(owner, incident_id, "answer")
    for file in (picture(seed=1), picture("PNG", seed=2), video()):
        assert send(ask_upload(citizen, incident_id, file), file.content).status_code == 201
    for seq in range(1, FRAGMENTS + 1):
        done(put_piece(owner, incident_id, seq, *a_piece(seq)))
    at = datetime.now(UTC).isoformat()
    done(citizen.post(f"/reports/{incident_id}/positions", {"points": [{**INSIDE, "at": at}]}))
    eventually(lambda: record(owner, incident_id)["incident"]["photos"] == 2)
    eventually(lambda: record(owner, incident_id)["incident"]["videos"] == 1)
    digest_a_day(incident_id)
    work(owner, incident_id, "close", {"disposition": "resolved"})
    digest_a_day(incident_id)
    return incident_id


@pytest.fixture(scope="session")
def material(
    inside: Machine, owner: StaffClient, worked: str, tmp_path_factory: pytest.TempPathFactory
) -> Material:
    """The export, and the digests as one who never saw the service's copy fetched them."""
    place = tmp_path_factory.mktemp("export")
    service = Service(inside.url, str(owner.session.headers["Authorization"]))
    later = datetime.now(UTC) + timedelta(days=3650)
    exported = export(service, worked, place / "copy", by=owner.username, now=later)
    trusted = place / "trusted"
    trusted.mkdir()
    for written in digests.naming(worked):
        stored = inside.client("s3").get_object(
            Bucket=inside.outputs()["EvidenceBucket"],
            Key=digests.digest_key(written.day),
            VersionId=written.version,
        )
        (trusted / f"{written.day}.json").write_bytes(stored["Body"].read())
    return Material(incident_id=worked, folder=place / "copy", trusted=trusted, exported=exported)


@pytest.fixture
def copy(material: Material, tmp_path: Path) -> Path:
    """The exported folder, a test's own."""
    return Path(shutil.copytree(material.folder, tmp_path / "copy"))
