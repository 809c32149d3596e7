"""What makes a retry safe: ids and markers derived from the caller and its `Idempotency-Key`."""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from datetime import datetime, timedelta, timezone

import msgspec

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters nobody confuses over the telephone (Crockford's base 32)."""

_ALIKE = str.maketrans("OIL", "011")
_SAID = re.compile(rf"([0-9]{{6}})([{CROCKFORD}]{{7}})")

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept one zone without summer time since 1991."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One request to create something: where its marker stands, and the digest of what it asked for."""

    marker: str
    digest: str


def derived_id(secret: bytes, *parts: str) -> str:
    """26 lower-case base32 characters, the same for the same parts and unguessable without the secret."""
    mac = hmac.new(secret, "\x1f".join(parts).encode(), hashlib.sha256).digest()
    return _as_text(mac[:16])


def new_id() -> str:
    """26 lower-case base32 characters of 128 random bits."""
    return _as_text(secrets.token_bytes(16))


def request_digest(*parts: str | bytes) -> str:
    """SHA-256 in hex of what was asked for, part by part."""
    parted = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode()
        parted.update(len(raw).to_bytes(8, "big") + raw)
    return parted.hexdigest()


def incident_number(incident_id: str, at: datetime) -> str:
    """The number people say: the day in Beijing and 35 bits of the incident's id, as `261122-7K3M9QT`."""
    bits = int.from_bytes(hashlib.sha256(incident_id.encode()).digest()[:8], "big")
    shown = "".join(CROCKFORD[(bits >> shift) & 31] for shift in range(0, 35, 5))
    return f"{at.astimezone(BEIJING):%y%m%d}-{shown}"


def read_number(said: str) -> str | None:
    """The number somebody typed or read out, as it is stored; None for what cannot be one.

    Width, case, spaces and dashes do not matter, and O, I and L are taken for the digits they look like,
    as Crockford's base 32 has it.
    """
    plain = unicodedata.normalize("NFKC", said).upper().translate(_ALIKE)
    found = _SAID.fullmatch(re.sub(r"[^0-9A-Z]", "", plain))
    return f"{found[1]}-{found[2]}" if found else None


def _as_text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()
