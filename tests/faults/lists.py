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


LISTS = [
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
