"""How many ring before one who waits: bounded, and never a reason to withhold her report."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.adapters import feed
from chalicelib.domain.asked import new_id
from chalicelib.domain.card import card_of
from chalicelib.domain.incident import Incident, Mode, Status
from chalicelib.settings import settings
from tests.machine import Machine
from tests.within import now

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
"""Before everything that other tests filed."""


@pytest.fixture
def ringing(inside: Machine) -> Iterator[list[Incident]]:
    """More open incidents than anybody's place in the queue is counted over, a second apart."""
    many = [waiting(LONG_AGO + timedelta(seconds=n)) for n in range(feed.AHEAD_LOOKED_AT + 5)]
    publish(many)
    yield many
    publish([replace(one, status=Status.CLOSED, version=9) for one in many])


@pytest.fixture
def feed_away(inside: Machine) -> Iterator[None]:
    """The feed's table out of reach."""
    before, os.environ["FEED_TABLE"] = os.environ["FEED_TABLE"], "nowhere"
    settings.cache_clear()
    yield
    os.environ["FEED_TABLE"] = before
    settings.cache_clear()


def waiting(at: datetime) -> Incident:
    """A live report that rings since then; it is on no record."""
    return Incident(
        id=new_id(),
        number="n",
        mode=Mode.VOICE,
        priority=2,
        citizen_id=new_id(),
        created_at=at,
        rings_at=at,
        version=1,
    )


def publish(incidents: list[Incident]) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda one: feed.publish(card_of(one), now=now()), incidents))


def test_those_before_are_counted_up_to_a_bound(ringing: list[Incident]) -> None:
    assert feed.ahead_of(ringing[0], now=now()) == 0
    assert feed.ahead_of(ringing[7], now=now()) == 7
    assert feed.ahead_of(ringing[-1], now=now()) == feed.AHEAD_LOOKED_AT


@pytest.mark.usefixtures("feed_away")
def test_a_feed_that_cannot_be_read_withholds_nothing_from_who_waits() -> None:
    assert feed.ahead_of(waiting(now()), now=now()) is None
