"""A world of its own for faults: local AWS, WeChat and Kinesis Video, and the app in this very process.

Nothing here works by itself: the stream, the queues and the minutes move when they are told to, on a clock
that jumps, so that what goes wrong can be placed at every point and repeated.
"""

import importlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.session
import msgspec
from chalice.local import LambdaContext

from infra.local import wechat
from infra.local.aws import start_aws
from infra.local.cognito import StaffTokens
from infra.local.demonstration import make_accounts
from infra.local.environment import app_environment, aws_environment, enter
from infra.local.gateway import Gateway
from infra.local.known_types import know_types
from infra.local.kvs.server import start_kvs
from infra.local.serving import Refused
from infra.local.stack import provide_stack
from infra.local.state import State
from infra.local.vault import WECHAT_APP_SECRET, provide_secrets
from tests.faults.deliveries import Deliveries
from tests.faults.outside import Outside

ROOT = Path(__file__).resolve().parents[2]
BEGINS_AT = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)
"""A Monday, half past nine in Beijing; behind the real clock, so that no token is of the future."""

LINES = 6
KEEPERS = ("holds-to-set", "erasure-waiting", "ends#media", "ends#recording", "ends#personal")
"""The lists that the keeper works on, in the desk's table."""

JSON = dict[str, Any]


class Clock:
    """The moment it is; it moves only forward."""

    def __init__(self) -> None:
        self._now = BEGINS_AT

    def now(self) -> datetime:
        """The present moment; no two questions get the same one."""
        self._now += timedelta(milliseconds=1)
        return self._now

    def pass_by(self, seconds: float) -> None:
        """Let time go by."""
        self._now += timedelta(seconds=seconds)

    def be_at_least(self, at: datetime) -> None:
        """Let time go by until then, if that is to come."""
        self._now = max(self._now, at.astimezone(UTC))


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of the gateway's; status 0 when the function died."""

    status: int
    body: Any = None

    @property
    def is_done(self) -> bool:
        return 200 <= self.status < 300

    @property
    def slug(self) -> str:
        """The type of a problem."""
        return str(self.body.get("type", "")) if isinstance(self.body, dict) else ""


class World:
    """Everything up, and how to ask it. Made by `a_world`."""

    def __init__(self, outside: Outside, clock: Clock, app: Any, tokens: StaffTokens, state: State) -> None:
        self.outside = outside
        self.clock = clock
        self.app = app
        self._gateway = Gateway(app, tokens)
        self._state = state
        self._quiet = botocore.session.Session(include_builtin_handlers=False)
        self._quiet_clients: dict[str, Any] = {}
        self._staff: dict[str, str] = {}
        self._on_duty_until = BEGINS_AT
        self.asked: list[tuple[str, str]] = []
        """Method and path of every request so far."""
        self.deliveries = Deliveries(self)
        outside.meanwhile = self._go_on

    def ask(
        self,
        token: str | None,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request through the gateway, in this thread; a fault of the function's own is a 500."""
        self.asked.append((method, path.partition("?")[0]))
        sent = {"host": "localhost", **{name.lower(): value for name, value in (headers or {}).items()}}
        if token is not None:
            sent["authorization"] = token
        if key is not None:
            sent["idempotency-key"] = key
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        try:
            answer = self._gateway.handle_request(method, path, sent, raw)
        except Refused as refused:
            return Answer(status=int(refused.status), body={"type": refused.slug})
        except Exception as fault:
            return Answer(status=500, body={"type": type(fault).__name__})
        content = answer.get("body") or b""
        return Answer(status=answer["statusCode"], body=_read(content))

    def invoke(self, function: str, event: JSON) -> Any:
        """Call one of the app's other functions, as Lambda does."""
        return self.app.handler_map[function](event, LambdaContext(function, 1024, 60_000))

    def staff(self, username: str) -> str:
        """The token of a member of staff."""
        if username not in self._staff:
            accounts = self._state.read("accounts.json")
            account = next(one for one in accounts if one["username"] == username)
            credentials = {name: account[name] for name in ("username", "password")}
            signed_in = self.ask(None, "POST", "/console/session", credentials)
            assert signed_in.is_done, signed_in
            self._staff[username] = signed_in.body["id_token"]
        return self._staff[username]

    def quietly(self, service: str) -> Any:
        """A client whose calls nobody sees or spoils, to look and to clean up with."""
        if service not in self._quiet_clients:
            self._quiet_clients[service] = self._quiet.create_client(service)
        return self._quiet_clients[service]

    def forget(self) -> None:
        """Be a process that has just started: what adapters remember is gone."""
        from aws_lambda_powertools.utilities.parameters import clear_caches

        clear_caches()  # type: ignore[no-untyped-call]
        for remembered in _remembered():
            remembered.clear()

    def _go_on(self, seconds: float) -> None:
        """Let time go by while a function waits, and others do what they do, in processes of their own."""
        self.clock.pass_by(seconds)
        kept = [(remembered, dict(remembered)) for remembered in _remembered()]
        for remembered, _ in kept:
            remembered.clear()
        try:
            self.deliveries.go_on()
        finally:
            for remembered, what in kept:
                remembered.clear()
                remembered.update(what)

    def begin_case(self) -> None:
        """Have an hour at which the office is open, commanders on duty, and nothing on its way."""
        from chalicelib.adapters.county import office_hours
        from chalicelib.domain.office_hours import is_open, next_opening

        now = self.clock.now()
        if not is_open(office_hours(), now + timedelta(minutes=30)):
            self.clock.be_at_least(next_opening(office_hours(), now + timedelta(minutes=30)))
        self.have_commanders()
        self.deliveries.forget()

    def end_case(self) -> None:
        """Take away what the sweeps of later cases would look at: cards, leases, the keeper's lists."""
        from chalicelib.settings import settings

        table = self.quietly("dynamodb")
        for kind in KEEPERS:
            self._empty(kind)
        cards = {one["dynamodb"]["Keys"]["incident_id"]["S"] for one in self.deliveries.seen}
        for incident_id in cards:
            table.delete_item(TableName=settings().feed_table, Key={"incident_id": {"S": incident_id}})
        for number in range(1, LINES + 1):
            table.update_item(
                TableName=settings().desk_table,
                Key={"kind": {"S": "line"}, "id": {"S": f"instant110-local-{number:02d}"}},
                UpdateExpression="REMOVE leased_to, renewed_at, rests_until",
            )

    def _empty(self, kind: str) -> None:
        """Take everything off one of the desk's lists."""
        from chalicelib.settings import settings

        table, name = self.quietly("dynamodb"), {"TableName": settings().desk_table}
        asked = {
            **name,
            "KeyConditionExpression": "kind = :kind",
            "ExpressionAttributeValues": {":kind": {"S": kind}},
        }
        for item in table.query(**asked)["Items"]:
            table.delete_item(**name, Key={"kind": item["kind"], "id": item["id"]})

    def have_commanders(self) -> None:
        """Have two on duty for hours to come."""
        from chalicelib.adapters import duty
        from chalicelib.domain.duty import Shift

        now = self.clock.now()
        if self._on_duty_until > now + timedelta(hours=2):
            return
        self._on_duty_until = now + timedelta(hours=24)
        for order in (1, 2):
            phone = f"+861380000001{order}"
            shift = Shift(
                id=duty.shift_id(now),
                name="值班指挥长",
                phone=phone,
                starts_at=now,
                ends_at=self._on_duty_until,
                order=order,
            )
            duty.put(shift, asked=None, now=now)


def _remembered() -> Iterator[dict[Any, Any]]:
    """What adapters keep from one request to the next."""
    from chalicelib.adapters import lines, signaling
    from chalicelib.adapters import wechat as adapter

    yield from (lines._known, lines._taken_until, signaling._ice, adapter._access)


def _read(content: Any) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content


@contextmanager
def a_world(directory: Path) -> Iterator[World]:
    """Start everything below a directory; this process is its only one, for good."""
    outside, clock = Outside(), Clock()
    outside.stand_between()
    state = State(directory=directory)
    with ExitStack() as parts:
        lock = parts.enter_context(state.held())
        aws = start_aws(state, root=ROOT, lock=lock)
        parts.callback(aws.stop, within_seconds=3)
        enter(aws_environment(aws.endpoint))
        # No token of this world ends within it, whatever its clock says.
        os.environ["TOKEN_LIFE_SECONDS"] = str(10 * 365 * 86400)
        outputs = provide_stack(state, template=ROOT / "infra" / "resources.yaml", endpoint=aws.endpoint)
        make_accounts(state, endpoint=aws.endpoint, pool_id=outputs["STAFF_POOL_ID"])
        secret = provide_secrets(endpoint=aws.endpoint)[WECHAT_APP_SECRET]
        wechat_server = wechat.serve_wechat(wechat.WeChat(state, app_secret=secret))
        parts.callback(wechat_server.stop, within_seconds=0.2)
        kvs = start_kvs(state)
        parts.callback(kvs.stop, within_seconds=0.5)
        neighbours = {"wechat_endpoint": wechat_server.url, "kvs_endpoint": kvs.url}
        enter(
            app_environment(
                outputs,
                root=ROOT,
                url="http://127.0.0.1:1",
                wechat_app_id=wechat.APP_ID,
                **neighbours,
            )
        )
        app = _app_on(clock)
        tokens = StaffTokens(
            endpoint=aws.endpoint, pool_id=outputs["STAFF_POOL_ID"], client_id=outputs["STAFF_CLIENT_ID"]
        )
        world = World(outside, clock, app, tokens, state)
        _furnish(world)
        yield world


def _app_on(clock: Clock) -> Any:
    """The app, imported with this clock behind the one function that asks for the time."""
    telemetry = importlib.import_module("chalicelib.telemetry")
    telemetry.utc_now = clock.now  # type: ignore[attr-defined]
    telemetry.log.setLevel(os.environ.get("FAULTS_LOG", "CRITICAL"))
    app = importlib.import_module("app").app
    know_types()
    return app


def _furnish(world: World) -> None:
    """What every case finds there: lines, two units, a department."""
    from infra.provision_lines import provide_lines

    provide_lines(LINES)
    commander = world.staff("commander1")
    for number in (1, 2):
        unit = {"name": f"{number} 组", "officer_name": "值班民警", "phone": f"+861380000000{number}"}
        assert world.ask(commander, "POST", "/console/units", unit).is_done
    assert world.ask(commander, "POST", "/console/departments", {"name": "户籍"}).is_done
