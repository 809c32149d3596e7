"""Writes `docs/cost.md`: a machine in this process plays a report and a call, and the meter counts.

`python -m tests.bench.cost`; it takes about a minute.
"""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infra.capacity.meter import Cost, Meter
from infra.capacity.prices import read_prices
from infra.local.machine import running_on
from infra.local.state import State
from tests.bench.cost_page import page
from tests.desk import INSIDE, Officer, a_citizen, a_unit, texted_token
from tests.machine import ROOT, CitizenClient, Machine, StaffClient, done, eventually
from tests.media import ask_upload, picture, send
from tests.recording import a_live_call, a_piece, end, put_piece

QUIET_SECONDS = 1.5
STREAM_READERS = 2
TURNS = 8
API_GB_SECONDS, TRIGGER_GB_SECONDS = 0.15, 0.1
"""A tenth of a second at the memory of `.chalice/config.json`: assumed, not measured."""

WRITES = {"s3:PutObject", "s3:CopyObject"}
READS = {"s3:GetObject", "s3:HeadObject"}


class Ledger:
    """What each step of the story took, once all that follows from it was done."""

    def __init__(self, machine: Machine, meter: Meter) -> None:
        self.machine = machine
        self._meter = meter
        self.steps: dict[str, dict[str, float]] = {}

    def take(self, name: str, step: Callable[[], Any], *, http: int, times: int = 1, **more: float) -> Any:
        """Do a step with all that follows from it; its amounts are those of one of `times` turns."""
        result, cost = self._done(step)
        amounts = Counter(_amounts(cost, http)) + Counter(more)
        self.steps[name] = {unit: amount / times for unit, amount in amounts.items()}
        print(f"{name}: {self.steps[name]}", flush=True)
        return result

    def wait(self, step: Callable[[], Any]) -> Any:
        """Do what is not counted, with all that follows from it."""
        return self._done(step)[0]

    def _done(self, step: Callable[[], Any]) -> tuple[Any, Cost]:
        with self._meter.metering() as cost:
            result = step()
            _settle(cost)
        return result, cost


def _settle(cost: Cost) -> None:
    """Wait until no function has asked for anything for a while."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        now = len(_of_functions(cost))
        if now != seen:
            seen, since = now, time.monotonic()
        time.sleep(0.05)


def _of_functions(cost: Cost) -> list[Any]:
    """Without what the machine's own pollers ask, and without the sweep, which runs whoever calls."""
    return [one for one in cost.consumed if one.function not in (None, "sweep")]


def _amounts(cost: Cost, http: int) -> dict[str, float]:
    """What is charged. The stream's functions are taken as called for each write, a batch of one."""
    mine = _of_functions(cost)
    names = Counter(one.name for one in mine)
    sent = names["sqs:SendMessage"]
    stored = names["s3:CopyObject"]
    streamed = STREAM_READERS * sum("IncidentsTable" in one.tables for one in mine)
    triggers = streamed + sent + stored
    return {
        "api_requests": http,
        "lambda_requests": http + triggers,
        "lambda_gb_seconds": http * API_GB_SECONDS + triggers * TRIGGER_GB_SECONDS,
        "read_units": sum(one.read_units for one in mine),
        "write_units": sum(one.write_units + one.index_units for one in mine),
        # Sent, received, deleted; what the bucket sends is received and deleted too.
        "sqs_requests": 3.0 * (sent + stored),
        "s3_writes": sum(names[name] for name in WRITES),
        "s3_reads": sum(names[name] for name in READS),
    }


def a_report(ledger: Ledger) -> None:
    """A picture report worked from its filing to its close."""
    machine = ledger.machine
    citizen, seat, unit = a_citizen(machine), machine.staff("seat1"), a_unit(machine)
    body = {"text": "路口有人受伤，需要救护车", "position": INSIDE}
    filed = ledger.take("file", lambda: done(citizen.post("/reports/photo-text", body)), http=1)
    incident_id = filed["incident"]["id"]
    ledger.take("picture", lambda: _picture(citizen, incident_id), http=1, s3_writes=1)
    path = f"/console/incidents/{incident_id}"
    ledger.take("answer", lambda: done(seat.post(f"{path}/answer", {})), http=1)
    ledger.take("open", lambda: done(seat.get(path)), http=1)
    ledger.take("dispatch", lambda: done(seat.post(f"{path}/dispatch", {"unit_id": unit["id"]})), http=1)
    ledger.take("officer", lambda: _officer(machine, unit["phone"]), http=2)
    ledger.take("close", lambda: done(seat.post(f"{path}/close", {"disposition": "resolved"})), http=1)


def _picture(citizen: CitizenClient, incident_id: str) -> None:
    file = picture(seed=1)
    upload = ask_upload(citizen, incident_id, file)
    assert send(upload, file.content).ok
    eventually(lambda: done(citizen.get(f"/reports/{incident_id}"))["media"], within_seconds=15)


def _officer(machine: Machine, phone: str) -> None:
    officer = Officer(machine.url, texted_token(machine, phone), phone)
    done(officer.open())
    at = datetime.now(UTC).isoformat()
    counts = dict.fromkeys(("cases_solved", "major_cases", "people_arrested", "people_helped"), 0)
    told = {"arrived_at": at, "ended_at": at, "result": "已处置", **counts}
    done(officer.post("/link/feedback", told))


def a_call(ledger: Ledger) -> None:
    """A live call: its beginning, then what goes on as long as it lasts, a piece of each."""
    machine = ledger.machine
    seat = machine.staff("seat2")
    incident_id = ledger.take("live", lambda: a_live_call(machine, seat), http=4)
    ledger.take("fragment", lambda: _fragments(seat, incident_id), http=TURNS, times=TURNS)
    ledger.wait(lambda: end(seat, incident_id))
    citizen = a_citizen(machine)
    own = ledger.wait(lambda: done(citizen.post("/reports/photo-text", {"position": INSIDE})))["incident"][
        "id"
    ]
    ledger.take("positions", lambda: _walk(citizen, own), http=TURNS, times=TURNS)
    idle, at = machine.staff("commander1"), {"cursor": ""}

    def poll() -> None:
        reply = done(idle.get("/console/feed", params={key: one for key, one in at.items() if one}))
        at["cursor"] = reply["cursor"]

    poll()
    time.sleep(12)
    poll()
    ledger.take("idle poll", poll, http=1)
    look = f"/console/incidents/{own}/positions"
    ledger.take("track look", lambda: done(seat.get(look, params={"after": TURNS})), http=1)
    ledger.take("citizen's look", lambda: done(citizen.get(f"/reports/{own}", params={"after": 1})), http=1)


def _fragments(seat: StaffClient, incident_id: str) -> None:
    began = time.time() - TURNS
    for seq in range(1, TURNS + 1):
        content, told = a_piece(seq, of=began)
        assert put_piece(seat, incident_id, seq, content, told).ok


def _walk(citizen: CitizenClient, incident_id: str) -> None:
    for turn in range(TURNS):
        at = datetime.now(UTC) - timedelta(seconds=10 * (TURNS - turn))
        points = [
            {"lat": 36.51 + turn / 1000, "lng": 118.54, "crs": "wgs84", "accuracy_m": 8}
            | {"at": (at + timedelta(seconds=n)).isoformat()}
            for n in range(10)
        ]
        done(citizen.post(f"/reports/{incident_id}/positions", {"points": points}))


def main() -> None:
    """Play both, and write the page."""
    # A console polls each second as long as it holds a call; here none does, and none is to be followed up.
    os.environ["OWNER_SILENCE_SECONDS"] = "3600"
    with tempfile.TemporaryDirectory() as directory:
        state = State(directory=Path(directory))
        with state.held() as lock, running_on(state, lock) as (_, ready):
            ledger = Ledger(Machine(ready), Meter())
            a_report(ledger)
            a_call(ledger)
    target = ROOT / "docs" / "cost.md"
    target.write_text(page(ledger.steps, read_prices()), "utf-8")


if __name__ == "__main__":
    main()
