"""Records that cannot be handled, put aside whole, so that the rest of the stream goes on."""

import base64
import gzip
import json
from typing import Any

from chalicelib.adapters.aws import client
from chalicelib.settings import settings

LONGEST_BYTES = 256 * 1024


def put(record: dict[str, Any], *, why: str, function: str) -> None:
    """Keep a record with its content, the kind of fault and whose it was, for the operator to replay.

    A record may hold two images of 400 KB and a message 256 KB: what is too long is packed (`packed`: the
    record's JSON, gzip, base64), and if even that is too long it goes without the image before the change.
    """
    body = _fitting(record, {"why": why, "function": function})
    client("sqs").send_message(QueueUrl=settings().set_aside_queue_url, MessageBody=body)


def _fitting(record: dict[str, Any], said: dict[str, str]) -> str:
    plain = _json({**said, "record": record})
    if len(plain.encode()) <= LONGEST_BYTES:
        return plain
    packed = _json({**said, "packed": _packed(record)})
    if len(packed) <= LONGEST_BYTES:
        return packed
    change = {name: value for name, value in record["dynamodb"].items() if name != "OldImage"}
    return _json({**said, "packed": _packed({**record, "dynamodb": change})})


def _packed(record: dict[str, Any]) -> str:
    return base64.b64encode(gzip.compress(_json(record).encode())).decode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
