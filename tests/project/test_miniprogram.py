"""The mini-program as WeChat's own tools see it: typings, compilers, names, words, size; it is not run."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.project.conftest import ROOT
from tests.project.test_pages import LANGUAGES, NEVER_SHOWN, PAIR

MINI = ROOT / "miniprogram"
TOOLS = ROOT / "tests" / "miniprogram" / "node_modules"
COMPILERS = TOOLS / "miniprogram-compiler" / "bin" / "linux"
PAGES = json.loads((MINI / "app.json").read_text("utf-8"))["pages"]
COMPONENTS = sorted(
    path.with_suffix("").relative_to(MINI).as_posix() for path in MINI.glob("components/*/*.js")
)
BUILT_IN = {
    "block", "button", "image", "input", "page-meta", "progress", "text", "textarea", "view", "web-view",
}  # fmt: skip
MOST_BYTES = 2 * 1024 * 1024
PRIVATE = {
    "chooseAddress", "chooseLocation", "choosePoi", "getFuzzyLocation", "getLocation", "onLocationChange",
    "startLocationUpdate", "startLocationUpdateBackground",
}  # fmt: skip
"""The interfaces that app.json must name as `requiredPrivateInfos`. Source: WeChat's page on that field."""


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    """What checks it, put in place by the same target as `make setup`."""
    subprocess.run(["make", "--quiet", "tests/miniprogram/node_modules/.made"], cwd=ROOT, check=True)


def files(*suffixes: str) -> list[Path]:
    return [path for path in sorted(MINI.rglob("*")) if path.suffix in suffixes]


def text_of(name: str, suffix: str) -> str:
    return (MINI / f"{name}{suffix}").read_text("utf-8")


def config_of(name: str) -> Any:
    return json.loads(text_of(name, ".json"))


def tool(*command: str | Path) -> None:
    """Run a tool from the mini-program's folder; it must find nothing."""
    ran = subprocess.run(command, cwd=MINI, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{ran.stdout[-4000:]}\n{ran.stderr[-4000:]}"


def code_of(path: Path) -> str:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"(?<![:\"])//.*", "", text)


def words_of(language: str) -> dict[str, str]:
    return dict(PAIR.findall((MINI / "words" / f"{language[:2]}.js").read_text("utf-8")))


def test_every_call_of_wechat_fits_its_typings() -> None:
    tool(TOOLS / ".bin" / "tsc", "-p", ROOT / "tests" / "miniprogram")


@pytest.mark.parametrize(("compiler", "suffix"), [("wcc", ".wxml"), ("wcsc", ".wxss")])
def test_the_platforms_own_compiler_takes_every_file(compiler: str, suffix: str) -> None:
    program = COMPILERS / compiler
    program.chmod(0o755)
    tool(program, *(path.relative_to(MINI) for path in files(suffix)))


@pytest.mark.parametrize("name", [*PAGES, *COMPONENTS])
def test_every_page_and_component_is_whole(name: str) -> None:
    for suffix in (".js", ".json", ".wxml", ".wxss"):
        assert (MINI / f"{name}{suffix}").is_file(), suffix
    for tag, path in config_of(name).get("usingComponents", {}).items():
        assert path.lstrip("/") in COMPONENTS, tag
        assert f"<{tag}" in text_of(name, ".wxml"), f"{tag} is not used"


@pytest.mark.parametrize("name", [*PAGES, *COMPONENTS])
def test_every_tag_and_every_function_that_a_template_names_is_there(name: str) -> None:
    template, code = text_of(name, ".wxml"), text_of(name, ".js")
    known = BUILT_IN | set(config_of(name).get("usingComponents", {}))
    assert set(re.findall(r"<([a-z][\w-]*)", template)) <= known
    for wanted in re.findall(r'\b(?:bind|catch)\w*="(\w+)"', template):
        assert re.search(rf"^ +(?:async )?{wanted}\(", code, re.MULTILINE), wanted


@pytest.mark.parametrize("name", [*PAGES, *COMPONENTS])
def test_what_can_be_tapped_is_a_button_to_those_who_cannot_see(name: str) -> None:
    """WeChat reads `aria-role`; a plain `role` means nothing to it."""
    template = text_of(name, ".wxml")
    for tag in re.findall(r"<view[^>]*bindtap[^>]*>", template):
        assert 'aria-role="' in tag, tag
    assert not re.search(r"\srole=", template)


@pytest.mark.parametrize("name", [*PAGES, *COMPONENTS])
def test_every_word_that_a_template_or_its_code_asks_for_is_there(name: str) -> None:
    page, words = Path(name).name, words_of("zh")
    for template in (text_of(name, ".wxml"), text_of(name, ".js")):
        for key in re.findall(r"\bw\.(\w+)", template):
            assert f"all.{key}" in words or f"{page}.{key}" in words, key


def test_no_style_of_a_page_reaches_into_a_component() -> None:
    """`apply-shared` lets a page's classes in, so a component's own names must be its own."""

    def classes(names: list[str]) -> set[str]:
        return {one for name in names for one in re.findall(r"\.([a-z][\w-]*)", text_of(name, ".wxss"))}

    shared = set(re.findall(r"\.([a-z][\w-]*)", (MINI / "app.wxss").read_text("utf-8")))
    assert classes(COMPONENTS) & classes(PAGES) - shared == set()


def test_every_key_that_the_code_asks_for_is_there() -> None:
    words = words_of("zh")
    for path in files(".js"):
        code = code_of(path)
        for key in re.findall(r'\bt\("([^"]+)"', code):
            assert key in words, (path.name, key)
        for start in re.findall(r"\bt\(`([\w.]+\.)\$\{", code):
            assert any(key.startswith(start) for key in words), (path.name, start)


def test_every_word_is_asked_for() -> None:
    """By its key, by one that begins so, or by its name among its page's words, as a template does."""
    read = [path for path in files(".js", ".wxml") if path.stem not in ("zh", "en")]
    code = "\n".join(code_of(path) for path in read)
    begun = tuple(re.findall(r"`([a-z]\w*\.(?:\w+\.)*)\$\{", code))
    named = set(re.findall(r"[\w-]+", code))
    for key in words_of("zh"):
        assert f'"{key}"' in code or key.startswith(begun) or key.partition(".")[2] in named, key


def test_every_word_is_there_in_both_languages_with_the_same_facts() -> None:
    chinese, english = (words_of(language) for language in LANGUAGES)
    assert chinese.keys() == english.keys()
    for key in chinese:
        assert set(re.findall(r"{\w+}", chinese[key])) == set(re.findall(r"{\w+}", english[key])), key


def test_no_word_that_citizens_must_not_see_stands_in_it() -> None:
    for key, text in words_of("zh").items():
        assert not [word for word in NEVER_SHOWN if word in text], key
    assert "通话将录音录像" in words_of("zh").values()


def test_no_word_of_the_silent_page_names_the_police() -> None:
    shown = [*(text for key, text in words_of("zh").items() if key.startswith("note."))]
    shown += [config_of("pages/note/note")["navigationBarTitleText"]]
    assert shown
    assert not [text for text in shown if re.search("警|110|公安|录音|通话", text)]
    for call in ("vibrate", "showToast", "showModal", "showLoading", "makePhoneCall", "askPosition"):
        assert call not in code_of(MINI / "pages" / "note" / "note.js"), call


def test_every_module_is_required_by_another() -> None:
    required = set()
    for path in files(".js"):
        for name in re.findall(r'require\("(\.[^"]+)"\)', path.read_text("utf-8")):
            target = (path.parent / name).resolve()
            assert target.is_file(), (path.name, name)
            required.add(target)
    entries = {MINI / "app.js", *(MINI / f"{name}.js" for name in [*PAGES, *COMPONENTS])}
    assert [path.name for path in files(".js") if path not in required | entries] == []


def test_only_the_interfaces_of_position_that_are_used_are_asked_for() -> None:
    used = {name for path in files(".js") for name in re.findall(r"\bwx\.(\w+)", code_of(path))}
    assert set(config_of("app")["requiredPrivateInfos"]) == used & PRIVATE


def test_no_address_stands_in_it_but_the_configured_one() -> None:
    for path in files(".js", ".json", ".wxml", ".wxss"):
        found = re.findall(r"https?://[\w.-]+", path.read_text("utf-8"))
        assert found == [] or path == MINI / "config.js", (path.name, found)
    assert len(re.findall("https://", text_of("config", ".js"))) == 1


def test_no_secret_stands_in_it() -> None:
    suspicious = re.compile(
        r"app_?secret|session_key|AKIA[0-9A-Z]{16}|-----BEGIN|eyJ[\w-]{20,}", re.IGNORECASE
    )
    for path in files(".js", ".json", ".wxml", ".wxss"):
        assert not suspicious.search(path.read_text("utf-8")), path.name


def test_the_package_is_small() -> None:
    packaged = [path for path in MINI.rglob("*") if path.is_file() and path.suffix != ".md"]
    assert sum(path.stat().st_size for path in packaged) < MOST_BYTES / 4


def test_the_lock_file_holds_hashes_and_no_address() -> None:
    packages = json.loads((ROOT / "tests" / "miniprogram" / "package-lock.json").read_text("utf-8"))[
        "packages"
    ]
    for name, package in packages.items():
        kept = {key: value for key, value in package.items() if key != "funding"}
        assert not name or kept["integrity"].startswith("sha512-"), name
        assert "://" not in json.dumps(kept), name
