"""Calls made up from the service's own description, good ones and bad: no fault, no answer it does not name.

INSTANT110_FUZZ says how many there are for each route and kind; 10 make over 5,000 calls.
"""

import contextlib
import os
from collections import Counter
from typing import Any, NamedTuple

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
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


class Findings(NamedTuple):
    """How many calls were answered with which status, and what was answered that must not be."""

    answered: Counter[int]
    wrong: dict[str, str]


@pytest.mark.timeout(3600)
def test_no_made_up_call_meets_a_fault_or_an_answer_that_is_not_described(
    callers: dict[str, HttpClient], document: dict[str, Any]
) -> None:
    findings = Findings(Counter(), {})
    found: Any
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = found.ok()
        described = document["paths"][operation.path][operation.method.lower()]
        security = next(iter((described.get("security") or [{}])[0]), "")
        known = set(described["responses"]) | {"401", "414"}
        for kind in KINDS:
            for who in sorted({SIGNS_IN[security], "nobody", "call_taker"}):
                attack(operation, kind, callers[who], known, findings)
    calls = findings.answered.total()
    print(f"\n{calls} calls, by status: {dict(sorted(findings.answered.items()))}")
    assert calls >= 2 * EACH * len(document["paths"])
    assert findings.wrong == {}


def attack(
    operation: Any, kind: GenerationMode, caller: HttpClient, known: set[str], findings: Findings
) -> None:
    """Make up calls of one route and one kind; where a kind has none, there are none."""
    gateways_own = GATEWAYS_OWN if "{" in operation.path else set()

    @QUIET
    @given(case=operation.as_strategy(generation_mode=kind))
    def call(case: Any) -> None:
        answer = case.call(base_url=caller.url, session=caller.session, headers=dict(caller.session.headers))
        findings.answered[answer.status_code] += 1
        if answer.status_code >= 500 or str(answer.status_code) not in known | gateways_own:
            asked = f"{answer.request.url} {dict(answer.request.headers)} {answer.request.body!r:.200}"
            findings.wrong[f"{operation.label} {answer.status_code}"] = f"{answer.text[:200]} to {asked}"

    with contextlib.suppress(Unsatisfiable):
        call()
