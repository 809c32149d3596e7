"""Signaling messages: whose reach whom, and which are refused."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.local.kvs import (
    Line,
    counts,
    decoded,
    encoded,
    line_of,
    started,
)
from tests.machine import eventually

OFFER = {"type": "offer", "sdp": "v=0 the offer"}
ANSWER = {"type": "answer", "sdp": "v=0 the answer"}
CANDIDATE = {"candidate": "candidate:1 1 udp 1 127.0.0.1 9 typ host", "sdpMLineIndex": 0}


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    running = started(tmp_path)
    yield running.url
    running.stop()


@pytest.fixture
def line(url: str) -> Line:
    return line_of(url)


def test_offer_answer_and_candidates_go_between_viewer_and_master(line: Line) -> None:
    master, viewer = line.master(), line.viewer("citizen")
    viewer.send("SDP_OFFER", OFFER)
    offer = master.received()
    assert (offer["messageType"], offer["senderClientId"], decoded(offer)) == ("SDP_OFFER", "citizen", OFFER)
    master.send("SDP_ANSWER", ANSWER, to="citizen")
    answer = viewer.received()
    assert (answer["messageType"], decoded(answer)) == ("SDP_ANSWER", ANSWER)
    assert "senderClientId" not in answer
    for sender, receiver, to in ((viewer, master, None), (master, viewer, "citizen")):
        sender.send("ICE_CANDIDATE", CANDIDATE, to=to)
        assert decoded(receiver.received()) == CANDIDATE


def test_a_viewer_reaches_the_master_only_whomever_it_names(line: Line) -> None:
    master, citizen, officer = line.master(), line.viewer("citizen"), line.viewer("officer")
    citizen.send("SDP_OFFER", OFFER, to="officer")
    assert master.received()["senderClientId"] == "citizen"
    with pytest.raises(TimeoutError):
        officer.received(within_seconds=0.2)


def test_channels_do_not_hear_each_other(url: str, line: Line) -> None:
    other = line_of(url, "line-2").master()
    master, viewer = line.master(), line.viewer()
    viewer.send("SDP_OFFER", OFFER)
    assert decoded(master.received()) == OFFER
    with pytest.raises(TimeoutError):
        other.received(within_seconds=0.2)


def test_a_late_master_gets_the_newest_offer_and_all_candidates(url: str, line: Line) -> None:
    viewer = line.viewer()
    viewer.send("SDP_OFFER", {"sdp": "first"})
    viewer.send("SDP_OFFER", OFFER)
    viewer.send("ICE_CANDIDATE", CANDIDATE)
    eventually(lambda: counts(url).get("SendIceCandidate") == 1)
    master = line.master()
    assert [decoded(master.received()) for _ in range(2)] == [OFFER, CANDIDATE]
    with pytest.raises(TimeoutError):
        master.received(within_seconds=0.2)


def test_what_a_late_master_got_a_later_one_does_not(line: Line) -> None:
    viewer = line.viewer()
    viewer.send("SDP_OFFER", OFFER)
    first = line.master()
    assert decoded(first.received()) == OFFER
    with pytest.raises(TimeoutError):
        line.master().received(within_seconds=0.2)


def test_an_offer_is_kept_for_the_channels_message_ttl_only(url: str) -> None:
    line = line_of(url, "line-2", message_ttl_seconds=5)
    viewer = line.viewer()
    viewer.send("SDP_OFFER", OFFER)
    eventually(lambda: counts(url).get("SendSdpOffer") == 1)
    assert _says_nothing_to_a_master_after(line, seconds=5)


def test_a_message_to_a_viewer_who_is_not_there_is_answered_when_asked_for(line: Line) -> None:
    master = line.master()
    master.send("SDP_ANSWER", ANSWER, to="nobody")
    master.send("SDP_ANSWER", ANSWER, to="nobody", correlation="c-1")
    answer = master.received()
    assert answer["messageType"] == "STATUS_RESPONSE"
    status = answer["statusResponse"]
    assert (status["correlationId"], status["errorType"]) == ("c-1", "ResourceNotFoundException")
    assert status["statusCode"] == "404"


@pytest.mark.parametrize(
    ("action", "payload", "to"),
    [
        ("SDP_OFFER", "a" * 10_004, "citizen"),
        ("SDP_OFFER", "not base64!", "citizen"),
        ("SDP_OFFER", "", "citizen"),
        ("HANG_UP", encoded({}), "citizen"),
        ("SDP_OFFER", encoded({}), None),
        ("SDP_OFFER", encoded({}), "a b"),
    ],
    ids=["too long", "not base64", "empty", "unknown action", "no recipient", "a bad recipient"],
)
def test_a_bad_message_is_answered_and_not_delivered(
    line: Line, action: str, payload: str, to: str | None
) -> None:
    master, viewer = line.master(), line.viewer()
    master.send_raw(action, payload, to=to, correlation="c-1")
    assert master.received()["statusResponse"]["errorType"] == "InvalidArgumentException"
    with pytest.raises(TimeoutError):
        viewer.received(within_seconds=0.1)


def test_a_payload_of_ten_thousand_characters_passes(line: Line) -> None:
    master, viewer = line.master(), line.viewer()
    payload = base64.b64encode(b"x" * 7_500).decode()
    assert len(payload) == 10_000
    viewer.send_raw("SDP_OFFER", payload)
    assert master.received()["messagePayload"] == payload


def test_a_frame_far_over_the_limit_closes_the_connection(line: Line) -> None:
    viewer = line.viewer()
    viewer.send_raw("SDP_OFFER", "a" * 100_000)
    with pytest.raises(ConnectionClosed) as closed:
        viewer.received()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


def test_offers_are_taken_five_times_a_second_a_connection(line: Line) -> None:
    viewer = line.viewer()
    for number in range(20):
        viewer.send("SDP_OFFER", OFFER, correlation=f"c-{number}")
    assert viewer.received()["statusResponse"]["errorType"] == "ClientLimitExceededException"


def _says_nothing_to_a_master_after(line: Line, *, seconds: float) -> bool:
    """Hold a viewer's line for the time to pass, then ask as a master."""
    with pytest.raises(TimeoutError):
        line.viewer("clock").received(within_seconds=seconds)
    with pytest.raises(TimeoutError):
        line.master().received(within_seconds=0.3)
    return True
