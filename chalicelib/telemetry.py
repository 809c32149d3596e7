"""Logs and metrics: one event for each thing that happened, with ids and never personal data.

Traces are Lambda's own: its Tracer costs 0.8 s of each cold start (decision 24).
"""

import os
from datetime import UTC, datetime

from aws_lambda_powertools import Logger

log = Logger()


def utc_now() -> datetime:
    """The present moment, aware, in UTC; routes and triggers ask for it once and pass it on."""
    return datetime.now(UTC)


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
