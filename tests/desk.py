"""What tests about the command centre's work begin with: a report, a seat, a unit, an officer's link."""

import random
import re
import uuid
from typing import Any

from tests.machine import CitizenClient, HttpClient, Machine, StaffClient, done, eventually

INSIDE = {"lat": 36.51, "lng": 118.54, "accuracy_m": 15, "crs": "wgs84"}
JSON = dict[str, Any]


class Officer(HttpClient):
    """The device of an officer who was texted a link. `token` is the link's; the key comes with opening."""

    def __init__(self, url: str, token: str, phone: str) -> None:
        super().__init__(url, {"X-Link-Token": token})
        self.token = token
        self.phone = phone

    def open(self, digits: str | None = None) -> Any:
        """Open the link with the number's last digits, and keep the key the device is given."""
        answer = self.post("/link/open", {"last_digits": digits or self.phone[-4:]})
        if answer.ok and answer.json()["device_key"]:
            self.session.headers["X-Device-Key"] = answer.json()["device_key"]
        return answer


def someone() -> str:
    """A name nobody else has."""
    return uuid.uuid4().hex[:12]


def a_phone() -> str:
    """A number nobody else has."""
    return f"+86139{random.randrange(10**8):08d}"


def a_citizen(machine: Machine) -> CitizenClient:
    """A new citizen with a verified number."""
    return machine.citizen(someone(), phone=a_phone())


def a_report(citizen: CitizenClient, **body: Any) -> str:
    """File a report; the incident's id."""
    filed = done(citizen.post("/reports/photo-text", {"text": "有人在路口打架", "position": INSIDE, **body}))
    return str(filed["incident"]["id"])


def a_seat(machine: Machine, *groups: str) -> StaffClient:
    """A new member of staff, signed in with a password of her own, so that no other test shares the seat."""
    username, password = f"seat-{someone()}", f"Own-{uuid.uuid4()}"
    made = {"username": username, "groups": list(groups or ("call_taker",))}
    temporary = done(machine.staff("admin1").post("/console/staff", made))["temporary_password"]
    first = done(machine.anyone().post("/console/session", {"username": username, "password": temporary}))
    assert first["challenge"] == "new-password"
    answer = {"username": username, "session": first["session"], "new_password": password}
    done(machine.anyone().post("/console/session", answer))
    return StaffClient(machine.url, {"username": username, "password": password})


def a_unit(machine: Machine) -> JSON:
    """A new unit whose officer has a number of his own."""
    unit = {"name": f"测试派出所 {someone()}", "officer_name": "值班民警", "phone": a_phone()}
    made: JSON = done(machine.staff("admin1").post("/console/units", unit))
    return made


def work(seat: StaffClient, incident_id: str, verb: str, body: JSON | None = None, **options: Any) -> Any:
    """Do a piece of work that must succeed; its answer."""
    return done(seat.post(f"/console/incidents/{incident_id}/{verb}", body or {}, **options))


def record(seat: StaffClient, incident_id: str) -> JSON:
    """The whole record as staff reads it."""
    read: JSON = done(seat.get(f"/console/incidents/{incident_id}"))
    return read


def kinds(seat: StaffClient, incident_id: str) -> list[str]:
    """What stands in the timeline, in order."""
    return [entry["kind"] for entry in record(seat, incident_id)["timeline"]]


def entry_of(seat: StaffClient, incident_id: str, kind: str) -> JSON:
    """The last entry of that kind."""
    found: list[JSON] = [one for one in record(seat, incident_id)["timeline"] if one["kind"] == kind]
    return found[-1]


def an_answered(machine: Machine, seat: StaffClient, **body: Any) -> str:
    """A report of a new citizen that this seat has answered."""
    incident_id = a_report(a_citizen(machine), **body)
    work(seat, incident_id, "answer")
    return incident_id


def dispatched(machine: Machine, seat: StaffClient, incident_id: str) -> tuple[str, Officer]:
    """Send a new unit's officer out; the dispatch's id, and the officer with the link he was texted."""
    unit = a_unit(machine)
    work(seat, incident_id, "dispatch", {"unit_id": unit["id"]})
    dispatch = record(seat, incident_id)["dispatches"][-1]
    return dispatch["dispatch_id"], Officer(machine.url, texted_token(machine, unit["phone"]), unit["phone"])


def texted_token(machine: Machine, phone: str, *, text: int = 1) -> str:
    """The token in the n-th text to a number, once that has come."""
    message: str = eventually(lambda: machine.texts(phone)[text - 1 : text])[0]["Message"]
    found = re.search(r"/officer#(\S+)", message)
    assert found, message
    return found[1]


def refused(answer: Any, status: int, slug: str) -> JSON:
    """The problem document of an answer that must be this refusal."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: JSON = answer.json()
    assert (problem["type"], problem["status"]) == (slug, status)
    return problem
