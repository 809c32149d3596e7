"""The evidence of an incident, page by page: its entries with their salts, its files, its track."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from chalicelib.adapters import looks, recording, stills, tracks
from chalicelib.adapters.incidents import Written
from chalicelib.adapters.tables import EntryItem, MediaItem, entry_part, media_part
from chalicelib.domain.looks import Look
from chalicelib.domain.recording import Fragment
from chalicelib.domain.tracks import TrackPoint
from chalicelib.domain.upload import Media

ENTRIES, FILES, FRAGMENTS, LOOKS = 200, 100, 100, 200

T = TypeVar("T")


class Stretch(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Some of a section, and where to go on in it; None at its end."""

    items: list[T]
    following: str | None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of evidence: the sections in turn, until one has more than a page holds."""

    entries: list[Written] = []
    media: list[Media] = []
    fragments: list[Fragment] = []
    points: list[TrackPoint] = []
    looks: list[Look] = []
    section: str | None = None
    following: str = ""


def read(incident_id: str, *, count: int, section: str, after: str) -> Page:
    """The page that begins in `section` after `after`, of a timeline of `count` entries.

    Raises ValueError for a section or place that no page named.
    """
    names = list(SECTIONS)
    found: dict[str, Any] = {}
    for name in names[names.index(section) :]:
        stretch = SECTIONS[name](incident_id, count, after)
        if stretch.items:
            found.setdefault("media" if name == "stills" else name, []).extend(stretch.items)
        if stretch.following is not None:
            return Page(**found, section=name, following=stretch.following)
        after = ""
    return Page(**found)


def _entries(incident_id: str, count: int, after: str) -> Stretch[Written]:
    first = int(after or 0) + 1
    if first > count:
        return Stretch(items=[], following=None)
    parts = EntryItem.part.between(entry_part(first), entry_part(count))
    items = EntryItem.query(incident_id, parts, limit=ENTRIES, page_size=ENTRIES, consistent_read=True)
    found = [Written(entry=item.body, personal=item.personal or {}) for item in items]
    return Stretch(items=found, following=_after(found, ENTRIES, lambda one: str(one.entry.seq)))


def _media(incident_id: str, _: int, after: str) -> Stretch[Media]:
    parts = MediaItem.part.between(media_part(after) + ("!" if after else ""), media_part("~"))
    items = MediaItem.query(incident_id, parts, limit=FILES, page_size=FILES, consistent_read=True)
    found: list[Media] = [item.body for item in items]
    return Stretch(items=found, following=_after(found, FILES, lambda one: one.media_id))


def _stills(incident_id: str, _: int, before: str) -> Stretch[Media]:
    page = stills.read(incident_id, before=int(before or stills.LAST + 1), limit=FILES)
    return Stretch(items=page.items, following=str(page.cursor) if page.cursor else None)


def _fragments(incident_id: str, _: int, after: str) -> Stretch[Fragment]:
    found = recording.after(incident_id, int(after or 0), limit=FRAGMENTS)
    return Stretch(items=found, following=_after(found, FRAGMENTS, lambda one: str(one.seq)))


def _points(incident_id: str, _: int, after: str) -> Stretch[TrackPoint]:
    page = tracks.read(incident_id, after=int(after or 0))
    if page is None:
        return Stretch(items=[], following=None)
    return Stretch(items=page.points, following=str(page.seen) if page.more else None)


def _looks(incident_id: str, _: int, after: str) -> Stretch[Look]:
    found = looks.after(incident_id, after, limit=LOOKS)
    return Stretch(items=found, following=_after(found, LOOKS, lambda one: one.place))


def _after(found: Sequence[T], limit: int, place: Callable[[T], str]) -> str | None:
    return place(found[-1]) if len(found) == limit else None


SECTIONS: dict[str, Callable[[str, int, str], Stretch[Any]]] = {
    "entries": _entries,
    "media": _media,
    "stills": _stills,
    "fragments": _fragments,
    "points": _points,
    "looks": _looks,
}
"""The sections of the evidence in the order they are read."""
