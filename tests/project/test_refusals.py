"""Every refusal has one status, one slug and one sentence, and stands where readers look for it."""

import ast
import json
from pathlib import Path

from chalice.app import RouteEntry

from chalicelib.domain import refusals
from chalicelib.domain.refusals import Refusal
from chalicelib.routes.errors import STATUS, problem_of, slug_of, title_of
from tests.project.conftest import ROOT

KINDS = [
    kind
    for kind in vars(refusals).values()
    if isinstance(kind, type) and issubclass(kind, Refusal) and kind is not Refusal
]
NAMES = {kind.__name__ for kind in KINDS}


def test_every_refusal_has_a_status_and_every_status_a_refusal() -> None:
    assert set(STATUS) == set(KINDS)


def test_every_status_is_one_of_a_client_but_where_the_fault_is_a_neighbours() -> None:
    for kind, status in STATUS.items():
        assert 400 <= status < 500 or kind in (refusals.WechatUnavailable, refusals.SignInUnavailable), kind


def test_every_refusal_of_the_code_is_defined_where_refusals_are() -> None:
    """A subclass elsewhere would have no status: the citizen would get a 500."""
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        if path.name == "refusals.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                assert bases.isdisjoint({"Refusal", *NAMES}), (path, node.name)


def test_every_refusal_is_raised_somewhere() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "chalicelib").rglob("*.py"))
    used = {name for name in NAMES if f"{name}(" in code.replace(f"class {name}(", "")}
    assert used == NAMES


def test_slugs_are_unique_and_made_of_plain_words() -> None:
    slugs = [slug_of(kind) for kind in KINDS]
    assert len(set(slugs)) == len(slugs)
    assert all(slug.replace("-", "").isalpha() and slug.islower() for slug in slugs)


def test_a_title_is_one_whole_sentence() -> None:
    for kind in KINDS:
        assert title_of(kind).endswith("."), kind


def test_no_refusal_has_a_fact_named_like_a_member_of_the_document() -> None:
    """Such a fact would be lost behind the document's own: a step's refusal would not say where it stands."""
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
                facts = {keyword.arg for keyword in node.keywords}
                assert facts.isdisjoint({"type", "title", "status", "detail"}), (path.name, node.lineno)


def test_a_problem_document_says_where_an_incident_stands_beside_its_own_status() -> None:
    refused = refusals.StepRefused("no", incident_status="closed")
    document = json.loads(str(problem_of(refused).body))
    assert (document["type"], document["status"]) == ("step-refused", 409)
    assert document["incident_status"] == "closed"


def test_every_refusal_a_route_names_is_a_refusal(routes: list[tuple[str, str, RouteEntry]]) -> None:
    for method, path, entry in routes:
        for kind in entry.view_function.contract.refuses:  # type: ignore[attr-defined]
            assert kind in STATUS, (method, path)


def test_the_api_page_names_every_slug_with_its_status() -> None:
    described = dict(_rows(ROOT / "docs" / "api.md"))
    for kind in KINDS:
        assert described.get(slug_of(kind)) == str(STATUS[kind]), slug_of(kind)


def _rows(page: Path) -> list[tuple[str, str]]:
    cells = [line.strip("| ").split(" | ") for line in page.read_text("utf-8").splitlines()]
    return [(row[0].strip("` "), row[1].strip()) for row in cells if len(row) >= 3 and row[0].startswith("`")]
