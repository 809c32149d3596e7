"""The local AWS: one ministack process on loopback that keeps its state.

It runs in a session of its own, so that Ctrl-C in the terminal does not reach it before the gateway
and the triggers have finished with it. Where LOCAL_AWS names one that is up, that is used and left as it is,
as AWS goes on when one of our processes dies.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local.state import State

REGION = "ap-southeast-1"
# The functions hold a role's session, as on Lambda. The secret opens nothing beyond this machine, and it
# occurs nowhere by chance, so that it can be looked for where it must not be.
ACCESS_KEY = "ASIAINSTANT110LOCAL"
SECRET_KEY = "local/only+7Qm2hX9cVtR4kZbN1wYp8sLdJfGuAe6"  # noqa: S105
SESSION_TOKEN = "local/session+3Tn5rBq8Kx1mWv7Zc2Hy6Lp9Jd4Fs0Ga=="  # noqa: S105
PORT_NAME = "aws-port.json"
START_WITHIN_SECONDS = 60
_PR_SET_PDEATHSIG = 1


class AwsUnavailable(Exception):
    """The local AWS did not come up, or went away."""


@dataclass(frozen=True, kw_only=True)
class LocalAws:
    """A running ministack; without a `process` it is somebody else's to stop."""

    process: subprocess.Popen[bytes] | None
    endpoint: str

    @property
    def runs(self) -> bool:
        return self.process is None or self.process.poll() is None

    def stop(self, *, within_seconds: float) -> None:
        """Ask it to write its state and end; kill it only when it does not."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(within_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_aws(state: State, *, root: Path, lock: int) -> LocalAws:
    """Start ministack from `.venv-aws` and wait until it answers.

    It inherits `lock`, which holds the state. Raises `AwsUnavailable` with the place of its log.
    """
    if standing := os.environ.get("LOCAL_AWS"):
        return LocalAws(process=None, endpoint=standing)
    port = _port(state)
    data = state.directory / "aws"
    (data / "tmp").mkdir(parents=True, exist_ok=True)
    with (data / "ministack.log").open("ab") as log:
        process = subprocess.Popen(
            [root / ".venv-aws" / "bin" / "python", "-m", "ministack"],
            env=_environment(data, port=port, inherited=os.environ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=[lock],
            preexec_fn=_end_with_parent,  # noqa: PLW1509
        )
    aws = LocalAws(process=process, endpoint=f"http://127.0.0.1:{port}")
    _wait_until_ready(aws, log=data / "ministack.log")
    state.write(PORT_NAME, port)
    return aws


def _environment(data: Path, *, port: int, inherited: Mapping[str, str]) -> dict[str, str]:
    kept = {name: inherited[name] for name in ("PATH", "HOME", "LANG") if name in inherited}
    return kept | {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": SESSION_TOKEN,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(data / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(data / "s3"),
        "TMPDIR": str(data / "tmp"),
        "LOG_LEVEL": "WARNING",
        # Listeners and lookups that nothing here uses.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": f"unix://{data}/no-docker",
        "PYTHONUNBUFFERED": "1",
    }


def _end_with_parent() -> None:
    """Have Linux end ministack in order when this machine itself is killed."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _port(state: State) -> int:
    """The port of the last run when it is free, so that queue addresses stay the same, else any."""
    remembered = state.read(PORT_NAME, default=0)
    for port in (remembered, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise AwsUnavailable("no free port on loopback")


def _wait_until_ready(aws: LocalAws, *, log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if not aws.runs:
            raise AwsUnavailable(f"ministack ended at once, see {log}")
        if _answers(aws.endpoint):
            return
        time.sleep(0.05)
    aws.stop(within_seconds=5)
    raise AwsUnavailable(f"ministack did not answer in {START_WITHIN_SECONDS} s, see {log}")


def _answers(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=2):  # noqa: S310  # nosec B310
            return True
    except OSError:
        return False
