"""Writes `docs/cost.md`: a machine in this process plays a report and a call, and the meter counts.

`python -m tests.bench.cost` makes that page alone; it takes about two minutes.
"""

import importlib
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from chalicelib.adapters import incidents
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.workflows.release_silent_owners import look_at_owner
from infra.capacity.meter import Meter
from infra.capacity.prices import read_prices
from infra.local.machine import running_on
from infra.local.state import State
from infra.local.triggers.function import Function
from infra.local.watch import running
from tests.bench.cost_ledger import EACH_MINUTE, Ledger, gb_seconds
from tests.bench.cost_page import page
from tests.bench.cost_rates import PICTURES, POSITIONS, VERSIONS_AFTER_THE_ANSWER
from tests.desk import INSIDE, Officer, a_citizen, a_unit, texted_token
from tests.machine import ROOT, CitizenClient, Machine, StaffClient, done
from tests.media import ask_upload, picture, send
from tests.recording import a_piece, put_piece

TURNS = 8
POLLS = 10
LATER_SECONDS = "3600"
TIMERS = (
    "OWNER_SILENCE_SECONDS",
    "ALERT_LIVE_SECONDS",
    "ALERT_PICTURES_SECONDS",
    "ALERT_UNDISPATCHED_SECONDS",
    "ALERT_UNOPENED_SECONDS",
)
"""What they set is charged where it is set; here none is due, or it would run into another step."""

METRES_A_DEGREE = 111_000
SPEED_MPS = 11.1
"""Of a caller who drives."""


def each_minute(ledger: Ledger) -> None:
    """What runs whether anybody calls or not, while nothing is open."""
    handlers = importlib.import_module("app").app.handler_map
    told = {"version": "0", "account": "", "region": "", "detail": {}, "detail-type": "Scheduled Event"}
    event = {**told, "source": "aws.events", "time": "", "id": "", "resources": []}
    for name in EACH_MINUTE:
        # By another name, as the ledger leaves out what the schedule itself starts meanwhile.
        by_hand = Function(name=f"{name} by hand", handler=handlers[name])
        charged = {"lambda_requests": 1.0, "lambda_gb_seconds": gb_seconds(name)}
        ledger.take(name, partial(by_hand.invoke, event), also=charged)


def a_report(ledger: Ledger) -> None:
    """A picture report worked from its filing to its close, and one look of each page that follows it."""
    machine = ledger.machine
    citizen, seat, unit = a_citizen(machine), machine.staff("seat1"), a_unit(machine)
    body = {"text": "路口有人受伤，需要救护车", "position": INSIDE}
    filed = ledger.take("file", lambda: done(citizen.post("/reports/photo-text", body)), http=1)
    incident_id = filed["incident"]["id"]
    for seed in range(PICTURES):
        # One after the other, as each would be charged with the others' retries; the last one counts.
        one = partial(_picture, citizen, incident_id, seed)
        ledger.take("picture", one, http=1, until="s3:CopyObject", also={"s3_writes": 1})
    path = f"/console/incidents/{incident_id}"
    ledger.take("answer", lambda: done(seat.post(f"{path}/answer", {})), http=1)
    opened = ledger.take("open", lambda: done(seat.get(path)), http=1)
    ledger.take("dispatch", lambda: done(seat.post(f"{path}/dispatch", {"unit_id": unit["id"]})), http=1)
    officer = Officer(machine.url, texted_token(machine, unit["phone"]), unit["phone"])
    ledger.take("officer", lambda: _officer(officer), http=2)
    newest = done(seat.get(path))["count"] - 1
    ledger.take("panel's read", lambda: done(seat.get(path, params={"after": newest})), http=1)
    _looks(ledger, citizen, officer, seat, incident_id)
    ledger.take("close", lambda: done(seat.post(f"{path}/close", {"disposition": "resolved"})), http=1)
    changes = done(seat.get(path))["count"] - opened["count"]
    assert changes == VERSIONS_AFTER_THE_ANSWER, f"{changes} versions came after the answer"


def _looks(
    ledger: Ledger, citizen: CitizenClient, officer: Officer, seat: StaffClient, incident_id: str
) -> None:
    """What the pages ask again and again while the report is open."""
    path = f"/reports/{incident_id}"
    known = {"after": done(citizen.get(path))["count"]}
    ledger.take("citizen's look", lambda: done(citizen.get(path, params=known)), http=1)
    seen = {"after": done(officer.get("/link/incident"))["count"]}
    ledger.take("officer's look", lambda: done(officer.get("/link/incident", params=seen)), http=1)
    cluster = f"/console/incidents/{incident_id}/suggestions"
    ledger.take("cluster look", lambda: done(seat.get(cluster)), http=1)


def _picture(citizen: CitizenClient, incident_id: str, seed: int) -> None:
    file = picture(seed=seed)
    assert send(ask_upload(citizen, incident_id, file), file.content).ok


def _officer(officer: Officer) -> None:
    done(officer.open())
    at = datetime.now(UTC).isoformat()
    counts = dict.fromkeys(("cases_solved", "major_cases", "people_arrested", "people_helped"), 0)
    told = {"arrived_at": at, "ended_at": at, "result": "已处置", **counts}
    done(officer.post("/link/feedback", told))


def a_call(ledger: Ledger) -> None:
    """A live call: its beginning, then what goes on as long as it lasts, a piece of each."""
    machine = ledger.machine
    seat, citizen = machine.staff("seat2"), a_citizen(machine)
    incident_id = ledger.take("live", lambda: _begin(citizen, seat), http=4)
    path, own = f"/console/incidents/{incident_id}", f"/reports/{incident_id}"
    ledger.take("fragment", lambda: _fragments(seat, incident_id), http=TURNS, times=TURNS)
    newest = {"after": done(seat.get(path))["count"] - 1}
    ledger.take("panel's read in a call", lambda: done(seat.get(path, params=newest)), http=1)
    before = {"after": done(citizen.get(own))["count"] - 1}
    ledger.take("citizen's look in a call", lambda: done(citizen.get(own, params=before)), http=1)
    ledger.take("line kept", lambda: _keep(citizen, incident_id), http=1)
    ledger.take("owner timer", lambda: _look_at_owner(incident_id))
    ledger.take("positions", lambda: _drive(citizen, incident_id), http=TURNS, times=TURNS)
    look = {"after": TURNS}
    ledger.take("track look", lambda: done(seat.get(f"{path}/positions", params=look)), http=1)
    _polls(ledger, seat)


def _begin(citizen: CitizenClient, seat: StaffClient) -> str:
    filed = done(citizen.post("/reports/video110", {"position": INSIDE}))
    incident_id = str(filed["incident"]["id"])
    done(seat.post(f"/console/incidents/{incident_id}/answer", {}))
    done(citizen.post(f"/reports/{incident_id}/call", {}))
    done(seat.post(f"/console/incidents/{incident_id}/call", {}))
    return incident_id


def _fragments(seat: StaffClient, incident_id: str) -> None:
    began = time.time() - TURNS
    for seq in range(1, TURNS + 1):
        content, told = a_piece(seq, of=began)
        assert put_piece(seat, incident_id, seq, content, told).ok


def _keep(citizen: CitizenClient, incident_id: str) -> None:
    assert citizen.put(f"/reports/{incident_id}/call", {}).ok


def _look_at_owner(incident_id: str) -> None:
    """The timer's run, which sets the next; in a call each sets one and each is set by one."""
    incident = incidents.get(incident_id)
    at = datetime.now(UTC)
    timer = Timer(
        kind=TimerKind.OWNER_SILENT, incident_id=incident_id, due_at=at, owned_since=incident.owned_since
    )
    with running("timer_due"):
        look_at_owner(timer, now=at)


def _drive(citizen: CitizenClient, incident_id: str) -> None:
    """At the page's own pace, because the card moves once in so many seconds."""
    for turn in range(TURNS):
        time.sleep(POSITIONS.seconds)
        ended, each = datetime.now(UTC), int(POSITIONS.seconds)
        points = [
            {"lat": 36.51 + (turn * each + n) * SPEED_MPS / METRES_A_DEGREE, "lng": 118.54, "crs": "wgs84"}
            | {"accuracy_m": 8, "at": (ended - timedelta(seconds=each - n)).isoformat()}
            for n in range(each)
        ]
        done(citizen.post(f"/reports/{incident_id}/positions", {"points": points}))


def _polls(ledger: Ledger, owner: StaffClient) -> None:
    """Of one who owns the call, with her signs of life, and of one who owns nothing."""
    idle = ledger.machine.staff("commander1")
    cursors = {one.username: _poll(one, None) for one in (owner, idle)}

    def poll(seat: StaffClient, times: int) -> None:
        for _ in range(times):
            time.sleep(1)
            cursors[seat.username] = _poll(seat, cursors[seat.username])

    ledger.take("owner's poll", lambda: poll(owner, POLLS), http=POLLS, times=POLLS)
    poll(idle, POLLS)
    ledger.take("idle poll", lambda: poll(idle, POLLS), http=POLLS, times=POLLS)


def _poll(seat: StaffClient, cursor: str | None) -> str:
    reply: Any = done(seat.get("/console/feed", params={"cursor": cursor} if cursor else {}))
    return str(reply["cursor"])


def main() -> None:
    """Play both, and write the page."""
    os.environ.update(dict.fromkeys(TIMERS, LATER_SECONDS))
    with tempfile.TemporaryDirectory() as directory:
        state = State(directory=Path(directory))
        with state.held() as lock, running_on(state, lock) as (_, ready):
            ledger = Ledger(Machine(ready), Meter())
            each_minute(ledger)
            a_report(ledger)
            a_call(ledger)
    target = ROOT / "docs" / "cost.md"
    target.write_text(page(ledger.steps, read_prices()), "utf-8")


if __name__ == "__main__":
    main()
