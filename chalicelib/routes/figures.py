"""The figures: for the staff whole and as a sheet, for everybody what the bureau publishes."""

from datetime import date
from enum import StrEnum

import msgspec
from chalice.app import Blueprint, Response

from chalicelib.domain.figures import Figures, PublicFigures
from chalicelib.domain.refusals import PageNotFound
from chalicelib.domain.staff import Group
from chalicelib.routes.authorizers import staff
from chalicelib.routes.contract import Call, contract
from chalicelib.settings import settings
from chalicelib.workflows.read_figures import read_figures, read_public_figures, read_sheet

figures = Blueprint(__name__)

READERS = (Group.CALL_TAKER, Group.COMMANDER, Group.ADMIN)
FIVE_MINUTES = "public, max-age=300"


class Format(StrEnum):
    """How the figures are wanted."""

    JSON = "json"
    CSV = "csv"


class FiguresAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which days of the county's calendar, both included, and how."""

    first: date | None = msgspec.field(default=None, name="from")
    last: date | None = msgspec.field(default=None, name="to")
    format: Format = Format.JSON


@figures.route("/console/stats", methods=["GET"], authorizer=staff)
@contract(figures, query=FiguresAsked, gives=Figures, groups=READERS)
def read_stats(call: Call[None]) -> Figures | Response:
    """The figures of a span of days, the last thirty by default; `format=csv` gives a sheet for Excel."""
    asked = call.query
    if asked.format is Format.CSV:
        return _csv(read_sheet(asked.first, asked.last, now=call.now))
    return read_figures(asked.first, asked.last, now=call.now)


@figures.route("/figures", methods=["GET"])
@contract(figures, gives=PublicFigures, refuses=(PageNotFound,))
def read_published(call: Call[None]) -> Response:
    """What the bureau publishes of the last thirty days, where it does."""
    if not settings().figures_published:
        raise PageNotFound("the bureau does not publish its figures here")
    body = msgspec.json.encode(read_public_figures(now=call.now)).decode()
    return Response(body=body, headers={"Content-Type": "application/json", "Cache-Control": FIVE_MINUTES})


def _csv(text: str) -> Response:
    return Response(
        body=text,
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": 'attachment; filename="instant110-figures.csv"',
            "Cache-Control": "no-store",
        },
    )
