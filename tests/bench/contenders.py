"""The contenders of the accept path, each in a process and an environment of its own."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.adapters import citizens
from chalicelib.adapters.aws import client
from chalicelib.domain.asked import new_id
from chalicelib.settings import settings
from tests.desk import INSIDE
from tests.machine import ROOT

PEERS = ROOT / "tests" / "bench" / "peers"
ENVIRONMENT = ROOT / "build" / "peers"
"""The peers' libraries, pinned in `tests/bench/peers/requirements.txt`."""

FILED = ("incident", "entry#00000001", "been#now")
"""The parts of an incident that stand with its first answer; where triggers run others follow."""

TOTALS = re.compile(r"^totals: (\d+)", re.MULTILINE)


class Entrant(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes part: a handler, where its module stands, and the Python it runs in.

    A `lean` one has what spares the service work outside its handler: its client of DynamoDB checks no
    parameters and has a short name, and garbage is looked for seldom.
    """

    name: str
    module: str
    handler: str = "handler"
    folder: Path = PEERS
    python: Path = ENVIRONMENT / "bin" / "python"
    lean: bool = False


OWN = Entrant(name="instant110", module="app", handler="app", folder=ROOT, python=Path(sys.executable))
FLOOR = Entrant(name="bare handler, botocore", module="floor", lean=True)
PEERS_ASKED = (
    Entrant(name="powertools resolver", module="resolver"),
    Entrant(name="FastAPI with Mangum", module="fast_api"),
)
"""As their documentation has them, with boto3's client as it comes."""

LEAN_PEERS = tuple(replace(one, name=f"{one.name}, lean", lean=True) for one in PEERS_ASKED)
AS_THEY_COME = (OWN, FLOOR, *PEERS_ASKED)
ALL = (*AS_THEY_COME, *LEAN_PEERS)


class Contender:
    """A running entrant."""

    def __init__(self, entrant: Entrant, event: Path, *, under: tuple[str, ...] = ()) -> None:
        # All of them write and take bytecode, whatever this environment says of it.
        kept = {name: one for name, one in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "PYTHONPATH": str(entrant.folder), "PYTHONHASHSEED": "0"}
        environment |= {"LEAN": "1"} if entrant.lean else {}
        self.entrant = entrant
        self._process = subprocess.Popen(
            [*under, entrant.python, PEERS / "contender.py", entrant.module, entrant.handler, event],
            cwd=entrant.folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, command: str, count: int = 1) -> Any:
        """One command and its answer; raises `EOFError` when the process ended instead."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command} {count}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise EOFError(f"{self.entrant.name} ended with {self._process.wait()}")
        return json.loads(line)

    def end(self) -> None:
        """Let it end by itself."""
        self._process.communicate()


class Disagreed(Exception):
    """The contenders do not do the same job."""


def must_agree(contenders: list[Contender]) -> None:
    """Have each file one event, file it again, and file another body under its key.

    Raises `Disagreed` when they answer differently, or store what has not the same fields.
    """
    said = [(contender.entrant.name, contender.ask("answer")) for contender in contenders]
    for name, answer in said:
        if answer["body"] != answer["again"] or answer["refused"] != 422:
            raise Disagreed(f"{name}: {answer}")
        for look in (_answered, _stored):
            if look(answer["body"]) != look(said[0][1]["body"]):
                raise Disagreed(f"{name}: {look(answer['body'])}\n{said[0][0]}: {look(said[0][1]['body'])}")


def _answered(body: dict[str, Any]) -> dict[str, Any]:
    """The answer without what is another in each report."""
    return {name: one for name, one in body["incident"].items() if name not in ("id", "number", "created_at")}


def _stored(body: dict[str, Any]) -> dict[str, Any]:
    """The attributes of each item that a filing stores, and the fields of each document in them."""
    found = client("dynamodb").query(
        TableName=settings().incidents_table,
        KeyConditionExpression="incident_id = :id",
        ExpressionAttributeValues={":id": {"S": body["incident"]["id"]}},
    )
    items = {item["part"]["S"]: item for item in found["Items"]}
    return {part: {name: _fields(one) for name, one in items[part].items()} for part in FILED}


def _fields(attribute: dict[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    return sorted(json.loads(value)) if kind == "S" and value.startswith("{") else kind


@contextmanager
def running(entrants: tuple[Entrant, ...], event: Path) -> Iterator[list[Contender]]:
    """All of them at once, each with its first report behind it."""
    with ExitStack() as open_ones:
        contenders = [Contender(entrant, event) for entrant in entrants]
        for contender in contenders:
            open_ones.callback(contender.end)
        yield contenders


def instructions(entrant: Entrant, event: Path, *, warm: int, counted: int) -> float | None:
    """Instructions of one report by callgrind; None where there is no valgrind."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return None
    out = event.with_name(f"callgrind.{entrant.module}.{entrant.lean}")
    under = (valgrind, "-q", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={out}")
    contender = Contender(entrant, event, under=under)
    contender.ask("wall", warm)
    contender.ask("instructions", counted)
    contender.end()
    total = TOTALS.search(out.read_text("utf-8"))
    return int(total[1]) / counted if total else None


def write_event(folder: Path) -> Path:
    """A report of a citizen who signed in, as API Gateway hands it to a function."""
    citizen = citizens.sign_in(f"openid-{new_id()}", now=datetime.now(UTC)).citizen
    citizens.set_phone(citizen.id, "+8613800000009", verified=True)
    target = folder / "event.json"
    target.write_text(json.dumps(report_event(citizen.id)), "utf-8")
    return target


def report_event(citizen_id: str) -> dict[str, Any]:
    """`POST /reports/photo-text` of that citizen, an event of a REST API (payload format 1.0)."""
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    body = {"text": "路口有人受伤，需要救护车", "position": {**INSIDE, "at": at}}
    headers = {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "Host": "110.example",
        "Idempotency-Key": "",
    }
    path = "/reports/photo-text"
    return {
        "resource": path,
        "path": path,
        "httpMethod": "POST",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "resourceId": "a1b2c3",
            "resourcePath": path,
            "httpMethod": "POST",
            "path": f"/v1{path}",
            "accountId": "000000000000",
            "protocol": "HTTP/1.1",
            "stage": "v1",
            "domainName": "110.example",
            "requestId": "00000000-0000-0000-0000-000000000000",
            "requestTime": "22/Nov/2026:23:00:00 +0000",
            "requestTimeEpoch": 1795388400000,
            "identity": {"sourceIp": "192.0.2.1", "userAgent": "bench"},
            "authorizer": {"principalId": citizen_id, "integrationLatency": 1},
            "apiId": "0123456789",
        },
        "body": json.dumps(body, ensure_ascii=False),
        "isBase64Encoded": False,
    }
