"""How fast a call is on the real pages, beside what the browser itself takes: printed, not judged.

`CALLS` says how many; the table of twenty stands in docs/call-figures.md.
"""

import math
import os
import statistics
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.browser.live_room import ALL_PICTURES, CITIZEN_HZ, SEAT_HZ, Console, Room, Screen
from tests.desk import work
from tests.machine import StaffClient

CALLS = int(os.environ.get("CALLS", "3"))
FRAMES = 25
BARE = Path(__file__).with_name("bare.js").read_text("utf-8")
ANSWERED = """addEventListener("click", ({ target }) => {
  if (target.closest(".card-answer")) window.answeredAt = stamps.now();
}, true);"""

ENDED = """() => {
  for (const { track } of window.plain?.getSenders() ?? []) track?.stop();
  window.plain?.close();
  for (const video of document.querySelectorAll("video")) video.srcObject = null;
  stamps.forget();
}"""


@pytest.fixture
def rate() -> int:
    """As many pictures a second as a phone gives."""
    return ALL_PICTURES


class Figures(NamedTuple):
    """Milliseconds: from the answer to the first picture, and how old a picture is when it is shown."""

    first_at_citizen: float
    first_at_desk: float
    age_at_citizen: float
    age_at_desk: float


def follows(screen: Screen, selector: str) -> None:
    """Have a page note what it shows in the elements of a selector."""
    screen.page.evaluate("(selector) => stamps.followAll(selector)", selector)


def figures(citizen: Screen, desk: Screen) -> Figures:
    """What both sides saw since the answer, once each has shown enough pictures."""
    answered_at: float = desk.page.evaluate("answeredAt")
    shown: list[float] = []
    ages: list[float] = []
    for one in (citizen, desk):
        one.shows_stamps(FRAMES)
        shown.append(one.page.evaluate("stamps.seen.first") - answered_at)
        ages.append(statistics.median(one.page.evaluate(f"stamps.seen.lags.slice(-{FRAMES})")))
    return Figures(*shown, *ages)


def a_call(room: Room, desk: Console, seat: StaffClient) -> Figures:
    """A citizen who waits with her camera on, and is answered."""
    citizen, incident_id = room.citizen("video110")
    follows(citizen, ".theirs")
    expect(citizen.page.locator(".stage.with-own")).to_be_visible()
    desk.page.evaluate("stamps.forget()")
    desk.answer(incident_id)
    seen = figures(citizen, desk)
    desk.hears(CITIZEN_HZ)
    citizen.hears(SEAT_HZ)
    work(seat, incident_id, "close", {"disposition": "resolved"})
    citizen.page.context.close()
    return seen


def a_bare_connection(caller: Screen, answerer: Screen) -> Figures:
    """Two pages of the same browser with the same pictures and tones."""
    for one in (caller, answerer):
        one.page.evaluate(ENDED)
    answer = answerer.page.evaluate(BARE, caller.page.evaluate(BARE))
    caller.page.evaluate("(answer) => plain.setRemoteDescription(answer)", answer)
    return figures(caller, answerer)


@pytest.mark.timeout(60 + 30 * CALLS)
def test_a_call_on_the_real_pages_beside_a_bare_connection(
    room: Room, seat: StaffClient, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = room.console(seat.account)
    desk.page.evaluate(ANSWERED)
    follows(desk, desk.picture)
    blank = room.blank(CITIZEN_HZ), room.blank(SEAT_HZ)
    calls, bare = [], []
    for _ in range(CALLS):
        calls.append(a_call(room, desk, seat))
        bare.append(a_bare_connection(*blank))
    assert all(figure > 0 for row in (*calls, *bare) for figure in row)
    with capsys.disabled():
        print(table(calls, bare))


def table(calls: list[Figures], bare: list[Figures]) -> str:
    """The figures as a page of the documentation has them."""
    lines = [
        f"\n\n{len(calls)} calls, ms: median / 95th percentile\n",
        "| | first picture, citizen | first picture, desk | glass to glass, citizen | glass to glass, desk |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, rows in (("call", calls), ("bare connection", bare)):
        columns = [f"{statistics.median(one):.0f} / {p95(one):.0f}" for one in zip(*rows, strict=True)]
        lines.append(f"| {name} | {' | '.join(columns)} |")
    return "\n".join(lines)


def p95(values: tuple[float, ...]) -> float:
    """The smallest value that 95 of 100 do not pass."""
    return sorted(values)[math.ceil(len(values) * 0.95) - 1]
