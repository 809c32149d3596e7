"""The pages refer only to what is there, and say everything in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from chalicelib.adapters import pages
from tests.project.conftest import ROOT

WEB = ROOT / "chalicelib" / "web"
LANGUAGES = ("zh-CN", "en")
PAGES = ("citizen", "console", "officer", "ack")
PAIR = re.compile(r'"((?:[^"\\]|\\.)+)":\s*"((?:[^"\\]|\\.)*)"')
# What the vendor's files refer to is set up by `make setup` and not ours to check.
MADE = WEB / "vendor"
WITH_WORDS = sorted(
    path.parent.relative_to(WEB).as_posix() for path in WEB.rglob("words.js") if MADE not in path.parents
)
CITIZENS = [name for name in WITH_WORDS if name.startswith(("citizen", "shared"))]
LED_BY_A_VARIABLE = "quiet."
"""A silent call's words stand beside the others' as `${own}.…`: `live.` or `quiet.`."""

NEVER_SHOWN = ("取消", "信誉", "拉黑", "重点人")


def sources(*suffixes: str) -> list[Path]:
    return [path for path in sorted(WEB.rglob("*")) if path.suffix in suffixes and MADE not in path.parents]


def words_of(folder: str) -> dict[str, dict[str, str]]:
    """The words of a page by language: the file is `"zh-CN": {…}, en: {…}` and nothing cleverer."""
    text = (WEB / folder / "words.js").read_text("utf-8")
    _, _, rest = text.partition('"zh-CN": {')
    chinese, divider, english = rest.partition("\n  en: {")
    assert divider, folder
    return {"zh-CN": dict(PAIR.findall(chinese)), "en": dict(PAIR.findall(english.partition("\n  },")[0]))}


def test_every_relative_reference_names_a_file_that_is_there() -> None:
    for path in sources(".js", ".css", ".html"):
        for reference in pages.REFERENCE.findall(path.read_text("utf-8")):
            target = (path.parent / reference).resolve()
            assert target.is_file() or MADE in target.parents, (path.relative_to(WEB), reference)


def test_every_import_is_a_reference_that_the_server_rewrites() -> None:
    imported = re.compile(r'(?:^|[;\s])(?:from|import)\s*\(?\s*(["\'`][^"\'`]+["\'`])')
    for path in sources(".js"):
        for reference in imported.findall(_code(path)):
            assert pages.REFERENCE.fullmatch(reference), (path.relative_to(WEB), reference)


def test_no_two_files_import_each_other_in_a_circle() -> None:
    """A file is named by its content with the names of what it imports, so a circle has no name."""
    for path in sources(".js", ".css"):
        assert pages._built(PurePosixPath(path.relative_to(WEB).as_posix())).name


@pytest.mark.parametrize("page", PAGES)
def test_a_served_page_names_only_assets_that_are_served(page: str) -> None:
    seen: set[str] = set()
    waiting = re.findall(r'"\./assets/([^"]+)"', pages.page(page))
    assert waiting
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        found = pages.asset(name)
        assert found is not None, name
        waiting += re.findall(r'"\./([\w.-]+\.[0-9a-f]{10}\.(?:js|css|json|svg))"', found.text)


def test_every_file_of_a_page_is_used_by_one() -> None:
    """A module nobody imports is dead, and is served all the same."""
    named = set()
    for path in sources(".js", ".css", ".html"):
        for reference in pages.REFERENCE.findall(path.read_text("utf-8")):
            named.add((path.parent / reference).resolve())
    unused = [path.relative_to(WEB) for path in sources(".js", ".css") if path not in named]
    assert unused == []


@pytest.mark.parametrize("folder", WITH_WORDS)
def test_every_word_is_there_in_both_languages_with_the_same_facts(folder: str) -> None:
    words = words_of(folder)
    assert words["zh-CN"]
    assert words["zh-CN"].keys() == words["en"].keys()
    for key in words["en"]:
        facts = [set(re.findall(r"{(\w+)}", words[language][key])) for language in LANGUAGES]
        assert facts[0] == facts[1], key


@pytest.mark.parametrize("folder", PAGES)
def test_every_key_a_page_asks_for_has_words(folder: str) -> None:
    own = [name for name in WITH_WORDS if name.startswith(("shared", folder))]
    known = {key for name in own for key in words_of(name)["zh-CN"]}
    for path in [*(WEB / folder).rglob("*.js"), *(WEB / "shared").rglob("*.js")]:
        for key in re.findall(r'\bt\("([^"]+)"', _code(path)):
            assert key in known, (path.relative_to(WEB), key)
        for start in re.findall(r"\bt\(`([\w.-]+\.)\$\{", _code(path)):
            assert any(key.startswith(start) for key in known), (path.relative_to(WEB), start)


@pytest.mark.parametrize("folder", WITH_WORDS)
def test_every_word_is_asked_for_by_some_page(folder: str) -> None:
    """By its key, or by one that begins or ends so and is put together of the rest."""
    pages_code = "\n".join(_code(path) for path in sources(".js", ".html") if path.name != "words.js")
    begun = re.findall(r"`([a-z][\w-]*\.[\w.-]*)\$\{", pages_code)
    ended = re.findall(r"`\$\{[^}`]+\}(\.[\w.-]+)`", pages_code)
    for key in words_of(folder)["zh-CN"]:
        put_together = key.startswith((*begun, LED_BY_A_VARIABLE)) or key.endswith(tuple(ended))
        assert put_together or f'"{key}"' in pages_code, key


@pytest.mark.parametrize("folder", CITIZENS)
def test_no_word_that_citizens_must_not_see_stands_in_what_they_see(folder: str) -> None:
    for key, text in words_of(folder)["zh-CN"].items():
        for word in NEVER_SHOWN:
            assert word not in text, key


def test_the_citizens_page_says_that_calls_are_recorded() -> None:
    assert "通话将录音录像" in words_of("citizen")["zh-CN"].values()


def test_no_page_puts_text_in_as_html() -> None:
    for path in sources(".js"):
        for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert danger not in _code(path), (path.relative_to(WEB), danger)


def test_no_page_loads_anything_from_elsewhere() -> None:
    """A tile server is a setting; everything else comes from us."""
    for path in sources(".js", ".css", ".html"):
        for address in _addresses(path.read_text("utf-8")):
            assert address.startswith(("http://www.w3.org/", "https://uri.amap.com/")), (path.name, address)


def _addresses(text: str) -> Iterator[str]:
    for found in re.finditer(r"https?://[\w.-]+/?[^\s\"'`)]*", text):
        yield found[0]


def _code(path: Path) -> str:
    """The file without its comments, roughly: none of ours holds `//` in a string but in an address."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"(?<!:)//.*", "", text)
