"""The lists that staff keep: each entry is made once, whatever happens to the call that makes it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.faults.asking import somewhere
from tests.faults.case import Case, new_key
from tests.faults.rounds import Operation
from tests.faults.world import Answer


def _once_on(path: str, field: str) -> Any:
    def expect(case: Case) -> Iterator[str]:
        listed = case.must("commander1", "GET", path)["items"]
        found = sum(one[field] == case.at["name"] for one in listed)
        if found != 1:
            yield f"{found} entries on the list"

    return expect


def _listed(name: str, path: str, field: str, body: Any) -> Operation:
    def act(case: Case) -> Answer:
        sent = case.at.setdefault("sent", body(case))
        return case.world.ask(case.world.staff("commander1"), "POST", path, sent, key=case.at["key"])

    return Operation(name=name, prepare=_keyed_and_named, act=act, expect=_once_on(path, field), seconds=1)


def _taken_off(name: str, path: str, deed: str, body: Any, *, who: str = "commander1") -> Operation:
    """What stands on a list is taken off, and who did it stands in the book of deeds."""

    def prepare(case: Case) -> None:
        _keyed_and_named(case)
        made = case.must(who, "POST", path, body(case), key=case.at["key"])
        case.at["id"] = made.get("id") or made["username"]

    def act(case: Case) -> Answer:
        return case.world.ask(case.world.staff(who), "DELETE", f"{path}/{case.at['id']}")

    def expect(case: Case) -> Iterator[str]:
        listed = case.must(who, "GET", path)["items"]
        if any(case.at["id"] in (one.get("id"), one.get("username")) for one in listed):
            yield "it stands on the list"
        yield from _is_on_record(case, deed)

    return Operation(name=name, prepare=prepare, act=act, expect=expect, then=("staff-not-found",), seconds=1)


def _is_on_record(case: Case, deed: str) -> Iterator[str]:
    newest = case.must("admin1", "GET", "/console/audit")["items"]
    if not any((one["verb"], one["subject"]) == (deed, case.at["id"]) for one in newest):
        yield f"no {deed} among the deeds"


def _account(case: Case) -> Any:
    return {"username": case.at["name"], "groups": ["call_taker"]}


def _named_account(case: Case) -> None:
    _keyed_and_named(case)
    case.at["id"] = case.at["name"]


def _account_made(case: Case) -> None:
    _keyed_and_named(case)
    case.at["id"] = case.must("admin1", "POST", "/console/staff", _account(case))["username"]


def _unit(case: Case) -> Any:
    return {"name": case.at["name"], "officer_name": "值班民警", "phone": "+8613800000009"}


def _department(case: Case) -> Any:
    return {"name": case.at["name"]}


def _person(case: Case) -> Any:
    return {"openid": f"openid-{case.at['key']}", "reason": case.at["name"]}


def _place(case: Case) -> Any:
    return {"name": case.at["name"], "centre": case.at["where"], "radius_m": 100, "reason": "学校"}


def _event(case: Case) -> Any:
    ends = case.world.clock.now() + timedelta(hours=1)
    where = {"centre": case.at["where"], "radius_m": 100}
    return {"kind": "fire", "name": case.at["name"], **where, "expires_at": ends.isoformat()}


def _shift(case: Case) -> Any:
    starts = case.world.clock.now() + timedelta(days=300)
    when = {"from": starts.isoformat(), "to": (starts + timedelta(hours=3)).isoformat()}
    return {"name": case.at["name"], "phone": "+8613800000013", **when}


def _keyed_and_named(case: Case) -> None:
    case.at["key"] = new_key()
    case.at["name"] = f"name-{case.at['key']}"
    case.at["where"] = {name: value for name, value in somewhere().items() if name in ("lat", "lng")}


LISTS = [
    _listed("add a unit", "/console/units", "name", _unit),
    _listed("add a department", "/console/departments", "name", _department),
    _listed("watch a person", "/console/watch/persons", "reason", _person),
    _listed("watch a place", "/console/watch/places", "name", _place),
    _listed("publish an event", "/console/events", "name", _event),
    _listed("put a shift", "/console/duty", "name", _shift),
    _taken_off("remove a unit", "/console/units", "unit.removed", _unit),
    _taken_off("remove a department", "/console/departments", "department.removed", _department),
    _taken_off("watch a person no more", "/console/watch/persons", "watch.person_removed", _person),
    _taken_off("watch a place no more", "/console/watch/places", "watch.place_removed", _place),
    _taken_off("take an event back", "/console/events", "event.withdrawn", _event),
    _taken_off("take a shift away", "/console/duty", "shift.removed", _shift),
    Operation(
        name="make an account",
        prepare=_named_account,
        act=lambda case: case.world.ask(case.world.staff("admin1"), "POST", "/console/staff", _account(case)),
        expect=lambda case: _is_on_record(case, "staff.added"),
        then=("staff-exists",),
        seconds=1,
    ),
    _taken_off("shut an account", "/console/staff", "staff.removed", _account, who="admin1"),
    Operation(
        name="take an authenticator off",
        prepare=_account_made,
        act=lambda case: case.world.ask(
            case.world.staff("admin1"), "POST", f"/console/staff/{case.at['id']}/reset-mfa", {}
        ),
        expect=lambda case: _is_on_record(case, "staff.mfa_reset"),
        seconds=1,
    ),
]
