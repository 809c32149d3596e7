"""What a call to AWS needs to be granted by IAM, named as a policy file names it.

Source: the pages of DynamoDB, S3, SQS, SNS, Systems Manager, Cognito and Kinesis Video Streams in the Service
Authorization Reference. What a presigned address or form lets its holder do is asked of its signer.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from infra.local.stack import STAGE

Need = tuple[str, str]
"""An action and the resource it is needed for."""

ANYWHERE = "*"


def needs(service: str, operation: str, asked: Mapping[str, Any], names: Mapping[str, str]) -> set[Need]:
    """The grants of one call; `names` says which output of the stack a resource's own name is."""
    read = READERS.get(service, _plain)
    return {(action, _placed(resource, names)) for action, resource in read(service, operation, asked)}


def _placed(resource: str, names: Mapping[str, str]) -> str:
    """The resource with the stack's names, stage, region and account as placeholders."""
    head, _, name = resource.rpartition("|")
    parts = name.split("/")
    named = [f"${{{names[part]}}}" if part in names else part for part in parts]
    place = head + "/".join(named)
    return place.replace(f"instant110/{STAGE}/", "instant110/${STAGE}/").replace(
        f"instant110-{STAGE}-", "instant110-${STAGE}-"
    )


def _arn(service: str, resource: str) -> str:
    """A regional ARN; what stands after `|` may be one of the stack's names."""
    return f"arn:aws:{service}:${{AWS_REGION}}:${{AWS_ACCOUNT_ID}}:|{resource}"


def _plain(service: str, operation: str, asked: Mapping[str, Any]) -> Iterator[Need]:
    yield f"{service}:{operation}", ANYWHERE


TRANSACTED = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}


def _dynamodb(service: str, operation: str, asked: Mapping[str, Any]) -> Iterator[Need]:
    if operation.startswith("Transact"):
        for item in asked["TransactItems"]:
            for kind, one in item.items():
                yield f"dynamodb:{TRANSACTED[kind]}", _arn(service, f"table/{one['TableName']}")
    elif "RequestItems" in asked:
        for table in asked["RequestItems"]:
            yield f"dynamodb:{operation}", _arn(service, f"table/{table}")
    else:
        index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
        yield f"dynamodb:{operation}", _arn(service, f"table/{asked.get('TableName', ANYWHERE)}{index}")


def _s3(service: str, operation: str, asked: Mapping[str, Any]) -> Iterator[Need]:
    bucket = f"arn:aws:s3:::|{asked['Bucket']}"
    place = f"{bucket}/{_folder(asked['Key'])}" if "Key" in asked else bucket
    version = "Version" if asked.get("VersionId") else ""
    if operation == "CopyObject":
        yield from _s3_copy(asked["CopySource"])
        yield "s3:PutObject", place
    elif operation == "CreateBucket":
        # So botocore names the signing of an upload form, without its key; nothing here makes buckets.
        yield "s3:PutObject", f"{bucket}/intake/*"
    elif operation == "HeadObject":
        yield f"s3:GetObject{version}", place
        # Without it an object that is not there is 403 instead of 404.
        yield "s3:ListBucket", bucket
    elif operation == "DeleteObjects":
        place = f"{bucket}/{_folder(asked['Delete']['Objects'][0]['Key'])}"
        yield "s3:DeleteObjectVersion", place
        if asked.get("BypassGovernanceRetention"):
            yield "s3:BypassGovernanceRetention", place
    elif operation in ("GetObject", "DeleteObject"):
        yield f"s3:{operation}{version}", place
    elif operation.startswith("ListObject"):
        yield f"s3:{'ListBucketVersions' if 'Version' in operation else 'ListBucket'}", bucket
    else:
        yield f"s3:{operation}", place


def _s3_copy(source: str) -> Iterator[Need]:
    """What is copied from; botocore has it as text by now: `bucket/key?versionId=…`."""
    path, _, version = unquote(source).partition("?versionId=")
    bucket, _, key = path.partition("/")
    yield f"s3:GetObject{'Version' if version else ''}", f"arn:aws:s3:::|{bucket}/{_folder(key)}"


def _folder(key: str) -> str:
    return f"{key.partition('/')[0]}/*" if "/" in key else ANYWHERE


def _sqs(service: str, operation: str, asked: Mapping[str, Any]) -> Iterator[Need]:
    yield f"sqs:{operation}", _arn(service, asked["QueueUrl"].rpartition("/")[2])


def _ssm(service: str, operation: str, asked: Mapping[str, Any]) -> Iterator[Need]:
    for name in asked.get("Names", [asked.get("Name", ANYWHERE)]):
        yield f"ssm:{operation}", _arn(service, f"parameter{name}")


def _cognito(service: str, operation: str, asked: Mapping[str, Any]) -> Iterator[Need]:
    yield f"cognito-idp:{operation}", _arn(service, f"userpool/{asked.get('UserPoolId', ANYWHERE)}")


def _video(service: str, operation: str, asked: Mapping[str, Any]) -> Iterator[Need]:
    """Lines are named by number; ARNs of Kinesis Video end with the time of making."""
    arn = asked.get("ChannelARN") or asked.get("StreamARN") or ""
    kind = "channel" if "ChannelARN" in asked or "ChannelName" in asked else "stream"
    name = arn.split("/")[1] if arn else str(asked.get("ChannelName") or asked.get("StreamName"))
    yield f"kinesisvideo:{operation}", _arn("kinesisvideo", f"{kind}/{name.rpartition('-')[0]}-*/*")


READERS: Mapping[str, Callable[[str, str, Mapping[str, Any]], Iterator[Need]]] = {
    "dynamodb": _dynamodb,
    "s3": _s3,
    "sqs": _sqs,
    "ssm": _ssm,
    "cognito-idp": _cognito,
    "kinesisvideo": _video,
    "kinesis-video-signaling": _video,
    "kinesis-video-archived-media": _video,
}
