"""A fresh local AWS to deploy to, and the deploy as people run it: in a process of its own.

What the local AWS cannot do is answered here and only rehearsed: it has no `PutRestApi`, so an API that is
there already is left as it is. Everything asked of API Gateway and Lambda is written down.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from infra.local.aws import start_aws
from infra.local.environment import aws_environment
from infra.local.kvs.server import start_kvs
from infra.local.serving import LocalHandler, LocalServer
from infra.local.state import State
from tests.machine import ROOT

STAGE = "example"
UNREADY = re.compile(rb'"(?:State|LastUpdateStatus)": ?"(?:Pending|InProgress)"')
NOT_FORWARDED = ("host", "content-length", "connection", "transfer-encoding")


class Control(LocalHandler):
    """Control calls handed on to the local AWS, but for two of them.

    `PutRestApi` it does not know. And whether a function is ready is answered once it is: Chalice asks every
    five seconds, which a rehearsal of a dozen functions cannot spend.
    """

    aws: str
    asked: list[str]

    def answer(self, body: bytes) -> None:
        path = urlsplit(self.path).path
        self.asked.append(f"{self.command} {path}")
        if self.command == "PUT" and re.fullmatch(r"/restapis/\w+", path):
            status, headers, content = self._forward("GET", path, b"")
        else:
            status, headers, content = self._forward(self.command, self.path, body)
        while self.command == "GET" and UNREADY.search(content):
            time.sleep(0.05)
            status, headers, content = self._forward("GET", self.path, b"")
        self.reply(status, headers, content)

    def _forward(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(urlsplit(self.aws).netloc, timeout=60)
        kept = {name: value for name, value in self.headers.items() if name.lower() not in NOT_FORWARDED}
        connection.request(method, path, body=body or None, headers=kept)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


class Rehearsal:
    """One account, as empty as a new one."""

    def __init__(self, environment: dict[str, str], *, directory: Path, asked: list[str]) -> None:
        self._environment = environment
        self.directory = directory
        self.build = directory / "app"
        self.asked = asked
        self.set_stage()

    def client(self, service: str) -> Any:
        """A boto3 client of this account."""
        session = boto3.Session("test", "test", region_name="ap-southeast-1")
        endpoint = self._environment["AWS_ENDPOINT_URL"]
        return session.client(service, endpoint_url=endpoint)  # type: ignore[call-overload]

    def set_stage(self, **changed: Any) -> None:
        """Write the stage's file: the example, with these fields changed."""
        example = json.loads((ROOT / "infra" / "stages" / f"{STAGE}.json").read_text("utf-8"))
        (self.directory / f"{STAGE}.json").write_text(json.dumps({**example, **changed}))

    def run(self, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one verb of the deploy to its end, whatever that is."""
        place = ["--stages", str(self.directory), "--build", str(self.build)]
        return self.python("-m", "infra.deploy", verb, "--stage", STAGE, *place, *arguments)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the credentials of this account."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**kept, **self._environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def deploy(self) -> str:
        """Deploy, which must succeed; what it said."""
        done = self.run("deploy", "--rehearse")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def outputs(self) -> dict[str, str]:
        """The outputs of the stack that the deploy made."""
        stack = self.client("cloudformation").describe_stacks(StackName=f"instant110-{STAGE}")["Stacks"][0]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    def functions(self) -> dict[str, dict[str, Any]]:
        """Every function's configuration by its whole name."""
        listed = self.client("lambda").list_functions()["Functions"]
        return {one["FunctionName"]: one for one in listed}

    def apis(self) -> list[str]:
        """The ids of all REST APIs."""
        return [one["id"] for one in self.client("apigateway").get_rest_apis()["items"]]

    def memory(self) -> dict[str, Any]:
        """What the deploy remembers of what Chalice made."""
        key = f"deployed/{STAGE}.json"
        stored = self.client("s3").get_object(Bucket=self.outputs()["DeployBucket"], Key=key)
        known: dict[str, Any] = json.loads(stored["Body"].read())
        return known

    def provide_wechat_secret(self) -> None:
        """What a bureau's engineer puts in place by hand."""
        self.client("ssm").put_parameter(
            Name=f"/instant110/{STAGE}/wechat-app-secret", Value="rehearsed" * 4, Type="SecureString"
        )


@contextmanager
def rehearsal(directory: Path) -> Iterator[Rehearsal]:
    """The account, for as long as the block; nothing of it is left."""
    state = State(directory=directory)
    asked: list[str] = []
    with ExitStack() as parts:
        lock = parts.enter_context(state.held())
        aws = start_aws(state, root=ROOT, lock=lock)
        parts.callback(aws.stop, within_seconds=3)
        kvs = start_kvs(state)
        parts.callback(kvs.stop, within_seconds=0.5)
        control = LocalServer(0)
        control.start("control", type("BoundControl", (Control,), {"aws": aws.endpoint, "asked": asked}))
        parts.callback(control.stop, within_seconds=0.5)
        environment = {
            **aws_environment(aws.endpoint),
            "AWS_ENDPOINT_URL_KINESIS_VIDEO": kvs.url,
            "AWS_ENDPOINT_URL_API_GATEWAY": control.url,
            "AWS_ENDPOINT_URL_LAMBDA": control.url,
            "NO_PROXY": "127.0.0.1,localhost",
        }
        yield Rehearsal(environment, directory=directory, asked=asked)
