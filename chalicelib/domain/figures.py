"""The figures a bureau keeps and publishes, made from what was counted on each day.

What each figure means stands in docs/api.md, under Figures.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import msgspec

from chalicelib.domain import histogram
from chalicelib.domain.hits import Rule
from chalicelib.domain.incident import Disposition, Mode

Counted = Mapping[str, int]
"""Counters by name, of one day or of several added up."""

LONGEST_DAYS = 366
USUAL_DAYS = 30

ANSWER_TARGETS = ((10, 90), (15, 90), (20, 95), (30, None))
"""Seconds and the per cent to be reached: NFPA 1225 (10 s), NENA-STA-020 (15, 20), a city's 签收 (30)."""

DISPATCH_TARGETS = ((300, None),)
FEEDBACK_TARGETS = ((1800, None),)
CONSULT_TARGETS = ((60, None),)
"""A Chinese city's five minutes and half an hour; the bureau's own minute from received to finished."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """How many took at most so many seconds; `target_percent` is None where the field names no share.

    `percent` is cut, not rounded, to a tenth: 89.96 is not 90.
    """

    within_seconds: int
    count: int
    percent: float | None
    target_percent: int | None


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """Durations: how many, the percentiles in seconds (None without any), and the targets."""

    count: int
    p50: int | None
    p90: int | None
    p95: int | None
    p99: int | None
    targets: tuple[Target, ...]


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in a span of days."""

    registered: int
    reports: int
    tips: int
    consults: int
    continued: int
    booked: int
    answered: int
    abandoned: int
    dispatched: int
    officers_sent: int
    reported_back: int
    commander_texts: int
    commander_texts_acknowledged: int
    closed: int
    cases_solved: int
    major_cases: int
    people_arrested: int
    people_helped: int


class HitFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents that hit a rule, and those of them a call-taker confirmed."""

    incidents: int
    confirmed: int


class DayFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One day of the county's calendar."""

    day: date
    totals: Totals
    answer: Times


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """Times to the first answer: of emergencies at the phone, of written reports, of consults."""

    live: Times
    written: Times
    consult: Times


class Gauge(msgspec.Struct, frozen=True, kw_only=True):
    """How emergencies at the phone are answered since a moment; `percent` is of those answered."""

    since: datetime
    answered: int
    abandoned: int
    targets: tuple[Target, ...]


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """The gauges of the moment."""

    last_hour: Gauge
    today: Gauge


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of the days from `from` to `to`, both included."""

    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    timezone: str
    as_of: datetime
    registered_in_all: int
    totals: Totals
    by_mode: dict[Mode, int]
    by_disposition: dict[Disposition, int]
    by_rule: dict[Rule, HitFigures]
    answer: Answers
    dispatch: Times
    feedback: Times
    consult: Times
    by_day: tuple[DayFigures, ...]
    live: Live


class PublicFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What a bureau publishes of them: numbers alone."""

    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    registered_in_all: int
    reports: int
    tips: int
    consults: int
    cases_solved: int
    major_cases: int
    people_arrested: int
    people_helped: int
    answer: Times


def figures(
    days: Mapping[date, Counted], *, first: date, last: date, registered: int, live: Live, as_of: datetime
) -> Figures:
    """The figures of a span; days on which nothing was counted stand in it with noughts."""
    whole = added_up(days[day] for day in days if first <= day <= last)
    return Figures(
        first=first,
        last=last,
        timezone=str(as_of.tzinfo),
        as_of=as_of,
        registered_in_all=registered,
        totals=totals(whole),
        by_mode={mode: whole.get(f"mode:{mode}", 0) for mode in Mode},
        by_disposition={one: whole.get(f"closed:{one}", 0) for one in Disposition},
        by_rule={rule: _hits(whole, rule) for rule in Rule},
        answer=Answers(
            live=answer_times(whole, "live"),
            written=answer_times(whole, "written"),
            consult=answer_times(whole, "consult"),
        ),
        dispatch=times(whole, "dispatch", DISPATCH_TARGETS),
        feedback=times(whole, "feedback", FEEDBACK_TARGETS),
        consult=times(whole, "consult", CONSULT_TARGETS),
        by_day=tuple(_day(day, days.get(day, {})) for day in span(first, last)),
        live=live,
    )


def published(figures: Figures) -> PublicFigures:
    """Of the figures those that everybody may read."""
    own = {name: getattr(figures.totals, name) for name in PUBLISHED}
    return PublicFigures(
        first=figures.first,
        last=figures.last,
        registered_in_all=figures.registered_in_all,
        answer=figures.answer.live,
        **own,
    )


PUBLISHED = (
    "reports",
    "tips",
    "consults",
    "cases_solved",
    "major_cases",
    "people_arrested",
    "people_helped",
)


def totals(counted: Counted) -> Totals:
    """The totals of what was counted."""
    return Totals(
        registered=counted.get("registered", 0),
        reports=counted.get("filed:report", 0),
        tips=counted.get("filed:tip", 0),
        consults=counted.get("filed:consult", 0),
        continued=counted.get("filed:continued", 0),
        booked=counted.get("booked", 0),
        answered=counted.get("answered", 0),
        abandoned=counted.get("abandoned", 0),
        dispatched=histogram.total(buckets(counted, "dispatch")),
        officers_sent=counted.get("officers", 0),
        reported_back=histogram.total(buckets(counted, "feedback")),
        commander_texts=counted.get("texts", 0),
        commander_texts_acknowledged=counted.get("texts-acknowledged", 0),
        closed=sum(counted.get(f"closed:{one}", 0) for one in Disposition),
        cases_solved=counted.get("solved", 0),
        major_cases=counted.get("major", 0),
        people_arrested=counted.get("arrested", 0),
        people_helped=counted.get("helped", 0),
    )


def gauge(counted: Counted, *, since: datetime) -> Gauge:
    """How emergencies at the phone were answered, by what was counted since a moment."""
    answer = answer_times(counted, "live")
    abandoned = counted.get("abandoned-live", 0)
    return Gauge(since=since, answered=answer.count, abandoned=abandoned, targets=answer.targets)


def answer_times(counted: Counted, queue: str) -> Times:
    """The times to the first answer in a queue: `live`, `written` or `consult`."""
    return times(counted, f"wait-{queue}", ANSWER_TARGETS)


def times(counted: Counted, name: str, limits: Iterable[tuple[int, int | None]]) -> Times:
    """The durations counted under a name."""
    found = buckets(counted, name)
    p50, p90, p95, p99 = (histogram.percentile(found, percent) for percent in (50, 90, 95, 99))
    return Times(
        count=histogram.total(found),
        p50=p50,
        p90=p90,
        p95=p95,
        p99=p99,
        targets=tuple(_target(found, seconds, percent) for seconds, percent in limits),
    )


def buckets(counted: Counted, name: str) -> dict[int, int]:
    """The buckets of durations counted under a name, by their upper edge in seconds."""
    start = f"{name}:"
    return {int(key[len(start) :]): count for key, count in counted.items() if key.startswith(start)}


def added_up(parts: Iterable[Counted]) -> dict[str, int]:
    """Counters of several days added up."""
    whole: dict[str, int] = {}
    for part in parts:
        for name, count in part.items():
            whole[name] = whole.get(name, 0) + count
    return whole


def span(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def _target(found: Mapping[int, int], seconds: int, percent: int | None) -> Target:
    count, whole = histogram.within(found, seconds), histogram.total(found)
    reached = (1000 * count // whole) / 10 if whole else None
    return Target(within_seconds=seconds, count=count, percent=reached, target_percent=percent)


def _hits(counted: Counted, rule: Rule) -> HitFigures:
    return HitFigures(incidents=counted.get(f"hit:{rule}", 0), confirmed=counted.get(f"confirmed:{rule}", 0))


def _day(day: date, counted: Counted) -> DayFigures:
    return DayFigures(day=day, totals=totals(counted), answer=answer_times(counted, "live"))
