"""Measures, prints each row as it is measured, and writes `docs/benchmarks.md`: `make bench`."""

import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import msgspec

from chalicelib.adapters import citizens
from chalicelib.workflows.follow_feed import follow_feed
from infra.local.watch import listen
from tests.bench.accept import accept_rows
from tests.bench.cold import cold_rows
from tests.bench.gateway import gateway_rows
from tests.bench.ground import bare_aws
from tests.bench.growth import Count, be_patient, counts, fill
from tests.bench.page import Counted, page
from tests.bench.rows import Row
from tests.machine import ROOT
from tests.within import a_call_taker, now

FEW, MANY = 100, 10_000
PARTS = ("chalice", "boto3", "botocore", "pynamodb", "aws-lambda-powertools", "msgspec")
PAGE = ROOT / "docs" / "benchmarks.md"
POINTS = """
A point of the web page: a write takes a whole unit, and five points are what five seconds bring. With
ten seconds it would keep the target, and a caller who drives would be a hundred metres behind on the map.
"""


def count_rows(counted: Counted, notes: list[str]) -> Iterator[Row]:
    """The counts beside the least that could do it, and whether they grow."""
    be_patient()
    citizen = citizens.sign_in("openid-counted", now=now()).citizen
    citizens.set_phone(citizen.id, "+8613800000009", verified=True)
    fill(citizen.id, FEW)
    counted.few = counts(citizen.id)
    size = _idle_bytes()
    fill(citizen.id, MANY - FEW)
    counted.many = counts(citizen.id)
    yield from _of_one(counted.many, size)
    notes.append(POINTS)
    same = [name for name in counted.few if counted.few[name] == counted.many[name]]
    yield Row(
        what="counts of a request that are the same with 10², 10⁴ and 10⁶ incidents",
        ours=f"{len(same)} of {len(counted.few)}",
        beside="10² and 10⁴ in prepared tables, 10⁶ by the model",
        target="all",
        kept=len(same) == len(counted.few),
    )


def _of_one(found: dict[str, Count], idle_bytes: int) -> Iterator[Row]:
    track = found["take ten points"]
    for many, who in ((10, "the mini-program"), (5, "the web page")):
        yield Row(
            what=f"write units a point as {who} sends them, {many} a call",
            ours=f"{track.write_units / many:g}, {len(track.requests)} request a call",
            beside="1 where each point is an item; a write takes no less than 1",
            target="≤ 0.1",
            kept=track.write_units / many <= 0.1,
        )
    idle = found["poll the feed while nothing happens"]
    yield Row(
        what="an idle poll of the feed",
        ours=f"{idle.read_units:g} read units, {idle.write_units:g} written, {idle_bytes} bytes",
        beside="a query takes no less than 0.5",
        target="0.5 unit, ≤ 300 bytes",
        kept=(idle.read_units, idle.write_units) == (0.5, 0) and idle_bytes <= 300,
    )


def _idle_bytes() -> int:
    staff = a_call_taker()
    reply = follow_feed(staff, None, now=now())
    while reply.more or reply.incidents:
        time.sleep(0.5)
        reply = follow_feed(staff, reply.cursor, now=now())
    return len(msgspec.json.encode(reply))


def cost_rows() -> Iterator[Row]:
    """Played on a machine of its own in another process, which writes `docs/cost.md`."""
    subprocess.run(
        [sys.executable, "-m", "tests.bench.cost"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    told = re.findall(r"\*\*([\d.]+ USD)", (ROOT / "docs" / "cost.md").read_text("utf-8"))
    names = (
        "a picture report, with the pages that follow it and its pictures kept",
        "a caller-hour, its recording kept",
        "a caller-hour, both sides relayed",
    )
    for name, usd in zip(names, told, strict=True):
        yield Row(what=f"cost of {name}", ours=usd, beside="[how it is counted](cost.md)")


def machine() -> str:
    """What it ran on."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "?")
    versions = ", ".join(f"{name} {version(name)}" for name in PARTS)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores of {model}, load {load} at the end, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, {versions}"
    )


def main() -> None:
    """All parts, one after the other."""
    listen([])
    began, counted = time.monotonic(), Counted()
    rows: list[Row] = []
    notes: list[str] = []

    def take(*parts: Iterable[Row]) -> None:
        for row in chain(*parts):
            print(f"{time.monotonic() - began:4.0f} s  {row.line()}", flush=True)
            rows.append(row)

    take(cold_rows(notes))
    with bare_aws():
        # The counts come first: what the contenders file would be in the tables too.
        take(count_rows(counted, notes), gateway_rows(notes), accept_rows(notes))
    take(cost_rows())
    minutes = (time.monotonic() - began) / 60
    PAGE.write_text(page(rows, counted, notes, machine=machine(), minutes=minutes), "utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written, after {minutes:.1f} minutes")


if __name__ == "__main__":
    main()
