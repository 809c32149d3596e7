"""A peer: FastAPI behind Mangum. Its view is a coroutine, which spares it a thread for each request."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from mangum import Mangum
from report import Filed, Report
from store import KeyReused, file

app = FastAPI()


@app.post("/reports/photo-text", status_code=201)
async def file_photo_text(report: Report, request: Request) -> Filed:
    """File a report."""
    citizen_id = request.scope["aws.event"]["requestContext"]["authorizer"]["principalId"]
    sent = report.model_dump(mode="json")
    return Filed.model_validate({"incident": file(citizen_id, request.headers["Idempotency-Key"], sent)})


@app.exception_handler(KeyReused)
async def key_reused(_request: Request, _fault: KeyReused) -> JSONResponse:
    """The refusal of a key that stands for another report."""
    return JSONResponse({"type": "key-reused"}, status_code=422, media_type="application/problem+json")


_mangum = Mangum(app, lifespan="off")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """What Lambda calls."""
    return _mangum(event, context)
