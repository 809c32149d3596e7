"""Makes the stack from the template that AWS gets, and hands its outputs to the app."""

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError

from infra.local.state import State

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef

STACK_NAME = "instant110-local"
STAGE = "local"
APPLIED_NAME = "stack.json"


def provide_stack(state: State, *, template: Path, endpoint: str) -> dict[str, str]:
    """Create the stack, or update it when the template has changed since; return the app's environment.

    Applying an unchanged template does nothing, so what the stack holds is left alone.
    """
    cloudformation = boto3.client("cloudformation", endpoint_url=endpoint)
    body = template.read_text("utf-8")
    fingerprint = hashlib.sha256(body.encode()).hexdigest()
    if not _exists(cloudformation):
        _create(cloudformation, body)
    elif state.read(APPLIED_NAME) != fingerprint:
        _update(cloudformation, body)
    environment = _environment(cloudformation, endpoint=endpoint)
    _lock_evidence(environment["EVIDENCE_BUCKET"], endpoint=endpoint)
    state.write(APPLIED_NAME, fingerprint)
    return environment


def upper_snake(camel_case: str) -> str:
    """Name of the environment variable for an output: `StaffPoolId` becomes `STAFF_POOL_ID`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", camel_case).upper()


def _parameters() -> "list[ParameterTypeDef]":
    return [{"ParameterKey": "Stage", "ParameterValue": STAGE}]


def _exists(cloudformation: "CloudFormationClient") -> bool:
    try:
        stacks = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return False
        raise
    return any(stack["StackStatus"] != "DELETE_COMPLETE" for stack in stacks)


def _create(cloudformation: "CloudFormationClient", body: str) -> None:
    cloudformation.create_stack(StackName=STACK_NAME, TemplateBody=body, Parameters=_parameters())
    waiter = cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName=STACK_NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def _update(cloudformation: "CloudFormationClient", body: str) -> None:
    try:
        cloudformation.update_stack(StackName=STACK_NAME, TemplateBody=body, Parameters=_parameters())
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return
        raise
    waiter = cloudformation.get_waiter("stack_update_complete")
    waiter.wait(StackName=STACK_NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def _environment(cloudformation: "CloudFormationClient", *, endpoint: str) -> dict[str, str]:
    outputs = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]["Outputs"]
    return {upper_snake(output["OutputKey"]): here(output["OutputValue"], endpoint) for output in outputs}


def here(value: str, endpoint: str) -> str:
    """An address made in an earlier run names that run's port; the queue is the same one."""
    if value.startswith("http://"):
        return urlsplit(value)._replace(netloc=urlsplit(endpoint).netloc).geturl()
    return value


def _lock_evidence(bucket: str, *, endpoint: str) -> None:
    """Set what ministack passes over when it makes a bucket from a template: the lock's default.

    A locked bucket refuses an upload without a checksum, so the app must meet one here too.
    """
    s3: Any = boto3.client("s3", endpoint_url=endpoint)
    retention = {"Mode": "GOVERNANCE", "Days": 180}
    s3.put_object_lock_configuration(
        Bucket=bucket,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": retention},
        },
    )
