"""Gives stored fragments back as they came: ListFragments, GetMediaForFragmentList and GetMedia.

GetMedia ends where the stored media ends, where the service would wait for more.
"""

from typing import Any, Literal

import msgspec

from infra.local.kvs.faults import invalid_argument, not_found
from infra.local.kvs.forms import Body, read
from infra.local.kvs.fragments import Fragment, Fragments
from infra.local.kvs.rates import Rates
from infra.local.kvs.streams import Stream, Streams

TimeOf = Literal["PRODUCER_TIMESTAMP", "SERVER_TIMESTAMP"]


class TimestampRange(Body, frozen=True, kw_only=True):
    """Seconds since 1970, both ends in."""

    start_timestamp: float = 0
    end_timestamp: float = float("inf")

    def has(self, fragment: Fragment, time_of: TimeOf) -> bool:
        """Whether the fragment begins in the range."""
        by_producer = time_of == "PRODUCER_TIMESTAMP"
        at_ms = fragment.producer_timestamp_ms if by_producer else fragment.server_timestamp_ms
        return self.start_timestamp <= at_ms / 1000 <= self.end_timestamp


class FragmentSelector(Body, frozen=True, kw_only=True):
    """Which fragments, by the producer's clock or by the server's."""

    fragment_selector_type: TimeOf
    timestamp_range: TimestampRange


class _WhichStream(Body, frozen=True, kw_only=True):
    stream_name: str = ""
    stream_arn: str = msgspec.field(name="StreamARN", default="")


class _ListFragments(_WhichStream, frozen=True, kw_only=True):
    max_results: int = 100
    next_token: str = ""
    fragment_selector: FragmentSelector | None = None


class _FragmentList(_WhichStream, frozen=True, kw_only=True):
    fragments: list[str]


class _StartSelector(Body, frozen=True, kw_only=True):
    start_selector_type: Literal[
        "EARLIEST", "NOW", "FRAGMENT_NUMBER", "PRODUCER_TIMESTAMP", "SERVER_TIMESTAMP"
    ]
    after_fragment_number: str = ""
    start_timestamp: float = 0


class _GetMedia(_WhichStream, frozen=True, kw_only=True):
    start_selector: _StartSelector


class Archive:
    """Answers each call with the stream's ARN and a document or media."""

    def __init__(self, streams: Streams, fragments: Fragments, rates: Rates) -> None:
        self._streams = streams
        self._fragments = fragments
        self._rates = rates
        self.operations = {
            "ListFragments": self._list,
            "GetMediaForFragmentList": self._media_for_list,
            "GetMedia": self._media,
        }

    def _list(self, body: bytes) -> tuple[str, dict[str, Any] | bytes]:
        asked = read(body, _ListFragments)
        stream = self._stream(asked, "ListFragments")
        selector = asked.fragment_selector
        rest = [
            one
            for one in self._fragments.all(stream)
            if one.number > asked.next_token
            and (selector is None or selector.timestamp_range.has(one, selector.fragment_selector_type))
        ]
        page = rest[: asked.max_results]
        document: dict[str, Any] = {"Fragments": [one.document() for one in page]}
        if len(rest) > len(page):
            document["NextToken"] = page[-1].number
        return stream.arn, document

    def _media_for_list(self, body: bytes) -> tuple[str, dict[str, Any] | bytes]:
        asked = read(body, _FragmentList)
        stream = self._stream(asked, "GetMediaForFragmentList")
        by_number = {one.number: one for one in self._fragments.all(stream)}
        if not asked.fragments or len(asked.fragments) > 1000:
            raise invalid_argument("Fragments has from 1 to 1000 numbers.")
        if not by_number.keys() >= set(asked.fragments):
            raise not_found("fragment")
        return stream.arn, self._joined(stream, [by_number[one] for one in asked.fragments])

    def _media(self, body: bytes) -> tuple[str, dict[str, Any] | bytes]:
        asked = read(body, _GetMedia)
        stream = self._stream(asked, "GetMedia")
        chosen = [one for one in self._fragments.all(stream) if _is_after(one, asked.start_selector)]
        if asked.start_selector.start_selector_type == "NOW":
            chosen = chosen[-1:]
        return stream.arn, self._joined(stream, chosen)

    def _stream(self, asked: _WhichStream, operation: str) -> Stream:
        stream = self._streams.find(arn=asked.stream_arn, name=asked.stream_name)
        self._rates.take(operation, stream.arn)
        return stream

    def _joined(self, stream: Stream, fragments: list[Fragment]) -> bytes:
        return b"".join(self._fragments.content(stream, one) for one in fragments)


def _is_after(fragment: Fragment, start: _StartSelector) -> bool:
    kind = start.start_selector_type
    if kind == "FRAGMENT_NUMBER":
        return fragment.number > start.after_fragment_number
    if kind == "EARLIEST" or kind == "NOW":  # noqa: PLR1714 - mypy narrows by this form only
        return True
    return TimestampRange(start_timestamp=start.start_timestamp).has(fragment, kind)
