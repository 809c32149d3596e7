"""The price table and the page made from it."""

import pytest

from infra.capacity.prices import read_prices
from tests.machine import ROOT


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
