"""Puts the secrets in place that CloudFormation cannot make."""

import secrets

import boto3

from infra.local.stack import STAGE

CITIZEN_SECRET = f"/instant110/{STAGE}/citizen-secret"
WECHAT_APP_SECRET = f"/instant110/{STAGE}/wechat-app-secret"


def provide_secrets(*, endpoint: str) -> dict[str, str]:
    """Make each secret that is missing, at random; return all by name."""
    ssm = boto3.client("ssm", endpoint_url=endpoint)
    names = [CITIZEN_SECRET, WECHAT_APP_SECRET]
    for name in ssm.get_parameters(Names=names)["InvalidParameters"]:
        ssm.put_parameter(Name=name, Value=secrets.token_urlsafe(48), Type="SecureString")
    stored = ssm.get_parameters(Names=names, WithDecryption=True)["Parameters"]
    return {parameter["Name"]: parameter["Value"] for parameter in stored}
