"""Only what is signed by a known credential, for here and now, and as it was sent, is taken."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from infra.local.aws import REGION
from infra.local.kvs.faults import KvsFault
from infra.local.kvs.signatures import Credential, SignedRequest, Verifier
from tests.local.kvs import KEY, SESSION, Line, Party, client_of, line_of, refusal_of, started
from tests.machine import HttpClient, done, eventually

WRONG_SECRET = Credential(access_key=KEY.access_key, secret_key="another")
STRANGER = Credential(access_key="AKIDSTRANGER", secret_key=KEY.secret_key)
WRONG_TOKEN = Credential(
    access_key=SESSION.access_key, secret_key=SESSION.secret_key, session_token="another"
)
NO_TOKEN = Credential(access_key=SESSION.access_key, secret_key=SESSION.secret_key)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    running = started(tmp_path)
    yield running.url
    running.stop()


@pytest.fixture
def line(url: str) -> Line:
    return line_of(url)


@pytest.mark.parametrize("credential", [KEY, SESSION], ids=["key", "session"])
def test_a_call_signed_by_a_known_credential_is_taken(url: str, credential: Credential) -> None:
    assert client_of("kinesisvideo", url, credential).list_signaling_channels()["ChannelInfoList"] == []


@pytest.mark.parametrize(
    ("credential", "code"),
    [
        (WRONG_SECRET, "InvalidSignatureException"),
        (STRANGER, "UnrecognizedClientException"),
        (WRONG_TOKEN, "UnrecognizedClientException"),
        (NO_TOKEN, "UnrecognizedClientException"),
    ],
    ids=["wrong secret", "unknown key", "wrong token", "no token"],
)
def test_a_call_signed_otherwise_is_refused(url: str, credential: Credential, code: str) -> None:
    with pytest.raises(ClientError) as refused:
        client_of("kinesisvideo", url, credential).list_signaling_channels()
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_a_call_signed_for_another_region_is_refused(url: str) -> None:
    with pytest.raises(ClientError, match="InvalidSignatureException"):
        client_of("kinesisvideo", url, region="eu-west-1").list_signaling_channels()


def test_an_unsigned_call_is_refused(url: str) -> None:
    answer = HttpClient(url).post("/listSignalingChannels", {})
    assert (answer.status_code, answer.headers["x-amzn-ErrorType"]) == (
        403,
        "MissingAuthenticationTokenException",
    )


def test_a_body_that_was_changed_after_signing_is_refused(url: str) -> None:
    body = b'{"ChannelName": "line-1"}'
    assert _signed_post(url, signed=body, sent=body).status_code == 200
    refused = _signed_post(url, signed=body, sent=body.replace(b"1", b"2"))
    assert (refused.status_code, refused.headers["x-amzn-ErrorType"]) == (403, "InvalidSignatureException")


def test_a_body_hash_that_is_not_the_bodys_is_refused(url: str) -> None:
    """Whether the hash itself is signed or was added later."""
    digest = hashlib.sha256(b"another").hexdigest()
    for stated in (digest, "UNSIGNED-PAYLOAD"):
        for signed, added in (({"x-amz-content-sha256": stated}, {}), ({}, {"x-amz-content-sha256": stated})):
            refused = _signed_post(url, signed=b"{}", sent=b"{}", headers=signed, added=added)
            assert refused.status_code == 403


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_call_signed_more_than_five_minutes_off_is_refused(minutes: int) -> None:
    now = datetime.now(UTC)
    request = _signed_request()
    verifier = Verifier([KEY], region=REGION)
    assert verifier.verify_headers(request, now=now + timedelta(minutes=4)) == KEY
    with pytest.raises(KvsFault, match="InvalidSignatureException"):
        verifier.verify_headers(request, now=now + timedelta(minutes=minutes))


@pytest.mark.parametrize("credential", [KEY, SESSION], ids=["key", "session"])
def test_a_signed_url_lets_in(line: Line, credential: Credential) -> None:
    Party(line.url("VIEWER", "citizen", credential=credential)).close()
    Party(line.url("MASTER", credential=credential)).close()


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"credential": WRONG_SECRET}, "InvalidSignatureException"),
        ({"credential": STRANGER}, "UnrecognizedClientException"),
        ({"credential": WRONG_TOKEN}, "UnrecognizedClientException"),
        ({"credential": NO_TOKEN}, "UnrecognizedClientException"),
        ({"region": "eu-west-1"}, "InvalidSignatureException"),
        ({"service": "s3"}, "InvalidSignatureException"),
        ({"expires": 300}, "InvalidSignatureException"),
        ({"expires": 0}, "InvalidSignatureException"),
    ],
    ids=[
        "wrong secret",
        "unknown key",
        "wrong token",
        "no token",
        "region",
        "service",
        "too long",
        "no time",
    ],
)
def test_a_url_signed_otherwise_is_refused(line: Line, how: dict[str, Any], code: str) -> None:
    assert refusal_of(line.url("VIEWER", "citizen", **how)) == (403, code)


def test_a_url_is_refused_after_its_time(line: Line) -> None:
    url = line.url("VIEWER", "citizen", expires=3)
    Party(url).close()
    eventually(lambda: refusal_of(url) == (403, "AccessDeniedException"), within_seconds=10)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ClientId=citizen", "ClientId=officer"),
        ("Expires=60", "Expires=61"),
        ("channel%2Fline-1", "channel%2Fline-2"),
        ("/viewer?", "/master?"),
        ("X-Amz-ClientId=citizen&", ""),
        ("127.0.0.1", "localhost"),
    ],
    ids=["client", "expiry", "channel", "role", "no client", "host"],
)
def test_a_url_that_was_changed_after_signing_is_refused(line: Line, old: str, new: str) -> None:
    url = line.url("VIEWER", "citizen")
    changed = url.replace(old, new)
    assert changed != url
    assert refusal_of(changed) == (403, "InvalidSignatureException")


def test_a_parameter_added_after_signing_is_refused(line: Line) -> None:
    url = line.url("VIEWER", "citizen")
    for added in ("X-Amz-Security-Token=x", "X-Amz-ClientId=officer", "other=1"):
        assert refusal_of(f"{url}&{added}")[0] == 403


def test_an_unsigned_url_is_refused(line: Line) -> None:
    bare = line.url("VIEWER", "citizen").split("&X-Amz-Algorithm")[0]
    assert refusal_of(bare) == (403, "MissingAuthenticationTokenException")


def test_a_url_spelled_otherwise_but_meaning_the_same_lets_in(line: Line) -> None:
    """Clients may order and escape a query anew; the signature is over what it means."""
    address, query = line.url("VIEWER", "citizen").split("?")
    Party(f"{address}?{'&'.join(sorted(query.replace('%3A', ':').split('&'), reverse=True))}").close()


def test_a_credential_can_be_added_while_running(url: str) -> None:
    with pytest.raises(ClientError):
        client_of("kinesisvideo", url, STRANGER).list_streams()
    added = {"access_key": STRANGER.access_key, "secret_key": STRANGER.secret_key}
    done(HttpClient(url).post("/_standin/credentials", added))
    client_of("kinesisvideo", url, STRANGER).list_streams()


def _signed_headers(url: str, body: bytes, headers: dict[str, str] | None = None) -> dict[str, str]:
    request = AWSRequest("POST", url, headers=headers or {}, data=body)
    SigV4Auth(Credentials(KEY.access_key, KEY.secret_key), "kinesisvideo", REGION).add_auth(request)
    return dict(request.headers.items())


def _signed_post(
    url: str,
    *,
    signed: bytes,
    sent: bytes,
    headers: dict[str, str] | None = None,
    added: dict[str, str] | None = None,
) -> requests.Response:
    address = f"{url}/createSignalingChannel"
    session = requests.Session()
    session.trust_env = False
    stated = _signed_headers(address, signed, headers) | (added or {})
    return session.post(address, data=sent, headers=stated, timeout=5)


def _signed_request() -> SignedRequest:
    url = "http://127.0.0.1:1/listSignalingChannels"
    headers = {name.lower(): value for name, value in _signed_headers(url, b"{}").items()}
    address = urlsplit(url)
    return SignedRequest(
        method="POST", path=address.path, query="", headers=headers | {"host": address.netloc}, body=b"{}"
    )
