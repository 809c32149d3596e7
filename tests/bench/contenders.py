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

from chalicelib.adapters import citizens
from chalicelib.domain.asked import new_id
from tests.desk import INSIDE
from tests.machine import ROOT

PEERS = ROOT / "tests" / "bench" / "peers"
ENVIRONMENT = ROOT / "build" / "peers"
"""The peers' libraries, pinned in `tests/bench/peers/requirements.txt`."""

TOTALS = re.compile(r"^totals: (\d+)", re.MULTILINE)


class Entrant(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes part: a handler, where its module stands, and the Python it runs in."""

    name: str
    module: str
    handler: str = "handler"
    folder: Path = PEERS
    python: Path = ENVIRONMENT / "bin" / "python"


OWN = Entrant(name="instant110", module="app", handler="app", folder=ROOT, python=Path(sys.executable))
FLOOR = Entrant(name="bare handler, botocore", module="floor")
PEERS_ASKED = (
    Entrant(name="powertools resolver", module="resolver"),
    Entrant(name="FastAPI with Mangum", module="fast_api"),
)
ALL = (OWN, FLOOR, *PEERS_ASKED)


class Contender:
    """A running entrant."""

    def __init__(self, entrant: Entrant, event: Path, *, under: tuple[str, ...] = ()) -> None:
        # All of them write and take bytecode, whatever this environment says of it.
        kept = {name: one for name, one in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "PYTHONPATH": str(entrant.folder), "PYTHONHASHSEED": "0"}
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
    """Have each file one event, file it again, and file another body under its key; raises `Disagreed`."""
    said = [(contender.entrant.name, contender.ask("answer")) for contender in contenders]
    for name, answer in said:
        if answer["body"] != answer["again"] or answer["refused"] != 422:
            raise Disagreed(f"{name}: {answer}")
        if _alike(answer["body"]) != _alike(said[0][1]["body"]):
            raise Disagreed(f"{name} answers {answer['body']}, {said[0][0]} {said[0][1]['body']}")


def _alike(body: dict[str, Any]) -> dict[str, Any]:
    """The answer without what is another in each report."""
    return {name: one for name, one in body["incident"].items() if name not in ("id", "number", "created_at")}


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
    out = event.with_name(f"callgrind.{entrant.module}")
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
