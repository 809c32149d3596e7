"""What the tests about the project look at: the app as it is built, and the files that git knows."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalice.app import RouteEntry

from chalicelib.routes.openapi import document

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def app() -> Any:
    """The Chalice app; it is built without any environment."""
    from app import app

    return app


@pytest.fixture(scope="session")
def routes(app: Any) -> list[tuple[str, str, RouteEntry]]:
    """Every route: method, path, and what Chalice knows of it."""
    return [(method, path, entry) for path, by in app.routes.items() for method, entry in by.items()]


@pytest.fixture(scope="session")
def openapi(app: Any) -> dict[str, Any]:
    """The OpenAPI document."""
    return document(app.routes)


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """Every text file that is in git or would be added to it; of pictures there is nothing to read."""
    names = _git_files() or list(_walked())
    files = [ROOT / name for name in names]
    return [path for path in files if path.is_file() and path.suffix not in (".png", ".jpg")]


def _git_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    return [name for name in os.fsdecode(listed.stdout).split("\0") if name]


def _walked() -> Iterator[str]:
    """The same without git, as in an unpacked archive: all but what set-up and runs make."""
    made = {"node_modules", "vendor", "build", "__pycache__"}
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder)
        folders[:] = [
            name
            for name in folders
            if name not in made and not (name.startswith(".") and name not in (".chalice", ".ci"))
        ]
        yield from (str((here / name).relative_to(ROOT)) for name in names if not name.endswith(".pyc"))
