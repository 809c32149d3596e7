"""Seats that tests of the routes share: each a call-taker of this session's own."""

import pytest

from tests.desk import a_seat
from tests.machine import Machine, StaffClient


@pytest.fixture(scope="session")
def seat(machine: Machine) -> StaffClient:
    """A call-taker."""
    return a_seat(machine)


@pytest.fixture(scope="session")
def colleague(machine: Machine) -> StaffClient:
    """Another call-taker."""
    return a_seat(machine)


@pytest.fixture(scope="session")
def commander(machine: Machine) -> StaffClient:
    """A commander."""
    return a_seat(machine, "commander")
