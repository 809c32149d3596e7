"""The counts of `make bench` that hold on any machine; its times are looked at and not tested."""

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from infra.local.watch import Asked
from tests.bench.accept import LIMIT
from tests.bench.contenders import FLOOR, OWN, must_agree, running, write_event
from tests.bench.growth import Unbounded, bound_of, counts
from tests.bench.rows import Row, table
from tests.desk import a_citizen
from tests.machine import ROOT, Machine

# The floor needs botocore alone, which is in every environment here.
FLOOR_HERE = replace(FLOOR, python=Path(sys.executable))
WARM = 3


def test_a_report_calls_at_most_half_as_many_functions_again_as_a_bare_handler(
    inside: Machine, tmp_path: Path
) -> None:
    """Both store the same and answer alike; calls are counted because they are the same on a slow machine."""
    with running((OWN, FLOOR_HERE), write_event(tmp_path)) as contenders:
        must_agree(contenders)
        for contender in contenders:
            contender.ask("wall", WARM)
        own, floor = (contender.ask("calls", WARM) for contender in contenders)
    print(f"\nfunction calls of a report: {own:.0f}, of the bare handler {floor:.0f}")
    assert own <= LIMIT * floor


def test_what_is_done_most_asks_only_for_what_no_history_makes_dearer(inside: Machine) -> None:
    """By key, a page with a limit, or one incident's own items; a retry of a report takes three requests."""
    found = counts(str(a_citizen(inside).citizen["id"]))
    assert len(found) == 9
    assert all(one.bounded_by for one in found.values())
    assert len(found["file a picture report"].requests) == 2
    assert len(found["file it again, same key"].requests) == 3


@pytest.mark.parametrize(
    ("operation", "request_"),
    [("Scan", "{}"), ("Query", '{"TableName": "feed", "IndexName": "open"}'), ("ExecuteStatement", "{}")],
)
def test_a_request_that_history_makes_dearer_is_found(operation: str, request_: str) -> None:
    with pytest.raises(Unbounded):
        bound_of(Asked(service="dynamodb", operation=operation, request=request_))


def test_a_row_says_whether_its_target_was_kept() -> None:
    row = Row(what="a thing", ours="2", beside="floor 1", target="≤ 1", kept=False)
    assert table([row]).endswith("| a thing | 2 | floor 1 | ≤ 1 | **missed** |\n")


def test_the_page_stands_and_hides_no_missed_row() -> None:
    """`make bench` makes it anew. Each part of the table is in it, and what was missed is gone into."""
    text = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    for what in ("cold import", "local gateway", "accept a report", "counts of a request", "cost of"):
        assert f"| {what}" in text, what
    _, heading, gone_into = text.partition("## What was missed, and where it goes\n")
    assert ("**missed** |" in text) == bool(heading)
    for what, reason in (
        ("cold import", "`-X importtime`"),
        ("write units a point", "A point of the web page"),
        ("local gateway", "Nagle"),
        ("accept a report", "by cProfile"),
        ("the same,", "PynamoDB"),
    ):
        missed = [line for line in text.splitlines() if line.startswith(f"| {what}") and "**missed**" in line]
        assert not missed or reason in gone_into, missed
