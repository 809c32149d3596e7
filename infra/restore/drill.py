"""One drill from beginning to end, and what is written of it.

    a moment -> copies of that moment -> wait -> how they are made -> incidents and their evidence
    -> how far behind, how long it took -> a report -> the copies deleted

A drill that broke off is taken up where its copies are. Copies with which something is wrong stay, to be
looked at; the next drill takes them up, or deletes them and begins anew when told to.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import Any

import msgspec
from msgspec.structs import replace

from infra.deploy.stage import DeployRefused
from infra.restore.checking import Findings, check_records, check_tables, chosen
from infra.restore.copies import Copies, Purpose

FEED = "FEED_TABLE: not restored; it repeats what the incidents say"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a drill is to do; without a moment the newest there is, or that of a drill that broke off.

    It looks at `only` these incidents, or at as many as `incidents` says.
    """

    stage: str
    at: datetime | None = None
    incidents: int = 10
    only: tuple[str, ...] = ()
    fresh: bool = False


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a drill. Times in UTC; a restore that was taken up was not measured."""

    stage: str
    purpose: Purpose
    moment: datetime
    begun_at: datetime
    copies: dict[str, str]
    restored_in_seconds: float | None
    checked_in_seconds: float
    behind_seconds: float | None
    findings: Findings


class Drill:
    """A drill of one stage; `tables` is DynamoDB's client, `live` the tables in service by their outputs."""

    def __init__(self, asked: Asked, live: Mapping[str, str], copies: Copies, tables: Any) -> None:
        self.asked = asked
        self.live = live
        self.copies = copies
        self.faults: tuple[str, ...] = ()
        self._tables = tables

    def plan(self) -> Iterator[str]:
        """What `run` would do, without doing any of it."""
        window, found = self.copies.window(), self.copies.found()
        yield f"can be restored: {window.earliest:%F %T} to {window.latest:%F %T} UTC"
        for moment, copies in sorted(found.items()):
            yield f"left of {moment:%F %T}: {', '.join(sorted(copies.values()))}"
        at = self.moment()
        for output, source in self.copies.sources.items():
            there = "is there" if output in found.get(at, {}) else f"restore to {at:%F %T} UTC"
            yield f"{output}: {source}: {there}"
        yield FEED
        yield f"check keys, indexes and {self.asked.incidents} incidents with their evidence; write a report"
        yield "delete the copies" if self.copies.purpose is Purpose.DRILL else "keep the copies"

    def run(self, folder: Path) -> Iterator[str]:
        """Do all of it and write the report into the folder; `faults` are what was found. May be repeated."""
        if self.asked.fresh:
            yield from self._clear()
        at, begun, began = self.moment(), datetime.now(UTC), time.monotonic()
        taken_up = bool(self.copies.found().get(at))
        yield f"moment {at:%F %T} UTC{', taken up' if taken_up else ''}"
        yield from self.copies.begin(at)
        yield FEED
        names = self.copies.wait(at)
        restored = None if taken_up else round(time.monotonic() - began, 1)
        began = time.monotonic()
        findings = self._check(names, at)
        report = Report(
            stage=self.asked.stage,
            purpose=self.copies.purpose,
            moment=at,
            begun_at=begun,
            copies=names,
            restored_in_seconds=restored,
            checked_in_seconds=round(time.monotonic() - began, 1),
            behind_seconds=findings.behind_seconds,
            findings=findings,
        )
        self.faults = findings.faults
        yield from told(report)
        yield f"report {_write(report, folder)}"
        yield from self._end(at)

    def moment(self) -> datetime:
        """The moment asked for, else that of copies that are there, else the newest there is.

        Raises `DeployRefused` for one that no restore reaches.
        """
        found, window = self.copies.found(), self.copies.window()
        at = self.asked.at or max(found, default=window.latest)
        if at not in found and not window.holds(at):
            raise DeployRefused(
                f"{at:%F %T} UTC is out of reach: {window.earliest:%F %T} to {window.latest:%F %T}"
            )
        return at

    def _check(self, names: Mapping[str, str], at: datetime) -> Findings:
        tables = check_tables(self._tables, self.live, names)
        chance = SystemRandom()
        count = self.asked.incidents
        incident_ids = self.asked.only or chosen(names, at=at, count=count, chance=chance)
        records = check_records(names, incident_ids, at=at, chance=chance)
        return replace(records, faults=(*tables.faults, *records.faults), to_set=tables.to_set)

    def _end(self, at: datetime) -> Iterator[str]:
        """Delete what nobody needs: the copies of this drill, and of those before it."""
        if self.copies.purpose is Purpose.RESTORED:
            yield "the copies are kept"
        elif self.faults:
            yield "the copies stay to be looked at; FRESH=1 deletes them and begins anew"
        else:
            yield from self._clear()

    def _clear(self) -> Iterator[str]:
        for moment in sorted(self.copies.found()):
            yield from self.copies.delete(moment)


def told(report: Report) -> Iterator[str]:
    """What people read of a report."""
    found, restored = report.findings, report.restored_in_seconds
    yield f"restored in {restored} s" if restored is not None else "restored: taken up, not measured"
    yield (
        f"checked in {report.checked_in_seconds} s: {len(found.incidents)} incidents, "
        + (
            f"{found.entries} entries, {found.pieces} pieces of evidence, {found.hashed} of them read whole, "
            f"{found.erased} erased"
        )
    )
    if report.behind_seconds is None:
        yield "no change to compare: how far the copies are behind is not known"
    else:
        yield f"behind the live tables by {report.behind_seconds:.0f} s and {found.changes_behind} changes"
    yield f"citizens erased since, to be erased again: {len(found.erased_since)}"
    if found.to_set:
        yield "a restore does not set these; before a copy goes into service:"
        yield from (f"  {command}" for command in found.to_set)
    yield from (f"FAULT {fault}" for fault in found.faults)
    yield f"{len(found.faults)} faults" if found.faults else "whole"


def _write(report: Report, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"restore-{report.purpose}-{report.stage}-{report.moment:%Y%m%dT%H%M%SZ}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2))
    return path
