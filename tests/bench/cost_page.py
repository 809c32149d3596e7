"""The page `docs/cost.md`, made from what the steps took and the price table."""

from collections import Counter
from collections.abc import Mapping

from infra.capacity.prices import Prices

Steps = Mapping[str, Mapping[str, float]]

REPORT = {"file": 1, "picture": 3, "answer": 1, "open": 8, "dispatch": 1, "officer": 1, "close": 1}
"""A report with three pictures; the console opens the record again after each change."""

CALLER_HOUR = {
    "live": 1,
    "fragment": 1800,
    "positions": 360,
    "idle poll": 3600,
    "track look": 3600,
    "citizen's look": 720,
}

FRAGMENT_GB = 0.0002
HOUR_GB = 1800 * FRAGMENT_GB
MEDIA = {
    "s3_gb_months": 6 * HOUR_GB,
    "kvs_gb_in": HOUR_GB,
    "kvs_gb_months": HOUR_GB / 30,
    "signaling_messages": 200,
}
RELAYED = {"turn_minutes": 120.0, "gb_out": 2 * 0.45}

HEAD = """# What it costs

Made by `tests/bench/cost.py`, which plays a report and a call on one machine and counts every AWS call by the
capacity model (`infra/capacity/units.py`); the budgets themselves are tests (`tests/bench/test_budgets.py`).
Prices are data, `infra/capacity/prices.json`: {region}, gathered {gathered}. {note}

**{report} a picture report** (three pictures, answered, one officer sent, closed) and **{hour} a
caller-hour** (live, recorded, moving); **{relayed}** where both sides must be relayed by TURN.

## What each step takes

One of each, with all that follows from it: stream, timers, the check of the file.

"""

TAIL = """
## What is assumed, and what is left out

- Counted on the local AWS, never billed by the real one: units by the published rules and the items' sizes.
- A function is taken to run a tenth of a second at its memory, and the stream's two to be called once each
  for a write to the incidents table, the most there can be. A transaction doubles a table's units, not an
  index's.
- An hour: 1,800 fragments of 200 KB, kept half a year in S3 and a day in the stream; ten points each ten
  seconds, of a caller who drives; a poll of the feed and a look at the track each second; a look of the
  citizen's page each five; 200 signaling messages. Relayed: two legs of 60 minutes at 1 Mb/s. A seat's poll
  serves all that she has open.
- Left out: texts (one to three a dispatched report, priced by country and carrier), logs, traces and alarms,
  backups, the tables' storage, a channel's 0.03 USD a month, views of recordings, the sweep each minute,
  authorizers (their answers are cached), free allowances.
"""


def page(steps: Steps, prices: Prices) -> str:
    """The whole page."""
    report, hour = _summed(steps, REPORT), _summed(steps, CALLER_HOUR) + Counter(MEDIA)
    relayed = hour + Counter(RELAYED)
    head = HEAD.format(
        region=prices.region,
        gathered=prices.gathered,
        note=prices.note,
        report=_usd(report, prices),
        hour=_usd(hour, prices),
        relayed=_usd(relayed, prices),
    )
    return (
        head
        + _steps(steps, prices)
        + _bill("A picture report", report, prices)
        + _bill("A caller-hour, relayed", relayed, prices)
        + TAIL
    )


def _summed(steps: Steps, times: Mapping[str, int]) -> Counter[str]:
    total: Counter[str] = Counter()
    for name, count in times.items():
        total.update({unit: amount * count for unit, amount in steps[name].items()})
    return total


def _usd(amounts: Mapping[str, float], prices: Prices) -> str:
    return f"{sum(prices.dollars(amounts).values()):.5f} USD"


def _steps(steps: Steps, prices: Prices) -> str:
    rows = [
        "| step | HTTP | read units | write units | S3 | SQS | USD |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, took in steps.items():
        amounts = Counter(took)
        stored = amounts["s3_writes"] + amounts["s3_reads"]
        rows.append(
            f"| {name} | {amounts['api_requests']:g} | {amounts['read_units']:.4g} "
            f"| {amounts['write_units']:.4g} | {stored:g} | {amounts['sqs_requests']:g} "
            f"| {sum(prices.dollars(took).values()):.7f} |"
        )
    return "\n".join(rows) + "\n"


def _bill(title: str, amounts: Mapping[str, float], prices: Prices) -> str:
    rows = [f"\n## {title}\n", "| of | unit | price, USD | amount | USD |", "| --- | --- | --- | --- | --- |"]
    for name, usd in sorted(prices.dollars(amounts).items(), key=lambda one: -one[1]):
        price = prices.prices[name]
        rows.append(
            f"| {price.of} | {price.unit} | {price.usd:.10g} for {price.per:,} "
            f"| {_plain(amounts[name])} | {usd:.6f} |"
        )
    return "\n".join(rows) + "\n"


def _plain(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:.4g}"
