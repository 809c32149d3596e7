"""The way into a line's signaling channel: signed for one party and one minute, with no AWS key in it."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from chalicelib.adapters.aws import client_at, role
from chalicelib.domain.lines import URL_LIFE, Line, Party

SERVICE = "kinesisvideo"
MASTER = "MASTER"
VIEWER = "VIEWER"
MARGIN = timedelta(seconds=60)


class IceServer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A STUN or TURN server as `RTCPeerConnection` takes it."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class Join(msgspec.Struct, frozen=True, kw_only=True):
    """All that the official client needs to enter a call."""

    role: str
    client_id: str | None
    channel_arn: str
    region: str
    signaling_url: str
    ice_servers: list[IceServer]
    expires_at: datetime


class NoCredentials(Exception):
    """This function has no role to sign with."""


_ice: dict[str, Any] = {}


def join_as_viewer(line: Line, party: Party, *, now: datetime) -> Join:
    """The citizen's, officer's or specialist's way in."""
    return _join(line, VIEWER, line.viewer_url, party.client_id, now)


def join_as_master(line: Line, *, now: datetime) -> Join:
    """The hub's way in."""
    return _join(line, MASTER, line.master_url, None, now)


def _join(line: Line, role: str, endpoint: str, client_id: str | None, now: datetime) -> Join:
    return Join(
        role=role,
        client_id=client_id,
        channel_arn=line.channel_arn,
        region=line.region,
        signaling_url=_signed(line, endpoint, client_id),
        ice_servers=_ice_servers(line, now),
        expires_at=now + URL_LIFE,
    )


def _signed(line: Line, endpoint: str, client_id: str | None) -> str:
    """Sign the WebSocket address with this function's own role, its session token included."""
    from botocore.auth import SigV4QueryAuth
    from botocore.awsrequest import AWSRequest

    query = {"X-Amz-ChannelARN": line.channel_arn}
    if client_id is not None:
        query["X-Amz-ClientId"] = client_id
    address = f"{endpoint.rstrip('/')}/?{urlencode(query, quote_via=quote, safe='')}"
    request = AWSRequest("GET", address)
    mine = role()
    if mine is None:
        raise NoCredentials
    signer = SigV4QueryAuth(
        mine.get_frozen_credentials(), SERVICE, line.region, expires=int(URL_LIFE.total_seconds())
    )
    signer.add_auth(request)
    return str(request.url)


def _ice_servers(line: Line, now: datetime) -> list[IceServer]:
    """The channel's ICE servers, asked for again a minute before they end (5 calls a second a channel)."""
    kept = _ice.get(line.channel_arn)
    if kept is None or kept["until"] <= now:
        channel = client_at("kinesis-video-signaling", endpoint=line.signaling_endpoint, region=line.region)
        answer = channel.get_ice_server_config(ChannelARN=line.channel_arn)["IceServerList"]
        servers = [
            IceServer(urls=one["Uris"], username=one.get("Username"), credential=one.get("Password"))
            for one in answer
        ]
        life = timedelta(seconds=min((one.get("Ttl", 300) for one in answer), default=300))
        kept = _ice[line.channel_arn] = {"servers": servers, "until": now + life - MARGIN}
    servers_kept: list[IceServer] = kept["servers"]
    return servers_kept
