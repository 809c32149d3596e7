"""A service of a test's own whose AWS goes on when its gateway is killed, as Amazon's does."""

import signal
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from chalicelib.adapters.tokens import ALGORITHM, ISSUER
from infra.local.aws import LocalAws, start_aws
from infra.local.state import State
from tests.machine import ROOT, Machine, OwnMachine


@pytest.fixture(scope="session")
def standing_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS that belongs to these tests and not to a machine."""
    state = State(directory=tmp_path_factory.mktemp("aws"))
    with state.held() as lock:
        aws = start_aws(state, root=ROOT, lock=lock)
        yield aws
        # Nobody wants what it holds, and to write that takes a while.
        aws.stop(within_seconds=0)


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory, standing_aws: LocalAws) -> Iterator[OwnMachine]:
    """Gateway and triggers as one process on that AWS, at an address that stays.

    Commanders are not texted: thousands of reports that nobody answers would be thousands of texts.
    """
    patience = {"ALERT_LIVE_SECONDS": "86400", "ALERT_PICTURES_SECONDS": "86400"}
    environment = {"LOCAL_AWS": standing_aws.endpoint, **patience}
    machine = OwnMachine(tmp_path_factory.mktemp("own"), port=_free_port(), environment=environment)
    try:
        yield machine.start()
    finally:
        machine.stop(signal.SIGKILL)


def resident_mb(machine: OwnMachine) -> float:
    """The memory of the process that is gateway and triggers, megabytes resident (Linux)."""
    assert machine.process is not None
    status = Path(f"/proc/{machine.process.pid}/status").read_text("ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def crowd_of(machine: Machine, count: int) -> list[dict[str, str]]:
    """That many citizens who signed in before, by the header that each of them sends.

    Their records are put in: ten thousand sign-ins would take longer than what they are for.
    """
    parameter = {"Name": "/instant110/local/citizen-secret", "WithDecryption": True}
    secret = machine.client("ssm").get_parameter(**parameter)["Parameter"]["Value"]
    at = datetime.now(UTC)
    citizens = [f"{number:026d}".translate(str.maketrans("0189", "abcd")) for number in range(count)]
    _put_in(machine, citizens, at)
    return [{"Authorization": _token(one, secret, at)} for one in citizens]


def _token(citizen_id: str, secret: str, at: datetime) -> str:
    claims = {"iss": ISSUER, "sub": citizen_id, "iat": at, "exp": at + timedelta(days=1)}
    return f"Bearer {jwt.encode(claims, secret, algorithm=ALGORITHM)}"


def _put_in(machine: Machine, citizens: list[str], at: datetime) -> None:
    table, dynamodb = machine.outputs()["CitizensTable"], machine.client("dynamodb")
    items = [{"citizen_id": one, "openid": f"openid-{one}", "since": at.isoformat()} for one in citizens]
    for start in range(0, len(items), 25):
        puts = [
            {"PutRequest": {"Item": {name: {"S": value} for name, value in item.items()}}}
            for item in items[start : start + 25]
        ]
        assert dynamodb.batch_write_item(RequestItems={table: puts})["UnprocessedItems"] == {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
