"""The check before a signaling connection is upgraded: which channel, which role, which client."""

import re
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qsl

from infra.local.kvs.channels import CHANNEL_ARN, Channel, Channels
from infra.local.kvs.faults import invalid_argument
from infra.local.kvs.rates import Rates
from infra.local.kvs.signatures import SignedRequest, Verifier

# The service has a host for each role; on loopback it is a path, which is signed just as well.
MASTER_PATH = "/master"
VIEWER_PATH = "/viewer"
_CLIENT_ID = re.compile(r"(?!(?i:AWS_))[a-zA-Z0-9_.-]{1,256}")


class Role(StrEnum):
    """The two ends of a channel."""

    MASTER = "MASTER"
    VIEWER = "VIEWER"

    @property
    def path(self) -> str:
        return MASTER_PATH if self is Role.MASTER else VIEWER_PATH

    @property
    def operation(self) -> str:
        return "ConnectAsMaster" if self is Role.MASTER else "ConnectAsViewer"


def role_of(path: str) -> Role | None:
    """The role whose endpoint this path is; none for any other path."""
    return next((role for role in Role if path.rstrip("/") == role.path), None)


class Joining:
    """Checks signed URLs."""

    def __init__(self, verifier: Verifier, channels: Channels, rates: Rates) -> None:
        self._verifier = verifier
        self._channels = channels
        self._rates = rates

    def check(self, role: Role, request: SignedRequest, *, now: datetime) -> tuple[Channel, str]:
        """The channel and the client id (empty for the master) that the signed URL is for.

        Raises `KvsFault`: 403 for the signature, 400 for an argument or for the rate, 404 for the channel.
        """
        self._verifier.verify_query(request, now=now)
        fields = dict(parse_qsl(request.query, keep_blank_values=True))
        arn = fields.get("X-Amz-ChannelARN", "")
        if not CHANNEL_ARN.fullmatch(arn):
            raise invalid_argument("X-Amz-ChannelARN is missing or has another form.")
        client_id = fields.get("X-Amz-ClientId", "")
        _must_fit(role, client_id, is_given="X-Amz-ClientId" in fields)
        channel = self._channels.find(arn=arn)
        self._rates.take(role.operation, channel.arn)
        return channel, client_id


def _must_fit(role: Role, client_id: str, *, is_given: bool) -> None:
    if role is Role.MASTER and is_given:
        raise invalid_argument("A master has no X-Amz-ClientId.")
    if role is Role.VIEWER and not _CLIENT_ID.fullmatch(client_id):
        raise invalid_argument("X-Amz-ClientId is missing or has a form that is not allowed.")
