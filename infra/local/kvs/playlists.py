"""The text of HLS playlists, and which media may stand in them. Source: RFC 8216."""

from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from itertools import accumulate, pairwise

import msgspec

from infra.local.kvs.faults import KvsFault
from infra.local.kvs.fragments import Fragment
from infra.local.kvs.matroska import Track

_VIDEO_CODECS = {"V_MPEG/ISO/AVC", "V_MPEG4/ISO/AVC"}
_AUDIO_CODECS = {"A_AAC"}
_LIVE_FRAGMENTS, _STORED_FRAGMENTS = 3, 1000
# Fragments that begin this near to the end of the one before follow it without a gap.
_TOLERANCE_MS = 100


class Mode(StrEnum):
    """How a session plays: what is newest, from a moment on, or between two moments."""

    LIVE = "LIVE"
    LIVE_REPLAY = "LIVE_REPLAY"
    ON_DEMAND = "ON_DEMAND"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a session asked its playlist to look like."""

    mode: Mode
    discontinuities: str
    has_timestamps: bool
    most: int | None


def must_be_playable(fragments: list[Fragment]) -> None:
    """Raise `UnsupportedStreamMediaTypeException` for any codec but H.264 and AAC, as the service does.

    Raises `MissingCodecPrivateDataException` where a track lacks what a decoder starts from.
    """
    for track in (track for fragment in fragments for track in fragment.tracks):
        if track.codec_id not in _VIDEO_CODECS | _AUDIO_CODECS:
            raise KvsFault(
                "UnsupportedStreamMediaTypeException",
                HTTPStatus.BAD_REQUEST,
                f"The codec {track.codec_id} of track {track.number} cannot be played: H.264 and AAC can.",
            )
        if not track.codec_private:
            raise KvsFault(
                "MissingCodecPrivateDataException",
                HTTPStatus.BAD_REQUEST,
                f"Track {track.number} has no codec private data.",
            )


def variant_playlist(newest: Fragment, token: str) -> str:
    """The first playlist a player loads: one variant, described by the newest fragment."""
    bits = newest.size_bytes * 8 * 1000 // max(newest.length_ms, 1)
    codecs = ",".join(_codec_of(track) for track in newest.tracks)
    picture = next((one for one in newest.tracks if one.kind == "video"), None)
    size = f",RESOLUTION={picture.width}x{picture.height}" if picture else ""
    return (
        "#EXTM3U\n#EXT-X-VERSION:7\n"
        f'#EXT-X-STREAM-INF:BANDWIDTH={bits},CODECS="{codecs}"{size}\n'
        f"getHLSMediaPlaylist.m3u8?SessionToken={token}\n"
    )


def media_playlist(fragments: list[Fragment], shown: Shown, token: str) -> str:
    """The playlist of the fragments: all stored ones from the start, or the last ones of a live stream."""
    breaks = [False, *(_is_break(*pair, shown.discontinuities) for pair in pairwise(fragments))]
    first, last = _window(len(fragments), shown)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(-(-one.length_ms // 1000) for one in fragments[first:last]) or 1}",
        f"#EXT-X-MEDIA-SEQUENCE:{first}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{list(accumulate(breaks))[first] if first else 0}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        *_type_of(shown.mode),
    ]
    tracks: tuple[Track, ...] | None = None
    for one, is_break in list(zip(fragments, breaks, strict=True))[first:last]:
        lines += ["#EXT-X-DISCONTINUITY"] if is_break and tracks is not None else []
        lines += [f'#EXT-X-MAP:URI="{_address("Init", one, token)}"'] if one.tracks != tracks else []
        lines += [f"#EXT-X-PROGRAM-DATE-TIME:{_moment(one)}"] if shown.has_timestamps else []
        lines += [f"#EXTINF:{one.length_ms / 1000:.3f},", _address("Media", one, token)]
        tracks = one.tracks
    lines += ["#EXT-X-ENDLIST"] if shown.mode is Mode.ON_DEMAND else []
    return "\n".join(lines) + "\n"


def _window(count: int, shown: Shown) -> tuple[int, int]:
    if shown.mode is Mode.LIVE:
        return max(0, count - (shown.most or _LIVE_FRAGMENTS)), count
    return 0, min(count, shown.most or _STORED_FRAGMENTS)


def _type_of(mode: Mode) -> list[str]:
    kind = {Mode.ON_DEMAND: "VOD", Mode.LIVE_REPLAY: "EVENT"}.get(mode)
    return [f"#EXT-X-PLAYLIST-TYPE:{kind}"] if kind else []


def _is_break(before: Fragment, after: Fragment, mode: str) -> bool:
    """Whether a player must start its clock and its decoders anew; for other tracks it always must."""
    gap_ms = after.producer_timestamp_ms - before.producer_timestamp_ms - before.length_ms
    has_gap = mode == "ON_DISCONTINUITY" and abs(gap_ms) > _TOLERANCE_MS
    return mode == "ALWAYS" or has_gap or before.tracks != after.tracks


def _address(kind: str, fragment: Fragment, token: str) -> str:
    return f"getMP4{kind}Fragment.mp4?FragmentNumber={fragment.number}&SessionToken={token}"


def _moment(fragment: Fragment) -> str:
    moment = datetime.fromtimestamp(fragment.producer_timestamp_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _codec_of(track: Track) -> str:
    """The codec's name by RFC 6381, from what its decoder starts from."""
    if track.kind == "video":
        return f"avc1.{track.codec_private[1:4].hex()}"
    return f"mp4a.40.{track.codec_private[0] >> 3}"
