"""One of the app's functions, called as Lambda calls it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalice.local import LambdaContext

from infra.local.watch import running

TIMEOUT_SECONDS = 60


class InvocationFailed(Exception):
    """The function raised; which is all that its caller learns from Lambda."""


@dataclass(frozen=True, kw_only=True)
class Function:
    """A trigger's function by its name in the app."""

    name: str
    handler: Callable[[Any, Any], Any]

    def invoke(self, event: dict[str, Any]) -> Any:
        """Run it once; raises `InvocationFailed` whatever it raised."""
        context = LambdaContext(self.name, 1024, TIMEOUT_SECONDS * 1000)
        context.aws_request_id = str(uuid.uuid4())
        context.invoked_function_arn = f"arn:aws:lambda:local:000000000000:function:{self.name}"
        try:
            with running(self.name):
                return self.handler(event, context)
        except Exception as error:
            raise InvocationFailed(f"{self.name}: {type(error).__name__}") from error


def failed_identifiers(answer: Any) -> set[str]:
    """The records a batch function reports as failed, as Lambda reads `batchItemFailures`."""
    failures = (answer or {}).get("batchItemFailures") if isinstance(answer, dict) else None
    return {str(failure["itemIdentifier"]) for failure in failures or []}
