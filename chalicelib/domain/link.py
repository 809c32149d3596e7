"""A link texted to one person: opened by the last digits of the number, held by the device that opened it."""

import hashlib
import hmac
from datetime import datetime

import msgspec

from chalicelib.domain.refusals import LinkBoundElsewhere

DIGITS = 4


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """What a device shows: the link's token, and the key it was given on opening."""

    token: str
    device_key: str | None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What every link has; only the SHA-256 of its token is kept, and that of its device's key."""

    token_digest: str
    incident_id: str
    phone: str
    made_at: datetime
    device_digest: str | None = None
    tries_left: int
    revoked: bool = False


class OfficerLink(Link, frozen=True, kw_only=True):
    """The way for one officer to work one incident."""

    dispatch_id: str
    link_number: int


class AlertLink(Link, frozen=True, kw_only=True):
    """The way for one commander to acknowledge one alert; by token or by code."""

    alert_id: str


def digest_of(secret: str) -> str:
    """The SHA-256 of a token or a device's key, in hex: what is kept of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def fits(link: Link, last_digits: str) -> bool:
    """Whether these are the last digits of the number the link was sent to; no sooner said when wrong."""
    return hmac.compare_digest(last_digits.encode(), link.phone[-DIGITS:].encode())


def must_be_bound(link: Link, holder: Holder) -> None:
    """Raises `LinkBoundElsewhere` for any device but the one that opened it."""
    shown = digest_of(holder.device_key) if holder.device_key else ""
    if link.device_digest is None or not hmac.compare_digest(shown, link.device_digest):
        raise LinkBoundElsewhere("the link belongs to the device that opened it first")
