"""What filing costs and waits for: at most three DynamoDB requests, however much was filed before."""

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from chalice.test import Client
from msgspec.structs import replace

from chalicelib.adapters import incidents, lines
from chalicelib.domain.asked import new_id
from chalicelib.domain.incident import Mode
from chalicelib.domain.lines import STALE_AFTER
from chalicelib.workflows.file_report import file_live_report, file_report
from infra.local.watch import calls
from tests.desk import INSIDE, a_citizen, a_seat, someone
from tests.machine import ROOT, CitizenClient, Machine
from tests.own_lines import own_lines
from tests.within import now

MOST = 3
FILED_BEFORE = 200

A_GATEWAYS_PATIENCE = timedelta(seconds=10)
"""Well within the 29 s after which API Gateway answers in the function's stead."""

BODY = json.dumps({"text": "路口有人受伤", "position": INSIDE, "tip": False}).encode()


@pytest.fixture(scope="module")
def app_client(inside: Machine) -> Iterator[Client]:
    """The real app behind Chalice's own test client, in this process, where its calls can be counted."""
    from app import app

    with Client(app, project_dir=str(Path(ROOT))) as client:
        yield client


def asked_by(client: Client, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> list[str]:
    """The DynamoDB requests that one successful call makes."""
    with calls() as asked:
        answer = client.http.request(method, path, headers=headers, body=body)
    assert answer.status_code in (200, 201), answer.body
    return [one.name for one in asked if one.service == "dynamodb"]


def costs(client: Client, citizen: CitizenClient, seat: dict[str, str]) -> dict[str, list[str]]:
    """What each of a report's first calls asks of the tables."""
    by_citizen = {"Authorization": f"Bearer {citizen.token}", "Content-Type": "application/json"}
    key = someone()
    cost = {"file": asked_by(client, "POST", "/reports/photo-text", by_citizen, BODY)}
    keyed = {**by_citizen, "Idempotency-Key": key}
    cost["file with a key"] = asked_by(client, "POST", "/reports/photo-text", keyed, BODY)
    cost["file again"] = asked_by(client, "POST", "/reports/photo-text", keyed, BODY)
    again = client.http.post("/reports/photo-text", headers=keyed, body=BODY).json_body["incident"]
    cost["own reports"] = asked_by(client, "GET", "/reports", by_citizen)
    answer = f"/console/incidents/{again['id']}/answer"
    cost["answer"] = asked_by(client, "POST", answer, seat, b"{}")
    cost["record"] = asked_by(client, "GET", f"/console/incidents/{again['id']}", seat)
    return cost


@pytest.mark.filterwarnings("ignore:CognitoUserPoolAuthorizer is not")
def test_filing_takes_at_most_three_requests_and_200_incidents_make_no_call_dearer(
    app_client: Client, inside: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Issue 2, show 10, and rule 6."""
    citizen = a_citizen(inside)
    token: Any = a_seat(inside).session.headers["Authorization"]
    seat = {"Authorization": str(token), "Content-Type": "application/json"}
    first = costs(app_client, citizen, seat)
    at = now()
    for n in range(FILED_BEFORE):
        moment = at + timedelta(milliseconds=n)
        file_report(citizen.citizen["id"], BODY, mode=Mode.PHOTO_TEXT, key=None, now=moment)
    later = costs(app_client, citizen, seat)
    with capsys.disabled():
        print(f"\nDynamoDB requests: { {name: len(asked) for name, asked in later.items()} }")
    for name in ("file", "file with a key", "file again"):
        assert 0 < len(first[name]) <= MOST, first[name]
    # A retry against the machine's own gazetteer may read once more; the rest is the same to the request.
    assert {name: len(asked) for name, asked in later.items() if name != "answer"} == {
        name: len(asked) for name, asked in first.items() if name != "answer"
    }
    assert len(later["answer"]) <= 4


def test_a_report_is_answered_also_when_kinesis_video_listens_and_says_nothing(
    inside: Machine,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        one = replace(lines.known(now=now())[0], id=someone(), channel_arn=someone(), signaling_endpoint=url)
        with own_lines(inside, [one]):
            began = now()
            filed = file_live_report(new_id(), BODY, mode=Mode.VIDEO110, key=None, now=began)
    assert now() - began < A_GATEWAYS_PATIENCE
    assert filed.join is None
    assert incidents.get(filed.incident.id).id == filed.incident.id


def test_a_live_report_sent_again_renews_the_line_it_is_given_an_address_of(inside: Machine) -> None:
    """Decision 9: a line that is taken from a stale lease has no living address."""
    at, citizen_id, key = now(), new_id(), new_id()
    with own_lines(inside, [replace(lines.known(now=at)[0], id=someone())]):
        for moment in (at, at + STALE_AFTER / 2):
            filed = file_live_report(citizen_id, BODY, mode=Mode.VIDEO110, key=key, now=moment)
            assert filed.join is not None
        (lease,) = lines.leases()
    assert (lease.incident_id, lease.renewed_at) == (filed.incident.id, at + STALE_AFTER / 2)
