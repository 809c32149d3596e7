"""A third party, and another hub: who hears and sees whom, and how long a picture is gone."""

from collections.abc import Sequence
from functools import partial

import pytest
from playwright.sync_api import Error as PlaywrightError

from tests.browser.call.conftest import NewPlayer
from tests.browser.call.stage import Player, Stage
from tests.machine import eventually

CITIZEN_HZ, OFFICER_HZ, HUB_HZ, SECOND_HUB_HZ = 440, 1000, 2000, 3000
BELOW_OWN_DB = -60
OFFICER = "officer.d1"
GONE_AT_MOST_MS = 3000


def three(player: NewPlayer, incident: str, **hub: object) -> tuple[Player, Player, Player]:
    """Citizen, officer and desk in one call."""
    citizen = player().enter(incident, hertz=CITIZEN_HZ)
    officer = player().enter(incident, name=OFFICER, hertz=OFFICER_HZ)
    return citizen, officer, player().host(incident, hertz=HUB_HZ, **hub)


def party(desk: Player, name: str) -> dict[str, object]:
    found: list[dict[str, object]] = desk.do("page.parties")
    return next(one for one in found if one["name"] == name)


def is_apart(own: Player, others: Sequence[Player], hertz: int) -> bool:
    """Whether somebody's tone is that much quieter to himself, at this moment, than to all the others."""
    return own.level(hertz) < min(one.level(hertz) for one in others) + BELOW_OWN_DB


def test_each_hears_both_others_and_not_himself(player: NewPlayer, incident: str) -> None:
    citizen, officer, desk = three(player, incident, admitted=[OFFICER])
    everyone = ((citizen, CITIZEN_HZ), (officer, OFFICER_HZ), (desk, HUB_HZ))
    for own, hertz in everyone:
        others = [one for one, _ in everyone if one is not own]
        for one in others:
            one.hears(hertz)
        eventually(partial(is_apart, own, others, hertz), within_seconds=5)
    officer.sees()
    desk.sees()
    citizen.sees()


def test_an_officer_gets_nothing_and_is_heard_by_nobody_until_he_is_admitted(
    player: NewPlayer, incident: str
) -> None:
    citizen, officer, desk = three(player, incident)
    desk.sees()
    eventually(lambda: officer.do("page.state") == "connected", within_seconds=15)
    citizen.hears(HUB_HZ)
    assert party(desk, OFFICER)["admitted"] is False
    assert officer.do("page.seen.lags.length") == 0
    for one in (citizen, desk):
        one.loses(OFFICER_HZ)
    for hertz in (CITIZEN_HZ, HUB_HZ):
        officer.loses(hertz)
    desk.do(f"page.hub.admit('{OFFICER}')")
    officer.sees()
    officer.hears(CITIZEN_HZ)
    citizen.hears(OFFICER_HZ)


def test_a_party_can_be_silenced_and_put_out(player: NewPlayer, incident: str) -> None:
    citizen, officer, desk = three(player, incident, admitted=[OFFICER])
    citizen.hears(OFFICER_HZ)
    desk.do(f"page.hub.mute('{OFFICER}', true)")
    citizen.loses(OFFICER_HZ)
    officer.hears(CITIZEN_HZ)
    desk.do(f"page.hub.drop('{OFFICER}')")
    eventually(lambda: officer.do("page.state") == "over")
    assert officer.do("page.log.at(-1).why") == "dropped"
    officer.load()
    officer.enter(incident, name=OFFICER)
    eventually(lambda: len(officer.offers()) >= 2)
    assert officer.do("page.state") == "signaling"
    desk.do(f"page.hub.admit('{OFFICER}')")
    officer.sees()


def test_the_record_holds_what_all_say_and_the_citizens_picture(player: NewPlayer, incident: str) -> None:
    citizen, _, desk = three(player, incident, admitted=[OFFICER])
    citizen.sees()
    desk.do("page.listen(page.hub.recordMix)")
    for hertz in (CITIZEN_HZ, OFFICER_HZ, HUB_HZ):
        desk.hears(hertz)
    assert desk.do("page.hub.recordMix.getVideoTracks().length") == 1
    levels = desk.do("page.hub.levels()")
    assert set(levels) == {"hub", "citizen", OFFICER}
    assert all(level > -40 for level in levels.values())


def test_another_hub_takes_over_and_the_picture_is_back_at_once(
    player: NewPlayer, stage: Stage, incident: str, capsys: pytest.CaptureFixture[str]
) -> None:
    citizen, officer, desk = three(player, incident, admitted=[OFFICER])
    second = player()
    officer.sees()
    desk.sees()
    citizen.hears(HUB_HZ)
    officer.do("page.seen.gaps.length = 0")
    stage.refused[f"/join/master/{incident}/seat1"] = (409, "not-yours")
    second.host(incident, seat="seat2", hertz=SECOND_HUB_HZ, admitted=[OFFICER])
    second.sees()
    officer.sees()
    citizen.hears(SECOND_HUB_HZ)
    gone = second.do("page.seen.first") - desk.do("page.seen.lastAt")
    with capsys.disabled():
        at_officer = max(officer.do("page.seen.gaps"))
        print(
            f"\nhand-over: the citizen's picture was gone {gone:.0f} ms, at the officer {at_officer:.0f} ms"
        )
    assert gone < GONE_AT_MOST_MS
    citizen.loses(HUB_HZ)


def test_a_hub_that_dies_without_a_word_is_missed_and_the_next_one_followed(
    player: NewPlayer, incident: str, capsys: pytest.CaptureFixture[str]
) -> None:
    citizen, desk, second = player().enter(incident), player().host(incident), player()
    desk.sees()
    died_at = second.do("page.now()")
    with pytest.raises(PlaywrightError):
        desk.page.goto("chrome://crash", timeout=2000)
    second.host(incident, seat="seat2").sees()
    gone = second.do("page.seen.first") - died_at
    with capsys.disabled():
        print(f"\ncrash of the hub: the citizen's picture was gone {gone:.0f} ms")
    citizen.sees()
    assert "dead" in [one.get("state") for one in citizen.do("page.log")]


def test_a_hub_that_leaves_its_parties_to_the_next_one_is_followed(player: NewPlayer, incident: str) -> None:
    citizen, desk = player().enter(incident), player().host(incident)
    citizen.sees()
    desk.do("page.hub.close({ keepParties: true })")
    second = player().host(incident, seat="seat2")
    second.sees()
    second.do("page.hub.close()")
    eventually(lambda: citizen.do("page.state") == "over")
    assert citizen.do("page.log.at(-1).why") == "ended"


def test_a_hub_that_dies_is_replaced_by_its_own_reload(
    player: NewPlayer, incident: str, capsys: pytest.CaptureFixture[str]
) -> None:
    citizen, desk = player().enter(incident), player().host(incident)
    citizen.sees()
    desk.sees()
    died_at = desk.do("page.now()")
    desk.load()
    desk.host(incident).sees(20)
    gone = desk.do("page.seen.first") - died_at
    with capsys.disabled():
        print(f"\nreload of the hub: the citizen's picture was gone {gone:.0f} ms")
    citizen.sees()
