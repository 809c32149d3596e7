"""What an account must have before anything runs in it: room for the functions, and the stage's secrets."""

import secrets
from collections.abc import Mapping
from typing import Any

import boto3

from infra.deploy.stage import DeployRefused

UNRESERVED_AT_LEAST = 100
"""Lambda wants so many of an account's concurrent executions left to functions without a reservation."""

WECHAT_SECRET = "/instant110/{stage}/wechat-app-secret"  # noqa: S105
CITIZEN_SECRET = "/instant110/{stage}/citizen-secret"  # noqa: S105


def check_concurrency(configured: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises `DeployRefused` in an account too new for what the configured functions reserve."""
    reserved = sum(one.get("reserved_concurrency", 0) for one in configured.values())
    limit = boto3.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if limit < reserved + UNRESERVED_AT_LEAST:
        raise DeployRefused(
            f"the account allows {limit} concurrent executions and the functions reserve {reserved}: "
            "ask for 1000 or more at Service Quotas, AWS Lambda, Concurrent executions"
        )


def provide_secrets(stage: str) -> None:
    """Make the citizens' secret once; raises `DeployRefused` while WeChat's is not there."""
    ssm: Any = boto3.client("ssm")
    names = [one.format(stage=stage) for one in (CITIZEN_SECRET, WECHAT_SECRET)]
    missing = ssm.get_parameters(Names=names)["InvalidParameters"]
    if names[1] in missing:
        raise DeployRefused(
            f"the mini-program's app secret is missing: put it into SSM as a SecureString {names[1]}"
        )
    if names[0] in missing:
        ssm.put_parameter(Name=names[0], Value=secrets.token_urlsafe(48), Type="SecureString")
