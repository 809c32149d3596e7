"""The page `docs/cost.md`, made from what the steps took, how often each comes, and the price table."""

from collections import Counter
from collections.abc import Mapping

from infra.capacity.prices import Prices
from tests.bench.cost_rates import (
    CALL_MEDIA,
    CALLER_HOUR,
    EMPTY_POLLS,
    FIREWALL,
    IDLE_HOUR,
    MONTH,
    PICTURE_GB,
    PICTURE_MONTHS,
    PICTURES_KEPT,
    RECORDING_KEPT,
    RECORDING_MONTHS,
    RELAYED,
    REPORT_PAGES,
    REPORT_STEPS,
)

Steps = Mapping[str, Mapping[str, float]]
Parts = dict[str, tuple[float, Counter[str]]]
"""What a bill is made of: how often each part comes, and what all of it takes."""

HEAD = """# What it costs

Made by `tests/bench/cost.py`, which plays a report and a call on one machine and counts every AWS call by
the capacity model (`infra/capacity/units.py`); how often each page asks stands in
`tests/bench/cost_rates.py`, and a test holds it to the pages' own constants. The budgets themselves are
tests (`tests/bench/test_budgets.py`). `.venv/bin/python -m tests.bench.cost` makes this page alone, in two
minutes; `make bench` makes it together with [benchmarks](benchmarks.md). Prices are data,
`infra/capacity/prices.json`: {region}, gathered {gathered}. {note}

**{report} a picture report** (three pictures, answered, one officer sent, closed after ten minutes): {own}
its own steps, {pages} the pages that follow it meanwhile, {pictures} its pictures for
{picture_months:.0f} months.

**{hour} a caller-hour** (live, recorded, moving), {kept} of it the recording for
{recording_months:.0f} months; **{relayed}** where both sides must be relayed by TURN.

Whether anybody calls or not: {idle} an hour for each console that holds nothing, and {month} a month for
the firewall, the sweep, the keeper and the empty polls of the two queues, while nothing is open.

## What each step takes

One of each, with what follows from it at once: the stream's readers, timers that are due, the check of the
file.

"""

TAIL = """
## What is assumed

- Counted on the local AWS, never billed by the real one: units by the published rules and the items' sizes.
  A transaction doubles a table's units, not an index's.
- A function runs a tenth of a second at its memory. The stream's two are called once each for every item
  written to the incidents table: the most there can be, as Lambda gives records that come together to one
  call. A timer is charged where it is set; what it reads when it is due, a unit or two, is left out but for
  the owner's.
- A report: ten minutes from filing to close. The citizen's page is open all the time, has news at least
  each two minutes and so looks each two seconds, and may send her position, of one who drives. The console
  keeps the panel open and polls for this report alone. The officer's page is open for five minutes. A
  picture has {picture_mb:.0f} MB, as a phone takes it: the page sends it as it is.
- An hour: 1,800 fragments of 200 KB, each a new version of the incident, which the panel reads and the
  citizen's page looks for; the owner's poll and a look at the track each second; five points each five
  seconds, of a caller who drives; 200 signaling messages; the stream's copy kept a day. Relayed: two legs
  of 60 minutes at 1 Mb/s. One call a seat: a poll serves all that she has open.
- Kept as long as the service's defaults say: `media_life_days` and `recording_life_days`, from the close.
- A month without a call: Lambda reads each queue with five long polls of twenty seconds at a time.

## What is left out

Texts (one to three a dispatched report, priced by country and carrier); logs, traces and alarms; backups
and the tables' storage; the intake bucket's copy of a picture (14 days); a channel's 0.03 USD a month; the
bytes of pages and of the API's answers; views of recordings and pictures ({view} for each look at a
picture); what the sweep and the keeper do with what is open, held or over its time; the stream's calls when
DynamoDB drops what expired; authorizers (their answers are cached); an officer, a commander or a department
in a call, and a second console that has it open; free allowances.
"""


def page(steps: Steps, prices: Prices) -> str:
    """The whole page."""
    own, pages = _parts(steps, REPORT_STEPS), _parts(steps, REPORT_PAGES)
    pictures: Parts = {"pictures kept": (1, Counter(PICTURES_KEPT))}
    report = own | pages | pictures
    media: Parts = {
        "recording kept": (1, Counter(RECORDING_KEPT)),
        "stream and signaling": (1, Counter(CALL_MEDIA)),
    }
    hour = _parts(steps, CALLER_HOUR) | media
    relayed: Parts = hour | {"relay": (1, Counter(RELAYED))}
    month: Parts = _parts(steps, MONTH)
    month |= {"empty polls": (1, Counter(EMPTY_POLLS)), "firewall": (1, Counter(FIREWALL))}
    told = {
        name: _usd(parts, prices)
        for name, parts in {
            "report": report,
            "own": own,
            "pages": pages,
            "pictures": pictures,
            "hour": hour,
            "kept": {"recording kept": hour["recording kept"]},
            "relayed": relayed,
        }.items()
    }
    head = HEAD.format(
        region=prices.region,
        gathered=prices.gathered,
        note=prices.note,
        picture_months=PICTURE_MONTHS,
        recording_months=RECORDING_MONTHS,
        idle=_usd(_parts(steps, IDLE_HOUR), prices, digits=3),
        month=_usd(month, prices, digits=2),
        **told,
    )
    view = _usd({"view": (1, Counter({"gb_out": PICTURE_GB}))}, prices)
    return (
        head
        + _steps(steps, prices)
        + _bill("A picture report", report, prices)
        + _bill("A caller-hour, relayed", relayed, prices)
        + _bill("A month without a call", month, prices)
        + TAIL.format(picture_mb=PICTURE_GB * 1000, view=view)
    )


def _parts(steps: Steps, times: Mapping[str, float]) -> Parts:
    return {
        name: (count, Counter({unit: amount * count for unit, amount in steps[name].items()}))
        for name, count in times.items()
    }


def _total(parts: Parts) -> Counter[str]:
    total: Counter[str] = Counter()
    for _, amounts in parts.values():
        total.update(amounts)
    return total


def _dollars(amounts: Mapping[str, float], prices: Prices) -> float:
    return sum(prices.dollars(amounts).values())


def _usd(parts: Parts, prices: Prices, *, digits: int = 5) -> str:
    return f"{_dollars(_total(parts), prices):.{digits}f} USD"


def _steps(steps: Steps, prices: Prices) -> str:
    rows = [
        "| step | HTTP | functions | read units | write units | S3 | SQS | USD |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, took in steps.items():
        amounts = Counter(took)
        stored = amounts["s3_writes"] + amounts["s3_reads"]
        rows.append(
            f"| {name} | {amounts['api_requests']:g} | {amounts['lambda_requests']:.4g} "
            f"| {amounts['read_units']:.4g} | {amounts['write_units']:.4g} | {stored:g} "
            f"| {amounts['sqs_requests']:g} | {_dollars(took, prices):.8f} |"
        )
    return "\n".join(rows) + "\n"


def _bill(title: str, parts: Parts, prices: Prices) -> str:
    """The dearest first, once by what asks for it and once by what is charged."""
    rows = [f"\n## {title}\n", "| step | times | USD |", "| --- | --- | --- |"]
    asked = {name: (times, _dollars(amounts, prices)) for name, (times, amounts) in parts.items()}
    for name, (times, usd) in sorted(asked.items(), key=lambda one: -one[1][1]):
        rows.append(f"| {name} | {_plain(times)} | {usd:.6f} |")
    rows += ["", "| of | unit | price, USD | amount | USD |", "| --- | --- | --- | --- | --- |"]
    amounts = _total(parts)
    for name, usd in sorted(prices.dollars(amounts).items(), key=lambda one: -one[1]):
        price = prices.prices[name]
        rows.append(
            f"| {price.of} | {price.unit} | {price.usd:.10g} for {price.per:,} "
            f"| {_plain(amounts[name])} | {usd:.6f} |"
        )
    return "\n".join(rows) + "\n"


def _plain(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:.4g}"
