"""The recorder's outbox, in Chromium: one at a time, in order, under numbers that are nobody else's."""

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from chalicelib.adapters import pages
from tests.machine import Machine, eventually

SCRIPT = Path(__file__).with_name("recorder_service.js")
OUTBOX = PurePosixPath("shared/recorder/outbox.js")
FAST = {"waitsMs": [20], "asideMs": 150, "paceMs": 0}

Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, machine: Machine) -> Iterator[Open]:
    """Opens an outbox whose service refuses what the plan says: by number, one refusal after another."""
    context = browser.new_context(base_url=machine.url)
    page = context.new_page()
    page.goto("./console")

    def make(*, highest: int = 0, plan: dict[str, list[Any]] | None = None, **limits: object) -> Page:
        told = {"outbox": pages._built(OUTBOX).name, "highest": highest, "plan": plan or {}}
        page.evaluate(SCRIPT.read_text("utf-8"), {**told, "limits": {**FAST, **limits}})
        return page

    yield make
    context.close()


def add(page: Page, *contents: str) -> None:
    page.evaluate(
        "all => all.forEach(bytes => box.add({startedAt: '', durationMs: 2000, bytes}))", list(contents)
    )


def kept(page: Page) -> dict[str, str]:
    """What the service has when nothing waits any more."""
    eventually(lambda: page.evaluate("service.state.waiting === 0"))
    found: dict[str, str] = page.evaluate("service.kept")
    return found


def test_numbers_go_on_where_the_service_is_and_one_is_sent_at_a_time(opened: Open) -> None:
    page = opened(highest=7)
    add(page, "a", "b", "c")
    assert kept(page) == {"8": "a", "9": "b", "10": "c"}
    assert page.evaluate("[service.most, service.progress, service.asked]") == [1, 1, [8, 9, 10]]
    assert page.evaluate("service.state") == {
        "kept": 10,
        "waiting": 0,
        "missing": [],
        "lost": 0,
        "fault": None,
    }


@pytest.mark.parametrize("refusal", [{}, {"status": 500}, {"status": 503}, {"status": 401}, {"status": 429}])
def test_what_may_pass_is_tried_again(opened: Open, refusal: dict[str, int]) -> None:
    page = opened(plan={"1": [refusal, refusal]})
    add(page, "a", "b")
    assert kept(page) == {"1": "a", "2": "b"}
    assert page.evaluate("service.asked") == [1, 1, 1, 2]


@pytest.mark.parametrize("slug", ["fragment-differs", "step-refused"])
def test_numbers_that_are_anothers_are_counted_anew(opened: Open, slug: str) -> None:
    page = opened(plan={"2": [{"status": 409, "type": slug, "takes": [2, 3]}]})
    add(page, "a", "b", "c")
    assert kept(page) == {"1": "a", "2": "another's", "3": "another's", "4": "b", "5": "c"}


def test_one_that_the_service_fails_at_does_not_hold_up_the_others(opened: Open) -> None:
    page = opened(plan={"1": [{"status": 500}] * 3}, asideMs=1500)
    add(page, "a", "b", "c")
    assert kept(page) == {"1": "a", "2": "b", "3": "c"}
    assert page.evaluate("service.asked") == [1, 1, 1, 2, 3, 1]


def test_one_that_the_service_never_takes_is_given_up_and_said(opened: Open) -> None:
    page = opened(plan={"1": [{"status": 422, "type": "body-invalid"}]})
    add(page, "a", "b")
    assert kept(page) == {"2": "b"}
    assert page.evaluate("[service.state.lost, service.state.missing]") == [1, [1]]


def test_one_that_the_service_misses_after_all_is_sent_again_while_it_is_there(opened: Open) -> None:
    page = opened(plan={"3": [{"forgets": 2}]})
    add(page, "a", "b", "c")
    assert kept(page) == {"1": "a", "2": "b", "3": "c"}
    assert page.evaluate("service.asked") == [1, 2, 3, 2]


def test_nothing_waits_longer_than_the_bound_and_what_falls_out_keeps_its_number(opened: Open) -> None:
    page = opened(plan={"2": [{}] * 5}, heldMs=6000)
    add(page, "a")
    assert kept(page) == {"1": "a"}
    add(page, "b", "c", "d", "e", "f")
    assert kept(page) == {"1": "a", "2": "b", "5": "e", "6": "f"}
    assert page.evaluate("[service.state.lost, service.state.missing]") == [2, [3, 4]]


def test_at_the_end_a_refusal_is_final_and_a_pause_is_not(opened: Open) -> None:
    firewall = [{"status": 403, "type": "forbidden"}, {"status": 403, "type": "http-403"}]
    page = opened(plan={"1": [{"status": 503}, *firewall], "2": [{"status": 409, "type": "not-yours"}] * 99})
    add(page, "a", "b", "c")
    page.evaluate("box.drained(5000)")
    assert kept(page) == {"1": "a"}
    assert page.evaluate("[service.state.lost, service.state.fault]") == [2, "not-yours"]


def test_what_a_hand_over_cut_short_is_brought_under_another_number_when_the_next_owner_was_first(
    opened: Open,
) -> None:
    page = opened(plan={"2": [{"status": 409, "type": "fragment-differs", "takes": [2]}]})
    add(page, "a")
    assert kept(page) == {"1": "a"}
    page.evaluate("box.add({startedAt: '', durationMs: 2000, bytes: 'b'}); box.drained(5000)")
    assert kept(page) == {"1": "a", "2": "another's", "3": "b"}
    assert page.evaluate("service.state.lost") == 0


def test_a_clock_that_is_set_back_in_mid_call_holds_nothing_up(opened: Open) -> None:
    page = opened(plan={"1": [{"status": 500}] * 3}, paceMs=100)
    page.evaluate(
        "() => { const real = Date.now; let back = 0; Date.now = () => real() - (back += 3_600_000); }"
    )
    add(page, "a", "b", "c")
    assert kept(page) == {"1": "a", "2": "b", "3": "c"}


def test_many_that_waited_are_brought_at_a_pace_that_kinesis_video_takes(opened: Open) -> None:
    page = opened(plan={"1": [{}]}, paceMs=100)
    began = page.evaluate("Date.now()")
    add(page, *"abcdef")
    assert len(kept(page)) == 6
    assert page.evaluate("Date.now()") - began >= 500
