"""Reads a Matroska segment as PutMedia sends it: header, tracks, clusters and what their blocks say.

Media data is not looked into. Source: RFC 8794 (EBML) and RFC 9559 (Matroska).
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

_EBML, _SEGMENT, _INFO, _TRACKS, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
_DOC_TYPE, _TIMESTAMP_SCALE, _TIMESTAMP = 0x4282, 0x2AD7B1, 0xE7
_TRACK_ENTRY, _TRACK_NUMBER, _TRACK_TYPE, _CODEC_ID, _CODEC_PRIVATE = 0xAE, 0xD7, 0x83, 0x86, 0x63A2
_VIDEO, _WIDTH, _HEIGHT = 0xE0, 0xB0, 0xBA
_SIMPLE_BLOCK, _BLOCK_GROUP, _BLOCK, _REFERENCE = 0xA3, 0xA0, 0xA1, 0xFB
# What else may stand in a segment: seek head, cues, tags, attachments, chapters; void and CRC anywhere.
_BESIDE_CLUSTERS = {_INFO, _TRACKS, _CLUSTER, 0x114D9B74, 0x1C53BB6B, 0x1254C367, 0x1941A469, 0x1043A770}
_UNKNOWN_SIZE_SEGMENT = bytes.fromhex("18538067 01FFFFFFFFFFFFFF")
_KINDS = {1: "video", 2: "audio"}


class InvalidMatroska(Exception):
    """The bytes are not one well-formed segment."""


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of `Tracks`; width and height are 0 where it has no picture."""

    number: int
    kind: str
    codec_id: str
    codec_private: bytes = b""
    width: int = 0
    height: int = 0


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One frame; `timecode_ms` counts like its cluster's."""

    track: int
    timecode_ms: float
    is_key_frame: bool


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """One cluster, with the bytes it came in."""

    timecode_ms: int
    blocks: tuple[Block, ...]
    content: bytes


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """One segment; `head` before the content of any of its clusters makes a file of its own."""

    head: bytes
    tracks: tuple[Track, ...]
    clusters: tuple[Cluster, ...]


class _Element(NamedTuple):
    identifier: int
    start: int
    body: int
    end: int | None


def read_segment(content: bytes) -> Segment:
    """The one segment in these bytes; raises `InvalidMatroska`, for a second one too."""
    try:
        return _Reader(content).segment()
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise InvalidMatroska("the bytes end in the middle of an element") from error


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def segment(self) -> Segment:
        header = self._element(0, len(self._content))
        if header.identifier != _EBML or header.end is None:
            raise InvalidMatroska("no EBML header")
        doc_type = self._child(header, _DOC_TYPE)
        if doc_type is None or self._bytes(doc_type).rstrip(b"\0") != b"matroska":
            raise InvalidMatroska("the document is not Matroska")
        segment = self._element(header.end, len(self._content))
        if segment.identifier != _SEGMENT:
            raise InvalidMatroska("no segment after the header")
        if segment.end not in (None, len(self._content)):
            raise InvalidMatroska("something follows the segment: one segment a connection")
        return self._read(header, segment)

    def _read(self, header: _Element, segment: _Element) -> Segment:
        scale, head, tracks, clusters = 1_000_000, [], list[Track](), list[Cluster]()
        for one in self._children(segment.body, len(self._content)):
            if one.identifier in (_EBML, _SEGMENT):
                raise InvalidMatroska("a second segment: one segment a connection")
            if one.identifier == _INFO:
                stated = self._child(one, _TIMESTAMP_SCALE)
                scale = self._uint(stated) if stated else scale
                head.append(self._content[one.start : one.end])
            elif one.identifier == _TRACKS:
                tracks += [self._track(entry) for entry in self._inside(one, _TRACK_ENTRY)]
                head.append(self._content[one.start : one.end])
            elif one.identifier == _CLUSTER:
                clusters.append(self._cluster(one, scale))
        if not tracks:
            raise InvalidMatroska("no tracks")
        first = self._content[: header.end] + _UNKNOWN_SIZE_SEGMENT
        return Segment(head=first + b"".join(head), tracks=tuple(tracks), clusters=tuple(clusters))

    def _track(self, entry: _Element) -> Track:
        found = {one.identifier: one for one in self._children(entry.body, _end(entry))}
        if not {_TRACK_NUMBER, _TRACK_TYPE, _CODEC_ID} <= found.keys():
            raise InvalidMatroska("a track without number, type or codec")
        private, video = found.get(_CODEC_PRIVATE), found.get(_VIDEO)
        width, height = (self._child(video, one) if video else None for one in (_WIDTH, _HEIGHT))
        return Track(
            number=self._uint(found[_TRACK_NUMBER]),
            kind=_KINDS.get(self._uint(found[_TRACK_TYPE]), "other"),
            codec_id=self._bytes(found[_CODEC_ID]).rstrip(b"\0").decode("ascii"),
            codec_private=self._bytes(private) if private else b"",
            width=self._uint(width) if width else 0,
            height=self._uint(height) if height else 0,
        )

    def _cluster(self, cluster: _Element, scale: int) -> Cluster:
        stated = self._child(cluster, _TIMESTAMP)
        if stated is None:
            raise InvalidMatroska("a cluster without a timecode")
        timecode = self._uint(stated)
        blocks = [
            self._block(one, timecode, scale)
            for one in self._children(cluster.body, _end(cluster))
            if one.identifier in (_SIMPLE_BLOCK, _BLOCK_GROUP)
        ]
        return Cluster(
            timecode_ms=round(timecode * scale / 1_000_000),
            blocks=tuple(blocks),
            content=self._content[cluster.start : cluster.end],
        )

    def _block(self, one: _Element, cluster_timecode: int, scale: int) -> Block:
        is_key_frame = False
        if one.identifier == _BLOCK_GROUP:
            group, is_key_frame = one, self._child(one, _REFERENCE) is None
            inner = self._child(group, _BLOCK)
            if inner is None:
                raise InvalidMatroska("a block group without a block")
            one = inner
        track, at = self._size(one.body)
        (relative,) = struct.unpack_from(">h", self._content, at)
        if one.identifier == _SIMPLE_BLOCK:
            is_key_frame = bool(self._content[at + 2] & 0x80)
        timecode_ms = (cluster_timecode + relative) * scale / 1_000_000
        return Block(track=track or 0, timecode_ms=timecode_ms, is_key_frame=is_key_frame)

    def _children(self, start: int, end: int) -> Iterator[_Element]:
        """The elements from `start` to `end`; one of unknown size ends where one beside it begins."""
        while start < end:
            one = self._element(start, end)
            if one.end is None:
                one = one._replace(end=self._end_of_unknown(one.body, end))
            yield one
            start = _end(one)

    def _end_of_unknown(self, start: int, end: int) -> int:
        while start < end:
            one = self._element(start, end)
            if one.identifier in _BESIDE_CLUSTERS or one.identifier in (_EBML, _SEGMENT):
                return start
            start = _end(one)
        return end

    def _element(self, start: int, end: int) -> _Element:
        identifier, at = self._identifier(start)
        size, body = self._size(at)
        if size is None and identifier not in (_SEGMENT, _CLUSTER):
            raise InvalidMatroska(f"an element {identifier:X} of unknown size")
        if size is not None and body + size > end:
            raise InvalidMatroska(f"an element {identifier:X} that is longer than what it stands in")
        return _Element(identifier, start, body, None if size is None else body + size)

    def _identifier(self, at: int) -> tuple[int, int]:
        length = 9 - self._content[at].bit_length()
        if length > 4:
            raise InvalidMatroska("an element identifier of more than four bytes")
        return int.from_bytes(self._content[at : at + length], "big"), at + length

    def _size(self, at: int) -> tuple[int | None, int]:
        """A variable-length number, none for "unknown", and where it ends."""
        length = 9 - self._content[at].bit_length()
        if length > 8:
            raise InvalidMatroska("a size of more than eight bytes")
        mask = (1 << 7 * length) - 1
        value = int.from_bytes(self._content[at : at + length], "big") & mask
        return (None if value == mask else value), at + length

    def _inside(self, parent: _Element, identifier: int) -> list[_Element]:
        return [one for one in self._children(parent.body, _end(parent)) if one.identifier == identifier]

    def _child(self, parent: _Element, identifier: int) -> _Element | None:
        return next(iter(self._inside(parent, identifier)), None)

    def _bytes(self, one: _Element) -> bytes:
        return self._content[one.body : one.end]

    def _uint(self, one: _Element) -> int:
        return int.from_bytes(self._bytes(one), "big")


def _end(one: _Element) -> int:
    if one.end is None:
        raise InvalidMatroska("an element of unknown size where none may be")
    return one.end
