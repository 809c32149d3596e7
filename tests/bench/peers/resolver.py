"""A peer: powertools' resolver for REST APIs, with its own validation of request and answer."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from report import Filed, Report
from store import KeyReused, file

app = APIGatewayRestResolver(enable_validation=True)


@app.post("/reports/photo-text", status_code=201)
def file_photo_text(report: Report) -> tuple[Filed, int]:
    """File a report."""
    event = app.current_event
    citizen_id = event.request_context.authorizer["principalId"]
    sent = report.model_dump(mode="json")
    return Filed.model_validate({"incident": file(citizen_id, event.headers["Idempotency-Key"], sent)}), 201


@app.exception_handler(KeyReused)
def key_reused(_fault: KeyReused) -> Response[str]:
    """The refusal of a key that stands for another report."""
    return Response(status_code=422, content_type="application/problem+json", body='{"type": "key-reused"}')


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """What Lambda calls."""
    return app.resolve(event, context)
