"""The pages' modules: what a phone needs is asked for at once, not one import after another."""

import re
from pathlib import Path

import pytest

from tests.machine import ROOT

WEB = Path(ROOT) / "chalicelib" / "web"
IMPORT = re.compile(r'^(?:import|export)\b[^;]*?from "(\.[^"]+)"', re.MULTILINE)
PRELOAD = re.compile(r'<link rel="modulepreload" href="\./([^"]+)">')


def needed_by(entry: Path) -> set[str]:
    """All modules that a page's first one imports, by their path below web/."""
    found: set[Path] = set()
    left = [entry]
    while left:
        module = left.pop()
        new = {(module.parent / name).resolve() for name in IMPORT.findall(module.read_text("utf-8"))} - found
        found |= new
        left.extend(new)
    return {str(one.relative_to(WEB)) for one in found}


@pytest.mark.parametrize("page", ["citizen", "officer"])
def test_every_module_a_phone_needs_at_once_is_preloaded(page: str) -> None:
    needed = needed_by(WEB / page / "page.js")
    assert f"{page}/words.js" in needed
    assert set(PRELOAD.findall((WEB / f"{page}.html").read_text("utf-8"))) == needed


@pytest.mark.parametrize("folder", ["citizen", "officer"])
def test_no_module_reads_markup_from_data(folder: str) -> None:
    for module in (WEB / folder).glob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", module.read_text("utf-8")
        )
