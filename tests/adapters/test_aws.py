"""The clients as they are on AWS, where no endpoint is set in their place; nothing is sent."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.adapters import aws

REGION = "ap-southeast-1"
BUCKET = "instant110-evidence"
OWN_HOST = f"https://{BUCKET}.s3.{REGION}.amazonaws.com"
ELSEWHERE = ("http://127.0.0.1:4566", "http://localhost:4566", "https://store.example")


@pytest.fixture
def on_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment of a function on AWS, as far as clients read it, and a session of its own."""
    aws._session.cache_clear()
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SNS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, REGION)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobodys")
    yield monkeypatch
    aws._session.cache_clear()


def signed(s3: Any) -> tuple[str, str]:
    """Where a page would view a file, and where it would upload one."""
    view: str = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "media/a/b"})
    form: str = s3.generate_presigned_post(BUCKET, "intake/a/b")["url"]
    return view.partition("?")[0], form


@pytest.mark.usefixtures("on_aws")
def test_signed_addresses_name_the_buckets_host_in_its_own_region() -> None:
    """A new bucket's global host answers with a redirect, and WeChat lists hosts one by one."""
    assert signed(aws._made("s3")) == (f"{OWN_HOST}/media/a/b", f"{OWN_HOST}/")


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
@pytest.mark.parametrize("endpoint", ELSEWHERE)
def test_at_an_endpoint_set_in_its_place_the_bucket_stands_in_the_path(
    on_aws: pytest.MonkeyPatch, variable: str, endpoint: str
) -> None:
    on_aws.setenv(variable, endpoint)
    assert signed(aws._made("s3")) == (f"{endpoint}/{BUCKET}/media/a/b", f"{endpoint}/{BUCKET}")
