"""Copies of the tables as they stood at one moment, which DynamoDB restores beside the live ones.

A copy's name ends in its purpose and moment, and nothing else remembers them: so a drill that broke off is
found again by the names alone. Only copies made for a drill are ever deleted here.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from botocore.exceptions import ClientError, WaiterError

from infra.deploy.stage import DeployRefused

NEEDED = ("INCIDENTS_TABLE", "CITIZENS_TABLE", "DESK_TABLE", "WATCH_TABLE", "FIGURES_TABLE")
"""The tables with point-in-time recovery (`infra/resources.yaml`), by their outputs. The feed has none: it
repeats what the incidents say."""

NAMED = re.compile(r"(?P<source>.+)-(?P<purpose>drill|restored)-(?P<moment>\d{8}T\d{6}Z)")
MOMENT = "%Y%m%dT%H%M%SZ"
ASK_EVERY_SECONDS = 20
WAIT_HOURS = 8
ASKED_WITHIN = timedelta(minutes=1)
"""The tables are asked one after another, and their windows move."""

GONE = ("TableAlreadyExistsException", "TableInUseException")


class Purpose(StrEnum):
    """What a copy is for: looked at and deleted, or kept to be put into service."""

    DRILL = "drill"
    RESTORED = "restored"


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Between which moments every table can be restored; whole seconds."""

    earliest: datetime
    latest: datetime

    def holds(self, at: datetime) -> bool:
        """Whether a moment is in it, as far as one can tell: DynamoDB has the last word."""
        return self.earliest - ASKED_WITHIN <= at <= self.latest


def copy_name(table: str, purpose: Purpose, at: datetime) -> str:
    """What a copy is called."""
    return f"{table}-{purpose}-{at.astimezone(UTC):{MOMENT}}"


class Copies:
    """The copies of some tables, by the outputs that name the tables; `tables` is DynamoDB's client."""

    def __init__(
        self,
        sources: Mapping[str, str],
        tables: Any,
        *,
        purpose: Purpose,
        ask_every_seconds: int = ASK_EVERY_SECONDS,
    ) -> None:
        self.sources = dict(sources)
        self.purpose = purpose
        self._tables = tables
        asks = WAIT_HOURS * 3600 // max(ask_every_seconds, 1)
        self._patience = {"Delay": ask_every_seconds, "MaxAttempts": asks}

    def window(self) -> Window:
        """The moments all tables can be restored to; raises `DeployRefused` where a table has none."""
        found = [self._window(table) for table in self.sources.values()]
        window = Window(earliest=max(one.earliest for one in found), latest=min(one.latest for one in found))
        if not window.holds(window.latest):
            raise DeployRefused(f"no moment is common to all tables: {window.earliest} to {window.latest}")
        return window

    def found(self) -> dict[datetime, dict[str, str]]:
        """The copies of this purpose that are there, by their moment and output, whoever made them."""
        outputs = {table: output for output, table in self.sources.items()}
        moments: dict[datetime, dict[str, str]] = {}
        for name in self._names():
            named = NAMED.fullmatch(name)
            if named and named["purpose"] == self.purpose and named["source"] in outputs:
                at = datetime.strptime(named["moment"], MOMENT).replace(tzinfo=UTC)
                moments.setdefault(at, {})[outputs[named["source"]]] = name
        return moments

    def begin(self, at: datetime) -> Iterator[str]:
        """Ask for every copy of this moment that is not there; says each. Safe to repeat."""
        for output, source in self.sources.items():
            target = copy_name(source, self.purpose, at)
            if self._begin(source, target, at):
                yield f"{output}: restoring {source} as {target}"
            else:
                yield f"{output}: {target} is there already"

    def wait(self, at: datetime) -> dict[str, str]:
        """The copies by the outputs, once all can be read; raises `DeployRefused` when that does not come."""
        waiter = self._tables.get_waiter("table_exists")
        names = {output: copy_name(source, self.purpose, at) for output, source in self.sources.items()}
        for name in names.values():
            try:
                waiter.wait(TableName=name, WaiterConfig=self._patience)
            except WaiterError as fault:
                raise DeployRefused(f"{name} does not come: {fault}; run this again to go on") from fault
        return names

    def delete(self, at: datetime) -> Iterator[str]:
        """Delete every copy of this moment, if they are a drill's; says each. Safe to repeat."""
        for name in self.found().get(at, {}).values() if self.purpose is Purpose.DRILL else ():
            self._tables.delete_table(TableName=name)
            self._tables.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig=self._patience)
            yield f"deleted {name}"

    def _begin(self, source: str, target: str, at: datetime) -> bool:
        try:
            self._tables.restore_table_to_point_in_time(
                SourceTableName=source, TargetTableName=target, RestoreDateTime=at
            )
        except ClientError as fault:
            if fault.response["Error"]["Code"] in GONE:
                return False
            raise DeployRefused(f"{source} cannot be restored to {at.isoformat()}: {fault}") from fault
        return True

    def _window(self, table: str) -> Window:
        try:
            answer = self._tables.describe_continuous_backups(TableName=table)
        except self._tables.exceptions.TableNotFoundException as fault:
            raise DeployRefused(
                f"{table} is gone, and its points in time with it: restore a backup"
            ) from fault
        recovery = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
            raise DeployRefused(
                f"{table} has no point-in-time recovery, so nothing of it could be restored: aws dynamodb "
                f"update-continuous-backups --table-name {table} {RECOVERY}"
            )
        return Window(
            earliest=recovery["EarliestRestorableDateTime"].astimezone(UTC),
            latest=recovery["LatestRestorableDateTime"].astimezone(UTC).replace(microsecond=0),
        )

    def _names(self) -> Iterator[str]:
        for page in self._tables.get_paginator("list_tables").paginate():
            yield from page["TableNames"]


RECOVERY = "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
