"""Calls made up from the service's own description, good ones and bad: no fault, no answer it does not name.

INSTANT110_FUZZ says how many there are for each route and kind; 9 make over 5,000 calls.
"""

import os
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from tests.machine import HttpClient, Machine

EACH = int(os.environ.get("INSTANT110_FUZZ", "1"))
KINDS = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
QUIET = settings(
    max_examples=EACH,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SIGNS_IN = {"citizen": "citizen", "staff": "commander", "link": "nobody", "": "nobody"}
"""Whose token a good call has, by the security the document names."""

GATEWAYS_OWN = {"404", "405"}
"""An empty path variable makes another path, which the gateway itself does not know."""


@pytest.fixture(scope="module")
def document(machine: Machine) -> dict[str, Any]:
    described: dict[str, Any] = machine.anyone().get("/openapi.json").json()
    return described


@pytest.mark.timeout(3600)
def test_no_made_up_call_meets_a_fault_or_an_answer_that_is_not_described(
    callers: dict[str, HttpClient], document: dict[str, Any]
) -> None:
    answered: Counter[int] = Counter()
    wrong: dict[str, str] = {}
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = found.ok()
        described = document["paths"][operation.path][operation.method.lower()]
        security = next(iter((described.get("security") or [{}])[0]), "")
        for kind in KINDS:
            for who in {SIGNS_IN[security], "nobody", "call_taker"}:
                attack(operation, kind, callers[who], described["responses"], answered, wrong)
    print(f"\n{answered.total()} calls, by status: {dict(sorted(answered.items()))}")
    assert answered.total() >= 2 * EACH * len(document["paths"])
    assert wrong == {}


def attack(
    operation: Any,
    kind: GenerationMode,
    caller: HttpClient,
    described: dict[str, Any],
    answered: Counter[int],
    wrong: dict[str, str],
) -> None:
    """Make up calls of one route and one kind; where a kind has none, there are none."""

    @QUIET
    @given(case=operation.as_strategy(generation_mode=kind))
    def call(case: Any) -> None:
        answer = case.call(base_url=caller.url, session=caller.session, headers=dict(caller.session.headers))
        answered[answer.status_code] += 1
        known = set(described) | (GATEWAYS_OWN if "{" in operation.path else set()) | {"401"}
        if answer.status_code >= 500 or str(answer.status_code) not in known:
            wrong[f"{operation.label} {answer.status_code}"] = answer.text[:200]

    try:
        call()
    except schemathesis.errors.InvalidSchema:
        raise
    except Exception as nothing:
        if "Unsatisfiable" not in type(nothing).__name__:
            raise
