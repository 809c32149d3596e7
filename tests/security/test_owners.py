"""Role, route, owner: whoever is a stranger to an incident, a link or a list learns and changes nothing."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.desk import INSIDE, a_citizen, a_report, a_seat, a_unit, an_answered, dispatched, record, work
from tests.machine import CitizenClient, HttpClient, Machine, StaffClient, done, eventually
from tests.media import picture
from tests.security.routes import Route
from tests.within import queue_of

MARK = "只有本人知道的话"

BODIES: Mapping[str, Any] = {
    "POST /reports/{incident_id}/media": picture().announced,
    "POST /reports/{incident_id}/messages": {"text": "别人的话"},
    "POST /reports/{incident_id}/positions": {"points": [{**INSIDE, "at": "2026-11-22T20:00:00Z"}]},
    "POST /reports/{incident_id}/same-event": {"answer": "hurt"},
    "classify": {"priority": 4, "type_code": "traffic"},
    "place": {"place": "别处"},
    "messages": {"text": "别人的话"},
    "revoke": {"reason": "x"},
    "callback": {"result": "reached"},
    "verdict": {"hit": "x", "verdict": "dismissed"},
    "close": {"disposition": "resolved"},
    "snapshots": {name: value for name, value in picture().announced.items() if name != "kind"},
    "copies": {"manifest_sha256": "0" * 64, "count": 1},
    "false-report": {"kind": "harassment", "reason": "x"},
}
"""A body that its route takes, so that only the owner is in the way."""

EVERYBODYS = {"notes", "take", "answer", "listen", "transfer/take", "alerts/{alert_id}/revoke"}
"""Work at an incident that is not its owner's alone, by docs/api.md."""

STRANGERS_OF_WORK = ("call_taker", "specialist")
REFUSED = {"not-yours", "not-transferred", "not-allowed", "dispatch-not-found"}


@pytest.fixture(scope="module")
def victim(machine: Machine) -> CitizenClient:
    return a_citizen(machine)


@pytest.fixture(scope="module")
def owner(machine: Machine) -> StaffClient:
    return a_seat(machine)


@pytest.fixture(scope="module")
def incident_id(machine: Machine, victim: CitizenClient, owner: StaffClient) -> str:
    """An incident of one citizen that one call-taker holds."""
    filed = a_report(victim, text=MARK)
    work(owner, filed, "answer")
    return filed


def state(owner: StaffClient, incident_id: str) -> Any:
    """What a stranger could change; what follows from filing goes on by itself meanwhile."""
    read = record(owner, incident_id)
    said = [entry["kind"] for entry in read["timeline"] if entry["actor"]["role"] != "system"]
    return said, read["incident"]["status"], len(read["media"])


def test_a_citizen_learns_and_changes_nothing_of_anothers_report_by_any_route(
    machine: Machine, routes: list[Route], owner: StaffClient, incident_id: str
) -> None:
    own = [route for route in routes if route.is_citizens and "{incident_id}" in route.path]
    before, stranger = state(owner, incident_id), a_citizen(machine)
    for route in own:
        path = route.address({"incident_id": incident_id})
        there = stranger.ask(route.method, path, BODIES.get(route.name, {}))
        none = stranger.ask(route.method, route.address(), BODIES.get(route.name, {}))
        assert (there.status_code, there.json()) == (none.status_code, none.json()), route.name
        assert there.json()["type"] == "incident-not-found", route.name
    assert len(own) >= 8
    assert state(owner, incident_id) == before


def test_every_citizens_route_of_an_incident_opens_for_its_own_citizen(
    routes: list[Route], machine: Machine
) -> None:
    """Or the test above would pass with routes that open for nobody."""
    citizen = a_citizen(machine)
    for route in routes:
        if route.is_citizens and "{incident_id}" in route.path:
            address = route.address({"incident_id": a_report(citizen)})
            answer = citizen.ask(route.method, address, BODIES.get(route.name, {}))
            assert answer.status_code not in (401, 403, 404), (route.name, answer.text)


def what_is_there(machine: Machine) -> dict[str, Any]:
    """Bodies that name what exists: another incident, a unit, a department."""
    made = done(machine.staff("admin1").post("/console/departments", {"name": "测试部门"}))
    return {
        "link": {"to": a_report(a_citizen(machine))},
        "dispatch": {"unit_id": a_unit(machine)["id"]},
        "transfer": {"department_id": made["id"]},
    }


@pytest.mark.parametrize("group", STRANGERS_OF_WORK)
def test_staff_who_does_not_own_an_incident_does_none_of_its_owners_work(
    machine: Machine, routes: list[Route], owner: StaffClient, incident_id: str, group: str
) -> None:
    before, stranger, tried = state(owner, incident_id), a_seat(machine, group), 0
    there = what_is_there(machine)
    for route in routes:
        verb = route.path.removeprefix("/console/incidents/{incident_id}/")
        if route.method == "GET" or verb == route.path or verb in EVERYBODYS or "{seq}" in verb:
            continue
        path = route.address({**dict.fromkeys(route.variables, "a" * 26), "incident_id": incident_id})
        answer = stranger.post(path, {**BODIES, **there}.get(verb.rpartition("/")[2], {}))
        assert answer.status_code in (403, 404, 409), (route.name, answer.status_code, answer.text)
        assert answer.json()["type"] in REFUSED, (route.name, answer.text)
        tried += 1
    assert tried >= 15
    assert state(owner, incident_id) == before


def test_nobody_reads_a_word_of_an_incident_where_it_is_not_for_them(
    routes: list[Route], callers: dict[str, HttpClient], incident_id: str, victim: CitizenClient
) -> None:
    """Each reading route against each kind of caller; those the contract names are the desk."""
    for route in (one for one in routes if one.method == "GET"):
        path = route.address({**dict.fromkeys(route.variables, "a" * 26), "incident_id": incident_id})
        for name, caller in callers.items():
            answer = caller.get(path)
            if name not in set(map(str, route.terms.groups)):
                assert MARK not in answer.text, (route.name, name)
                assert incident_id not in answer.text.replace(path, ""), (route.name, name)


def test_an_officer_sees_his_own_incident_and_no_other(machine: Machine, seat: StaffClient) -> None:
    own, other = an_answered(machine, seat), an_answered(machine, seat, text=MARK)
    (_, officer), (_, colleague) = dispatched(machine, seat, own), dispatched(machine, seat, other)
    done(officer.open())
    done(colleague.open())
    mixed = HttpClient(
        machine.url,
        {"X-Link-Token": colleague.token, "X-Device-Key": str(officer.session.headers["X-Device-Key"])},
    )
    for answer in (
        mixed.get("/link/incident"),
        mixed.post("/link/open", {"last_digits": officer.phone[-4:]}),
        mixed.post("/link/messages", {"text": "x"}),
        mixed.post("/link/call", {}),
    ):
        assert answer.status_code == 403, answer.text
        assert MARK not in answer.text


# A specialist and what was brought to her

READING = ("", "/positions", "/stills", "/recording", "/suggestions")


def of_department(machine: Machine, department_id: str) -> StaffClient:
    """A specialist at her desk in a department."""
    clerk = a_seat(machine, "specialist")
    done(clerk.put("/console/seat", {"state": "ready", "department_id": department_id}))
    return clerk


def a_department(machine: Machine) -> str:
    made = done(machine.staff("admin1").post("/console/departments", {"name": "测试部门"}))
    return str(made["id"])


def reads(clerk: StaffClient, incident_id: str) -> bool:
    """Whether each reading route opens for her, or none does and the incident is as unknown as any other."""
    answers = [clerk.get(f"/console/incidents/{incident_id}{path}") for path in READING]
    if all(answer.ok for answer in answers):
        return True
    assert [answer.json()["type"] for answer in answers] == ["incident-not-found"] * len(READING)
    return False


def shown(clerk: StaffClient, cursor: str | None = None) -> tuple[dict[str, Any], str]:
    """The newest card of each incident that the feed shows her since then, and where she stands."""
    cards: dict[str, Any] = {}
    while True:
        page = done(clerk.get("/console/feed", params={"cursor": cursor} if cursor else {}))
        cards.update({one["id"]: one for one in page["incidents"]})
        cursor = page["cursor"]
        if not page["more"]:
            return cards, str(cursor)


def test_a_specialist_reads_an_incident_while_it_is_brought_to_her_and_not_a_moment_longer(
    machine: Machine, owner: StaffClient
) -> None:
    incident_id, ours = an_answered(machine, owner, text=MARK), a_department(machine)
    number = record(owner, incident_id)["incident"]["number"]
    clerk, other = of_department(machine, ours), of_department(machine, a_department(machine))
    one = f"/console/incidents/{incident_id}"
    cards, cursor = shown(clerk)
    assert incident_id not in cards
    assert not reads(clerk, incident_id)
    assert done(clerk.get("/console/incidents", params={"number": number}))["items"] == []
    assert clerk.post(f"{one}/notes", {"text": "x"}).json()["type"] == "incident-not-found"
    work(owner, incident_id, "transfer", {"department_id": ours})
    ringing = eventually(lambda: shown(clerk)[0].get(incident_id))
    assert ringing is not None
    assert ringing["text_start"] == MARK
    assert (reads(clerk, incident_id), reads(other, incident_id)) == (True, False)
    assert len(done(clerk.get("/console/incidents", params={"number": number}))["items"]) == 1
    done(clerk.post(f"{one}/notes", {"text": "在看"}))
    assert other.post(f"{one}/transfer/take", {}).json()["type"] == "not-transferred"
    ring_out(machine, owner, incident_id)
    eventually(lambda: record(owner, incident_id)["incident"]["transfer"] is None, within_seconds=40)
    covered = eventually(lambda: closed_card(clerk, incident_id, cursor))
    assert covered is not None
    assert (covered["text_start"], covered["number"], covered["place"]) == (None, "", None)
    assert not reads(clerk, incident_id)


def ring_out(machine: Machine, owner: StaffClient, incident_id: str) -> None:
    """Have the half minute of a transfer be over: its timer comes now."""
    at = record(owner, incident_id)["incident"]["transfer"]["asked_at"]
    timer = {"kind": "transfer_untaken", "incident_id": incident_id, "due_at": at, "asked_at": at}
    queue = queue_of(machine, machine.outputs()["TimersQueueUrl"])
    machine.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(timer))


def closed_card(clerk: StaffClient, incident_id: str, cursor: str) -> Any:
    card = shown(clerk, cursor)[0].get(incident_id)
    return card if card and card["status"] == "closed" else None


def test_a_specialist_who_came_in_leads_only_while_it_is_transferred_to_her(
    machine: Machine, owner: StaffClient
) -> None:
    incident_id, ours = an_answered(machine, owner, text=MARK), a_department(machine)
    clerk, colleague = of_department(machine, ours), of_department(machine, ours)
    work(owner, incident_id, "transfer", {"department_id": ours})
    work(clerk, incident_id, "transfer/take")
    assert (reads(clerk, incident_id), reads(colleague, incident_id)) == (True, False)
    work(clerk, incident_id, "take", {"reason": "由部门办理"})
    work(owner, incident_id, "take", {"reason": "转为出警"})
    dispatched(machine, owner, incident_id)
    answer = clerk.post(f"/console/incidents/{incident_id}/take", {"reason": "再接"})
    assert answer.json()["type"] == "not-transferred"
    assert reads(clerk, incident_id)
