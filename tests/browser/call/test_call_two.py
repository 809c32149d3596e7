"""A call of two in real browsers through the official client: pictures, sound, and what must not pass."""

import base64
import json
import uuid

import pytest

from tests.browser.call.conftest import NewPlayer
from tests.browser.call.stage import Player, Stage
from tests.machine import eventually

CITIZEN_HZ = 440
HUB_HZ = 2000
LONGEST_OFFER = 10_000


def sdp_of(offer: str) -> str:
    text: str = json.loads(base64.b64decode(offer))["sdp"]
    return text


def is_connected(desk: Player, name: str = "citizen") -> bool:
    return bool(desk.do(f"page.parties.some((one) => one.name === '{name}' && one.state === 'connected')"))


def test_both_sides_see_and_hear_each_other(player: NewPlayer, incident: str) -> None:
    citizen, desk = player().enter(incident, hertz=CITIZEN_HZ), player().host(incident, hertz=HUB_HZ)
    citizen.sees()
    desk.sees()
    citizen.hears(HUB_HZ)
    desk.hears(CITIZEN_HZ)
    citizen.loses(CITIZEN_HZ)
    desk.loses(HUB_HZ)


def test_a_hub_that_comes_late_finds_the_waiting_citizen(player: NewPlayer, incident: str) -> None:
    citizen = player().enter(incident)
    eventually(lambda: len(citizen.offers()) >= 2)
    assert citizen.do("page.state") == "signaling"
    desk = player().host(incident)
    citizen.sees()
    desk.sees()
    # However often the same offer came, it was one connection.
    assert [one["name"] for one in desk.do("page.parties")] == ["citizen"]


def test_a_client_of_another_incident_is_ignored(player: NewPlayer, incident: str) -> None:
    desk = player().host(incident)
    stranger = player().enter(uuid.uuid4().hex, line=incident)
    eventually(lambda: len(stranger.offers()) >= 2)
    citizen = player().enter(incident)
    citizen.sees()
    assert stranger.do("page.state") == "signaling"
    assert [one["name"] for one in desk.do("page.parties")] == ["citizen"]


@pytest.mark.parametrize(
    "client_id",
    [
        "abc.citizen.2",
        "abc.master",
        "abc.officer",
        "abc.officer.",
        "abc.citizen/x",
        "abc.",
        "xyz.citizen",
        "citizen",
    ],
)
def test_a_client_id_that_names_no_party_is_nobody(solo: Player, client_id: str) -> None:
    assert solo.do("(id) => page.routing.partyOf(id, 'abc')", client_id) is None


def test_a_voice_report_sends_no_picture(player: NewPlayer, incident: str) -> None:
    citizen = player().enter(incident, mode="voice", hertz=CITIZEN_HZ)
    desk = player().host(incident, mode="voice", hertz=HUB_HZ)
    citizen.hears(HUB_HZ)
    desk.hears(CITIZEN_HZ)
    assert citizen.offers()
    assert not [offer for offer in citizen.offers() if "m=video" in sdp_of(offer)]
    assert {one["kind"] for one in citizen.figures() + desk.figures("page.hub.stats('citizen')")} == {"audio"}


@pytest.mark.parametrize(
    ("mode", "name"),
    [("video110", "citizen"), ("silent", "citizen"), ("fengqiao", "specialist.hu"), ("silent", "officer.d1")],
)
def test_every_offer_is_short_and_has_one_line_a_kind(
    player: NewPlayer, incident: str, mode: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    party = player().enter(incident, name=name, mode=mode)
    # The later ones carry the candidates found meanwhile.
    eventually(lambda: len(party.offers()) >= 2)
    longest = max(len(offer) for offer in party.offers())
    assert longest < LONGEST_OFFER
    sdp = sdp_of(party.offers()[0])
    assert sdp.count("m=video") == sdp.count("m=audio") == 1
    codecs = {line.split()[1].split("/")[0] for line in sdp.splitlines() if line.startswith("a=rtpmap:")}
    assert codecs == {"opus", "VP8", "H264", "rtx"}
    with capsys.disabled():
        print(f"\noffer of {name} in {mode}: {longest} characters of base64")


def test_an_offer_with_many_candidates_is_cut_to_fit(solo: Player) -> None:
    cut = solo.do(
        """() => {
          const candidates = [...Array(99).keys()].map((at) => `a=candidate:${at} 1 udp 1 10.0.0.${at} 9`);
          const sdp = ["v=0", "m=audio 9", ...candidates, "a=mid:0", ""].join("\\r\\n");
          return page.offers.fitted({ type: "offer", sdp }, 2000);
        }"""
    )
    assert len(base64.b64encode(json.dumps(cut, separators=(",", ":")).encode())) < 2000
    assert cut["sdp"].startswith("v=0\r\nm=audio 9\r\na=candidate:0 ")
    assert cut["sdp"].endswith("a=mid:0\r\n")


def test_the_call_goes_on_while_the_channel_closes_and_comes_back(
    player: NewPlayer, stage: Stage, incident: str
) -> None:
    citizen, desk = player().enter(incident), player().host(incident)
    citizen.sees()
    desk.sees()
    for one in (citizen, desk):
        one.do("page.seen.gaps.length = 0")
    stage.end(incident)
    stage.end(incident, ending="cut")
    eventually(lambda: len(stage.connections(incident)) == 2, within_seconds=15)
    citizen.sees()
    desk.sees()
    assert max(citizen.do("page.seen.gaps")) < 1500
    assert max(desk.do("page.seen.gaps")) < 1500
    assert "dead" not in [one.get("state") for one in citizen.do("page.log")]
    citizen.load()
    citizen.enter(incident).sees()
    desk.sees()


def test_a_channel_that_died_without_a_word_is_noticed_by_the_hub(
    player: NewPlayer, stage: Stage, incident: str
) -> None:
    citizen = player().enter(incident)
    desk = player().host(incident, limits={"probeMs": 1000})
    citizen.sees()
    stage.end(incident, role="MASTER", ending="mute")
    citizen.load()
    citizen.enter(incident).sees()
    desk.sees()


def test_a_connection_is_replaced_before_its_hour_is_over(
    player: NewPlayer, stage: Stage, incident: str
) -> None:
    citizen = player().enter(incident, limits={"ageMs": 1500})
    desk = player().host(incident)
    citizen.sees()
    joins = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/join/')).length"
    eventually(lambda: citizen.do(joins) >= 3, within_seconds=15)
    assert len(stage.connections(incident)) == 2
    citizen.sees()
    desk.sees()


def test_an_answer_to_an_earlier_offer_is_for_nobody(player: NewPlayer, incident: str) -> None:
    """The channel may keep several offers of one viewer for a hub that comes late; each gets its answer."""
    citizen, desk = player().enter(incident), player()
    desk.do("(path) => page.answerAs('a session of before', path)", f"./join/master/{incident}/seat1")
    eventually(lambda: desk.do("page.answered.length >= 2"), within_seconds=15)
    assert citizen.do("page.state") == "signaling"
    desk.do("page.answerTo = undefined")
    citizen.wait("page.state === 'connected'")


def test_the_same_offer_again_gets_the_same_answer(player: NewPlayer, incident: str) -> None:
    desk, officer = player().host(incident), player()
    desk.wait("page.log.some((one) => one.channel === 'open')")
    answers = officer.do("(path) => page.offerTwice(path)", f"./join/viewer/{incident}/{incident}/officer.d1")
    first, second = (json.loads(base64.b64decode(answer)) for answer in answers)
    assert first["offer"] == second["offer"]
    fingerprint = [
        line for line in first["sdp"].splitlines() if line.startswith(("a=ice-ufrag", "a=fingerprint"))
    ]
    assert fingerprint == [
        line for line in second["sdp"].splitlines() if line.startswith(("a=ice-ufrag", "a=fingerprint"))
    ]


def test_offering_afresh_again_and_again_ends_in_one_call(player: NewPlayer, incident: str) -> None:
    citizen, desk = player().enter(incident), player().host(incident)
    citizen.wait("page.state === 'connected'")
    citizen.do("for (let at = 0; at < 3; at += 1) page.viewer.again()")
    citizen.sees()
    desk.sees()
    assert [one for one in citizen.do("page.log") if one.get("state") == "dead"] == []


@pytest.mark.parametrize("payload", ["null", "{}", '{"type":"offer","sdp":"nonsense"}', '"x"'])
def test_a_hub_outlives_what_is_no_offer(player: NewPlayer, incident: str, payload: str) -> None:
    desk, stranger = player().host(incident), player()
    stranger.do(
        """async ([path, payload]) => {
          const { signaling_url } = await (await fetch(path, { method: "POST" })).json();
          const socket = new WebSocket(signaling_url);
          await new Promise((opened) => (socket.onopen = opened));
          socket.send(JSON.stringify({ action: "SDP_OFFER", messagePayload: btoa(payload) }));
          socket.send(JSON.stringify({ action: "ICE_CANDIDATE", messagePayload: btoa(payload) }));
        }""",
        [f"./join/viewer/{incident}/{incident}/officer.d9", payload],
    )
    player().enter(incident).sees()
    desk.sees()


def test_a_refused_join_ends_the_call_and_a_busy_line_or_a_firewall_does_not(
    player: NewPlayer, stage: Stage, incident: str
) -> None:
    path = f"/join/viewer/{incident}/{incident}/citizen"
    stage.refused[path] = (409, "no-line")
    citizen, desk = player().enter(incident), player().host(incident)
    eventually(lambda: citizen.do("page.log.filter((one) => one.why === 'no-line').length >= 2"))
    stage.refused[path] = (403, "forbidden")
    eventually(lambda: citizen.do("page.log.filter((one) => one.why === 'forbidden').length >= 2"))
    del stage.refused[path]
    citizen.sees()
    desk.sees()
    stage.refused[path] = (409, "not-live")
    stage.end(incident, role="VIEWER")
    eventually(lambda: citizen.do("page.state") == "over")
    assert citizen.do("page.log.at(-1).why") == "refused"
