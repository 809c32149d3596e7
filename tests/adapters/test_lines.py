"""Lines on a real table: leased once, renewed, rested, and spared for emergencies."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.adapters import lines
from chalicelib.domain.incident import Incident
from chalicelib.domain.lines import STALE_AFTER, URL_LIFE, Line
from infra.local.watch import calls
from tests.domain.samples import incident
from tests.machine import Machine
from tests.own_lines import own_lines

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def three_lines(inside: Machine) -> Iterator[list[Line]]:
    """Three lines in a table of their own."""
    with own_lines(inside, [line(number) for number in range(3)]) as provided:
        yield provided


def line(number: int) -> Line:
    return Line(
        id=f"{uuid.uuid4().hex[:6]}-{number}",
        region="r",
        channel_arn=f"arn:{number}",
        master_url="ws://m",
        viewer_url="ws://v",
        signaling_endpoint="http://s",
        stream_name=f"s{number}",
        data_endpoint="http://d",
    )


def report(name: str, *, of: str | None = None, filed: float = 0) -> Incident:
    """A report of a citizen of its own, or one of several of the same citizen, by when they were filed."""
    return incident(id=name, citizen_id=of or f"of-{name}", created_at=NOW + timedelta(seconds=filed))


def held() -> dict[str, str]:
    """Who holds what, by line."""
    return {one.line_id: one.incident_id for one in lines.leases() if one.incident_id is not None}


def test_a_line_free_at_first_try_costs_one_request(three_lines: list[Line]) -> None:
    lines.known(now=NOW)
    with calls() as asked:
        lines.lease(report("incident"), now=NOW)
    assert [one.name for one in asked] == ["dynamodb:TransactWriteItems"]


def test_no_line_is_leased_twice_whoever_asks_at_once(three_lines: list[Line]) -> None:
    def take(number: int) -> str | None:
        try:
            return lines.lease(report(f"incident-{number}"), now=NOW).id
        except lines.NoLineFree:
            return None

    with ThreadPoolExecutor(8) as crowd:
        taken = [one for one in crowd.map(take, range(8)) if one]
    assert len(taken) == len(set(taken)) <= 3


def test_three_lines_serve_three_calls_and_no_fourth(three_lines: list[Line]) -> None:
    assert len({lines.lease(report(str(number)), now=NOW).id for number in range(3)}) == 3
    with pytest.raises(lines.NoLineFree):
        lines.lease(report("fourth"), now=NOW)


def test_a_released_line_rests_until_no_address_for_it_lives(three_lines: list[Line]) -> None:
    held = [lines.lease(report(str(number)), now=NOW) for number in range(3)]
    assert lines.release(held[0].id, "0", now=NOW)
    with pytest.raises(lines.NoLineFree):
        lines.lease(report("next"), now=NOW + URL_LIFE - timedelta(seconds=1))
    assert lines.lease(report("next"), now=NOW + URL_LIFE).id == held[0].id


def test_a_lease_of_a_dead_page_can_be_taken_and_a_live_one_not(three_lines: list[Line]) -> None:
    held = [lines.lease(report(str(number)), now=NOW) for number in range(3)]
    later = NOW + STALE_AFTER
    for number in (0, 1):
        assert lines.renew(held[number].id, str(number), now=later - timedelta(seconds=5))
    assert lines.lease(report("next"), now=later).id == held[2].id
    assert not lines.renew(held[2].id, "2", now=later)


def test_a_line_is_released_and_renewed_only_by_its_own_incident(three_lines: list[Line]) -> None:
    held = lines.lease(report("mine"), now=NOW)
    assert not lines.release(held.id, "another", now=NOW)
    assert not lines.renew(held.id, "another", now=NOW)
    found = lines.held_by("mine", now=NOW)
    assert found is not None
    assert found.id == held.id


def test_a_consult_never_takes_the_last_line(three_lines: list[Line]) -> None:
    lines.lease_sparing(report("consult-1"), 1, now=NOW)
    lines.lease_sparing(report("consult-2"), 1, now=NOW)
    with pytest.raises(lines.NoLineFree):
        lines.lease_sparing(report("consult-3"), 1, now=NOW)
    assert lines.lease(report("emergency"), now=NOW)


def test_consults_at_once_leave_the_last_line_free(three_lines: list[Line]) -> None:
    def take(number: int) -> bool:
        try:
            lines.lease_sparing(report(f"consult-{number}"), 1, now=NOW)
        except lines.NoLineFree:
            return False
        return True

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(take, range(6)))
    assert sum(lease.is_free(NOW) for lease in lines.leases()) >= 1


def test_lines_provided_again_keep_who_holds_them(three_lines: list[Line]) -> None:
    held = lines.lease(report("mine"), now=NOW)
    for one in three_lines:
        lines.provide(one)
    found = lines.held_by("mine", now=NOW)
    assert found is not None
    assert found.id == held.id


def test_a_citizen_who_files_again_and_again_has_one_line_and_her_newest_report_has_it(
    three_lines: list[Line],
) -> None:
    first = lines.lease(report("0", of="she"), now=NOW)
    for number in range(1, 6):
        assert lines.lease(report(str(number), of="she", filed=number), now=NOW) == first
    assert held() == {first.id: "5"}


def test_an_older_report_takes_no_line_from_the_newer_one(three_lines: list[Line]) -> None:
    newest = lines.lease(report("newest", of="she", filed=5), now=NOW)
    with pytest.raises(lines.NoLineFree):
        lines.lease(report("older", of="she"), now=NOW)
    assert held() == {newest.id: "newest"}


def test_reports_of_one_citizen_at_once_hold_one_line_together(three_lines: list[Line]) -> None:
    def take(number: int) -> None:
        with suppress(lines.NoLineFree):
            lines.lease(report(str(number), of="she", filed=number), now=NOW)

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(take, range(6)))
    assert len(held()) == 1


def test_joins_of_one_incident_at_once_have_the_same_line(three_lines: list[Line]) -> None:
    with ThreadPoolExecutor(6) as crowd:
        taken = list(crowd.map(lambda _: lines.lease(report("one"), now=NOW), range(6)))
    assert len({one.id for one in taken}) == len(held()) == 1


def test_who_hangs_up_and_files_again_gets_her_resting_line_and_no_other(three_lines: list[Line]) -> None:
    """So that to file and hang up in turn leaves no row of lines at rest."""
    first = lines.lease(report("0", of="she"), now=NOW)
    for number in range(3):
        assert lines.release(first.id, str(number), now=NOW)
        again = report(str(number + 1), of="she", filed=number + 1)
        assert lines.lease(again, now=NOW + timedelta(seconds=1)) == first


def test_who_had_a_line_before_gets_one_in_one_request_once_it_has_rested(three_lines: list[Line]) -> None:
    first = lines.lease(report("0", of="she"), now=NOW)
    lines.release(first.id, "0", now=NOW)
    with calls() as asked:
        lines.lease(report("1", of="she", filed=1), now=NOW + URL_LIFE)
    assert [one.name for one in asked] == ["dynamodb:TransactWriteItems"]


def test_whose_line_went_to_somebody_else_gets_another(three_lines: list[Line]) -> None:
    """A page that died: nobody released the line, it was taken when it was stale."""
    dead = lines.lease(report("dead", of="she"), now=NOW)
    later = NOW + STALE_AFTER
    others = [lines.lease(report(f"other-{number}"), now=later) for number in range(2)]
    if dead.id not in [one.id for one in others]:
        others.append(lines.lease(report("other-2"), now=later))
        lines.release(others[0].id, "other-0", now=later - URL_LIFE)
    again = lines.lease(report("again", of="she", filed=1), now=later)
    assert held()[again.id] == "again"
    assert len(set(held().values())) == 3


def test_a_line_that_rests_from_somebody_elses_call_does_not_go_back_to_her(three_lines: list[Line]) -> None:
    dead = lines.lease(report("dead", of="she"), now=NOW)
    later = NOW + STALE_AFTER
    taken = {lines.lease(report(f"other-{number}"), now=later).id: f"other-{number}" for number in range(3)}
    assert lines.release(dead.id, taken[dead.id], now=later)
    with pytest.raises(lines.NoLineFree):
        lines.lease(report("again", of="she", filed=1), now=later + timedelta(seconds=1))
    assert lines.lease(report("again", of="she", filed=1), now=later + URL_LIFE) == dead
