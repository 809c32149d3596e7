"""The environment the app runs in on one machine: the same names that its functions get on AWS."""

import os
from collections.abc import Mapping
from pathlib import Path

from infra.local.aws import ACCESS_KEY, REGION, SECRET_KEY, SESSION_TOKEN
from infra.local.stack import STAGE


def aws_environment(endpoint: str) -> dict[str, str]:
    """What every AWS client here needs, so that none can reach a real account."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": SESSION_TOKEN,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def app_environment(
    outputs: Mapping[str, str],
    *,
    root: Path,
    url: str,
    wechat_endpoint: str,
    wechat_app_id: str,
    kvs_endpoint: str,
) -> dict[str, str]:
    """What the app reads beside the AWS settings: the stack's outputs and where its neighbours are."""
    return {
        **outputs,
        "STAGE": STAGE,
        # Another county's data, or another calendar, stands in a folder of its own.
        "COUNTY_DIR": os.environ.get("COUNTY_DIR") or str(root / "infra" / "county"),
        "PUBLIC_URL": url,
        "WECHAT_ENDPOINT": wechat_endpoint,
        "WECHAT_APP_ID": wechat_app_id,
        # The citizen page offers a sign-in that needs no WeChat.
        "DEMONSTRATION": "1",
        # Nothing here bars links, and whoever tries it out need not type a code.
        "LINKS_IN_TEXTS": "1",
        "FIGURES_PUBLISHED": "1",
        # Where pages upload to and view from: the store, under one address.
        "STORAGE_ORIGIN": os.environ["AWS_ENDPOINT_URL"],
        # Of all services only Kinesis Video has an address of its own here.
        "AWS_ENDPOINT_URL_KINESIS_VIDEO": kvs_endpoint,
        "SIGNALING_ORIGIN": f"{kvs_endpoint.replace('http', 'ws', 1)} {kvs_endpoint}",
        "POWERTOOLS_SERVICE_NAME": "instant110",
        "POWERTOOLS_METRICS_NAMESPACE": "instant110",
        "POWERTOOLS_TRACE_DISABLED": "true",
        # On AWS they are lines of the log that CloudWatch reads; here nobody would.
        "POWERTOOLS_METRICS_DISABLED": "true",
    }


def enter(environment: Mapping[str, str]) -> None:
    """Take the environment for this process, and keep loopback off any proxy."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), "127.0.0.1", "localhost"]))
    os.environ.update(environment)
