"""What a trigger could not handle, told to Lambda without the words that libraries put into a fault."""

from collections.abc import Callable
from typing import Any

from chalicelib.telemetry import log_fault


class TriggerFailed(Exception):
    """The event comes again; what happened stands in the log."""


def nameless_faults(event: Any, get_response: Callable[[Any], Any]) -> Any:
    """Middleware: Lambda logs a fault with its message, and that may repeat what a citizen wrote."""
    try:
        return get_response(event)
    except Exception as fault:
        log_fault("trigger.failed", fault)
        raise TriggerFailed(type(fault).__name__) from None
