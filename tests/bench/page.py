"""The page `docs/benchmarks.md`, made from the rows of one run."""

from collections.abc import Sequence

from tests.bench.growth import Count
from tests.bench.rows import Row, table

HEAD = """# Benchmarks

Made by `make bench` in {minutes:.0f} minutes: {machine}.

Each time stands beside a floor or a peer that was measured in the same run, by turns with ours, and is good
for its ratio alone: a median for the import and for accepting, the best of its turns for the gateway.

"""

HOW = """
## How it is measured

- **Cold import**: the zip of `make package`, unpacked, with bytecode, in a new process each time; the
  runtime's own boto3 beside it. The floor is what a Chalice app with PynamoDB cannot do without
  (`chalice.app`, `pynamodb.models`). Processor time, because the clock of a busy machine counts its
  neighbours.
- **Accept**: the handler that Lambda calls is given an API Gateway event of `POST /reports/photo-text`;
  its authorizer has run. Each contender is a process of its own against the same local AWS. The floor is
  a bare handler that parses, reads the citizen and stores the same three items in one transaction
  (`tests/bench/peers/floor.py`); the peers put powertools' resolver and FastAPI with Mangum around the
  same store, validate with pydantic, and give the same answer to the same key (`tests/bench/peers/`,
  versions pinned there). Before anything is measured all answer one event, its retry, and another body
  under its key alike, and store items of the same fields. None of them judges the place, hashes a timeline
  or flags what is wrong; the service does.
- **Lean**: our client of DynamoDB checks no parameters and has a short name, and garbage is looked for
  seldom. That has nothing to do with frameworks, so the floor has it too. The peers are measured without
  it, as their documentation has them, and with it: the two figures of one peer say what it spares.
- **Points**: the mini-program sends ten each ten seconds, the web page five each five, so that the console's
  map is not behind. What follows from them, the track moved up and the card, is in [cost](cost.md).
- **Instructions** are callgrind's (valgrind 3 on x86-64), of ten reports after five that warm up, one
  contender after the other. What the kernel does is not in them.
- **Local gateway**: the best of fifteen short turns; one client asks `GET /county` as fast as it is answered.
- **Counts** are those of the capacity model (`infra/capacity/`) on the real code. With 10² and 10⁴
  incidents the tables are prepared and counted. For 10⁶ each request is looked at: one that names its
  items by key, a page with a limit, or a query of one incident's own items takes what it takes with few;
  anything else would stop the run. These are the requests themselves. What follows from them (the stream's
  readers, rules, figures) is counted once, in [cost](cost.md). Of what is *open* there can be as much as
  rings at once: the sweep reads every open card each minute, a console's first poll reads them by pages.
"""

GROWTH = """
## What is done most, with few incidents and with many

| operation | requests | read units | write units | bounded by |
| --- | --- | --- | --- | --- |
"""


class Counted:
    """What the operations took with few incidents stored and with many."""

    def __init__(self) -> None:
        self.few: dict[str, Count] = {}
        self.many: dict[str, Count] = {}


def page(rows: Sequence[Row], counted: Counted, notes: Sequence[str], *, machine: str, minutes: float) -> str:
    """The whole page."""
    missed = [row.what for row in rows if row.kept is False]
    return (
        HEAD.format(machine=machine, minutes=minutes)
        + table(rows)
        + _growth(counted)
        + HOW
        + ("\n## What was missed, and where it goes\n\n" if missed else "")
        + "\n".join(notes)
    )


def _growth(counted: Counted) -> str:
    return GROWTH + "".join(_line(name, few, counted.many[name]) for name, few in counted.few.items())


def _line(name: str, few: Count, many: Count) -> str:
    requests = ", ".join(one.partition(":")[2] for one in few.requests)
    bounds = ", ".join(dict.fromkeys(few.bounded_by))
    read, write = (
        f"{getattr(few, one):g}" if few == many else f"{getattr(few, one):g}, then {getattr(many, one):g}"
        for one in ("read_units", "write_units")
    )
    return f"| {name} | {requests} | {read} | {write} | {bounds} |\n"
