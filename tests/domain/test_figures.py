"""The figures made from counters: sums, shares, targets, and days on which nothing was."""

from datetime import UTC, date, datetime

from chalicelib.domain.figures import Figures, Live, figures, gauge, published, times
from chalicelib.domain.incident import Disposition, Mode

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
QUIET = Live(last_hour=gauge({}, since=NOW), today=gauge({}, since=NOW))
DAYS = {
    MONDAY: {"registered": 5, "filed:report": 2, "mode:voice": 2, "wait-live:10": 1, "wait-live:16": 1},
    WEDNESDAY: {"filed:tip": 3, "mode:photo_text": 3, "helped": 4, "closed:resolved": 1, "closed:advised": 1},
}


def of(first: date, last: date) -> Figures:
    return figures(DAYS, first=first, last=last, registered=100, live=QUIET, as_of=NOW)


def test_a_span_adds_up_its_days_and_shows_each_of_them() -> None:
    whole = of(MONDAY, WEDNESDAY)
    assert (whole.totals.reports, whole.totals.tips, whole.totals.registered) == (2, 3, 5)
    assert (whole.totals.closed, whole.totals.people_helped, whole.registered_in_all) == (2, 4, 100)
    assert [one.day for one in whole.by_day] == [MONDAY, TUESDAY, WEDNESDAY]
    assert [one.totals.reports for one in whole.by_day] == [2, 0, 0]
    assert whole.by_mode[Mode.PHOTO_TEXT] == 3
    assert whole.by_disposition[Disposition.HARASSMENT] == 0


def test_a_day_outside_the_span_is_not_in_it() -> None:
    assert of(TUESDAY, WEDNESDAY).totals.reports == 0


def test_a_share_is_of_those_answered_and_is_none_without_any() -> None:
    answer = of(MONDAY, MONDAY).answer.live
    shares = [(one.within_seconds, one.count, one.percent, one.target_percent) for one in answer.targets]
    assert shares == [(10, 1, 50.0, 90), (15, 1, 50.0, 90), (20, 2, 100.0, 95), (30, 2, 100.0, None)]
    assert (answer.p50, answer.p99) == (10, 16)
    nothing = of(TUESDAY, TUESDAY).answer.live
    assert (nothing.count, nothing.p90, nothing.targets[0].percent) == (0, None, None)


def test_a_share_just_below_its_target_is_not_rounded_up_to_it() -> None:
    answer = times({"wait-live:15": 8996, "wait-live:60": 1004}, "wait-live", ((15, 90),))
    assert answer.targets[0].percent == 89.9


def test_durations_of_one_name_are_not_those_of_a_longer_one() -> None:
    counted = {"consult:60": 1, "wait-consult:2": 5}
    assert times(counted, "consult", ((60, None),)).count == 1


def test_the_gauge_tells_who_left_apart_from_who_was_answered() -> None:
    found = gauge({"wait-live:15": 9, "wait-live:60": 1, "abandoned-live": 2, "abandoned": 3}, since=NOW)
    assert (found.answered, found.abandoned) == (10, 2)
    assert [one.percent for one in found.targets] == [0.0, 90.0, 90.0, 90.0]


def test_what_is_published_are_the_same_numbers() -> None:
    whole = of(MONDAY, WEDNESDAY)
    shown = published(whole)
    assert (shown.reports, shown.tips, shown.people_helped) == (2, 3, 4)
    assert (shown.registered_in_all, shown.answer) == (100, whole.answer.live)
