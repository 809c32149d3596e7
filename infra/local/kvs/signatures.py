"""Checks AWS signatures, version 4, as the service does: in headers and in a query.

Written from the specification and not with botocore's signer: a fault that both sides share would go unseen.
Source: "Create a signed AWS API request" in the IAM user guide.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

import msgspec

from infra.local.kvs.faults import KvsFault, forbidden

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "kinesisvideo"
CLOCK_SKEW = timedelta(minutes=5)
# The signaling endpoint takes no longer-lived URL.
LONGEST_EXPIRY_SECONDS = 299

_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=(?P<credential>[^,\s]+),\s*SignedHeaders=(?P<signed>[^,\s]+),"
    r"\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """A key pair that the stand-in knows; a role's session has a token too."""

    access_key: str
    secret_key: str
    session_token: str = ""


class SignedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came: path and query raw, header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""


def signed_headers(request: SignedRequest) -> list[str]:
    """The headers that a request says are under its signature; whether they are is for `Verifier`."""
    match = _AUTHORIZATION.fullmatch(request.headers.get("authorization", "").strip())
    return match["signed"].split(";") if match else []


class Verifier:
    """Knows the credentials and the region, and says whose request it is."""

    def __init__(self, credentials: list[Credential], *, region: str) -> None:
        self._region = region
        self._by_access_key = {one.access_key: one for one in credentials}

    def add(self, credential: Credential) -> None:
        """Accept one more, or a new secret or session for a known key."""
        self._by_access_key[credential.access_key] = credential

    def verify_headers(self, request: SignedRequest, *, now: datetime) -> Credential:
        """The credential that signed this request in its headers, body included; raises `KvsFault` (403)."""
        stated = request.headers.get("authorization")
        if stated is None:
            raise forbidden("MissingAuthenticationTokenException", "Missing Authentication Token")
        match = _AUTHORIZATION.fullmatch(stated.strip())
        if match is None:
            raise forbidden("IncompleteSignatureException", "The Authorization header cannot be read.")
        signed = match["signed"].split(";")
        _must_sign(signed, {"host", "x-amz-date"} | ({"x-amz-security-token"} & request.headers.keys()))
        signed_at = _time_of(request.headers.get("x-amz-date", ""))
        if abs(now - signed_at) > CLOCK_SKEW:
            raise forbidden("InvalidSignatureException", f"Signature expired: {signed_at} is not near {now}.")
        credential = self._credential(match["credential"], signed_at)
        _must_match_token(credential, request.headers.get("x-amz-security-token", ""))
        text = _canonical(request, request.query, signed, _body_sha256(request))
        self._must_match(credential, signed_at, text, match["signature"])
        return credential

    def verify_query(self, request: SignedRequest, *, now: datetime) -> Credential:
        """The credential that signed this URL, still within its life; raises `KvsFault` (403)."""
        fields = dict(parse_qsl(request.query, keep_blank_values=True))
        if fields.get("X-Amz-Algorithm") != ALGORITHM or "X-Amz-Signature" not in fields:
            raise forbidden("MissingAuthenticationTokenException", "Missing Authentication Token")
        signed = fields.get("X-Amz-SignedHeaders", "").split(";")
        _must_sign(signed, {"host"})
        signed_at = _time_of(fields.get("X-Amz-Date", ""))
        _must_be_alive(signed_at, fields.get("X-Amz-Expires", ""), now=now)
        credential = self._credential(fields.get("X-Amz-Credential", ""), signed_at)
        _must_match_token(credential, fields.get("X-Amz-Security-Token", ""))
        text = _canonical(request, request.query, signed, _EMPTY_SHA256)
        self._must_match(credential, signed_at, text, fields["X-Amz-Signature"])
        return credential

    def _credential(self, scope: str, signed_at: datetime) -> Credential:
        parts = scope.split("/")
        if parts[1:] != [f"{signed_at:%Y%m%d}", self._region, SERVICE, "aws4_request"]:
            raise forbidden(
                "InvalidSignatureException",
                f"Credential should be scoped to the date, {self._region}, {SERVICE} and aws4_request.",
            )
        try:
            return self._by_access_key[parts[0]]
        except KeyError as error:
            raise _unknown_token() from error

    def _must_match(
        self, credential: Credential, signed_at: datetime, canonical_request: str, signature: str
    ) -> None:
        date = f"{signed_at:%Y%m%d}"
        scope = f"{date}/{self._region}/{SERVICE}/aws4_request"
        digest = hashlib.sha256(canonical_request.encode()).hexdigest()
        text = "\n".join([ALGORITHM, f"{signed_at:%Y%m%dT%H%M%SZ}", scope, digest])
        key = f"AWS4{credential.secret_key}".encode()
        for part in (date, self._region, SERVICE, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        if not hmac.compare_digest(
            hmac.digest(key, text.encode(), "sha256").hex().encode(), signature.encode()
        ):
            raise forbidden(
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided.",
            )


def _canonical(request: SignedRequest, query: str, signed: list[str], body_sha256: str) -> str:
    pairs = [
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in parse_qsl(query, keep_blank_values=True)
        if name != "X-Amz-Signature"
    ]
    headers = [f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in signed]
    return "\n".join(
        [
            request.method,
            quote(request.path, safe="/-_.~") or "/",
            "&".join(f"{name}={value}" for name, value in sorted(pairs)),
            "".join(headers),
            ";".join(signed),
            body_sha256,
        ]
    )


def _body_sha256(request: SignedRequest) -> str:
    actual = hashlib.sha256(request.body).hexdigest()
    if request.headers.get("x-amz-content-sha256", actual) != actual:
        raise forbidden("InvalidSignatureException", "x-amz-content-sha256 is not the hash of the body.")
    return actual


def _must_sign(signed: list[str], needed: set[str]) -> None:
    if signed != sorted(signed) or not needed <= set(signed):
        raise forbidden("InvalidSignatureException", f"SignedHeaders must be in order and have {needed}.")


def _time_of(stamp: str) -> datetime:
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise forbidden("IncompleteSignatureException", "The signature's date cannot be read.") from error


def _must_be_alive(signed_at: datetime, expires: str, *, now: datetime) -> None:
    seconds = int(expires) if expires.isascii() and expires.isdigit() else 0
    if not 0 < seconds <= LONGEST_EXPIRY_SECONDS:
        raise forbidden(
            "InvalidSignatureException", f"X-Amz-Expires must be from 1 to {LONGEST_EXPIRY_SECONDS}."
        )
    if not signed_at - CLOCK_SKEW <= now < signed_at + timedelta(seconds=seconds):
        raise forbidden("AccessDeniedException", f"The URL was good for {seconds} s from {signed_at}.")


def _must_match_token(credential: Credential, token: str) -> None:
    if not hmac.compare_digest(credential.session_token.encode(), token.encode()):
        raise _unknown_token()


def _unknown_token() -> KvsFault:
    return forbidden("UnrecognizedClientException", "The security token included in the request is invalid.")
