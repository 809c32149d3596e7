"""Acknowledging by link or by code: who gets in, what is shown, and what ends it."""

import random
import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.adapters import alerts, incidents
from chalicelib.domain import handling
from chalicelib.domain.alerts import Alert
from chalicelib.domain.incident import Disposition, Incident, Mode
from chalicelib.domain.refusals import LinkNotFound, TooManyTries
from chalicelib.workflows.alert_commander import alert_commander
from tests.desk import refused, someone
from tests.machine import HttpClient, Machine, done, eventually
from tests.triggers.test_alerts import SYSTEM, filed, texts_about
from tests.within import kinds_of, now

pytestmark = pytest.mark.usefixtures("inside")


class Commander(HttpClient):
    """The device of a commander who was texted."""

    def __init__(self, machine: Machine, incident: Incident) -> None:
        (text,) = texts_about(machine, incident)
        message, self.phone = text["Message"], text["PhoneNumber"]
        token = re.search(r"/ack#(\S+)", message)
        code = re.search(r"输入 (\d{4}) (\d{4})", message)
        assert token
        assert code
        super().__init__(machine.url, {"X-Link-Token": token[1]})
        self.code = code[1] + code[2]

    def open(self) -> Any:
        opened = done(self.post("/link/alert", {"last_digits": self.phone[-4:]}))
        self.session.headers["X-Device-Key"] = opened["device_key"]
        return opened


@pytest.fixture
def incident() -> Incident:
    """A 视频110 that nobody answered for a minute, whose commander was texted."""
    unanswered = filed(now() - timedelta(seconds=60), kind="test.filed", text="有人持刀", mode=Mode.VIDEO110)
    alert_commander(unanswered.id, now=now())
    return unanswered


@pytest.fixture
def commander(machine: Machine, incident: Incident) -> Commander:
    return Commander(machine, incident)


def alert_of(incident: Incident) -> Alert:
    return incidents.get(incident.id).alerts[0]


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 10 ** len(digits):0{len(digits)}d}"


def test_opening_shows_and_only_the_post_acknowledges(commander: Commander, incident: Incident) -> None:
    opened = commander.open()
    assert (opened["number"], opened["mode"], opened["status"]) == (incident.number, "video110", "waiting")
    assert opened["reasons"] == ["unanswered"]
    assert done(commander.get("/link/alert"))["acknowledged_at"] is None
    assert alert_of(incident).acknowledged_at is None
    first, again = (done(commander.post("/link/ack", {})) for _ in range(2))
    assert first["acknowledged_at"] == again["acknowledged_at"] is not None
    assert kinds_of(incident.id).count("alert.acknowledged") == 1


def test_nothing_about_the_citizen_is_shown(commander: Commander, incident: Incident) -> None:
    shown = str(commander.open())
    for private in (
        incident.phone,
        incident.citizen_id,
        "有人持刀",
        incident.id,
        "text",
        "place",
        "position",
    ):
        assert str(private) not in shown.replace("texted_at", "")


def test_another_device_is_refused_and_the_first_may_open_again(
    commander: Commander, machine: Machine, incident: Incident
) -> None:
    commander.open()
    commander.open()
    other = Commander(machine, incident)
    answer = other.post("/link/alert", {"last_digits": other.phone[-4:]})
    refused(answer, 403, "link-bound-elsewhere")
    refused(other.post("/link/ack", {}), 403, "link-bound-elsewhere")


def test_unopened_nothing_is_shown_or_acknowledged(commander: Commander, incident: Incident) -> None:
    refused(commander.get("/link/alert"), 403, "link-bound-elsewhere")
    refused(commander.post("/link/ack", {}), 403, "link-bound-elsewhere")
    assert alert_of(incident).acknowledged_at is None


def test_five_wrong_digits_end_the_link_and_say_so_on_the_record(
    commander: Commander, incident: Incident
) -> None:
    sent = {"last_digits": wrong(commander.phone[-4:])}
    for left in (4, 3, 2, 1, 0):
        assert refused(commander.post("/link/alert", sent), 403, "digits-refused")["tries_left"] == left
    refused(commander.post("/link/alert", {"last_digits": commander.phone[-4:]}), 404, "link-not-found")
    assert kinds_of(incident.id)[-1] == "alert.locked"


def test_the_link_dies_with_the_incident(commander: Commander, incident: Incident) -> None:
    commander.open()
    close = partial(handling.close, disposition=Disposition.RESOLVED, note=None, told=None, at=now())
    incidents.change(incident.id, close, actor=SYSTEM, at=now())
    refused(commander.get("/link/alert"), 410, "link-ended")
    refused(commander.post("/link/ack", {}), 410, "link-ended")


def test_no_seat_is_shown_the_number_of_the_commander_who_was_texted(
    commander: Commander, machine: Machine, incident: Incident
) -> None:
    seen = machine.staff("seat1").get(f"/console/incidents/{incident.id}")
    assert "alert.sending" in [entry["kind"] for entry in done(seen)["timeline"]]
    assert alert_of(incident).name in seen.text
    assert commander.phone not in seen.text


def test_a_commander_ends_a_link_and_its_acknowledgement_with_a_reason(
    commander: Commander, machine: Machine, incident: Incident
) -> None:
    commander.open()
    done(commander.post("/link/ack", {}))
    staff, alert = machine.staff("commander1"), alert_of(incident)
    path = f"/console/incidents/{incident.id}/alerts/{alert.id}/revoke"
    refused(staff.post(path, {}), 422, "body-invalid")
    assert done(staff.post(path, {"reason": "手机遗失"}))["incident"]["alert"] != "acknowledged"
    refused(commander.post("/link/ack", {}), 404, "link-not-found")
    answer = machine.anyone().post(
        "/link/alert/code", {"code": commander.code, "last_digits": commander.phone[-4:]}
    )
    refused(answer, 404, "link-not-found")
    eventually(lambda: len(incidents.get(incident.id).alerts) == 2)


def test_the_code_opens_for_the_same_device_again_and_for_no_other(
    commander: Commander, machine: Machine, incident: Incident
) -> None:
    device = HttpClient(machine.url, {"X-Device-Key": someone() * 2})
    body = {"code": commander.code, "last_digits": commander.phone[-4:]}
    for _ in range(2):
        opened = done(device.post("/link/alert/code", body))
    device.session.headers["X-Link-Token"] = opened["token"]
    assert done(device.post("/link/ack", {}))["acknowledged_at"]
    refused(machine.anyone().post("/link/alert/code", body), 403, "link-bound-elsewhere")


def test_an_officers_link_is_no_alerts_and_an_alerts_no_officers(commander: Commander) -> None:
    commander.open()
    refused(commander.get("/link/incident"), 404, "link-not-found")


def test_an_address_that_guesses_codes_is_stopped_for_a_while() -> None:
    source, at = f"test-{random.random()}", now()
    for _ in range(alerts.WRONG_TRIES):
        alerts.must_have_tries(source, now=at)
        alerts.count_wrong(source, now=at)
    with pytest.raises(TooManyTries):
        alerts.must_have_tries(source, now=at)
    alerts.must_have_tries(f"{source}-other", now=at)
    alerts.must_have_tries(source, now=at + alerts.WINDOW)


def test_a_wrong_code_is_not_found(machine: Machine) -> None:
    sent = {"code": f"{random.randrange(10**8):08d}", "last_digits": "0000"}
    refused(machine.anyone().post("/link/alert/code", sent), 404, "link-not-found")
    refused(machine.anyone().post("/link/alert/code", {**sent, "code": "12"}), 422, "body-invalid")


def test_a_code_ends_after_three_days(commander: Commander, incident: Incident) -> None:
    alert_id = alert_of(incident).id
    assert alerts.alert_of(commander.code, now=now()) == alert_id
    with pytest.raises(LinkNotFound):
        alerts.alert_of(commander.code, now=now() + alerts.CODE_LIFE)
