"""A small app that shows what the machine does to an app: run by the machine's own tests instead of ours."""

import os
import threading
import time
from typing import Any

from chalice.app import (
    AuthRequest,
    AuthResponse,
    AuthRoute,
    Chalice,
    CloudWatchEvent,
    CognitoUserPoolAuthorizer,
    DynamoDBEvent,
    Rate,
    SQSEvent,
)

app = Chalice(app_name="sample")
app.api.binary_types.append("application/octet-stream")
staff = CognitoUserPoolAuthorizer("staff", provider_arns=[os.environ["STAFF_POOL_ARN"]])
seen: list[dict[str, Any]] = []
_attempts: dict[str, int] = {}
_lock = threading.Lock()


@app.authorizer()
def citizen(request: AuthRequest) -> AuthResponse:
    if request.token == "Bearer nobody":
        raise RuntimeError("Unauthorized")
    routes: list[str | AuthRoute] = ["*"] if request.token.startswith("Bearer citizen-") else []
    return AuthResponse(routes=routes, principal_id=request.token.removeprefix("Bearer "))


@app.route("/")
def front() -> dict[str, bool]:
    return {"up": True}


@app.route("/seen")
def seen_so_far() -> list[dict[str, Any]]:
    return seen


@app.route("/own/{word}", methods=["POST"], authorizer=citizen)
def own(word: str) -> dict[str, Any]:
    """Answer what this request is, looked at again after others have had time to come between."""
    time.sleep(0.02)
    request = app.current_request
    assert request is not None
    assert app.lambda_context is not None
    return {
        "word": word,
        "body": request.json_body,
        "principal": request.context["authorizer"]["principalId"],
        "query": request.query_params["q"] if request.query_params else None,
        "context": app.lambda_context.aws_request_id,
    }


@app.route("/echo", methods=["POST"], content_types=["application/octet-stream", "application/json"])
def echo() -> dict[str, Any]:
    assert app.current_request is not None
    body = app.current_request.raw_body
    return {"received": (body if isinstance(body, bytes) else body.encode()).hex()}


@app.route("/staff", authorizer=staff)
def signed_in() -> Any:
    assert app.current_request is not None
    return app.current_request.context["authorizer"]["claims"]


@app.route("/broken")
def broken() -> None:
    raise ValueError("what the app knows")


@app.on_dynamodb_record(
    stream_arn=os.environ["INCIDENTS_STREAM_ARN"], starting_position="TRIM_HORIZON", batch_size=10
)
def changed(event: DynamoDBEvent) -> dict[str, Any] | None:
    return _take(
        [(record["dynamodb"]["SequenceNumber"], _name(record), record) for record in _records(event)]
    )


@app.on_sqs_message(queue=os.environ["TIMERS_QUEUE"], batch_size=10)
def due(event: SQSEvent) -> dict[str, Any] | None:
    return _take([(record["messageId"], record["body"], record) for record in _records(event)])


@app.on_sqs_message(queue=os.environ["STORED_OBJECTS_QUEUE"], batch_size=10)
def stored(event: SQSEvent) -> None:
    _take([(record["messageId"], "object", record) for record in _records(event)])


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    seen.append({"name": "sweep", "event": event.to_dict()})


def _records(event: Any) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = event.to_dict()["Records"]
    return records


def _name(record: dict[str, Any]) -> str:
    name: str = record["dynamodb"]["Keys"]["incident_id"]["S"]
    return name


def _take(records: list[tuple[str, str, dict[str, Any]]]) -> dict[str, Any] | None:
    """Note each one; `fails-…` is always reported as failed, `stumbles-…` once, `bursts-…` raises once."""
    with _lock:
        for identifier, name, record in records:
            _attempts[name] = _attempts.get(name, 0) + 1
            if name.startswith("bursts-") and _attempts[name] == 1:
                raise RuntimeError("all of them fail")
            if name.startswith("fails-") or (name.startswith("stumbles-") and _attempts[name] == 1):
                return {"batchItemFailures": [{"itemIdentifier": identifier}]}
            seen.append({"name": name, "attempts": _attempts[name], "at": time.time(), "event": record})
        return None
