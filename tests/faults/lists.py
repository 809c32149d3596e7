"""The lists that staff keep: each entry is made once, whatever happens to the call that makes it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.faults.asking import (
    keyed,
    somewhere,
)
from tests.faults.case import Case
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
    def prepare(case: Case) -> None:
        case.at["name"] = f"{field}-{case.at['key']}"
        case.at["where"] = {key: value for key, value in somewhere().items() if key in ("lat", "lng")}

    def act(case: Case) -> Answer:
        sent = case.at.setdefault("sent", body(case))
        return case.world.ask(case.world.staff("commander1"), "POST", path, sent, key=case.at["key"])

    def first_the_key(case: Case) -> None:
        keyed(lambda _: None)(case)
        prepare(case)

    return Operation(name=name, prepare=first_the_key, act=act, expect=_once_on(path, field), seconds=1)


def _noted(verb: str) -> Any:
    def expect(case: Case) -> Iterator[str]:
        deeds = case.must("admin1", "GET", "/console/audit")["items"]
        if (verb, case.at["name"]) not in {(one["verb"], one["subject"]) for one in deeds}:
            yield f"{verb} is nowhere on record"

    return expect


def _account(name: str, verb: str, method: str, path: str, then: tuple[str, ...] = ()) -> Operation:
    """What an admin does to an account; what she asks for once more may be found done."""

    def ask(case: Case, method: str, path: str) -> Answer:
        sent = {"username": case.at["name"], "groups": ["call_taker"]} if path == "" else {}
        where = f"/console/staff{path.format(case.at['name'])}"
        return case.world.ask(case.world.staff("admin1"), method, where, sent if method == "POST" else None)

    def prepare(case: Case) -> None:
        keyed(lambda _: None)(case)
        case.at["name"] = f"seat-{case.at['key']}"
        if path:
            assert ask(case, "POST", "").is_done

    def act(case: Case) -> Answer:
        return ask(case, method, path)

    return Operation(name=name, prepare=prepare, act=act, expect=_noted(verb), then=then, seconds=1)


LISTS = [
    _account("make an account", "staff.added", "POST", "", ("staff-exists",)),
    _account("shut an account", "staff.removed", "DELETE", "/{}", ("staff-not-found",)),
    _account("take an authenticator off", "staff.mfa_reset", "POST", "/{}/reset-mfa"),
    _listed(
        "add a unit",
        "/console/units",
        "name",
        lambda case: {"name": case.at["name"], "officer_name": "值班民警", "phone": "+8613800000009"},
    ),
    _listed("add a department", "/console/departments", "name", lambda case: {"name": case.at["name"]}),
    _listed(
        "watch a person",
        "/console/watch/persons",
        "reason",
        lambda case: {"openid": f"openid-{case.at['key']}", "reason": case.at["name"]},
    ),
    _listed(
        "watch a place",
        "/console/watch/places",
        "name",
        lambda case: {
            "name": case.at["name"],
            "centre": case.at["where"],
            "radius_m": 100,
            "reason": "学校",
        },
    ),
    _listed(
        "put a shift",
        "/console/duty",
        "name",
        lambda case: {
            "name": case.at["name"],
            "phone": "+8613800000013",
            "from": (case.world.clock.now() + timedelta(days=300)).isoformat(),
            "to": (case.world.clock.now() + timedelta(days=300, hours=3)).isoformat(),
        },
    ),
]
