"""An authenticator app as staff has it on a phone: six digits from a secret and the time (RFC 6238)."""

import base64
import hashlib
import hmac
import time

STEP_SECONDS = 30


def code_of(secret: str, *, at: float | None = None) -> str:
    """The code that an app shows for a secret in base 32, now or at a time in seconds since 1970."""
    counted = int((time.time() if at is None else at) // STEP_SECONDS).to_bytes(8, "big")
    padded = secret + "=" * (-len(secret) % 8)
    mac = hmac.new(base64.b32decode(padded), counted, hashlib.sha1).digest()
    place = mac[-1] & 15
    number = int.from_bytes(mac[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def another_than(code: str) -> str:
    """A code that is wrong."""
    return f"{(int(code) + 500_000) % 1_000_000:06d}"
