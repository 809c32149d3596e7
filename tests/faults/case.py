"""One case: who takes part, what was asked with which answer, and what was promised by it."""

import json
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec

from tests.faults.outside import Killed
from tests.faults.world import Answer, World

INSIDE = {"lat": 36.51, "lng": 118.54, "accuracy_m": 15, "crs": "wgs84"}
JSON = dict[str, Any]


class Citizen(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in citizen."""

    id: str
    token: str
    phone: str | None


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """A report that was answered with 2xx."""

    citizen: Citizen
    incident_id: str
    key: str


class Case:
    """What a case has gathered; `told` is every answer that promised something."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.citizens: list[Citizen] = []
        self.filed: list[Filed] = []
        self.sent_again: Counter[str] = Counter()
        """By an incident's number or a telephone's, how many more texts than asked for faults may send."""
        self.faults: frozenset[str] = frozenset()
        """What became of the calls that were spoilt."""
        self.idle = timedelta()
        """How long the clock went on while nothing came about by itself, no timer and no sweep."""
        self.at: dict[str, Any] = {}

    @property
    def id(self) -> str:
        """The incident the case is about."""
        return self.filed[0].incident_id

    def citizen(self, *, phone: bool = True) -> Citizen:
        """A new citizen, by the adapters directly: signing in has cases of its own."""
        from chalicelib.adapters import citizens, tokens

        signed_in = citizens.sign_in(f"openid-{uuid.uuid4().hex}", now=self.world.clock.now()).citizen
        number = f"+86139{uuid.uuid4().int % 10**8:08d}" if phone else None
        if number:
            citizens.set_phone(signed_in.id, number, verified=True)
        token, _ = tokens.issue(signed_in.id, now=self.world.clock.now())
        made = Citizen(id=signed_in.id, token=f"Bearer {token}", phone=number)
        self.citizens.append(made)
        return made

    def file(self, citizen: Citizen, mode: str, body: JSON, key: str) -> Answer:
        """File a report; of one that was taken the case remembers it."""
        answer = self.world.ask(citizen.token, "POST", f"/reports/{mode}", body, key=key)
        if answer.is_done:
            incident_id = answer.body["incident"]["id"]
            self.filed.append(Filed(citizen=citizen, incident_id=incident_id, key=key))
        return answer

    def report(self, mode: str = "photo-text", **body: Any) -> str:
        """A report of a new citizen that must be taken; its id."""
        answer = self.file(self.citizen(), mode, {"text": "有人落水", **body}, new_key())
        assert answer.is_done, answer
        return str(answer.body["incident"]["id"])

    def must(self, who: str, method: str, path: str, body: Any = None, **how: Any) -> Any:
        """A request of staff that must succeed; its body."""
        answer = self.world.ask(self.world.staff(who), method, path, body, **how)
        assert answer.is_done, (path, answer)
        return answer.body

    def work(self, verb: str, body: Any = None, *, who: str = "seat1", **how: Any) -> Any:
        """A piece of work on the case's incident that must succeed."""
        return self.must(who, "POST", f"/console/incidents/{self.id}/{verb}", body or {}, **how)

    def record(self, incident_id: str | None = None) -> Any:
        """The record as staff reads it."""
        return self.must("commander1", "GET", f"/console/incidents/{incident_id or self.id}")

    def kinds(self, incident_id: str | None = None) -> list[str]:
        """What stands in the timeline, in order."""
        return [entry["kind"] for entry in self.record(incident_id)["timeline"]]


def new_key() -> str:
    """An `Idempotency-Key` nobody had."""
    return uuid.uuid4().hex


def persist(act: Callable[[], Answer], *, tries: int = 4) -> Iterator[Answer]:
    """What a client does that gets no proper answer: ask the same again, at once and then more slowly.

    Kinesis Video takes so many requests a second, by the real clock.
    """
    for number in range(tries):
        time.sleep(0.5 if number else 0)
        answer = act()
        yield answer
        if 0 < answer.status < 500:
            return


def attempt(act: Callable[[], Answer]) -> Answer:
    """Act; a function that dies answers with status 0."""
    try:
        return act()
    except Killed:
        return Answer(status=0)


def texts(world: World, phone: str | None = None) -> list[JSON]:
    """What SNS really took, for a number or for all."""
    sent = [told for kind, told in world.outside.sent if kind == "text"]
    return [one for one in sent if phone in (None, one["PhoneNumber"])]


def as_json(value: Any) -> str:
    """For a finding: short and in one line."""
    return json.dumps(value, ensure_ascii=False, default=str)[:200]
