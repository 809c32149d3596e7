"""HLS playback of stored fragments: sessions, playlists and the MP4 that they name.

Picture and sound come in one variant, where the service parts them. Source: the API reference of
GetHLSStreamingSessionURL.
"""

import secrets
import threading
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Literal

import msgspec

from infra.local.kvs.archive import TimeOf, TimestampRange
from infra.local.kvs.faults import KvsFault, forbidden, invalid_argument
from infra.local.kvs.forms import Body, read
from infra.local.kvs.fragments import Fragment, Fragments
from infra.local.kvs.playlists import Mode, Shown, media_playlist, must_be_playable, variant_playlist
from infra.local.kvs.rates import Rates
from infra.local.kvs.streams import Stream, Streams
from infra.local.kvs.transmux import transmuxed

PREFIX = "/hls/v1/"
_PLAYLIST_TYPE = "application/x-mpegURL"


class _HlsSelector(Body, frozen=True, kw_only=True):
    fragment_selector_type: TimeOf = "SERVER_TIMESTAMP"
    timestamp_range: TimestampRange | None = None


class _Asked(Body, frozen=True, kw_only=True):
    stream_name: str = ""
    stream_arn: str = msgspec.field(name="StreamARN", default="")
    playback_mode: Mode = Mode.LIVE
    hls_fragment_selector: _HlsSelector = msgspec.field(name="HLSFragmentSelector", default=_HlsSelector())
    container_format: Literal["FRAGMENTED_MP4"] = "FRAGMENTED_MP4"
    discontinuity_mode: Literal["ALWAYS", "NEVER", "ON_DISCONTINUITY"] = "ALWAYS"
    display_fragment_timestamp: Literal["ALWAYS", "NEVER"] = "NEVER"
    expires: int = 300
    max_media_playlist_fragment_results: int | None = None


class _Session(msgspec.Struct, frozen=True, kw_only=True):
    stream: Stream
    asked: _Asked
    expires_at: datetime


class Hls:
    """Opens sessions and answers what players ask with their tokens."""

    def __init__(self, streams: Streams, fragments: Fragments, rates: Rates, *, url: str) -> None:
        self._streams = streams
        self._fragments = fragments
        self._rates = rates
        self._url = url
        self._lock = threading.Lock()
        self._sessions: dict[str, _Session] = {}
        self.operations = {"GetHLSStreamingSessionURL": self._open}

    def answer(self, name: str, query: dict[str, str], *, now: datetime) -> tuple[str, bytes]:
        """Type and content of what a player asks for; raises `KvsFault`, 403 after the session's end."""
        token = query.get("SessionToken", "")
        session = self._session(token, now=now)
        operation = f"G{name[1:].split('.', maxsplit=1)[0]}"
        self._rates.take(operation, token)
        if name == "getHLSMasterPlaylist.m3u8":
            return _PLAYLIST_TYPE, variant_playlist(self._selected(session)[-1], token).encode()
        if name == "getHLSMediaPlaylist.m3u8":
            shown = _shown(session.asked)
            return _PLAYLIST_TYPE, media_playlist(self._selected(session), shown, token).encode()
        mp4 = transmuxed(self._fragments.path(session.stream, self._fragment(session, query)))
        if name == "getMP4InitFragment.mp4":
            return "video/mp4", mp4.init
        if name == "getMP4MediaFragment.mp4":
            return "video/mp4", mp4.media
        raise invalid_argument(f"{name} is nothing that a player asks for.")

    def _open(self, body: bytes) -> tuple[str, dict[str, Any] | bytes]:
        asked = read(body, _Asked)
        _must_be_in_range(asked)
        stream = self._streams.find(arn=asked.stream_arn, name=asked.stream_name)
        self._rates.take("GetHLSStreamingSessionURL", stream.arn)
        if not stream.data_retention_hours:
            raise KvsFault("NoDataRetentionException", HTTPStatus.BAD_REQUEST, "The stream retains no data.")
        expires_at = datetime.now(UTC) + timedelta(seconds=asked.expires)
        session = _Session(stream=stream, asked=asked, expires_at=expires_at)
        must_be_playable(self._selected(session))
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions = {
                key: one for key, one in self._sessions.items() if one.expires_at > datetime.now(UTC)
            }
            self._sessions[token] = session
        address = f"{self._url}{PREFIX}getHLSMasterPlaylist.m3u8?SessionToken={token}"
        return stream.arn, {"HLSStreamingSessionURL": address}

    def _session(self, token: str, *, now: datetime) -> _Session:
        with self._lock:
            session = self._sessions.get(token)
        if session is None or session.expires_at <= now:
            raise forbidden("AccessDeniedException", "The session has ended or never was.")
        return session

    def _selected(self, session: _Session) -> list[Fragment]:
        """What the session shows, in order; of those with one start by the producer's clock, the newest."""
        selector = session.asked.hls_fragment_selector
        wanted = selector.timestamp_range or TimestampRange()
        kind = selector.fragment_selector_type
        found = [one for one in self._fragments.all(session.stream) if wanted.has(one, kind)]
        if kind == "PRODUCER_TIMESTAMP":
            by_start = {one.producer_timestamp_ms: one for one in found}
            found = [by_start[start] for start in sorted(by_start)]
        if not found:
            raise KvsFault(
                "ResourceNotFoundException",
                HTTPStatus.NOT_FOUND,
                "No fragments found in the stream for the streaming request.",
            )
        return found

    def _fragment(self, session: _Session, query: dict[str, str]) -> Fragment:
        number = query.get("FragmentNumber", "")
        for one in self._selected(session):
            if one.number == number:
                return one
        raise invalid_argument("FragmentNumber is none of this session's.")


def _must_be_in_range(asked: _Asked) -> None:
    if not 300 <= asked.expires <= 43_200:
        raise invalid_argument("Expires is from 300 to 43200 seconds.")
    most = asked.max_media_playlist_fragment_results
    if most is not None and not 1 <= most <= 5_000:
        raise invalid_argument("MaxMediaPlaylistFragmentResults is from 1 to 5000.")
    has_range = asked.hls_fragment_selector.timestamp_range is not None
    if has_range is (asked.playback_mode is Mode.LIVE):
        raise invalid_argument("TimestampRange is for ON_DEMAND and LIVE_REPLAY, and needed there.")


def _shown(asked: _Asked) -> Shown:
    return Shown(
        mode=asked.playback_mode,
        discontinuities=asked.discontinuity_mode,
        has_timestamps=asked.display_fragment_timestamp == "ALWAYS",
        most=asked.max_media_playlist_fragment_results,
    )
