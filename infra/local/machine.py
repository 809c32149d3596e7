"""The machine: local AWS, WeChat's stand-in, the app behind its gateway and its triggers, as one thing."""

import importlib
import logging
import logging.handlers
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from chalice.app import Chalice

from infra.deploy.policies import placeholders
from infra.local import wechat
from infra.local.aws import AwsUnavailable, LocalAws, start_aws
from infra.local.cognito import StaffTokens
from infra.local.demonstration import make_accounts, make_lists
from infra.local.environment import app_environment, aws_environment, enter
from infra.local.gateway import handler_of
from infra.local.known_types import know_types
from infra.local.kvs.server import start_kvs
from infra.local.serving import LocalServer, PortTaken
from infra.local.stack import provide_stack
from infra.local.state import State, StateInUse
from infra.local.triggers.registered import triggers_of
from infra.local.vault import WECHAT_APP_SECRET, provide_secrets
from infra.local.watch import GrantsFile, OperationsFile, listen, note_grants
from infra.provision_lines import provide_lines

ROOT = Path(__file__).resolve().parents[2]
READY_NAME = "ready.json"
GRANTS_NAME = "aws_grants.txt"
LINES = 6

log = logging.getLogger("instant110.local")


def main() -> int:
    """Run until SIGINT or SIGTERM; the exit code is 0 after a clean stop."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    state = State(directory=Path(os.environ.get("STATE", ".local")).resolve())
    try:
        with state.held() as lock, _log_kept_in(state), running_on(state, lock) as (aws, ready):
            _announce(ready)
            return _watch(aws, stop)
    except (StateInUse, AwsUnavailable, PortTaken) as error:
        print(f"instant110: {error}", file=sys.stderr)
        return 1


@contextmanager
def running_on(state: State, lock: int) -> Iterator[tuple[LocalAws, dict[str, Any]]]:
    """Everything up, in order; `ready.json` stands exactly as long as all of it answers."""
    state.remove(READY_NAME)
    listen(OperationsFile(state.directory / "aws_operations.txt"))
    gateway = LocalServer(int(os.environ.get("PORT", "8000")))
    with ExitStack() as parts:
        aws = start_aws(state, root=ROOT, lock=lock)
        parts.callback(aws.stop, within_seconds=3)
        enter(aws_environment(aws.endpoint))
        outputs = provide_stack(state, template=ROOT / "infra" / "resources.yaml", endpoint=aws.endpoint)
        names = {name: placeholder for placeholder, name in placeholders(outputs).items()}
        note_grants(GrantsFile(state.directory / GRANTS_NAME, names))
        accounts = make_accounts(state, endpoint=aws.endpoint, pool_id=outputs["STAFF_POOL_ID"])
        wechat_server = _start_wechat(state, aws)
        parts.callback(wechat_server.stop, within_seconds=0.2)
        kvs = start_kvs(state)
        parts.callback(kvs.stop, within_seconds=0.5)
        neighbours = {"wechat_endpoint": wechat_server.url, "kvs_endpoint": kvs.url}
        app = _load_app(outputs, url=gateway.url, **neighbours)
        provide_lines(int(os.environ.get("LINES", str(LINES))))
        triggers = triggers_of(app, state=state)
        triggers.start()
        parts.callback(triggers.stop, within_seconds=1.5)
        gateway.start("gateway", handler_of(app, _staff_tokens(outputs, endpoint=aws.endpoint)))
        parts.callback(gateway.stop, within_seconds=1)
        make_lists(gateway.url, admin=next(one for one in accounts if one["username"] == "admin1"))
        ready = {
            "url": gateway.url,
            "aws_endpoint": aws.endpoint,
            **neighbours,
            "accounts": accounts,
        }
        state.write(READY_NAME, ready)
        parts.callback(state.remove, READY_NAME)
        yield aws, ready


def _start_wechat(state: State, aws: LocalAws) -> LocalServer:
    secret = provide_secrets(endpoint=aws.endpoint)[WECHAT_APP_SECRET]
    return wechat.serve_wechat(wechat.WeChat(state, app_secret=secret))


def _load_app(outputs: dict[str, str], *, url: str, wechat_endpoint: str, kvs_endpoint: str) -> Chalice:
    """Import the app in its environment, which it reads as it is imported."""
    enter(
        app_environment(
            outputs,
            root=ROOT,
            url=url,
            wechat_endpoint=wechat_endpoint,
            wechat_app_id=wechat.APP_ID,
            kvs_endpoint=kvs_endpoint,
        )
    )
    # The machine's own tests run it with an app of theirs.
    app: Chalice = importlib.import_module(os.environ.get("APP_MODULE", "app")).app
    know_types()
    return app


def _staff_tokens(outputs: dict[str, str], *, endpoint: str) -> StaffTokens:
    return StaffTokens(
        endpoint=endpoint, pool_id=outputs["STAFF_POOL_ID"], client_id=outputs["STAFF_CLIENT_ID"]
    )


def _announce(ready: dict[str, Any]) -> None:
    url = ready["url"]
    print(f"instant110 is up\n\n  citizen   {url}/\n  console   {url}/console")
    for account in ready["accounts"]:
        print(
            f"              {account['username']:<12} {account['password']}  {', '.join(account['groups'])}"
        )
    print(f"  officer   {url}/officer  (with the link that a dispatch texts)")
    print(f"  texts     {ready['aws_endpoint']}/_ministack/sns/sms-messages")
    print("\nCtrl-C stops it; what it holds is kept.", flush=True)


def _watch(aws: LocalAws, stop: threading.Event) -> int:
    while not stop.wait(0.5):
        if not aws.runs:
            raise AwsUnavailable("ministack ended by itself")
    return 0


@contextmanager
def _log_kept_in(state: State) -> Iterator[None]:
    """Everything to a file of bounded size, what went wrong to the terminal too."""
    to_file = logging.handlers.RotatingFileHandler(
        state.directory / "machine.log", maxBytes=5_000_000, backupCount=1, encoding="utf-8"
    )
    to_terminal = logging.StreamHandler()
    to_terminal.setLevel(logging.WARNING)
    for handler in (to_file, to_terminal):
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(message)s"))
        log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    yield
    logging.shutdown()
