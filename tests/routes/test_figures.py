"""The figures over HTTP: for whom, of which days, as JSON and as a sheet."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.desk import a_citizen, a_report, dispatched, refused, work
from tests.machine import Machine, StaffClient, done, eventually

ZONE = ZoneInfo("Asia/Shanghai")


def today() -> date:
    return datetime.now(ZONE).date()


def stats(caller: StaffClient, **asked: Any) -> dict[str, Any]:
    read: dict[str, Any] = done(caller.get("/console/stats", params=asked))
    return read


def test_an_incident_worked_over_http_moves_the_figures_of_today(machine: Machine, seat: StaffClient) -> None:
    before = stats(seat)["totals"]
    incident_id = a_report(a_citizen(machine))
    work(seat, incident_id, "answer")
    _, officer = dispatched(machine, seat, incident_id)
    done(officer.open())
    at = datetime.now(ZONE).isoformat()
    told = {"arrived_at": at, "ended_at": at, "result": "已处置", "cases_solved": 2, "major_cases": 1}
    done(officer.post("/link/feedback", {**told, "people_arrested": 4, "people_helped": 9}))
    done(officer.post("/link/feedback", {**told, "people_arrested": 4, "people_helped": 5}))
    work(seat, incident_id, "close", {"disposition": "resolved"})
    least = {
        "registered": 1, "reports": 1, "answered": 1, "dispatched": 1, "officers_sent": 1, "reported_back": 1,
        "closed": 1, "cases_solved": 2, "major_cases": 1, "people_arrested": 4, "people_helped": 5,
    }  # fmt: skip

    def moved() -> bool:
        totals = stats(seat)["totals"]
        return all(totals[name] >= before[name] + count for name, count in least.items())

    eventually(moved)
    assert stats(seat)["by_day"][-1]["day"] == today().isoformat()


def test_the_last_thirty_days_are_given_by_default(seat: StaffClient) -> None:
    read = stats(seat)
    assert read["to"] == today().isoformat()
    assert read["from"] == (today() - timedelta(days=29)).isoformat()
    assert len(read["by_day"]) == 30
    assert read["timezone"] == "Asia/Shanghai"


def test_a_span_of_days_is_given_whole_with_noughts(seat: StaffClient) -> None:
    read = stats(seat, **{"from": "1899-12-01", "to": "1899-12-03"})
    assert [one["day"] for one in read["by_day"]] == ["1899-12-01", "1899-12-02", "1899-12-03"]
    assert read["totals"]["reports"] == 0
    assert read["answer"]["live"]["p90"] is None
    assert [one["within_seconds"] for one in read["live"]["last_hour"]["targets"]] == [10, 15, 20, 30]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": "2026-11-02", "to": "2026-11-01"}, "to"),
        ({"from": "2025-01-01", "to": "2026-01-02"}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"from": "gestern"}, "from"),
        ({"format": "xlsx"}, "format"),
        ({"since": "2026-01-01"}, "body"),
    ],
)
def test_a_span_that_is_none_is_refused_by_name(seat: StaffClient, asked: dict[str, str], field: str) -> None:
    problem = refused(seat.get("/console/stats", params=asked), 422, "body-invalid")
    assert problem["field"] == field


def test_a_year_and_a_day_is_as_long_as_it_may_be(seat: StaffClient) -> None:
    assert len(stats(seat, **{"from": "2027-01-01", "to": "2028-01-01"})["by_day"]) == 366


def test_the_sheet_opens_in_excel_and_says_the_same(seat: StaffClient) -> None:
    answer = seat.get("/console/stats", params={"format": "csv"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff日期,")
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert len(rows) == 31
    assert int(rows[-1]["报警"]) == sum(int(row["报警"]) for row in rows[:-1])


def test_what_the_bureau_publishes_is_numbers_anybody_may_keep_for_a_while(machine: Machine) -> None:
    answer = machine.anyone().get("/figures")
    published = done(answer)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert {"reports", "tips", "consults", "people_helped", "registered_in_all"} <= published.keys()
    assert "by_rule" not in published
    assert "by_disposition" not in published
