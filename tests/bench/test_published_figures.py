"""What a bureau published, put in through the API shuffled and with repeats: the figures say exactly that.

A tenth of it where nobody says otherwise, so that it takes seconds; `PUBLISHED=whole` puts in all of it, and
`CITIZENS` says how many sign in.
"""

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.desk import Officer, a_unit, texted_token
from tests.machine import CitizenClient, HttpClient, Machine, OwnMachine, StaffClient, done, eventually, once

WHOLE = os.environ.get("PUBLISHED") == "whole"
REPORTS, TIPS, CONSULTS = (560, 130, 1700) if WHOLE else (56, 13, 170)
CITIZENS = int(os.environ.get("CITIZENS") or (100_000 if WHOLE else 200))
LONGEST_SECONDS = 3 * 3600 if WHOLE else 300
WITHIN_SECONDS = 900 if WHOLE else 30

SCENES = ((1, 1, 12, 30), (2, 1, 8, 25), (0, 0, 0, 5))
"""What three officers report: cases solved, major ones, arrested, helped. 2 major, 20 and 60 in all."""

FILERS = 20
"""Citizens who file; they are among those who signed in."""

Task = Callable[[], object]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnMachine]:
    """A machine on which nothing happened yet."""
    machine = OwnMachine(tmp_path_factory.mktemp("published"))
    try:
        yield machine.start()
    finally:
        machine.stop()


class Bureau:
    """All that happened, as tasks in no order, each of which may be done again."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.filers = [machine.citizen(f"filer-{number}") for number in range(FILERS)]
        # Nobody polls the feed here, so an owner would lose the incident while the text is on its way.
        self.account = machine.staff("commander1").account

    def tasks(self) -> list[Task]:
        """Everything once; three of the reports are worked to their end."""
        kinds: list[tuple[str, dict[str, Any]]] = [("photo-text", {})] * (REPORTS - len(SCENES))
        kinds += [("photo-text", {"tip": True})] * TIPS
        kinds += [("fengqiao", {})] * CONSULTS
        return [
            *(self._sign_in(number) for number in range(CITIZENS - FILERS)),
            *(self._file(number, path, body) for number, (path, body) in enumerate(kinds)),
            *(self._work(number, counts) for number, counts in enumerate(SCENES)),
        ]

    def _sign_in(self, number: int) -> Task:
        def task() -> object:
            return done(self.machine.anyone().post("/session", {"code": once(f"login-someone-{number}")}))

        return task

    def _file(self, number: int, path: str, body: dict[str, Any]) -> Task:
        def task() -> object:
            citizen = again(self.filers[number % FILERS])
            return done(citizen.post(f"/reports/{path}", {"text": "测试", **body}, key=f"report-{number}"))

        return task

    def _work(self, number: int, counts: Sequence[int]) -> Task:
        """File, answer, send an officer, hear from him: first something wrong, then twice what counts."""

        def task() -> object:
            citizen, seat = again(self.filers[number]), StaffClient(self.machine.url, self.account)
            filed = done(citizen.post("/reports/photo-text", {"text": "现场"}, key=f"scene-{number}"))
            path = f"/console/incidents/{filed['incident']['id']}"
            if done(seat.get(path))["incident"]["status"] != "waiting":
                return None
            unit = a_unit(self.machine)
            done(seat.post(f"{path}/answer", {}))
            done(seat.post(f"{path}/dispatch", {"unit_id": unit["id"]}))
            self._report_back(unit["phone"], counts)
            return done(seat.post(f"{path}/close", {"disposition": "resolved"}))

        return task

    def _report_back(self, phone: str, counts: Sequence[int]) -> None:
        eventually(lambda: self.machine.texts(phone), within_seconds=WITHIN_SECONDS)
        officer = Officer(self.machine.url, texted_token(self.machine, phone), phone)
        done(officer.open())
        at = datetime.now(UTC).isoformat()
        told = {"arrived_at": at, "ended_at": at, "result": "已处置"}
        names = ("cases_solved", "major_cases", "people_arrested", "people_helped")
        for said in ((9, 9, 999, 999), counts, counts):
            done(officer.post("/link/feedback", {**told, **dict(zip(names, said, strict=True))}))


def again(citizen: CitizenClient) -> HttpClient:
    """The citizen with a connection of this thread's own."""
    return HttpClient(citizen.url, {"Authorization": f"Bearer {citizen.token}"})


def published(machine: Machine) -> dict[str, int]:
    """The figures that were published, as the service says them now."""
    stats = done(machine.staff("commander1").get("/console/stats"))
    names = ("reports", "tips", "consults", "major_cases", "people_arrested", "people_helped")
    return {"citizens": stats["registered_in_all"], **{name: stats["totals"][name] for name in names}}


@pytest.mark.timeout(LONGEST_SECONDS)
def test_the_figures_say_exactly_what_happened(own: OwnMachine) -> None:
    tasks, order = Bureau(own).tasks(), random.Random(3)
    told = [*tasks, *order.sample(tasks, len(tasks) // 10)]
    order.shuffle(told)
    began_at = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        for finished in [pool.submit(task) for task in told]:
            finished.result()
    sent_seconds = time.monotonic() - began_at
    exactly = {
        "citizens": CITIZENS,
        "reports": REPORTS,
        "tips": TIPS,
        "consults": CONSULTS,
        "major_cases": 2,
        "people_arrested": 20,
        "people_helped": 60,
    }

    def counted() -> dict[str, int]:
        now = published(own)
        assert now == exactly
        return now

    said = eventually(counted, within_seconds=WITHIN_SECONDS)
    counted_seconds = time.monotonic() - began_at
    print(f"\n{said}: {len(told)} tasks sent in {sent_seconds:.0f} s, counted after {counted_seconds:.0f} s")
