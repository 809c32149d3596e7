"""The floor: a bare handler that parses the body, stores, and answers. Nothing is checked."""

import json
from typing import Any

from store import KeyReused, file


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """File what was sent as it was sent."""
    citizen_id = event["requestContext"]["authorizer"]["principalId"]
    try:
        incident = file(citizen_id, event["headers"]["Idempotency-Key"], json.loads(event["body"]))
    except KeyReused:
        return {"statusCode": 422, "body": ""}
    body = json.dumps({"incident": incident}, ensure_ascii=False)
    return {"statusCode": 201, "headers": {"Content-Type": "application/json"}, "body": body}
