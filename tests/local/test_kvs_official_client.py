"""The official WebRTC client makes a call in Chromium through the stand-in, with signed URLs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from infra.local.aws import REGION
from tests.local.kvs import KEY, SESSION, Line, client_of, connections, counts, line_of, started
from tests.local.kvs_pages import Joins, pages
from tests.machine import HttpClient, done, eventually

CLIENT = """
async ({role, clientId}) => {
  const parameters = new URLSearchParams({role, client_id: clientId ?? ''});
  const join = async () => (await fetch('/join?' + parameters)).json();
  const first = await join();
  const client = new KVSWebRTC.SignalingClient({
    role: KVSWebRTC.Role[role], clientId: clientId ?? undefined, channelARN: first.channel_arn,
    channelEndpoint: first.endpoint, region: first.region,
    requestSigner: {getSignedURL: async () => (await join()).signaling_url},
  });
  const peer = new RTCPeerConnection({iceServers: first.ice_servers});
  Object.assign(window, {client, peer, heard: [], opens: 0, closes: 0});
  client.on('open', () => { window.opens += 1; });
  client.on('close', () => { window.closes += 1; });
  client.on('statusResponse', status => window.heard.push(status));
  const stream = await navigator.mediaDevices.getUserMedia({audio: true, video: true});
  for (const track of stream.getTracks()) peer.addTrack(track, stream);
  peer.ontrack = ({streams: [remote]}) => {
    const video = document.querySelector('video');
    if (video.srcObject !== remote) { video.srcObject = remote; video.play(); }
  };
  const answer = async (offer, sender) => {
    window.sender = sender;
    peer.onicecandidate = ({candidate}) => { if (candidate) client.sendIceCandidate(candidate, sender); };
    await peer.setRemoteDescription(offer);
    await peer.setLocalDescription(await peer.createAnswer());
    client.sendSdpAnswer(peer.localDescription, sender);
  };
  const offer = async () => {
    peer.onicecandidate = ({candidate}) => { if (candidate) client.sendIceCandidate(candidate); };
    await peer.setLocalDescription(await peer.createOffer());
    client.sendSdpOffer(peer.localDescription);
  };
  client.on('iceCandidate', candidate => peer.addIceCandidate(candidate));
  if (role === 'MASTER') client.on('sdpOffer', answer);
  else client.on('open', offer);
  client.on('sdpAnswer', described => peer.setRemoteDescription(described));
  client.open();
}
"""
PICTURES = "document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    running = started(tmp_path)
    yield running.url
    running.stop()


@pytest.fixture
def line(url: str) -> Line:
    return line_of(url)


@pytest.fixture
def joins(url: str, line: Line) -> Joins:
    return Joins(lambda role, client_id: _join(url, line, role, client_id))


@pytest.fixture
def page(playwright: Playwright, joins: Joins) -> Iterator[Callable[[], Page]]:
    with pages(playwright, joins) as opened:
        yield opened


def test_master_and_viewer_see_each_other(page: Callable[[], Page], url: str, joins: Joins) -> None:
    master, viewer = page(), page()
    master.evaluate(CLIENT, {"role": "MASTER", "clientId": None})
    eventually(lambda: connections(url) == [("MASTER", "")])
    viewer.evaluate(CLIENT, {"role": "VIEWER", "clientId": "citizen"})
    for one in (master, viewer):
        one.wait_for_function(f"() => {PICTURES} > 5", timeout=20_000)
    assert master.evaluate("window.sender") == "citizen"
    assert master.evaluate("window.heard") == viewer.evaluate("window.heard") == []
    given = str(joins.given)
    assert KEY.secret_key not in given
    assert SESSION.secret_key not in given


def test_a_viewer_who_came_first_is_answered_by_a_late_master(page: Callable[[], Page], url: str) -> None:
    viewer, master = page(), page()
    viewer.evaluate(CLIENT, {"role": "VIEWER", "clientId": "citizen"})
    eventually(lambda: counts(url).get("SendSdpOffer") == 1)
    master.evaluate(CLIENT, {"role": "MASTER", "clientId": None})
    viewer.wait_for_function("() => peer.connectionState === 'connected'", timeout=20_000)


def test_the_client_reopens_with_a_fresh_url_after_a_close(
    page: Callable[[], Page], url: str, joins: Joins
) -> None:
    master = page()
    master.evaluate(CLIENT, {"role": "MASTER", "clientId": None})
    eventually(lambda: connections(url) == [("MASTER", "")])
    for ending in ("close", "cut"):
        done(HttpClient(url).post("/_standin/end", {"channel": "line-1", "ending": ending}))
        master.wait_for_function("() => window.closes > 0")
        master.evaluate("() => { window.closes = 0; client.open(); }")
        eventually(lambda: connections(url) == [("MASTER", "")])
    urls = [one["signaling_url"] for one in joins.given]
    assert len(urls) == 4


def test_an_answer_to_nobody_is_told_to_the_client(page: Callable[[], Page], url: str) -> None:
    master = page()
    master.evaluate(CLIENT, {"role": "MASTER", "clientId": None})
    master.wait_for_function("() => window.opens > 0")
    master.evaluate("() => client.sendSdpAnswer({type: 'answer', sdp: ''}, 'nobody', 'c-1')")
    master.wait_for_function("() => window.heard.length === 1")
    assert master.evaluate("window.heard[0].errorType") == "ResourceNotFoundException"


def _join(url: str, line: Line, role: str, client_id: str) -> dict[str, Any]:
    """What a server answers a page with: signed with a role's session, and without any key."""
    signaling = client_of("kinesis-video-signaling", url, SESSION)
    relays = signaling.get_ice_server_config(ChannelARN=line.arn)["IceServerList"]
    return {
        "channel_arn": line.arn,
        "region": REGION,
        "endpoint": line.endpoints[role],
        "signaling_url": line.url(role, client_id or None, credential=SESSION),
        "ice_servers": [
            {"urls": one["Uris"], "username": one["Username"], "credential": one["Password"]}
            for one in relays
        ],
    }
