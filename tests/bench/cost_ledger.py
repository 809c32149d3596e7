"""What each step of a played story took, as the amounts that have a price."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from infra.capacity.meter import Consumed, Cost, Meter
from tests.machine import PATIENCE, ROOT, Machine

QUIET_SECONDS = 1.5
RUN_SECONDS = 0.1
"""How long a function is taken to run: assumed, not measured."""

STREAM_READERS = ("state_changed", "table_changed")
EACH_MINUTE = ("sweep", "keeper")
"""They run whoever calls, so they are no step's."""

WRITES = {"s3:PutObject", "s3:CopyObject"}
READS = {"s3:GetObject", "s3:HeadObject"}


class Ledger:
    """What each step of the story took, once all that follows from it at once was done."""

    def __init__(self, machine: Machine, meter: Meter) -> None:
        self.machine = machine
        self._meter = meter
        self.steps: dict[str, dict[str, float]] = {}

    def take(
        self,
        name: str,
        step: Callable[[], Any],
        *,
        http: int = 0,
        times: int = 1,
        until: str | None = None,
        also: Mapping[str, float] | None = None,
    ) -> Any:
        """Do a step with all that follows from it; its amounts are those of one of `times` turns.

        `until` is a request that has to come before the step can be over; `also` are amounts that the meter
        cannot see.
        """
        with self._meter.metering() as cost:
            result = step()
            _settle(cost, until=until)
        amounts = Counter(amounts_of(cost, http)) + Counter(also or {})
        self.steps[name] = {unit: amount / times for unit, amount in amounts.items()}
        print(f"{name}: {self.steps[name]}", flush=True)
        return result


def amounts_of(cost: Cost, http: int) -> dict[str, float]:
    """What is charged.

    Each item written to the incidents' table is a record of its stream, and each record is taken to call both
    of its readers: the most there can be, as Lambda gives records that come together to one call. A message
    sent is taken for one received, handled and deleted, whenever that is.
    """
    mine = of_steps(cost)
    names = Counter(one.name for one in mine)
    unknown = {name for name in names if name.startswith("s3:")} - WRITES - READS
    assert not unknown, f"no price is known for {unknown}"
    called = {
        "api_handler": http,
        "timer_due": names["sqs:SendMessage"],
        # The bucket tells of each file that came; what was taken is copied.
        "object_stored": names["s3:CopyObject"],
        **dict.fromkeys(STREAM_READERS, sum(one.tables.count("IncidentsTable") for one in mine)),
    }
    return {
        "api_requests": http,
        "firewall_requests": http,
        "lambda_requests": sum(called.values()),
        "lambda_gb_seconds": sum(times * gb_seconds(name) for name, times in called.items()),
        "read_units": sum(one.read_units for one in mine),
        "write_units": sum(one.write_units + one.index_units for one in mine),
        # Sent, received, deleted; what the bucket sends too.
        "sqs_requests": 3.0 * (called["timer_due"] + called["object_stored"]),
        "s3_writes": sum(names[name] for name in WRITES),
        "s3_reads": sum(names[name] for name in READS),
    }


def gb_seconds(function: str) -> float:
    """What one run of a function takes, at the memory it is deployed with."""
    deployed = msgspec.json.decode((ROOT / ".chalice" / "config.json").read_bytes())
    memory_mb: int = deployed["lambda_functions"][function]["lambda_memory_size"]
    return RUN_SECONDS * memory_mb / 1024


def of_steps(cost: Cost) -> list[Consumed]:
    """Without what the machine's own pollers and a test's waiting ask, and without what runs each minute."""
    return [one for one in cost.consumed if one.function not in (None, *EACH_MINUTE)]


def _settle(cost: Cost, *, until: str | None) -> None:
    """Wait until what has to come has come, and then until no function has asked for anything for a while."""
    seen, since, began = -1, time.monotonic(), time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        mine = of_steps(cost)
        came = until is None or any(one.name == until for one in mine)
        if len(mine) != seen or not came:
            seen, since = len(mine), time.monotonic()
        assert time.monotonic() - began < 15 * PATIENCE, f"{until} did not come"
        time.sleep(0.05)
