"""Citizens, call-takers, officers and commanders at random, with faults: `python -m tests.faults.days`.

Hypothesis chooses who does what next and which outside call goes wrong how; the history is kept, and looked
at when the day is over and all has healed. Hypothesis ends an example after some 550 steps, so a day is made
of shifts: each is an example of its own and goes on with the people, reports and history of the one before.
`STEPS` and `SEEDS` say how much; `FIRST_SEED` from where on; no day begins after `SECONDS`. Ends with 1 when
a promise was broken.
"""

import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, Phase, assume, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.faults.asking import unit_id
from tests.faults.case import INSIDE, Case, Filed, attempt, new_key, texts
from tests.faults.history import Event, History
from tests.faults.outside import Fault
from tests.faults.promises import broken, miscounted, not_told
from tests.faults.rounds import sent_again
from tests.faults.world import Answer, World, a_world

STEPS, SEEDS = int(os.environ.get("STEPS", "40")), int(os.environ.get("SEEDS", "1"))
FIRST_SEED = int(os.environ.get("FIRST_SEED", "110"))
SECONDS = float(os.environ.get("SECONDS", "inf"))
MODES = ("photo-text", "video110", "silent", "voice", "fengqiao")
SEATS = ("seat1", "seat2")
HEALED_AFTER_SECONDS, HANDED_OVER_WITHIN_SECONDS = 420, 120
STEPS_OF_A_SHIFT = 1000
"""More than Hypothesis takes: it ends an example when it has chosen 6.5 KB."""

RECENT = 24
"""Of how many of the latest reports most steps are about; one in eight is about any of the day's."""

FAULTS = st.one_of(st.none(), st.tuples(st.integers(0, 9), st.sampled_from(list(Fault))))
CHOICES = st.integers(0, 10**6)

figures: Counter[str] = Counter()


class Day:
    """What goes on from shift to shift."""

    def __init__(self, world: World) -> None:
        world.begin_case()
        self.world = world
        self.case = Case(world)
        self.history = History()
        self.officers: list[dict[str, Any]] = []
        self.answered: dict[str, str] = {}
        """By which seat an incident was answered; by none once that seat closed it."""
        self.unit = unit_id(self.case)
        self.began_with = figures["steps"]
        self.missed: list[str] = []
        """Of which open incidents nobody had been told as a shift ended."""

    @property
    def steps(self) -> int:
        """How many were taken so far."""
        return figures["steps"] - self.began_with

    def hand_over(self) -> None:
        """End a shift as a bureau does: what is on its way arrives, and a commander closes what is open.

        Of what is closed nobody is told any more, so whoever had to be told is looked for before.
        """
        self.world.deliveries.settle(HANDED_OVER_WITHIN_SECONDS)
        cards = self.open_cards()
        self.missed += not_told(self.case, [card["id"] for card in cards])
        for card in cards:
            self.case.must(
                "commander1", "POST", f"/console/incidents/{card['id']}/close", {"disposition": "advised"}
            )
        self.answered.update(dict.fromkeys(self.answered, ""))
        self.world.deliveries.drain()

    def open_cards(self) -> list[dict[str, Any]]:
        """What a console that has just been opened shows as open."""
        cards: list[dict[str, Any]] = []
        asked, more = "", True
        while more:
            page = self.case.must("commander1", "GET", f"/console/feed{asked}")
            asked, more = f"?cursor={quote(page['cursor'])}", page["more"]
            cards += [card for card in page["incidents"] if card["status"] != "closed"]
        return cards

    def findings(self) -> list[str]:
        """What is broken, once all has healed."""
        self.case.sent_again = self.history.sent_again
        self.world.deliveries.settle(HEALED_AFTER_SECONDS)
        filed = dict.fromkeys([*(one.incident_id for one in self.case.filed), *self.history.written_to])
        return [*self.missed, *broken(self.case), *self.history.findings(filed, _timeline)]


class Shift(RuleBasedStateMachine):
    """Whoever it is asks again until there is a proper answer, or gives up; both happen."""

    day: Day
    """Set before a shift begins; Hypothesis makes the shift."""

    @initialize(liveliness=st.integers(0, 10**6))
    def begin(self, liveliness: int) -> None:
        # Hypothesis begins with the dullest shift there is.
        assume(liveliness > 0)
        self.world, self.case, self.history = self.day.world, self.day.case, self.day.history
        self.officers, self.unit, self.answered = self.day.officers, self.day.unit, self.day.answered
        self.world.have_commanders()
        figures["shifts"] += 1

    @rule(mode=st.sampled_from(MODES), fault=FAULTS, persists=st.booleans())
    def file(self, mode: str, fault: Any, persists: bool) -> None:
        citizen, key = self.case.citizen(), new_key()
        where = {**INSIDE, "lat": random.uniform(36.30, 36.45), "lng": random.uniform(118.40, 118.60)}
        body = {"text": "有人落水", "position": where}
        self._do("file", key, lambda: self.case.file(citizen, mode, body, key), fault, persists)

    @precondition(lambda self: self.case.filed)
    @rule(
        which=CHOICES,
        what=st.sampled_from(("message", "hangup", "call", "positions", "quick-exit")),
        fault=FAULTS,
    )
    def go_on(self, which: int, what: str, fault: Any) -> None:
        filed = self._one(which)
        key, now = new_key(), self.world.clock.now().isoformat()
        bodies = {"message": {"text": "在后门"}, "positions": {"points": [{**INSIDE, "at": now}]}}
        path = f"/reports/{filed.incident_id}/{'messages' if what == 'message' else what}"

        body, token = bodies.get(what, {}), filed.citizen.token
        self._do(
            what, filed.incident_id, lambda: self.world.ask(token, "POST", path, body, key=key), fault, True
        )

    @precondition(lambda self: self.case.filed)
    @rule(
        which=CHOICES,
        who=st.sampled_from((*SEATS, "commander1")),
        what=st.sampled_from(
            (
                "answer",
                "answer",
                "answer",
                "release",
                "take",
                "notes",
                "messages",
                "dispatch",
                "close",
                "classify",
            )
        ),
        fault=FAULTS,
    )
    def work(self, which: int, who: str, what: str, fault: Any) -> None:
        incident_id, key = self._one(which).incident_id, new_key()
        bodies: dict[str, Any] = {
            "take": {"reason": "换班"},
            "notes": {"text": "内部"},
            "messages": {"text": "已派警"},
            "dispatch": {"unit_id": self.unit},
            "close": {"disposition": "resolved"},
            "classify": {"priority": 1 + which % 4, "type_code": "traffic"},
        }
        path, token = f"/console/incidents/{incident_id}/{what}", self.world.staff(who)
        body = bodies.get(what, {})
        self._do(
            what,
            incident_id,
            lambda: self.world.ask(token, "POST", path, body, key=key),
            fault,
            True,
            who=who,
        )

    @precondition(lambda self: self.case.filed)
    @rule(which=CHOICES, who=st.sampled_from(SEATS), fault=FAULTS)
    def answer(self, which: int, who: str, fault: Any) -> None:
        """A seat answers one of those that ring."""
        ringing = [one for one in self.case.filed[-RECENT:] if one.incident_id not in self.answered]
        if not ringing:
            return
        incident_id, token = ringing[which % len(ringing)].incident_id, self.world.staff(who)
        path = f"/console/incidents/{incident_id}/answer"
        act = lambda: self.world.ask(token, "POST", path, {})  # noqa: E731
        if self._do("answer", incident_id, act, fault, True, who=who).is_done:
            self.answered[incident_id] = who

    @precondition(lambda self: any(self.answered.values()))
    @rule(which=CHOICES, fault=FAULTS)
    def finish(self, which: int, fault: Any) -> None:
        """A seat closes what it answered."""
        theirs = [incident_id for incident_id, who in self.answered.items() if who]
        incident_id = theirs[which % len(theirs)]
        who, key = self.answered[incident_id], new_key()
        token, path = self.world.staff(who), f"/console/incidents/{incident_id}/close"
        act = lambda: self.world.ask(token, "POST", path, {"disposition": "resolved"}, key=key)  # noqa: E731
        if self._do("close", incident_id, act, fault, True, who=who).is_done:
            self.answered[incident_id] = ""

    @rule(which=CHOICES, fault=FAULTS)
    def officer_opens(self, which: int, fault: Any) -> None:
        sent = [one["Message"] for one in texts(self.world) if "/officer#" in one["Message"]]
        if not sent:
            return
        headers = {
            "X-Link-Token": sent[-1 - which % min(len(sent), 4)].rpartition("#")[2],
            "X-Device-Key": "d" * 32,
        }
        body = {"last_digits": "0001"}
        act = lambda: self.world.ask(None, "POST", "/link/open", body, headers=headers)  # noqa: E731
        if self._do("open", headers["X-Link-Token"], act, fault, True).is_done:
            self.officers.append(headers)

    @precondition(lambda self: self.officers)
    @rule(which=CHOICES, status=st.sampled_from(("en_route", "on_scene")), fault=FAULTS)
    def officer_says(self, which: int, status: str, fault: Any) -> None:
        headers, body = self.officers[which % len(self.officers)], {"status": status}
        act = lambda: self.world.ask(None, "POST", "/link/status", body, headers=headers)  # noqa: E731
        self._do(status, headers["X-Link-Token"], act, fault, True)

    @rule(which=CHOICES, fault=FAULTS)
    def commander_acknowledges(self, which: int, fault: Any) -> None:
        sent = [one for one in texts(self.world) if "/ack#" in one["Message"]]
        if not sent:
            return
        text = sent[-1 - which % min(len(sent), 4)]
        token = text["Message"].partition("/ack#")[2].split()[0].rstrip("。，；")
        headers = {"X-Link-Token": token, "X-Device-Key": "d" * 32}
        digits = {"last_digits": text["PhoneNumber"][-4:]}
        opened = self.world.ask(None, "POST", "/link/alert", digits, headers=headers)
        act = lambda: self.world.ask(None, "POST", "/link/ack", {}, headers=headers)  # noqa: E731
        if opened.is_done:
            self._do("ack", token, act, fault, True)

    @precondition(lambda self: self.case.filed)
    @rule(which=CHOICES, method=st.sampled_from(("POST", "DELETE")), fault=FAULTS)
    def hold(self, which: int, method: str, fault: Any) -> None:
        incident_id = self._one(which).incident_id
        path, token = f"/console/incidents/{incident_id}/hold", self.world.staff("commander1")
        body = {"reason": "检察院调取"} if method == "POST" else None
        path += "" if method == "POST" else "?reason=over"
        self._do("hold", incident_id, lambda: self.world.ask(token, method, path, body), fault, True)

    @precondition(lambda self: self.case.filed)
    @rule(which=CHOICES, fault=FAULTS)
    def erase(self, which: int, fault: Any) -> None:
        citizen_id = self._one(which).citizen.id
        path, token = f"/console/citizens/{citizen_id}/erase", self.world.staff("admin1")
        body = {"reason": "依申请，卷号 17"}
        self._do("erase", citizen_id, lambda: self.world.ask(token, "POST", path, body), fault, True)

    @rule(fault=FAULTS)
    def keeper_works(self, fault: Any) -> None:
        self._spoilt("keeper", self.world.deliveries.keep, fault)

    @rule(fault=FAULTS)
    def stream_brings(self, fault: Any) -> None:
        self.world.deliveries.look()
        if self.world.deliveries.waits:
            self._spoilt("stream", self.world.deliveries.bring_records, fault)

    @rule(fault=FAULTS)
    def timer_comes(self, fault: Any) -> None:
        deliveries = self.world.deliveries
        due = min(deliveries.timers, key=lambda one: one.visible_at, default=None)
        if due is not None and due.received < 3:
            self.world.clock.be_at_least(due.visible_at)
            self._spoilt("timer", lambda: deliveries.bring_timer(due), fault)

    @rule(seconds=st.integers(1, 40), fault=FAULTS)
    def minute_passes(self, seconds: int, fault: Any) -> None:
        self.world.clock.pass_by(seconds)
        self._spoilt("sweep", self.world.deliveries.sweep, fault)

    def _one(self, which: int) -> Filed:
        """A report, mostly of late."""
        which, kind = divmod(which, 8)
        among = self.case.filed if kind == 0 else self.case.filed[-RECENT:]
        return among[which % len(among)]

    def _do(
        self, what: str, on: str, act: Callable[[], Answer], fault: Any, persists: bool, *, who: str = ""
    ) -> Answer:
        """Do it with the fault; then, if there was no proper answer and somebody persists, again without."""
        answer: Answer = self._spoilt(what, lambda: attempt(act), fault)
        if persists and not 0 < answer.status < 500:
            answer = attempt(act)
            figures["asked again"] += 1
        for late in self._late:
            late.deliver_late()
        channel = ((answer.body or {}).get("call") or {}).get("channel_arn") if answer.is_done else None
        if answer.is_done and what in ("file", "message"):
            # A word after the closing is on the incident that it opened.
            on = answer.body["incident"]["id"] if what == "file" else answer.body["incident_id"]
        at = self.world.clock.now()
        self.history.add(Event(what=what, on=on, who=who, status=answer.status, at=at, channel=channel))
        figures["steps"] += 1
        figures[f"{answer.status // 100}xx"] += 1
        self.world.clock.pass_by(1)
        return answer

    def _spoilt(self, what: str, act: Callable[[], Any], fault: Any) -> Any:
        sent = self.world.outside.sent
        before = len(sent)
        with self.world.outside.watching({fault[0]: fault[1]} if fault else {}) as watch:
            result = act()
        self._late = [watch]
        if watch.met:
            figures["faults met"] += 1
            self.world.forget()
        if what in ("stream", "timer", "sweep", "keeper"):
            watch.deliver_late()
            figures["steps"] += 1
            # Whoever asks by hand sends no text.
            self.history.sent_again += sent_again(watch, sent[before:])
        return result


def _timeline(incident_id: str) -> list[Any]:
    from chalicelib.adapters import incidents

    return [written.entry for written in incidents.read(incident_id).entries]


def main() -> int:
    """As many days as `SEEDS` says, of `STEPS` steps each, but none that would begin after `SECONDS`."""
    with tempfile.TemporaryDirectory() as directory, a_world(Path(directory)) as world:
        wrong = play(world, range(FIRST_SEED, FIRST_SEED + SEEDS), steps=STEPS, within_seconds=SECONDS)
        if counted := miscounted(world):
            wrong += 1
            print(f"BROKEN figures: {counted}")
    return 1 if wrong else 0


def play(world: World, seeds: range, *, steps: int, within_seconds: float) -> int:
    """A day of each seed in this world; how many were broken."""
    began, played, wrong = time.monotonic(), 0, 0
    for number in seeds:
        if time.monotonic() > began + within_seconds:
            break
        played += 1
        findings = _day(world, number, steps)
        wrong += bool(findings)
        print("\n".join(f"BROKEN seed {number}: {one}" for one in findings), end="\n" if findings else "")
        print(f"seed {number}: {dict(figures)} after {time.monotonic() - began:.0f} s", flush=True)
    print(f"{figures['steps']} steps, {played} seeds, {wrong} broken, {time.monotonic() - began:.0f} s")
    return wrong


def _day(world: World, number: int, steps: int) -> list[str]:
    """One seed; what was broken, and the history then."""
    day = Shift.day = Day(world)
    random.seed(number)
    try:
        for shift in count():
            _shift(f"{number}, {shift}", min(steps, STEPS_OF_A_SHIFT))
            if day.steps >= steps:
                break
            day.hand_over()
        findings = day.findings()
    except Exception:
        findings = traceback.format_exc().splitlines()
    figures["days"] += 1
    figures["incidents"] += len(day.case.filed)
    world.end_case()
    return [*findings, *day.history.told()] if findings else []


def _shift(which: str, steps: int) -> None:
    """One example of Hypothesis'. Nothing is shrunk: the history is told instead."""
    chosen = settings(
        max_examples=1,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(which)(Shift), settings=chosen)


if __name__ == "__main__":
    sys.exit(main())
