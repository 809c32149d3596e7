"""Records that cannot be handled, put aside whole, so that the rest of the stream goes on."""

import json
from typing import Any

from chalicelib.adapters.aws import client
from chalicelib.settings import settings


def put(record: dict[str, Any], *, why: str) -> None:
    """Keep a record with its content and the kind of fault for the operator to replay."""
    client("sqs").send_message(
        QueueUrl=settings().set_aside_queue_url,
        MessageBody=json.dumps({"why": why, "record": record}, ensure_ascii=False, default=str),
    )
