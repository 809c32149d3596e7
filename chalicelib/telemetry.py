"""Logs and metrics: one event for each thing that happened, with ids and never personal data."""

from datetime import UTC, datetime

from aws_lambda_powertools import Logger, Metrics

log = Logger()
metrics = Metrics()


def utc_now() -> datetime:
    """The present moment, aware, in UTC; routes and triggers ask for it once and pass it on."""
    return datetime.now(UTC)
