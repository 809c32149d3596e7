"""The words of the pages: both languages whole, every key there, and none that a citizen must not read."""

import re
from pathlib import Path

import pytest

from tests.machine import ROOT

WEB = Path(ROOT) / "chalicelib" / "web"
PAGES = ("citizen", "officer", "console", "ack")
KEY = re.compile(r'^\s*"([\w.:-]+)":|(?<=, )"([\w.:-]+)":', re.MULTILINE)
USED = re.compile(r'\bt\(\s*"([\w.:-]+)"')
FORBIDDEN = ("取消", "信誉", "拉黑", "重点人")


def keys(page: str, language: str) -> set[str]:
    """The keys that a page's language files, those of its parts included, have for a language."""
    found: set[str] = set()
    for file in (WEB / page).rglob("words.js"):
        chinese, _, english = file.read_text("utf-8").partition("\n  en: {")
        pairs = KEY.findall(chinese if language == "zh-CN" else english)
        found |= {one or other for one, other in pairs}
    return found - {"zh-CN"}


@pytest.mark.parametrize("page", ["shared", *PAGES])
def test_both_languages_have_the_same_words(page: str) -> None:
    chinese, english = keys(page, "zh-CN"), keys(page, "en")
    assert chinese, "no words were read"
    assert chinese == english


@pytest.mark.parametrize("page", PAGES)
def test_every_word_a_page_asks_for_is_written(page: str) -> None:
    written = keys(page, "zh-CN") | keys("shared", "zh-CN")
    used = {key for file in (WEB / page).rglob("*.js") for key in USED.findall(file.read_text("utf-8"))}
    assert len(used) > 20
    assert used - written == set()


@pytest.mark.parametrize("folder", ["citizen", "officer", "shared"])
def test_citizens_and_officers_never_read_an_internal_word(folder: str) -> None:
    for file in (WEB / folder).rglob("*.js"):
        text = file.read_text("utf-8")
        assert [word for word in FORBIDDEN if word in text] == [], file.name
