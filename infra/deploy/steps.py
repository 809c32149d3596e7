"""The way from a checkout to a running service, step by step.

    region, account -> stack -> secrets -> build -> Chalice, between fetching and keeping its memory
    -> what Chalice cannot set, the domain -> lines -> alarms -> a question to the service itself

What is refused before Chalice starts has changed nothing that runs. Each step does nothing where it was done
before, so a deploy that broke off is simply run again. The template comes first, because the code must never
meet a table that is not there; so a release may be taken back while the tables stay as they are.
"""

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.account import check_concurrency, provide_secrets
from infra.deploy.build import Where, build, environment_of, reviewed_config
from infra.deploy.domain import Domain
from infra.deploy.functions import APP, Deployed, run_chalice
from infra.deploy.package import complete_file
from infra.deploy.restored import forget_other_streams, in_service, refuse_other_tables, stop_reading
from infra.deploy.settle import (
    Made,
    put_firewall_before,
    settle_gateway,
    settle_logs,
    settle_mappings,
    tell_address,
)
from infra.deploy.stack import Stack
from infra.deploy.stage import ROOT, DeployRefused, Stage
from infra.deploy.watching import watching
from infra.local.stack import upper_snake

API_STAGE: str = reviewed_config()["api_gateway_stage"]


class Deployment:
    """One stage in one account; its methods are the steps."""

    def __init__(self, name: str, stage: Stage, *, folder: Path, rehearsed: bool = False) -> None:
        self.name = name
        self.stage = stage
        self.folder = folder
        self.rehearsed = rehearsed
        os.environ["AWS_DEFAULT_REGION"] = os.environ["AWS_REGION"] = stage.region
        self.stack = Stack(f"{APP}-{name}")
        self.watch = Stack(f"{APP}-{name}-watch")
        self.domain = Domain(stage, gateway=boto3.client("apigateway"), certificates=boto3.client("acm"))

    def plan(self) -> Iterator[str]:
        """What a deploy would do, without doing any of it."""
        yield f"stage {self.name} in {self.stage.region}, account {self.account_id}"
        self.check_domain()
        yield f"stack {self.stack.name}:"
        looked = self.stack.apply(self._template(), self._parameters(), only_look=True)
        changes = [str(one) for one in looked]
        yield from (f"  {change}" for change in (changes or ["nothing to change"]))
        yield "build: app.py, chalicelib, county, libraries, policies"
        for function in _configured():
            yield f"  function {function}"
        yield "chalice deploy, then retries, gateway answers, limits"
        yield from self.domain.plan()
        yield f"lines: {self.stage.lines}"
        yield f"stack {self.watch.name}: alarms, dashboard, firewall"

    def deploy(self) -> Iterator[str]:
        """Every step in order; says what each did. Raises `DeployRefused`."""
        yield f"account {self.account_id}, {self.stage.region}"
        check_concurrency(_configured())
        self.check_domain()
        changes = self.stack.apply(self._template(), self._parameters())
        yield f"stack {self.stack.name}: {len(changes)} changes"
        provide_secrets(self.name)
        build(
            self.where,
            self.stage,
            public_url=self.public_url(),
            folder=self.folder,
            libraries=not self.rehearsed,
        )
        release = self.deployed.keep_release(self.folder)
        yield f"built; release {release}"
        yield from self.put_functions()

    def package(self) -> Iterator[str]:
        """Make the zip and the template for a deploy by CloudFormation; the stack must be there."""
        build(self.where, self.stage, public_url=self.stage.own_url, folder=self.folder)
        out = self.folder.parent / "package"
        run_chalice("package", self.folder, self.name, str(out), region=self.stage.region)
        complete_file(
            out / "sam.json",
            dead_letters_arn=self.where.outputs["STREAM_DEAD_LETTERS_ARN"],
            requests_per_second=self.stage.requests_per_second,
            burst=self.stage.burst,
        )
        yield f"{out}/deployment.zip {(out / 'deployment.zip').stat().st_size / 1e6:.1f} MB"
        yield f"{out}/sam.json"

    def put_functions(self) -> Iterator[str]:
        """Deploy the build in the folder and everything that hangs on the functions."""
        self.deployed.place(self.folder)
        stop_reading(forget_other_streams(self.folder, self.name))
        run_chalice("deploy", self.folder, self.name, region=self.stage.region)
        self.deployed.keep(self.folder)
        made = self.made()
        yield f"functions {', '.join(sorted(made.functions))}; API {made.api_id}"
        settle_mappings(made, dead_letters_arn=self.where.outputs["STREAM_DEAD_LETTERS_ARN"])
        settle_logs(made, days=self.stage.log_retention_days)
        settle_gateway(made, self.stage, api_stage=API_STAGE)
        yield from self.domain.settle(made.api_id, api_stage=API_STAGE)
        tell_address(made, self.public_url())
        yield f"address {self.public_url()}"
        yield f"lines {self.provide_lines()}"
        changes = self.watch.apply(watching(self.where, made, self.stage), {})
        put_firewall_before(made, self.watch.outputs()["FirewallArn"], api_stage=API_STAGE)
        yield f"stack {self.watch.name}: {len(changes)} changes"
        if not self.rehearsed:
            yield f"GET /county: {_asked(self.gateway_url(made))}"
            yield from self.ask_by_domain()

    def roll_back(self, release: str | None) -> Iterator[str]:
        """Deploy an earlier build again; the tables stay. Without a name, the one before the last."""
        releases = self.deployed.releases()
        if release is None and len(releases) < 2:
            raise DeployRefused("there is no release before the last one")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.deployed.fetch_release(release or releases[-2], self.folder)
        refuse_other_tables(self.folder, self.where)
        kept = self.deployed.keep_release(self.folder)
        yield f"release {release or releases[-2]} again, as {kept}"
        yield from self.put_functions()

    def tear_down(self) -> Iterator[str]:
        """Remove what runs; tables, buckets and accounts of staff stay, and with them all evidence."""
        self.watch.delete()
        yield f"stack {self.watch.name} removed"
        if (known := self.deployed.fetch()) is not None:
            yield from self.domain.part(Made.of(known).api_id)
        build(self.where, self.stage, public_url="", folder=self.folder, libraries=False)
        self.deployed.place(self.folder)
        run_chalice("delete", self.folder, self.name, region=self.stage.region)
        self.deployed.forget()
        yield "functions and API removed"
        kept = {name: value for name, value in self.where.outputs.items() if _holds_records(name)}
        yield "kept: " + ", ".join(f"{name} {value}" for name, value in sorted(kept.items()))

    @cached_property
    def account_id(self) -> str:
        """The account whose credentials these are; raises `DeployRefused` without any."""
        try:
            account: str = boto3.client("sts").get_caller_identity()["Account"]
        except (BotoCoreError, ClientError) as fault:
            raise DeployRefused(f"AWS does not know who asks: {fault}") from fault
        return account

    @property
    def where(self) -> Where:
        """The stack's outputs, as they are now, with restored tables where the stage's file names any."""
        outputs = {upper_snake(name): value for name, value in self.stack.outputs().items()}
        if not outputs:
            raise DeployRefused(f"there is no stack {self.stack.name}")
        outputs = in_service(outputs, self.stage.restored_tables)
        return Where(stage=self.name, account_id=self.account_id, region=self.stage.region, outputs=outputs)

    @property
    def deployed(self) -> Deployed:
        """Chalice's memory, in the stack's bucket."""
        return Deployed(self.where.outputs["DEPLOY_BUCKET"], self.name)

    def made(self) -> Made:
        """What Chalice made last; raises `DeployRefused` before the first time."""
        known = self.deployed.fetch()
        if known is None:
            raise DeployRefused(f"{self.name} was never deployed")
        return Made.of(known)

    def public_url(self) -> str:
        """The bureau's own domain, else API Gateway's address; empty before the first deploy."""
        known = None if self.stage.own_url else self.deployed.fetch()
        return self.stage.own_url if known is None else self.gateway_url(Made.of(known))

    def gateway_url(self, made: Made) -> str:
        """API Gateway's own address, which serves whatever the bureau's DNS says."""
        return f"https://{made.api_id}.execute-api.{self.stage.region}.amazonaws.com/{API_STAGE}"

    def ask_by_domain(self) -> Iterator[str]:
        """Whether people reach it; before the bureau's DNS is set they do not, and no deploy fails by it."""
        if self.stage.own_url:
            try:
                yield f"GET {self.stage.own_url}/county: {_asked(self.stage.own_url)}"
            except DeployRefused as refusal:
                yield f"{self.stage.own_url}: {refusal}. Is its record set in the DNS?"

    def check_domain(self) -> None:
        """Raises `DeployRefused` for a domain that could not lead to this stage's API."""
        known = self.deployed.known() if self.stage.domain and self.stack.outputs() else None
        self.domain.check(Made.of(known).api_id if known else None)

    def provide_lines(self) -> int:
        """Have the stage's lines ready to lease."""
        environment = environment_of(self.where, self.stage, public_url=self.public_url())
        os.environ.update(environment)
        from chalicelib.settings import settings
        from infra.provision_lines import provide_lines

        settings.cache_clear()
        return len(provide_lines(self.stage.lines))

    def _template(self) -> str:
        return (ROOT / "infra" / "resources.yaml").read_text("utf-8")

    def _parameters(self) -> dict[str, str]:
        return {"Stage": self.name, "EvidenceRetentionDays": str(self.stage.evidence_retention_days)}


def _configured() -> dict[str, dict[str, Any]]:
    functions: dict[str, dict[str, Any]] = reviewed_config()["lambda_functions"]
    return functions


def _holds_records(output: str) -> bool:
    return output.endswith(("_TABLE", "_BUCKET", "_POOL_ID"))


def _asked(url: str) -> str:
    """What the deployed service answers; raises `DeployRefused` for anything but 200."""
    try:
        with urllib.request.urlopen(f"{url}/county", timeout=30) as answer:  # noqa: S310  # nosec B310
            return str(answer.status)
    except (urllib.error.URLError, TimeoutError) as fault:
        raise DeployRefused(f"it is deployed but does not answer: {fault}") from fault
