"""The documents lead somewhere, and name what is there."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalice.app import RouteEntry

from chalicelib.domain.incident import Contact, Disposition, Mode, Status
from chalicelib.domain.refusals import KeyReused
from chalicelib.routes.errors import slug_of
from chalicelib.routes.openapi import contract_of
from tests.project.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_document_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:|#", target):
            continue
        assert (page.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_a_document_names_is_there(page: Path) -> None:
    named = re.findall(r"`((?:app\.py|(?:chalicelib|infra|tests|docs|events)/[\w./-]+\w))`", _prose(page))
    for name in named:
        assert (ROOT / name).exists(), name


def test_every_make_target_a_document_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        for name in re.findall(r"`make ([a-z-]+)`", page.read_text("utf-8")):
            assert name in targets, (page.name, name)


def test_the_api_page_names_every_route(routes: list[tuple[str, str, RouteEntry]]) -> None:
    text = (DOCS / "api.md").read_text("utf-8")
    described = set(re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`?\s]*)", text))
    assert described == {(method, path) for method, path, _ in routes}


def test_the_api_page_says_of_every_route_who_may_what_is_refused_and_whether_it_takes_a_key(
    routes: list[tuple[str, str, RouteEntry]],
) -> None:
    """Of the refusals all but those that any route with a body, or with a key, has."""
    rows = list(_api_rows())
    assert {name for name, _ in rows} == {f"{method} {path}" for method, path, _ in routes}
    terms = {f"{method} {path}": contract_of(entry) for method, path, entry in routes}
    for name, row in rows:
        said = terms[name]
        refused = {slug_of(kind) for kind in said.refuses if kind is not KeyReused}
        assert set(re.findall(r"`([a-z-]+)`", row["refuses"])) == refused, name
        assert set(filter(None, row.get("for", "").split(", "))) == set(said.groups), name
        assert ("Takes an `Idempotency-Key`." in row["does"]) is said.keyed, name


def test_the_interface_has_the_projects_version(openapi: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert openapi["info"]["version"] == project["version"]


def test_the_glossary_has_every_word_of_the_domain() -> None:
    text = (DOCS / "glossary.md").read_text("utf-8")
    for word in [*Mode, *Status, *Disposition, *Contact]:
        assert f"`{word}`" in text, word


def test_decisions_are_numbered_without_a_gap_and_have_their_three_parts() -> None:
    decisions = sorted((DOCS / "decisions").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [f"{n:04d}" for n in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {path.name[:4]} "), path.name
        for part in ("## Context", "## Decision", "## Consequences"):
            assert part in text, (path.name, part)


def test_the_readme_says_how_to_run_test_and_check() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert all(f"make {target}" in text for target in ("run", "test", "check"))
    assert text.startswith("# 即时报警")


def _api_rows() -> Iterator[tuple[str, dict[str, str]]]:
    """Each call of the page's tables, with its cells by the names of their columns."""
    names: list[str] = []
    for line in (DOCS / "api.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if cells[:1] == ["call"]:
            names = cells
        elif cells and (call := re.fullmatch(r"`([A-Z]+ /[^`]*)`", cells[0])):
            yield call[1], dict(zip(names, cells, strict=True))


def _prose(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
