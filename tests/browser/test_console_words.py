"""The console's words: everything it can say stands in both languages."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "chalicelib" / "web"


@pytest.fixture(scope="module")
def written() -> dict[str, set[str]]:
    """The keys of each language, the shared ones among them."""
    keys: dict[str, set[str]] = {"zh-CN": set(), "en": set()}
    sources = [*(WEB / "shared").rglob("words.js"), *(WEB / "console").rglob("words.js")]
    for source in sources:
        chinese, english = re.split(r"\n  en: \{", source.read_text("utf-8"), maxsplit=1)
        for language, text in (("zh-CN", chinese), ("en", english)):
            keys[language] |= set(re.findall(r'"([\w.-]+)": "', text))
    return keys


def test_every_word_stands_in_both_languages(written: dict[str, set[str]]) -> None:
    assert written["zh-CN"] == written["en"]
    assert len(written["en"]) > 250


def test_every_word_the_console_asks_for_is_written(written: dict[str, set[str]]) -> None:
    sources = [file for file in (WEB / "console").rglob("*.js") if file.name != "words.js"]
    asked = {key for file in sources for key in re.findall(r'\bt\("([^"]+)"', file.read_text("utf-8"))}
    assert len(asked) > 100
    assert asked <= written["zh-CN"], asked - written["zh-CN"]
