"""The figures as a sheet for Excel: one row a day and the sum, CSV (RFC 4180) with Chinese headers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from chalicelib.domain import histogram
from chalicelib.domain.figures import Counted, added_up, buckets, span, totals

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel on a Chinese Windows reads UTF-8 as GBK."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula (OWASP, CSV injection)."""

Column = tuple[str, Callable[[Counted], int | None]]


def counter(name: str) -> Callable[[Counted], int | None]:
    """A column that is one counter."""
    return lambda counted: counted.get(name, 0)


def total(name: str) -> Callable[[Counted], int | None]:
    """A column that is one of the totals."""
    return lambda counted: int(getattr(totals(counted), name))


def count(name: str) -> Callable[[Counted], int | None]:
    """A column with how many durations there are."""
    return lambda counted: histogram.total(buckets(counted, name))


def within(name: str, seconds: int) -> Callable[[Counted], int | None]:
    """A column with how many took at most so long."""
    return lambda counted: histogram.within(buckets(counted, name), seconds)


def percentile(name: str, percent: float) -> Callable[[Counted], int | None]:
    """A column with a percentile in seconds; empty when nothing was counted."""
    return lambda counted: histogram.percentile(buckets(counted, name), percent)


COLUMNS: Sequence[Column] = (
    ("新注册群众", total("registered")),
    ("报警", total("reports")),
    ("线索", total("tips")),
    ("咨询", total("consults")),
    ("办结后续报", total("continued")),
    ("预约咨询", total("booked")),
    ("视频110", counter("mode:video110")),
    ("枫桥在线", counter("mode:fengqiao")),
    ("图文报警", counter("mode:photo_text")),
    ("静音报警", counter("mode:silent")),
    ("语音报警", counter("mode:voice")),
    ("已接警", total("answered")),
    ("接通前中断", total("abandoned")),
    ("紧急报警接通", count("wait-live")),
    ("10秒内接通", within("wait-live", 10)),
    ("15秒内接通", within("wait-live", 15)),
    ("20秒内接通", within("wait-live", 20)),
    ("30秒内接通", within("wait-live", 30)),
    ("接通用时P50(秒)", percentile("wait-live", 50)),
    ("接通用时P90(秒)", percentile("wait-live", 90)),
    ("接通用时P95(秒)", percentile("wait-live", 95)),
    ("接通用时P99(秒)", percentile("wait-live", 99)),
    ("派警警情", total("dispatched")),
    ("5分钟内派警", within("dispatch", 300)),
    ("派出民警(人次)", total("officers_sent")),
    ("处警反馈", total("reported_back")),
    ("30分钟内反馈", within("feedback", 1800)),
    ("咨询办结", count("consult")),
    ("1分钟内咨询办结", within("consult", 60)),
    ("破案", total("cases_solved")),
    ("其中重大案件", total("major_cases")),
    ("抓获(人)", total("people_arrested")),
    ("救助(人)", total("people_helped")),
    ("短信指挥长", total("commander_texts")),
    ("指挥长已确认", total("commander_texts_acknowledged")),
    ("办结", total("closed")),
    ("已处置", counter("closed:resolved")),
    ("已答复", counter("closed:advised")),
    ("已转12345热线", counter("closed:referred_12345")),
    ("与另一起警情合并", counter("closed:duplicate")),
    ("已转当地公安机关", counter("closed:out_of_area")),
    ("未能联系上", counter("closed:no_contact")),
    ("虚假报警", counter("closed:false_report")),
    ("骚扰报警", counter("closed:harassment")),
    ("命中重点人", counter("hit:key_person")),
    ("命中重点部位", counter("hit:key_place")),
    ("重复报警", counter("hit:repeat")),
)


def sheet(days: Mapping[date, Counted], *, first: date, last: date) -> str:
    """The whole file: headers, every day of the span, and the sum of them."""
    rows: list[list[object]] = [["日期", *(header for header, _ in COLUMNS)]]
    for day in span(first, last):
        rows.append([day.isoformat(), *_row(days.get(day, {}))])
    rows.append(["合计", *_row(added_up(days[day] for day in days if first <= day <= last))])
    return BYTE_ORDER_MARK + "".join(_line(row) for row in rows)


def cell(value: object) -> str:
    """A value as CSV has it. A text that a spreadsheet would run is made plain with an apostrophe."""
    text = "" if value is None else str(value)
    if isinstance(value, str) and text.startswith(FORMULA_STARTS):
        text = f"'{text}"
    if any(sign in text for sign in ',"\r\n'):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text


def _row(counted: Counted) -> Iterable[int | None]:
    return [read(counted) for _, read in COLUMNS]


def _line(row: Iterable[object]) -> str:
    return ",".join(cell(value) for value in row) + "\r\n"
