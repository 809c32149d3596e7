"""The sheet for Excel: its form, its sums, and no cell that a spreadsheet would run."""

import csv
import io
from datetime import date

import pytest

from chalicelib.domain.sheet import cell, sheet

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 3)
DAYS = {
    FIRST: {"filed:report": 2, "wait-live:9": 1, "wait-live:16": 1, "helped": 1},
    LAST: {"filed:report": 1, "filed:consult": 7},
}


def rows() -> list[dict[str, str]]:
    text = sheet(DAYS, first=FIRST, last=LAST)
    assert text.startswith("\ufeff日期,")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_there_is_a_row_for_each_day_and_one_for_the_sum() -> None:
    found = rows()
    assert [row["日期"] for row in found] == ["2026-11-01", "2026-11-02", "2026-11-03", "合计"]
    assert [row["报警"] for row in found] == ["2", "0", "1", "3"]
    assert [row["咨询"] for row in found] == ["0", "0", "7", "7"]
    assert found[-1]["救助(人)"] == "1"


def test_shares_and_percentiles_of_the_sum_are_those_of_all_days_together() -> None:
    found = rows()
    assert (found[-1]["紧急报警接通"], found[-1]["15秒内接通"], found[-1]["20秒内接通"]) == ("2", "1", "2")
    assert [row["接通用时P90(秒)"] for row in found] == ["16", "", "", "16"]


def test_every_line_ends_as_rfc_4180_says() -> None:
    text = sheet(DAYS, first=FIRST, last=LAST)
    assert text.count("\r\n") == text.count("\n") == 5


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-1", "'-1"),
        ("@A1", "'@A1"),
        ("\tx", "'\tx"),
        ("\r=x", '"\'\r=x"'),
        ('a"b', '"a""b"'),
        ("a,b", '"a,b"'),
        ("平安", "平安"),
        (-1, "-1"),
        (None, ""),
    ],
)
def test_a_text_is_never_a_formula_and_a_number_stays_one(value: object, written: str) -> None:
    assert cell(value) == written
