"""Which tables the service's own code reads in this process: the live ones, or copies in their place."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from chalicelib.settings import settings


@contextmanager
def reading(tables: Mapping[str, str]) -> Iterator[None]:
    """For as long as the block, have these variables of the environment, and settings made of them."""
    before = {name: os.environ.get(name) for name in tables}
    os.environ.update(tables)
    settings.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        settings.cache_clear()
