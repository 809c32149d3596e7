"""What the reporting modes share: the body of a report and the answer to it."""

from typing import Any

import msgspec

from chalicelib.adapters.signaling import Join
from chalicelib.domain.incident import Incident
from chalicelib.routes.views import ReportView, View, report_view
from chalicelib.workflows.file_report import LiveReport


class ReportSent(msgspec.Struct, frozen=True, kw_only=True):
    """What a report may hold; read leniently, so a wrong value is flagged and unknown fields are ignored."""

    position: Any = None
    place: str | None = None
    contact_phone: str | None = None
    callback_allowed: bool | None = None
    text: str | None = None
    tip: bool | None = None
    confirm_outside: bool | None = None


class Filed(View, frozen=True, kw_only=True):
    """The incident that a report opened."""

    incident: ReportView


class LiveFiled(View, frozen=True, kw_only=True):
    """The incident that a live report opened, and the way into its call unless no line was free."""

    incident: ReportView
    call: Join | None


def filed_live(report: LiveReport) -> LiveFiled:
    """The answer to a filed live report."""
    return LiveFiled(incident=report_view(report.incident), call=report.join)


def filed(incident: Incident) -> Filed:
    """The answer to a filed report."""
    return Filed(incident=report_view(incident))
