"""The house is kept: docstrings, rooms that mirror each other, and nothing of one machine in any file."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.project.conftest import ROOT

ROOMS = ("adapters", "domain", "routes", "triggers", "workflows")
BESIDE = {
    "bench": "figures",
    "security": "attacks on every route",
    "browser": "the pages in a real browser",
    "deploy": "what AWS would get",
    "drill": "a day's calls, ten thousand reports, a killed gateway",
    "evidence": "a copy of evidence as an expert checks it",
    "faults": "what breaks around us",
    "local": "infra/local",
    "miniprogram": "the mini-program's pages in a simulator",
    "project": "the project itself",
    "restore": "copies of the tables, sound and spoilt, and a drill from end to end",
    "web": "the pages' modules by themselves",
}
ELSEWHERE = {
    "canonical": "tests/domain/test_timeline.py: what it is for is an equal hash",
    "citizen": "words alone, no rule",
    "refusals": "tests/project/test_refusals.py",
    "timers": "words alone; tests/triggers wake them",
}
"""Modules of the domain that have no test file of their own name, and why."""

# Written so that this file does not hold what it looks for.
FORBIDDEN = {
    "a path of somebody's machine": re.compile("/(?:home|Users|root|work|tmp)" + "/[a-z]", re.IGNORECASE),
    "a reference beside the project": re.compile(r"\.\./" + "shared/(?!.*\\.(?:js|css))"),
    "a package registry": re.compile(
        r"https?://[^\s\"']*(?:registry\.|pypi|artifactory|nexus|npmjs|mirror)", re.IGNORECASE
    ),
}


def test_every_module_has_a_docstring() -> None:
    packages = [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py"), *(ROOT / "infra").rglob("*.py")]
    for path in packages:
        text = path.read_text("utf-8")
        if text.strip():
            assert ast.get_docstring(ast.parse(text)), path.relative_to(ROOT)


def test_every_room_of_the_code_has_its_room_of_tests() -> None:
    for room in ROOMS:
        tests = list((ROOT / "tests" / room).glob("test_*.py"))
        assert tests, room


def test_every_room_of_tests_mirrors_the_code_or_says_what_it_is_for() -> None:
    rooms = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert rooms <= {*ROOMS, *BESIDE}


def test_every_module_of_the_domain_has_its_tests_or_a_stated_reason() -> None:
    modules = {path.stem for path in (ROOT / "chalicelib" / "domain").glob("[a-z]*.py")}
    without = {name for name in modules if not (ROOT / "tests" / "domain" / f"test_{name}.py").exists()}
    assert without == set(ELSEWHERE)


def test_every_set_of_routes_is_held_apart_from_the_others() -> None:
    """The authorizers are no routes: all of these share them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (apart,) = (
        set(one["modules"])
        for one in project["tool"]["importlinter"]["contracts"]
        if one["name"] == "No set of routes imports another"
    )
    routes = (ROOT / "chalicelib" / "routes").glob("*.py")
    sets = {f"chalicelib.routes.{path.stem}" for path in routes if "Blueprint(" in path.read_text("utf-8")}
    assert apart == sets - {"chalicelib.routes.authorizers"}


def test_only_the_packaged_rooms_stand_in_the_code() -> None:
    rooms = {path.name for path in (ROOT / "chalicelib").iterdir() if path.is_dir() and path.name[0] != "_"}
    assert rooms == {*ROOMS, "web"}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str, project_files: list[Path]) -> None:
    found = []
    for path in project_files:
        text = path.read_text("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in FORBIDDEN[what].finditer(text)]
    assert found == []


def test_lock_files_of_python_hold_hashes_for_every_package_and_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "infra/local/requirements.txt"):
        text = (ROOT / name).read_text("utf-8")
        packages = re.split(r"\n(?=\S)", text.strip())
        for package in packages:
            assert re.match(r"[\w.\-\[\],]+==", package), (name, package[:60])
            assert "--hash=sha256:" in package, (name, package[:60])
        assert "://" not in text, name


def test_the_lock_file_of_npm_holds_hashes_and_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    installed = {name: package for name, package in packages.items() if name}
    for name, package in installed.items():
        # Where its makers may be paid is the package's own word and nothing is fetched from there.
        kept = {key: value for key, value in package.items() if key != "funding"}
        assert kept["integrity"].startswith("sha512-"), name
        assert "://" not in json.dumps(kept), name
    assert installed


def test_every_target_of_the_makefile_explains_itself() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split()
    explained = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    assert {"run", "test", "check"} <= explained
    # These are steps of `setup` and not for people.
    assert set(phony) - {"libraries", "tools", "chromium"} <= explained
