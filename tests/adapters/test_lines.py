"""Lines on a real table: leased once, renewed, rested, and spared for emergencies."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.adapters import lines
from chalicelib.domain.lines import STALE_AFTER, URL_LIFE, Line
from infra.local.watch import calls
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


def test_a_line_free_at_first_try_costs_one_request(three_lines: list[Line]) -> None:
    lines.known(now=NOW)
    with calls() as asked:
        lines.lease("incident", now=NOW)
    assert [one.name for one in asked] == ["dynamodb:UpdateItem"]


def test_no_line_is_leased_twice_whoever_asks_at_once(three_lines: list[Line]) -> None:
    def take(number: int) -> str | None:
        try:
            return lines.lease(f"incident-{number}", now=NOW).id
        except lines.NoLineFree:
            return None

    with ThreadPoolExecutor(8) as crowd:
        taken = [one for one in crowd.map(take, range(8)) if one]
    assert len(taken) == len(set(taken)) <= 3


def test_three_lines_serve_three_calls_and_no_fourth(three_lines: list[Line]) -> None:
    assert len({lines.lease(str(number), now=NOW).id for number in range(3)}) == 3
    with pytest.raises(lines.NoLineFree):
        lines.lease("fourth", now=NOW)


def test_a_released_line_rests_until_no_address_for_it_lives(three_lines: list[Line]) -> None:
    held = [lines.lease(str(number), now=NOW) for number in range(3)]
    assert lines.release(held[0].id, "0", now=NOW)
    with pytest.raises(lines.NoLineFree):
        lines.lease("next", now=NOW + URL_LIFE - timedelta(seconds=1))
    assert lines.lease("next", now=NOW + URL_LIFE).id == held[0].id


def test_a_lease_of_a_dead_page_can_be_taken_and_a_live_one_not(three_lines: list[Line]) -> None:
    held = [lines.lease(str(number), now=NOW) for number in range(3)]
    later = NOW + STALE_AFTER
    for number in (0, 1):
        assert lines.renew(held[number].id, str(number), now=later - timedelta(seconds=5))
    assert lines.lease("next", now=later).id == held[2].id
    assert not lines.renew(held[2].id, "2", now=later)


def test_a_line_is_released_and_renewed_only_by_its_own_incident(three_lines: list[Line]) -> None:
    held = lines.lease("mine", now=NOW)
    assert not lines.release(held.id, "another", now=NOW)
    assert not lines.renew(held.id, "another", now=NOW)
    found = lines.held_by("mine", now=NOW)
    assert found is not None
    assert found.id == held.id


def test_a_consult_never_takes_the_last_line(three_lines: list[Line]) -> None:
    lines.lease_sparing("consult-1", 1, now=NOW)
    lines.lease_sparing("consult-2", 1, now=NOW)
    with pytest.raises(lines.NoLineFree):
        lines.lease_sparing("consult-3", 1, now=NOW)
    assert lines.lease("emergency", now=NOW)


def test_consults_at_once_leave_the_last_line_free(three_lines: list[Line]) -> None:
    def take(number: int) -> bool:
        try:
            lines.lease_sparing(f"consult-{number}", 1, now=NOW)
        except lines.NoLineFree:
            return False
        return True

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(take, range(6)))
    assert sum(lease.is_free(NOW) for lease in lines.leases()) >= 1


def test_lines_provided_again_keep_who_holds_them(three_lines: list[Line]) -> None:
    held = lines.lease("mine", now=NOW)
    for one in three_lines:
        lines.provide(one)
    found = lines.held_by("mine", now=NOW)
    assert found is not None
    assert found.id == held.id
