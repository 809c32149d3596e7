"""What every answer tells a browser, whatever the route."""

from collections.abc import Callable
from typing import Any

from chalice.app import Response

EVERYWHERE: dict[str, str | list[str]] = {
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000",
}


def safe_headers(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """Middleware: have no browser guess a type, or come back without TLS."""
    response = get_response(event)
    response.headers.update(EVERYWHERE)
    return response
