"""How fast a call is, beside what the browser itself takes: printed, not judged."""

import statistics
import uuid

import pytest

from tests.browser.call.conftest import NewPlayer
from tests.browser.call.stage import Player, Stage
from tests.machine import eventually

ROUNDS = 3


def first_picture(viewer: Player, hub: Player) -> tuple[float, float]:
    """From the answer to the first picture, at the one who called and at the one who answered, in ms."""
    answered_at = hub.do("page.answeredAt")
    return viewer.do("page.seen.first") - answered_at, hub.do("page.seen.first") - answered_at


def lag(player: Player) -> float:
    """The median age of a frame when it is shown, in ms."""
    eventually(lambda: player.do("page.seen.lags.length") >= 30, within_seconds=20)
    ages: list[float] = player.do("page.seen.lags.slice(-25)")
    return statistics.median(ages)


def a_call(player: NewPlayer, stage: Stage) -> tuple[float, float, float, float]:
    incident = uuid.uuid4().hex
    stage.open_line(incident)
    citizen, desk = player().enter(incident), player()
    eventually(lambda: len(citizen.offers()) >= 1)
    desk.host(incident)
    lags = lag(citizen), lag(desk)
    figures = (*first_picture(citizen, desk), *lags)
    for one in (citizen, desk):
        one.context.close()
    return figures


def a_bare_connection(player: NewPlayer) -> tuple[float, float, float, float]:
    caller, answerer = player(), player()
    offer = caller.do("page.bare()")
    answer = answerer.do("(offer) => page.bare(offer)", offer)
    caller.do("(answer) => page.plainly.setRemoteDescription(answer)", answer)
    lags = lag(caller), lag(answerer)
    figures = (*first_picture(caller, answerer), *lags)
    for one in (caller, answerer):
        one.context.close()
    return figures


def test_a_calls_figures_beside_a_bare_connection(
    player: NewPlayer, stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = [a_call(player, stage) for _ in range(ROUNDS)]
    bare = [a_bare_connection(player) for _ in range(ROUNDS)]
    assert all(figure > 0 for row in (*calls, *bare) for figure in row)
    with capsys.disabled():
        print(f"\nmedians of {ROUNDS}, ms    first picture: caller, answerer   glass to glass: the same")
        for name, rows in (("call", calls), ("bare", bare)):
            medians = [statistics.median(column) for column in zip(*rows, strict=True)]
            print(f"{name:>16}  {medians[0]:22.0f} {medians[1]:9.0f} {medians[2]:24.0f} {medians[3]:9.0f}")
