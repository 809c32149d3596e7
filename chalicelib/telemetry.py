"""Logs and metrics: one event for each thing that happened, with ids and never personal data.

Traces are Lambda's own: its Tracer costs 0.8 s of each cold start (decision 24).
"""

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

from aws_lambda_powertools import Logger

log = Logger()

FRAMES = 12
"""As many places of a fault's way as tell where it arose."""


def utc_now() -> datetime:
    """The present moment, aware, in UTC; routes and triggers ask for it once and pass it on."""
    return datetime.now(UTC)


def log_fault(event: str, fault: BaseException, *, route: str | None = None) -> None:
    """Log a fault by its kind and the way it came.

    Its message is left out: libraries repeat in it what they were given, which may be what a citizen wrote.
    """
    way = traceback.extract_tb(fault.__traceback__)[-FRAMES:]
    where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in way]
    at = {"route": route} if route else {}
    log.error(event, fault=type(fault).__name__, where=where, extra=at)


def measure(name: str, value: float, unit: str) -> None:
    """Put a figure among the deployment's metrics, as a line of the log (CloudWatch embedded metric format).

    `unit` is one of CloudWatch's, as `Seconds` or `Count`.
    """
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    service = os.environ.get("POWERTOOLS_SERVICE_NAME", "instant110")
    with single_metric(
        name=name,
        unit=MetricUnit(unit),
        value=value,
        namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "instant110"),
        default_dimensions={"service": service},
    ):
        pass
