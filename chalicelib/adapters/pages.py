"""The pages' files under flat, content-hashed names, with the references between them rewritten.

A file's name holds the hash of its content after rewriting, so a change in a module changes the names of
all that import it, and every asset may be kept for a year.
"""

import hashlib
import re
from functools import cache
from pathlib import Path, PurePosixPath

import msgspec

WEB = Path(__file__).parent.parent / "web"
TEXT_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
REFERENCE = re.compile(r'"(\.{1,2}/[\w./-]+\.(?:js|css|json|svg))"')


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """One file as it is served."""

    name: str
    content_type: str
    text: str


class ImportsGoRound(Exception):
    """Two files refer to each other, so neither can be named by its content."""


def page(name: str) -> str:
    """The HTML of a page, its references rewritten to `./assets/…`."""
    return _rewritten(PurePosixPath(f"{name}.html"), prefix="./assets/", behind=())


def asset(name: str) -> Asset | None:
    """The asset of a hashed name, or None."""
    return _assets().get(name)


@cache
def _assets() -> dict[str, Asset]:
    files = [path.relative_to(WEB) for path in WEB.rglob("*") if path.suffix in TEXT_TYPES]
    built = [_built(PurePosixPath(path.as_posix())) for path in files if path.suffix != ".html"]
    return {one.name: one for one in built}


@cache
def _text(path: PurePosixPath) -> str:
    return (WEB / path).read_text(encoding="utf-8")


def _built(path: PurePosixPath, behind: tuple[PurePosixPath, ...] = ()) -> Asset:
    if path in behind:
        raise ImportsGoRound(" → ".join(str(one) for one in (*behind, path)))
    if path not in _done:
        text = _rewritten(path, prefix="./", behind=(*behind, path))
        digest = hashlib.sha256(text.encode()).hexdigest()[:10]
        flat = "-".join(path.with_suffix("").parts)
        _done[path] = Asset(
            name=f"{flat}.{digest}{path.suffix}", content_type=TEXT_TYPES[path.suffix], text=text
        )
    return _done[path]


_done: dict[PurePosixPath, Asset] = {}


def _rewritten(path: PurePosixPath, *, prefix: str, behind: tuple[PurePosixPath, ...]) -> str:
    def rewrite(found: re.Match[str]) -> str:
        target = _resolved(path.parent, found[1])
        if not (WEB / target).is_file():
            return found[0]
        return f'"{prefix}{_built(target, behind).name}"'

    return REFERENCE.sub(rewrite, _text(path))


def _resolved(folder: PurePosixPath, reference: str) -> PurePosixPath:
    parts: list[str] = list(folder.parts)
    for part in PurePosixPath(reference).parts:
        if part == "..":
            if not parts:
                return PurePosixPath("-")
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)
