"""A stream's records as Lambda hands them to a function, where boto3 gives Python's own types."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def as_lambda_gets_it(record: Mapping[str, Any], *, stream_arn: str) -> dict[str, Any]:
    """The service's own JSON, times as numbers and bytes as base64, with where it comes from."""
    return {
        **{name: _plain(value) for name, value in record.items()},
        "eventSource": "aws:dynamodb",
        "eventSourceARN": stream_arn,
        "awsRegion": stream_arn.split(":")[3],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | set | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).timestamp()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
