"""Nothing of anybody's is ever logged or measured: marked values through every route and every trigger."""

import base64
import io
import json
import logging
import random
import traceback
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from chalice.app import Blueprint, Chalice
from chalice.test import Client

from chalicelib.routes.contract import Call, contract
from chalicelib.telemetry import log
from chalicelib.triggers.faults import TriggerFailed, nameless_faults
from tests.desk import (
    INSIDE,
    dispatched,
    work,
)
from tests.machine import CitizenClient, HttpClient, Machine, StaffClient, done, eventually
from tests.media import picture, send
from tests.security.routes import Route

JSON = dict[str, Any]


class Canary:
    """Values that stand nowhere else, so that finding one in a log means that it leaked."""

    def __init__(self) -> None:
        mark = uuid.uuid4().hex[:10]
        self.name = f"canaryname{mark}"
        self.text = f"canarytext{mark}"
        self.place = f"canaryplace{mark}"
        self.plate = f"canary{mark}"[:20]
        self.phone = f"+86139{random.randrange(10**8):08d}"
        self.lat, self.lng = (round(base + random.random() / 100, 9) for base in (36.51, 118.54))
        self.found: set[str] = {f"openid-{self.name}"}
        """Secrets that came up on the way: tokens, keys, passwords, link tokens, presigned signatures."""

    @property
    def values(self) -> set[str]:
        said = {self.name, self.text, self.place, self.plate, self.phone, self.phone[3:]}
        return said | {str(self.lat), str(self.lng)} | self.found

    def position(self) -> JSON:
        return {**INSIDE, "lat": self.lat, "lng": self.lng, "at": datetime.now(UTC).isoformat()}


def leaked(canary: Canary, text: str) -> set[str]:
    """The marked values that a text holds, as they are, in an address, or in base64."""

    def forms(value: str) -> Iterator[str]:
        yield value
        yield urllib.parse.quote(value, safe="")
        yield base64.b64encode(value.encode()).decode().rstrip("=")[:-1]

    return {value for value in canary.values if any(form in text for form in forms(value))}


def its_story(machine: Machine, seat: StaffClient, canary: Canary) -> str:
    """A citizen reports with all she has, and the desk works it with all it has; the incident."""
    citizen = machine.citizen(canary.name, phone=canary.phone)
    canary.found |= {citizen.token, seat.tokens["id_token"], seat.tokens["refresh_token"]}
    done(citizen.patch("/session/profile", {"name": canary.name, "trade": "taxi", "plate": canary.plate}))
    watch_for(machine, canary)
    incident_id = a_whole_report(citizen, canary)
    work_it(machine, seat, incident_id, canary)
    return incident_id


def watch_for(machine: Machine, canary: Canary) -> None:
    """Have the number and the spot be watched, so that the rules hit and a commander is texted."""
    commander = machine.staff("commander1")
    done(commander.post("/console/watch/persons", {"phone": canary.phone, "reason": canary.text}))
    centre = {"lat": canary.lat, "lng": canary.lng}
    place = {"name": canary.place, "reason": canary.text, "centre": centre, "radius_m": 30}
    done(commander.post("/console/watch/places", place))


def a_whole_report(citizen: CitizenClient, canary: Canary) -> str:
    """A report with every field, right and then wrong, a picture, a track and a word."""
    sent = {"text": canary.text, "place": canary.place, "position": canary.position()}
    filed = done(
        citizen.post("/reports/photo-text", {**sent, "contact_phone": canary.phone}, key=canary.text)
    )
    incident_id: str = filed["incident"]["id"]
    wrong = {"text": [canary.text], "place": {canary.place: 1}, "position": canary.text, "tip": canary.name}
    done(citizen.post("/reports/silent", {**wrong, "contact_phone": canary.name, canary.name: canary.text}))
    done(citizen.post(f"/reports/{incident_id}/positions", {"points": [canary.position(), canary.text]}))
    done(citizen.post(f"/reports/{incident_id}/messages", {"text": canary.text}))
    form = done(citizen.post(f"/reports/{incident_id}/media", picture().announced))
    canary.found |= {value for name, value in form["fields"].items() if "signature" in name.lower()}
    send(form, picture().content)
    return incident_id


def work_it(machine: Machine, seat: StaffClient, incident_id: str, canary: Canary) -> None:
    """All the words that the desk and an officer may say."""
    work(seat, incident_id, "answer")
    work(seat, incident_id, "classify", {"priority": 1, "type_code": "traffic", "summary": canary.text})
    point = {"lat": canary.lat, "lng": canary.lng}
    work(seat, incident_id, "place", {"place": canary.place, "point": point})
    work(seat, incident_id, "notes", {"text": canary.text})
    work(seat, incident_id, "messages", {"text": canary.text})
    work(seat, incident_id, "callback", {"result": "no_answer", "override_reason": canary.text})
    _, officer = dispatched(machine, seat, incident_id)
    canary.found |= {officer.token, officer.phone, officer.phone[3:]}
    officer.open("0000" if officer.phone[-4:] != "0000" else "1111")
    done(officer.open())
    canary.found.add(str(officer.session.headers["X-Device-Key"]))
    done(officer.post("/link/messages", {"text": canary.text}))
    done(officer.post("/link/status", {"status": "en_route"}))
    work(seat, incident_id, "false-report", {"kind": "false_report", "reason": canary.text})
    work(seat, incident_id, "close", {"disposition": "advised", "note": canary.text})


@pytest.fixture(scope="module")
def canary() -> Canary:
    return Canary()


def test_a_whole_story_leaves_none_of_its_words_in_any_log(
    machine: Machine, written: Callable[[], str], canary: Canary, seat: StaffClient
) -> None:
    incident_id = its_story(machine, seat, canary)
    eventually(lambda: "media.checked" in written() and incident_id in written(), within_seconds=20)
    assert "http.answered POST /link/open 403" in written()
    assert leaked(canary, written()) == set()


def test_wrong_words_in_every_part_of_every_route_are_in_no_log(
    machine: Machine,
    written: Callable[[], str],
    callers: dict[str, HttpClient],
    routes: list[Route],
    canary: Canary,
) -> None:
    """Refusals too: what cannot be read is what a library would quote in its fault."""
    before = written().count("http.answered")
    headers = dict.fromkeys(("Idempotency-Key", "X-Link-Token", "X-Device-Key"), canary.text)
    for route in routes:
        path = route.address({name: "a" * 26 if name == "incident_id" else canary.name for name in NAMES})
        query = dict.fromkeys((*route.queries, canary.name), canary.text)
        bodies = [dict.fromkeys((*route.fields, canary.name), canary.text), canary.text, [canary.phone]]
        for body in bodies:
            answer = callers[route.caller].ask(route.method, path, body, params=query, headers=headers)
            assert answer.status_code < 500, (route.name, answer.text)
    machine.anyone().get("/reports", headers={"Authorization": f"Bearer {canary.text}"})
    machine.anyone().get(f"/{canary.name}/{canary.phone}", params={"x": canary.text})
    assert written().count("http.answered") - before > 3 * len(routes)
    assert leaked(canary, written()) == set()


NAMES = (
    "incident_id",
    "dispatch_id",
    "unit_id",
    "username",
    "name",
    "seq",
    "department_id",
    "shift_id",
    "entry_id",
    "standing_id",
    "alert_id",
    "citizen_id",
)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What this process's own functions log, in the form they log it."""
    kept = io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(log.registered_formatter)
    logging.getLogger(log.name).addHandler(handler)
    yield kept
    logging.getLogger(log.name).removeHandler(handler)


def test_a_fault_of_a_route_is_logged_by_kind_and_place_without_its_message(
    canary: Canary, logged: io.StringIO
) -> None:
    app, blueprint = Chalice("canary"), Blueprint(__name__)

    @blueprint.route("/fault", methods=["POST"])
    @contract(blueprint)
    def fails(call: Call[None]) -> None:
        raise ValueError(f"cannot store {canary.text} of {canary.phone}")

    app.register_blueprint(blueprint)
    with Client(app) as client:
        answer = client.http.post("/fault", body=b"{}")
    assert (answer.status_code, answer.json_body["type"]) == (500, "internal-error")
    line = json.loads(logged.getvalue())
    assert (line["message"], line["fault"], line["route"]) == ("request.failed", "ValueError", "/fault")
    assert line["where"][-1].endswith(" fails")
    assert leaked(canary, logged.getvalue() + answer.body.decode()) == set()


@pytest.mark.parametrize("name", ["timer_due", "object_stored"])
def test_a_trigger_that_cannot_read_its_event_says_nothing_of_what_stood_in_it(
    inside: Machine, canary: Canary, logged: io.StringIO, name: str
) -> None:
    from app import app

    said = json.dumps({"kind": canary.text, "incident_id": canary.name, "due_at": canary.phone})
    bodies = {"timer_due": said, "object_stored": json.dumps({"Records": canary.text})}
    with pytest.raises(TriggerFailed) as failed:
        app.handler_map[name]({"Records": [{"body": bodies[name], "messageId": "1"}]}, None)
    assert '"message":"trigger.failed"' in logged.getvalue()
    assert failed.value.__suppress_context__
    assert leaked(canary, logged.getvalue() + str(failed.value)) == set()


def test_a_fault_of_a_trigger_reaches_lambda_without_its_message(canary: Canary, logged: io.StringIO) -> None:
    def fails(event: Any) -> None:
        raise ValueError(f"no text to {canary.phone}: {event}")

    with pytest.raises(TriggerFailed, match=r"^ValueError$") as failed:
        nameless_faults(canary.text, fails)
    shown = "".join(traceback.format_exception(failed.value))
    assert json.loads(logged.getvalue())["where"][-1].endswith(" fails")
    assert leaked(canary, logged.getvalue() + shown) == set()


def test_a_record_of_the_stream_that_cannot_be_read_is_set_aside_without_a_word_of_it_in_the_log(
    inside: Machine, canary: Canary, logged: io.StringIO
) -> None:
    from app import app

    assert app.handler_map["table_changed"]({"Records": [stream_record(canary)]}, None) is not None
    assert '"message":"stream.set_aside"' in logged.getvalue()
    assert leaked(canary, logged.getvalue()) == set()


def stream_record(canary: Canary) -> JSON:
    """A change of an incident whose body is none."""
    image = {
        "incident_id": {"S": "a" * 26},
        "part": {"S": "incident"},
        "body": {"S": json.dumps({"text": canary.text, "mode": canary.phone})},
    }
    return {
        "eventID": uuid.uuid4().hex,
        "eventName": "MODIFY",
        "eventSource": "aws:dynamodb",
        "dynamodb": {"Keys": {}, "NewImage": image, "SequenceNumber": "1"},
    }
