"""The local machine as tests use it: a real process, real clients, and waiting for what comes true later."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import boto3
import requests

ROOT = Path(__file__).resolve().parents[1]
START_WITHIN_SECONDS = 15

PATIENCE = 8
"""How many times as long as on a quiet machine a thing may take: a limit finds what hangs, not the slow."""

NOTES = "INSTANT110_NOTES"
"""The variable that names the folder in which a run of all tests gathers what its machines noted."""

GRANTS_NAME = "aws_grants.txt"
_directories: set[Path] = set()

T = TypeVar("T")


def eventually(ask: Callable[[], T], *, within_seconds: float = 5.0) -> T:
    """Return the first truthy answer of `ask`; fail with its last answer or assertion when time is up.

    `within_seconds` is ample on a quiet machine; a busy one gets `PATIENCE` times as long.
    """
    deadline = time.monotonic() + within_seconds * PATIENCE
    while True:
        try:
            answer = ask()
            if answer:
                return answer
            fault: Exception = AssertionError(f"not within {within_seconds * PATIENCE} s: {answer!r}")
        except (AssertionError, LookupError, requests.RequestException) as error:
            fault = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_seconds * PATIENCE} s: {fault}") from fault
        time.sleep(0.05)


class HttpClient:
    """Requests against one address with the headers of whoever signed in."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update(headers or {})

    def ask(
        self, method: str, path: str, json: Any = None, *, key: str | None = None, **options: Any
    ) -> requests.Response:
        """Send one request; `key` is its idempotency key."""
        headers = {**options.pop("headers", {}), **({"Idempotency-Key": key} if key else {})}
        options.setdefault("timeout", 30)
        return self.session.request(method, self.url + path, json=json, headers=headers, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> requests.Response:
        return self.ask("POST", path, json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> requests.Response:
        return self.ask("PUT", path, json, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> requests.Response:
        return self.ask("PATCH", path, json, **options)

    def delete(self, path: str, **options: Any) -> requests.Response:
        return self.ask("DELETE", path, **options)


class CitizenClient(HttpClient):
    """A signed-in citizen. `citizen` and `token` are as the sign-in answered."""

    def __init__(self, url: str, name: str, *, phone: str | None) -> None:
        super().__init__(url)
        self.openid = f"openid-{name}"
        signed_in = done(self.post("/session", {"code": once(f"login-{name}")}))
        self.token: str = signed_in["token"]
        self.citizen: dict[str, Any] = signed_in["citizen"]
        self.session.headers["Authorization"] = f"Bearer {self.token}"
        if phone:
            self.citizen = done(self.post("/session/phone", {"code": once(f"phone-{phone}")}))["citizen"]


class StaffClient(HttpClient):
    """A signed-in member of staff."""

    def __init__(self, url: str, account: dict[str, Any]) -> None:
        super().__init__(url)
        self.account = account
        self.username: str = account["username"]
        credentials = {name: account[name] for name in ("username", "password")}
        self.tokens: dict[str, Any] = done(self.post("/console/session", credentials))
        self.session.headers["Authorization"] = self.tokens["id_token"]


class Machine:
    """A machine that is up, whoever started it."""

    def __init__(self, ready: dict[str, Any], *, log: Path | None = None) -> None:
        self.ready = ready
        self.url: str = ready["url"]
        self.aws_endpoint: str = ready["aws_endpoint"]
        self.wechat_endpoint: str = ready["wechat_endpoint"]
        self.kvs_endpoint: str = ready["kvs_endpoint"]
        self.accounts: list[dict[str, Any]] = ready["accounts"]
        self.log = log
        self._clients: dict[str, Any] = {}

    def anyone(self) -> HttpClient:
        """A client that has not signed in."""
        return HttpClient(self.url)

    def citizen(self, name: str, *, phone: str | None = None) -> CitizenClient:
        """Sign in as the citizen of that name, the same one each time; verify the phone if one is given."""
        return CitizenClient(self.url, name, phone=phone)

    def staff(self, username: str) -> StaffClient:
        """Sign in as one of the demonstration's accounts."""
        return StaffClient(self.url, next(one for one in self.accounts if one["username"] == username))

    def texts(self, phone: str | None = None) -> list[dict[str, Any]]:
        """The texts sent, to one number or to all: `{PhoneNumber, Message, …}`, oldest first for a number."""
        answer = HttpClient(self.aws_endpoint).get("/_ministack/sns/sms-messages")
        by_phone: dict[str, list[dict[str, Any]]] = done(answer)["sms_messages"]
        return [text for number, texts in by_phone.items() for text in texts if phone in (None, number)]

    def client(self, service: str) -> Any:
        """A boto3 client of the machine's AWS."""
        if service not in self._clients:
            session = boto3.Session("test", "test", region_name="ap-southeast-1")
            client = session.client(service, endpoint_url=self.aws_endpoint)  # type: ignore[call-overload]
            self._clients[service] = client
        return self._clients[service]

    def outputs(self) -> dict[str, str]:
        """The outputs of the machine's stack, named as in the template."""
        stack = self.client("cloudformation").describe_stacks(StackName="instant110-local")["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def log_tail(self, lines: int = 60) -> str:
        """The end of what the machine printed, where this process can know it."""
        if self.log is None or not self.log.exists():
            return "(started elsewhere)"
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])


class OwnMachine(Machine):
    """A machine of this test's own: started in a directory, stopped, and started again on the same one."""

    def __init__(self, directory: Path, *, port: int = 0, environment: dict[str, str] | None = None) -> None:
        self.directory = directory
        keeps(directory)
        self._environment = {**os.environ, **(environment or {}), "STATE": str(directory), "PORT": str(port)}
        self.process: subprocess.Popen[bytes] | None = None
        self.started_in_seconds = 0.0
        self.log = directory / "terminal.log"

    def start(self) -> "OwnMachine":
        """Start it and wait until it is ready; the time it took is `started_in_seconds`."""
        self.directory.mkdir(parents=True, exist_ok=True)
        # One that was killed had no time to take it away.
        (self.directory / "ready.json").unlink(missing_ok=True)
        began_at = time.monotonic()
        with (self.directory / "terminal.log").open("ab") as terminal:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infra.local"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=terminal,
                stderr=terminal,
                start_new_session=True,
            )
        try:
            ready = eventually(self._ready, within_seconds=START_WITHIN_SECONDS)
        except BaseException:
            self.stop()
            raise
        self.started_in_seconds = time.monotonic() - began_at
        super().__init__(ready, log=self.directory / "terminal.log")
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop it with a signal to its process alone; return its exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(20 * PATIENCE)
        must_not_scan(self.directory)
        return code

    def _ready(self) -> Any:
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError(f"the machine ended at once:\n{self.log_tail()}")
        document = self.directory / "ready.json"
        return json.loads(document.read_text("utf-8")) if document.exists() else None


def keeps(directory: Path) -> None:
    """Remember where a machine of this session keeps its state."""
    _directories.add(directory)


def noted_grants() -> set[str]:
    """What the functions of this session's machines needed to be granted so far, line by line."""
    return _lines_of([directory / GRANTS_NAME for directory in _directories])


def gather_notes() -> None:
    """Add what was noted to what other parts of a run of all tests noted; nothing in any other run."""
    if folder := os.environ.get(NOTES):
        (Path(folder) / f"{os.getpid()}.txt").write_text("\n".join(sorted(noted_grants())))


def gathered_notes() -> set[str]:
    """What all parts of a run of all tests noted; nothing in any other run."""
    folder = os.environ.get(NOTES)
    return _lines_of(Path(folder).glob("*.txt")) if folder else set()


def _lines_of(files: Iterable[Path]) -> set[str]:
    return {line for file in files if file.exists() for line in file.read_text("utf-8").splitlines()}


def must_not_scan(directory: Path) -> None:
    """Fail if the machine of this directory, or a test's process, ever asked DynamoDB to read a whole table.

    The calls are watched at botocore, so a library that scans by itself is seen too.
    """
    operations = directory / "aws_operations.txt"
    asked = operations.read_text("utf-8").split() if operations.exists() else []
    assert "dynamodb:Scan" not in asked, "a Scan was asked for: its cost grows with all that was ever stored"


def once(code: str) -> str:
    """Make a WeChat code that was never used: what follows `#` means nothing but makes it another code."""
    return f"{code}#{uuid.uuid4().hex}"


def done(answer: requests.Response) -> Any:
    """Return the JSON of an answer that must be a success."""
    assert answer.ok, f"{answer.request.method} {answer.request.path_url}: {answer.status_code} {answer.text}"
    return answer.json()
