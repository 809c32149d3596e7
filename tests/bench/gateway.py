"""The local gateway beside `chalice local`: the same app and the same request, by turns."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.rows import Row, times
from tests.machine import ROOT, eventually

PATH = "/county"
TURNS, SECONDS = 15, 0.4
"""Short turns, of which the best counts: on a busy machine a long one has a neighbour in it."""
LIMIT = 20
WHY = """
The local gateway: on a connection that is kept, `chalice local` waits with each answer, 40 ms as it was
looked into by hand. It sends head and body in two writes with Nagle's algorithm on, so the body waits for
the client's delayed acknowledgement; ours sends an answer in one. That is what the first ratio is made of.
Over a new connection for each request nothing waits, and ours is no faster.
"""


def gateway_rows(notes: list[str]) -> Iterator[Row]:
    """Requests in a second of one client, over one connection and over a new one for each request.

    The target is one for both; where one misses it, why the two differ is added to the notes.
    """
    rows = list(_measured())
    yield from rows
    if not all(row.kept for row in rows):
        notes.append(WHY)


def _measured() -> Iterator[Row]:
    with ExitStack() as open_ones:
        chalice = [str(Path(sys.executable).with_name("chalice")), "local", "--no-autoreload", "--port"]
        theirs = open_ones.enter_context(_listening(chalice))
        ours = open_ones.enter_context(_listening([sys.executable, "-m", "tests.bench.gateway_alone"]))
        for kept, what in ((True, "one connection"), (False, "a new connection for each")):
            rates: dict[int, list[float]] = {ours: [], theirs: []}
            for _ in range(TURNS):
                for port, seen in rates.items():
                    seen.append(_rate(port, kept=kept))
            own, other = max(rates[ours]), max(rates[theirs])
            yield Row(
                what=f"local gateway, requests a second, {what}",
                ours=f"{own:,.0f}, {times(own, other):.1f} ×",
                beside=f"`chalice local` {other:,.0f}",
                target=f"≥ {LIMIT} ×",
                kept=own >= LIMIT * other,
            )


@contextmanager
def _listening(command: list[str]) -> Iterator[int]:
    """The server of a command that takes a port as its last argument, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen([*command, str(port)], cwd=ROOT, stdout=nowhere, stderr=nowhere)
    try:
        eventually(lambda: _answers(port), within_seconds=120)
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def _rate(port: int, *, kept: bool) -> float:
    connection, done, began = http.client.HTTPConnection("127.0.0.1", port), 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        connection.request("GET", PATH)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{PATH} answered {answer.status}")
        if not kept:
            connection.close()
        done += 1
    return done / (time.perf_counter() - began)
