"""A machine that runs the sample app, for what the machine itself promises."""

from collections.abc import Iterator

import pytest

from tests.machine import OwnMachine

SAMPLE_APP = {"APP_MODULE": "tests.local.sample_app"}


@pytest.fixture(scope="session")
def sample_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnMachine]:
    """One machine with the sample app for all tests that leave it standing."""
    own = OwnMachine(tmp_path_factory.mktemp("sample"), environment=SAMPLE_APP)
    try:
        yield own.start()
    finally:
        own.stop()
