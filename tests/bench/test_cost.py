"""The price table, what is charged for a step, how often it comes, and the page made from it."""

import math
import re

import pytest

from chalicelib.settings import Settings
from infra.capacity.meter import Consumed, Cost
from infra.capacity.prices import read_prices
from tests.bench.cost_ledger import amounts_of
from tests.bench.cost_rates import PACES, PICTURE_MONTHS, RECORDING_MONTHS, Pace
from tests.machine import ROOT

WEB = ROOT / "chalicelib" / "web"
ONE_SECOND = {"FRAMES_PER_SECOND": 1000.0}


def test_an_amount_costs_its_share_of_the_price() -> None:
    dollars = read_prices().dollars({"write_units": 2_000_000, "s3_writes": 500})
    assert dollars == pytest.approx({"write_units": 1.25, "s3_writes": 0.0025})


def test_what_has_no_price_is_a_fault_and_not_free() -> None:
    with pytest.raises(KeyError):
        read_prices().dollars({"phone_calls": 1})


def test_the_page_was_made_with_the_prices_of_the_table() -> None:
    """`python -m tests.bench.cost` makes it anew."""
    text, table = (ROOT / "docs" / "cost.md").read_text("utf-8"), read_prices()
    assert f"{table.region}, gathered {table.gathered}" in text
    for price in table.prices.values():
        assert f"| {price.of} | {price.unit} | {price.usd:.10g} for {price.per:,} |" in text, price


def test_each_item_of_a_transaction_is_a_record_for_both_readers_of_the_stream() -> None:
    tables = ("IncidentsTable", "IncidentsTable", "IncidentsTable", "CitizensTable")
    wrote = Consumed(name="dynamodb:TransactWriteItems", function="api_handler", tables=tables)
    assert charged(wrote, http=1)["lambda_requests"] == 1 + 2 * 3


def test_a_timer_is_charged_at_the_memory_it_is_deployed_with() -> None:
    took = charged(Consumed(name="sqs:SendMessage", function="table_changed"))
    assert took["lambda_gb_seconds"] == pytest.approx(0.05)
    assert took["sqs_requests"] == 3


@pytest.mark.parametrize("function", ["sweep", "keeper", None])
def test_what_runs_whoever_calls_is_no_steps(function: str | None) -> None:
    took = charged(Consumed(name="dynamodb:Query", function=function, read_units=9))
    assert not any(took.values())


def test_a_call_of_the_store_without_a_price_is_a_fault_and_not_free() -> None:
    with pytest.raises(AssertionError):
        charged(Consumed(name="s3:ListObjectVersions", function="api_handler"))


@pytest.mark.parametrize("pace", PACES, ids=lambda pace: f"{pace.script} {pace.constant}")
def test_the_pages_ask_as_often_as_is_charged(pace: Pace) -> None:
    script = (WEB / pace.script).read_text("utf-8")
    said = re.search(rf"^const {pace.constant} = ([\w *]+);", script, re.MULTILINE)
    assert said, f"{pace.script} has no {pace.constant}"
    factors = [part.strip() for part in said[1].split("*")]
    milliseconds = math.prod(ONE_SECOND.get(one) or float(one) for one in factors)
    assert milliseconds == pace.seconds * 1000


def test_the_panel_beats_as_often_as_the_feed_is_asked() -> None:
    assert 'postMessage({ kind: "beat" }), 1000)' in (WEB / "console" / "poller.js").read_text("utf-8")


def test_what_is_kept_is_charged_for_its_whole_life() -> None:
    life, months = Settings(), 365 / 12
    assert pytest.approx(life.media_life_days / months) == PICTURE_MONTHS
    assert pytest.approx(life.recording_life_days / months) == RECORDING_MONTHS
    text = (ROOT / "docs" / "cost.md").read_text("utf-8")
    assert f"its pictures for {PICTURE_MONTHS:.0f} months" in " ".join(text.split())
    assert f"the recording for {RECORDING_MONTHS:.0f} months" in " ".join(text.split())


def charged(*consumed: Consumed, http: int = 0) -> dict[str, float]:
    """What is charged for a step that asked for just this."""
    cost = Cost()
    cost.consumed.extend(consumed)
    return amounts_of(cost, http)
