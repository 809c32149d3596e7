"""Secrets kept in SSM, read at first use and again every five minutes, so that a changed one takes effect."""

from functools import cache
from typing import Any

from chalicelib.adapters.aws import client
from chalicelib.settings import settings

KEPT_SECONDS = 300


def citizen_secret() -> bytes:
    """The key that signs citizen tokens and derives ids."""
    return _read(settings().citizen_secret_parameter).encode()


def wechat_secret() -> str:
    """The mini-program's app secret."""
    return _read(settings().wechat_secret_parameter)


def _read(name: str) -> str:
    secret: str = _parameters().get(name, decrypt=True, max_age=KEPT_SECONDS)
    return secret


@cache
def _parameters() -> Any:
    """What reads and keeps them, with a client of the one session."""
    from aws_lambda_powertools.utilities.parameters import SSMProvider

    return SSMProvider(boto3_client=client("ssm"))
