"""The gateway: one request never meets another, and nothing a client sends can wedge it."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.machine import HttpClient, OwnMachine, done

TEN_MB = 10 * 1024 * 1024


def test_two_hundred_requests_at_once_each_see_only_themselves(sample_machine: OwnMachine) -> None:
    def ask(number: int) -> dict[str, object]:
        client = HttpClient(sample_machine.url, {"Authorization": f"Bearer citizen-{number}"})
        answer: dict[str, object] = done(client.post(f"/own/w{number}?q=q{number}", {"number": number}))
        return answer

    with ThreadPoolExecutor(200) as threads:
        answers = list(threads.map(ask, range(200)))
    for number, answer in enumerate(answers):
        context = answer.pop("context")
        assert answer == {
            "word": f"w{number}",
            "body": {"number": number},
            "principal": f"citizen-{number}",
            "query": f"q{number}",
        }
        assert context
    assert len(answers) == 200


@pytest.mark.parametrize(
    ("request_line", "token", "status", "slug"),
    [
        ("GET /nowhere", None, 404, "route-not-found"),
        ("GET /nowhere", "Bearer citizen-1", 404, "route-not-found"),
        ("POST /own/", "Bearer citizen-1", 404, "route-not-found"),
        ("GET /own/word", "Bearer citizen-1", 405, "method-not-allowed"),
        ("OPTIONS /own/word", None, 405, "method-not-allowed"),
        ("BREW /", None, 405, "method-not-allowed"),
        ("POST /own/word", None, 401, "unauthorized"),
        ("POST /own/word", "Bearer nobody", 401, "unauthorized"),
        ("POST /own/word", "Bearer stranger", 403, "forbidden"),
        ("GET /staff", None, 401, "unauthorized"),
        ("GET /staff", "garbage", 401, "unauthorized"),
    ],
)
def test_a_refusal_of_the_gateway_is_a_problem_document(
    sample_machine: OwnMachine, request_line: str, token: str | None, status: int, slug: str
) -> None:
    headers = {"Authorization": token} if token else {}
    answer = sample_machine.anyone().ask(*request_line.split(), headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert {**answer.json(), "title": "…"} == {"type": slug, "title": "…", "status": status}


def test_a_body_over_ten_megabytes_is_refused_and_one_of_ten_is_not(sample_machine: OwnMachine) -> None:
    client = sample_machine.anyone()
    binary = {"Content-Type": "application/octet-stream"}
    refused = client.ask("POST", "/echo", data=b"x" * (TEN_MB + 1), headers=binary)
    assert (refused.status_code, refused.json()["type"]) == (413, "body-too-large")
    assert client.ask("POST", "/echo", data=b"x" * TEN_MB, headers=binary).status_code == 200


def test_a_body_over_the_limit_in_chunks_is_refused_too(sample_machine: OwnMachine) -> None:
    pieces = (b"x" * 65536 for _ in range(200))
    refused = sample_machine.anyone().ask("POST", "/echo", data=pieces)
    assert (refused.status_code, refused.json()["type"]) == (413, "body-too-large")


def test_a_body_in_chunks_arrives_whole(sample_machine: OwnMachine) -> None:
    binary = {"Content-Type": "application/octet-stream"}
    answer = sample_machine.anyone().ask("POST", "/echo", data=iter([b"\x00\xff", b"\x01"]), headers=binary)
    assert done(answer) == {"received": "00ff01"}


def test_a_path_variable_keeps_its_percent_encoding_as_api_gateway_does(sample_machine: OwnMachine) -> None:
    client = HttpClient(sample_machine.url, {"Authorization": "Bearer citizen-1"})
    assert done(client.post("/own/a%2Fb%20c", {}))["word"] == "a%2Fb%20c"


def test_a_fault_of_the_app_says_nothing_of_what_it_knows(sample_machine: OwnMachine) -> None:
    answer = sample_machine.anyone().get("/broken")
    assert answer.status_code == 500
    assert "what the app knows" not in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n\r\n",
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET nowhere HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /%zz/\xff\xfe?q=%ff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /echo HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /echo HTTP/1.1\r\nContent-Type: application/json\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: x\r\n" * 200 + b"\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc",
    ],
)
def test_malformed_http_ends_in_an_answer_or_a_close_and_the_gateway_goes_on(
    sample_machine: OwnMachine, sent: bytes
) -> None:
    answer = _speak(sample_machine, sent)
    if answer:
        assert answer.startswith((b"HTTP/1.", b"{"))
    assert done(sample_machine.anyone().get("/")) == {"up": True}


def test_a_connection_is_kept_and_carries_many_requests(sample_machine: OwnMachine) -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert (
        _speak(sample_machine, request * 3 + last).count(json.dumps({"up": True}).replace(" ", "").encode())
        == 4
    )


@pytest.mark.parametrize(
    "headers",
    [
        b"Caf\xe9: x\r\nContent-Length: %d",
        b"A name: x\r\nContent-Length: %d",
        b": x\r\nContent-Length: %d",
        b"Content-Length: %d\r\nTransfer-Encoding: chunked",
    ],
)
def test_no_body_is_taken_for_the_next_request(sample_machine: OwnMachine, headers: bytes) -> None:
    hidden = b"GET /?hidden HTTP/1.1\r\nHost: x\r\n\r\n"
    sent = b"POST /echo HTTP/1.1\r\nHost: x\r\n" + headers % len(hidden) + b"\r\n\r\n" + hidden
    answer = _speak(sample_machine, sent)
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1") == 1


def test_the_log_names_routes_and_never_what_was_asked(sample_machine: OwnMachine) -> None:
    client = HttpClient(sample_machine.url, {"Authorization": "Bearer citizen-secret"})
    done(client.post("/own/13800138000?q=13900139000", {"name": "nobody"}))
    log = (sample_machine.directory / "machine.log").read_text("utf-8")
    assert "POST /own/{word} 200" in log
    assert not any(word in log for word in ("13800138000", "13900139000", "citizen-secret", "nobody"))


def _speak(machine: OwnMachine, sent: bytes) -> bytes:
    """Send bytes, say no more, and return all that comes back; fails when the other side hangs."""
    address = urlsplit(machine.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        received = b""
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                received += piece
        except ConnectionError:
            pass
        return received
