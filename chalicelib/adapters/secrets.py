"""Secrets kept in SSM, read at first use and again every five minutes, so that a changed one takes effect."""

from chalicelib.settings import settings

KEPT_SECONDS = 300


def citizen_secret() -> bytes:
    """The key that signs citizen tokens and derives ids."""
    return _read(settings().citizen_secret_parameter).encode()


def wechat_secret() -> str:
    """The mini-program's app secret."""
    return _read(settings().wechat_secret_parameter)


def _read(name: str) -> str:
    from aws_lambda_powertools.utilities.parameters import get_parameter

    secret: str = get_parameter(name, decrypt=True, max_age=KEPT_SECONDS)
    return secret
