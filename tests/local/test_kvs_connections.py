"""Signaling connections: who is let in, who is put out, and how they end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.local.kvs import (
    Line,
    Party,
    client_of,
    connections,
    decoded,
    limit,
    line_of,
    refusal_message_of,
    refusal_of,
    started,
    together,
)
from tests.machine import HttpClient, done, eventually

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


def test_the_newest_master_wins(url: str, line: Line) -> None:
    first, viewer = line.master(), line.viewer()
    second = line.master()
    _is_closed(first)
    viewer.send("SDP_OFFER", OFFER)
    assert decoded(second.received()) == OFFER
    assert connections(url) == [("MASTER", ""), ("VIEWER", "citizen")]


def test_the_same_viewer_again_replaces_the_older_connection(url: str, line: Line) -> None:
    master, first = line.master(), line.viewer("citizen")
    second = line.viewer("citizen")
    _is_closed(first)
    master.send("SDP_ANSWER", ANSWER, to="citizen")
    assert decoded(second.received()) == ANSWER
    assert connections(url) == [("MASTER", ""), ("VIEWER", "citizen")]


def test_an_eleventh_viewer_is_refused_and_a_known_one_is_not(url: str, line: Line) -> None:
    parties = [_patiently(line, f"viewer-{number}") for number in range(10)]
    eventually(lambda: "10 viewers" in refusal_message_of(line.url("VIEWER", "viewer-10")))
    assert len(connections(url)) == 10
    parties.append(_patiently(line, "viewer-3"))
    parties[0].close()
    eventually(lambda: len(connections(url)) == 9)
    _patiently(line, "viewer-10")


def test_a_channel_takes_three_viewers_a_second(line: Line) -> None:
    refusals = together(8, lambda: _refusal_or_none(line.url("VIEWER", "citizen")))
    assert set(refusals) == {None, (400, "ClientLimitExceededException")}
    _patiently(line, "citizen")


@pytest.mark.parametrize(
    ("role", "client_id", "arn", "refusal"),
    [
        ("VIEWER", None, None, (400, "InvalidArgumentException")),
        ("VIEWER", "", None, (400, "InvalidArgumentException")),
        ("VIEWER", "AWS_1", None, (400, "InvalidArgumentException")),
        ("VIEWER", "a b", None, (400, "InvalidArgumentException")),
        ("MASTER", "citizen", None, (400, "InvalidArgumentException")),
        ("MASTER", None, "nonsense", (400, "InvalidArgumentException")),
        (
            "MASTER",
            None,
            "arn:aws:kinesisvideo:ap-southeast-1:000000000000:channel/line-1/1",
            (404, "ResourceNotFoundException"),
        ),
    ],
)
def test_a_well_signed_url_for_what_is_not_allowed_is_refused(
    line: Line, role: str, client_id: str | None, arn: str | None, refusal: tuple[int, str]
) -> None:
    assert refusal_of(line.url(role, client_id, arn=arn)) == refusal


def test_a_deleted_channel_puts_everyone_out_and_lets_nobody_in(url: str, line: Line) -> None:
    master = line.master()
    client_of("kinesisvideo", url).delete_signaling_channel(ChannelARN=line.arn)
    _is_closed(master)
    assert refusal_of(line.url("MASTER")) == (404, "ResourceNotFoundException")


@pytest.mark.parametrize("limits", [{"connection_seconds": 0.3}, {"idle_seconds": 0.3}])
def test_a_connection_ends_after_its_hour_and_after_ten_idle_minutes(
    url: str, line: Line, limits: dict[str, float]
) -> None:
    viewer = line.viewer()
    limit(url, **limits)
    assert _is_closed(viewer) == 1001
    assert connections(url) == []


def test_a_message_starts_the_idle_minutes_anew_but_not_the_hour(url: str, line: Line) -> None:
    line.master()
    viewer = line.viewer()
    limit(url, idle_seconds=1.5)
    for _ in range(4):
        viewer.send("ICE_CANDIDATE", CANDIDATE)
        with pytest.raises(TimeoutError):
            viewer.received(within_seconds=0.5)
    assert len(connections(url)) == 2
    limit(url, connection_seconds=0.1)
    assert _is_closed(viewer) == 1001


def test_a_connection_can_be_cut_without_a_goodbye(url: str, line: Line) -> None:
    viewer = line.viewer()
    limit(url, connection_seconds=0.1, ending="cut")
    with pytest.raises(ConnectionClosed) as closed:
        viewer.received()
    assert closed.value.rcvd is None


def test_a_muted_connection_stays_open_and_carries_nothing(url: str, line: Line) -> None:
    master, viewer = line.master(), line.viewer()
    done(HttpClient(url).post("/_standin/end", {"channel": "line-1", "role": "VIEWER", "ending": "mute"}))
    viewer.send("SDP_OFFER", OFFER, correlation="c-1")
    for party in (master, viewer):
        with pytest.raises(TimeoutError):
            party.received(within_seconds=0.2)
    viewer.socket.ping().wait(timeout=1)
    assert connections(url) == [("MASTER", "")]


def test_a_client_can_be_asked_to_go_away(url: str, line: Line) -> None:
    viewer, other = line.viewer("citizen"), line.viewer("officer")
    done(HttpClient(url).post("/_standin/go_away", {"channel": "line-1", "client_id": "citizen"}))
    assert viewer.received()["messageType"] == "GO_AWAY"
    with pytest.raises(TimeoutError):
        other.received(within_seconds=0.1)


def test_a_viewer_who_left_is_gone(url: str, line: Line) -> None:
    line.viewer().close()
    eventually(lambda: connections(url) == [])


def _patiently(line: Line, client_id: str) -> Party:
    """Connect, at the rate that the channel takes."""
    return eventually(lambda: _let_in(line, client_id))


def _let_in(line: Line, client_id: str) -> Party:
    try:
        return line.viewer(client_id)
    except InvalidStatus as refused:
        raise AssertionError(str(refused)) from refused


def _refusal_or_none(url: str) -> tuple[int, str] | None:
    try:
        return refusal_of(url)
    except AssertionError:
        return None


def _is_closed(party: Party) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        party.received()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code
