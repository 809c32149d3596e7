"""Read the figures of some days; three or four requests, whatever they count."""

from datetime import date, datetime, time, timedelta

from chalicelib.adapters import figures as counters
from chalicelib.adapters.county import zone
from chalicelib.domain import figures
from chalicelib.domain.counting import SLOT
from chalicelib.domain.figures import LONGEST_DAYS, USUAL_DAYS, Figures, Live, PublicFigures
from chalicelib.domain.refusals import BodyInvalid
from chalicelib.domain.sheet import sheet

EARLIEST = date.min + timedelta(days=USUAL_DAYS)


def read_figures(first: date | None, last: date | None, *, now: datetime) -> Figures:
    """The figures of the days from the first to the last in the county's zone; of the last thirty by default.

    Raises `BodyInvalid` for a span that ends before it begins or is longer than 366 days.
    """
    first, last = _span(first, last, now)
    days = counters.days(first, last)
    return figures.figures(
        days,
        first=first,
        last=last,
        registered=counters.registered_in_all(),
        live=_live(days, now),
        as_of=now.astimezone(zone()),
    )


def read_sheet(first: date | None, last: date | None, *, now: datetime) -> str:
    """The same days as a sheet for Excel. Raises what `read_figures` raises."""
    first, last = _span(first, last, now)
    return sheet(counters.days(first, last), first=first, last=last)


def read_public_figures(*, now: datetime) -> PublicFigures:
    """What the bureau publishes of the last thirty days."""
    return figures.published(read_figures(None, None, now=now))


def _live(days: dict[date, dict[str, int]], now: datetime) -> Live:
    today = now.astimezone(zone()).date()
    counted = days[today] if today in days else counters.days(today, today).get(today, {})
    hour = counters.last_hour(now)
    return Live(
        last_hour=figures.gauge(hour, since=now - 12 * SLOT),
        today=figures.gauge(counted, since=datetime.combine(today, time(), zone())),
    )


def _span(first: date | None, last: date | None, now: datetime) -> tuple[date, date]:
    last = last or now.astimezone(zone()).date()
    first = first or max(last, EARLIEST) - timedelta(days=USUAL_DAYS - 1)
    if last < first:
        raise BodyInvalid("the span ends before it begins", field="to")
    if (last - first).days >= LONGEST_DAYS:
        raise BodyInvalid(f"at most {LONGEST_DAYS} days at once", field="from")
    return first, last
