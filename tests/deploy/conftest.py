"""What the tests of the deploy look at: the app as it is built without any environment."""

from typing import Any

import pytest


@pytest.fixture(scope="session")
def app() -> Any:
    """The Chalice app."""
    from app import app

    return app
