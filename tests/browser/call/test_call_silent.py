"""A silent report: nothing is played where somebody hides, whoever joins, hands over or reloads."""

from tests.browser.call.conftest import NewPlayer
from tests.browser.call.stage import Player, Stage

HIDING_HZ, OFFICER_HZ, HUB_HZ = 440, 1000, 2000
OFFICER = "officer.d1"


def nothing_to_hear(citizen: Player) -> bool:
    """No track of sound came, nothing was received, and there is nothing an analyser could listen to."""
    tracks = citizen.do("page.stream?.getAudioTracks().length ?? 0")
    received = [one for one in citizen.figures() if one["type"] == "inbound-rtp" and one["kind"] == "audio"]
    return tracks == 0 and received == [] and citizen.do(f"page.hear({HUB_HZ})") is None


def test_nothing_is_heard_through_answer_officer_hand_over_and_reload(
    player: NewPlayer, stage: Stage, incident: str
) -> None:
    citizen = player().enter(incident, mode="silent", hertz=HIDING_HZ)
    desk = player().host(incident, mode="silent", hertz=HUB_HZ)
    desk.sees()
    desk.hears(HIDING_HZ)
    assert nothing_to_hear(citizen)

    officer = player().enter(incident, name=OFFICER, mode="silent", hertz=OFFICER_HZ)
    desk.do(f"page.hub.admit('{OFFICER}')")
    officer.hears(HIDING_HZ)
    officer.hears(HUB_HZ)
    desk.hears(OFFICER_HZ)
    assert nothing_to_hear(citizen)

    stage.refused[f"/join/master/{incident}/seat1"] = (409, "not-yours")
    second = player().host(incident, seat="seat2", mode="silent", hertz=HUB_HZ, admitted=[OFFICER])
    second.sees()
    second.hears(HIDING_HZ)
    officer.hears(HUB_HZ)
    assert nothing_to_hear(citizen)

    citizen.load()
    citizen.enter(incident, mode="silent", hertz=HIDING_HZ)
    second.sees()
    second.hears(HIDING_HZ)
    assert nothing_to_hear(citizen)
    sent = [one for one in second.figures("page.hub.stats('citizen')") if one["type"] == "outbound-rtp"]
    assert [one for one in sent if one["kind"] == "audio"] == []


def test_the_call_takers_picture_comes_only_when_it_is_asked_for(player: NewPlayer, incident: str) -> None:
    citizen, desk = player().enter(incident, mode="silent"), player().host(incident, mode="silent")
    desk.sees()
    assert citizen.do("page.seen.lags.length") == 0
    citizen.do("page.viewer.wantPicture(true)")
    citizen.sees()
    citizen.do("page.viewer.wantPicture(false)")
    citizen.do("page.seen.lags.length = 0")
    desk.sees()
    citizen.do("page.viewer.again()")
    desk.sees()
    assert citizen.do("page.seen.lags.length") < 25
    assert nothing_to_hear(citizen)


def test_even_a_hub_that_forgets_the_silence_is_not_heard(player: NewPlayer, incident: str) -> None:
    citizen = player().enter(incident, mode="silent", hertz=HIDING_HZ)
    desk = player().host(incident, mode="video110", hertz=HUB_HZ)
    desk.sees()
    desk.hears(HIDING_HZ)
    citizen.wait("page.state === 'connected'")
    assert nothing_to_hear(citizen)


def test_an_answer_with_sound_is_stripped_of_it(solo: Player) -> None:
    sdp = "v=0\r\nm=audio 9\r\na=sendrecv\r\nm=video 9\r\na=sendrecv\r\nm=audio 9\r\na=sendonly\r\n"
    quiet = solo.do("(sdp) => page.offers.withoutSound({ type: 'answer', sdp }).sdp", sdp)
    assert quiet == "v=0\r\nm=audio 9\r\na=recvonly\r\nm=video 9\r\na=sendrecv\r\nm=audio 9\r\na=inactive\r\n"


def test_no_rule_lets_sound_reach_who_is_hiding(solo: Player) -> None:
    paths = solo.do(
        """() => page.routing.soundPaths([
          { name: "citizen", kind: "citizen", admitted: true, muted: false },
          { name: "officer.d1", kind: "officer", admitted: true, muted: false },
          { name: "commander.c1", kind: "commander", admitted: true, muted: false },
        ], { silent: true })"""
    )
    assert "citizen" not in {listener for _, listener in paths}
    assert ["citizen", "hub"] in paths
