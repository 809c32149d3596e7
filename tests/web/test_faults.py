"""What the pages and the mini-program hold for final: what our own code refuses, and nothing else."""

import json
import subprocess
from http import HTTPStatus

import pytest

from chalicelib.domain import refusals
from chalicelib.routes.errors import STATUS, slug_of
from infra.deploy.settle import REFUSALS
from tests.machine import ROOT

WEB = """
import { refusal } from "./chalicelib/web/shared/api.js";
import { passes } from "./chalicelib/web/shared/faults.js";
"""
MINI = """
import { createRequire } from "node:module";
const require = createRequire(`${process.cwd()}/`);
const { passes } = require("./miniprogram/api/faults.js");
const { refusal } = require("./miniprogram/api/http.js");
"""
ASKED = """
const { readFileSync } = await import("node:fs");
const answers = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(answers.map(({ status, facts }) => passes(refusal(status, facts)))));
"""
PASSING = {
    refusals.IncidentChanged,
    refusals.LoginCodeRefused,
    refusals.SignInRefused,
    refusals.CitizenNotFound,
}
"""What passes though its status is another's: others stored first; and, where it is not final, a sign-in."""

Answer = tuple[int, object]


def passing(client: str, *answers: Answer) -> list[bool]:
    """Which answers, by their status and what they hold, a client waits out."""
    told = json.dumps([{"status": int(status), "facts": facts} for status, facts in answers])
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", client + ASKED],
        cwd=ROOT,
        input=told,
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[bool] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("client", [WEB, MINI], ids=["pages", "mini-program"])
def test_what_our_own_code_refuses_is_final_unless_it_says_to_come_again(client: str) -> None:
    kinds = [kind for kind in STATUS if kind not in PASSING]
    found = passing(client, *((STATUS[kind], {"type": slug_of(kind)}) for kind in kinds))
    again = {kind for kind, passes in zip(kinds, found, strict=True) if passes}
    assert again == {
        kind for kind in kinds if STATUS[kind] == HTTPStatus.TOO_MANY_REQUESTS or STATUS[kind] >= 500
    }


@pytest.mark.parametrize("client", [WEB, MINI], ids=["pages", "mini-program"])
def test_what_a_gateway_a_firewall_or_a_stranger_says_passes(client: str) -> None:
    refused = {"type": REFUSALS["DEFAULT_4XX"][1]}
    turned_away = [(status or HTTPStatus.FORBIDDEN, {"type": REFUSALS[kind][1]}) for kind, status in SHUT]
    strangers: list[Answer] = [
        (403, None),
        (403, "<html>Request blocked</html>"),
        (403, {"message": "Forbidden"}),
        (404, {"type": "about:blank", "title": "Not Found"}),
        (405, {"type": "https://proxy.example/refused"}),
        (403, refused),
        (429, {"type": "whatever-it-says"}),
    ]
    assert all(passing(client, *turned_away, *strangers))


SHUT = [
    (kind, REFUSALS[kind][0]) for kind in ("ACCESS_DENIED", "WAF_FILTERED", "THROTTLED", "QUOTA_EXCEEDED")
]
"""What API Gateway says for itself of a crowd."""
