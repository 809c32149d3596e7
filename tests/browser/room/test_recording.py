"""A minute of a real call, recorded by the console's page: whole, hashed, copied once, and seen again."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Error as PlaywrightError

from tests.browser.live_room import ALL_PICTURES, Console, Room, Screen
from tests.browser.recorder_checks import (
    BLACK,
    FRAME_MS,
    colours,
    is_as_the_timeline_says,
    opens_alone,
    opens_joined,
    says_that_it_stands_still,
    was_copied_at_most_once,
)
from tests.browser.recorder_desk import RecordingDesk
from tests.browser.recorder_media import decoded, pictures_of
from tests.desk import work
from tests.machine import Machine, StaffClient, done, eventually
from tests.recording import Kept, entries, fragments, kinesis, line_of

CALL_SECONDS = 60
STALL_SECONDS = 5
UPLOADS_GONE_SECONDS = 5
IN_HAND_MS = 4000
"""A fragment is 2 s; its way to the service may take as much again."""


class Story(NamedTuple):
    """What happened to a call, and when (ms since 1970)."""

    incident_id: str
    stream: str
    upright: tuple[int, int]
    stalled: tuple[int, int]
    dropped_ms: int
    ended_ms: int
    killed_ms: int


@pytest.fixture
def rate() -> int:
    """As many pictures a second as a phone gives."""
    return ALL_PICTURES


@pytest.fixture
def player(cameras: Browser, machine: Machine) -> Iterator[RecordingDesk]:
    """A page that plays what was recorded."""
    opened = RecordingDesk(cameras, machine, seat=machine.staff("seat1"), incident_id="")
    yield opened
    opened.context.close()


def now_ms() -> int:
    return round(time.time() * 1000)


def passes(seconds: float) -> None:
    """Let that much of the call go by; a recording has the length that it has."""
    until = time.monotonic() + seconds
    eventually(lambda: time.monotonic() >= until, within_seconds=seconds + 5)


def turned(citizen: Screen, desk: Console) -> tuple[int, int]:
    """The citizen turns to the phone's other camera, which gives an upright picture, for some seconds."""
    citizen.page.locator(".control.turn").click()
    size = "(([one]) => one.videoWidth < one.videoHeight)(document.querySelectorAll(selector))"
    eventually(lambda: desk.page.evaluate(f"(selector) => {size}", desk.picture), within_seconds=15)
    since = now_ms()
    passes(6)
    until = now_ms()
    citizen.page.locator(".control.turn").click()
    return since, until


def stalled(citizen: Screen) -> tuple[int, int]:
    """The camera gives nothing new for some seconds."""
    citizen.page.evaluate("camera110.moves = false")
    since = now_ms()
    passes(STALL_SECONDS)
    citizen.page.evaluate("camera110.moves = true")
    return since, now_ms()


def lost_uploads(desk: Console) -> None:
    """Nothing gets through to the service for some seconds; the call goes on."""
    desk.page.context.set_offline(True)
    passes(UPLOADS_GONE_SECONDS)
    desk.page.context.set_offline(False)


def killed(desk: Console) -> int:
    """The console's page dies without a word."""
    at_ms = now_ms()
    with pytest.raises(PlaywrightError):
        desk.page.goto("chrome://crash", timeout=2000)
    return at_ms


def is_watched_live(player: RecordingDesk, seat: StaffClient, incident_id: str) -> None:
    """Wait until the call plays while it goes on, and goes on playing."""
    path = f"/console/incidents/{incident_id}/recording?live=true"
    player.watch(eventually(lambda: done(seat.get(path))["live_url"], within_seconds=20))
    player.wait_until("seen.video.currentTime > 1 || seen.faults.length > 0")
    shown = player.do("seen.hls.latestLevelDetails.endSN")
    player.wait_until(f"seen.hls.latestLevelDetails.endSN > {shown} || seen.faults.length > 0")
    assert player.do("seen.faults") == []


def is_seen_again(player: RecordingDesk, machine: Machine, story: Story, kept: list[Kept]) -> None:
    """Wait until all of it has played after the call."""
    first, last = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (kept[0].started_ms, kept[-1].ended_ms))
    address = kinesis(machine).get_hls_streaming_session_url(
        StreamName=story.stream,
        PlaybackMode="ON_DEMAND",
        HLSFragmentSelector={
            "FragmentSelectorType": "PRODUCER_TIMESTAMP",
            "TimestampRange": {"StartTimestamp": first, "EndTimestamp": last},
        },
        DiscontinuityMode="ON_DISCONTINUITY",
    )["HLSStreamingSessionURL"]
    player.watch(address)
    player.do("seen.video.playbackRate = 4")
    player.wait_until("seen.video.ended || seen.faults.length > 0")
    assert player.do("seen.faults") == []
    copied = sum(one.duration_ms for one in kept if one.copy == "accepted") / 1000
    assert player.do("seen.video.currentTime") == pytest.approx(copied, abs=3)
    assert player.do("seen.video.webkitAudioDecodedByteCount") > 0


def a_minute(room: Room, machine: Machine, seat: StaffClient, player: RecordingDesk) -> Story:
    """A call with a turned camera, a stall, a drop, a network gone at the desk, and a console killed."""
    desk = room.console(seat.account)
    citizen, incident_id = room.citizen("video110")
    panel = desk.answer(incident_id)
    desk.stands(incident_id, "live")
    recording = panel.get_by_test_id("recording")
    expect(recording).to_have_attribute("data-state", "on", timeout=30_000)
    began_ms = now_ms()
    upright = turned(citizen, desk)
    still = stalled(citizen)
    is_watched_live(player, seat, incident_id)
    desk.stands(incident_id, "live")
    dropped_ms = now_ms()
    citizen.page.reload()
    desk.stands(incident_id, "live")
    desk.sees(desk.picture)
    lost_uploads(desk)
    expect(recording).to_have_attribute("data-state", "on", timeout=30_000)
    passes(max(0, CALL_SECONDS - (now_ms() - began_ms) / 1000))
    ended_ms, killed_ms = now_ms(), killed(desk)
    again = room.console(seat.account)
    again.stands(incident_id, "live")
    before = len(entries(seat, incident_id))
    eventually(lambda: len(entries(seat, incident_id)) >= before + 2, within_seconds=30)
    stream = line_of(machine, incident_id)
    work(seat, incident_id, "close", {"disposition": "resolved"})
    again.page.context.close()
    return Story(
        incident_id=incident_id,
        stream=stream,
        upright=upright,
        stalled=still,
        dropped_ms=dropped_ms,
        ended_ms=ended_ms,
        killed_ms=killed_ms,
    )


@pytest.mark.timeout(300)
def test_a_minute_of_a_call_is_recorded_whole_and_a_killed_console_loses_what_it_had_in_hand(
    room: Room, machine: Machine, seat: StaffClient, player: RecordingDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    story = a_minute(room, machine, seat, player)
    kept = eventually(lambda: all_kept(seat, story.incident_id), within_seconds=20)
    assert [one.seq for one in kept] == list(range(1, len(kept) + 1))
    for one in kept:
        opens_alone(one)
    gaps_ms = [after.started_ms - one.ended_ms for one, after in pairwise(kept)]
    before = gaps_ms.index(max(gaps_ms)) + 1
    first, second = kept[:before], kept[before:]
    assert story.ended_ms - first[0].started_ms > CALL_SECONDS * 1000
    opens_joined(first)
    opens_joined(second)
    assert decoded(b"".join(one.content for one in kept)).sizes == {(640, 480)}
    is_as_the_timeline_says(machine, seat, story.incident_id, kept)
    was_copied_at_most_once(machine, story.stream, kept)
    stands_upright(within(first, *story.upright))
    says_that_it_stands_still(within(first, story.stalled[0] + 2000, story.stalled[1]))
    in_hand_ms = story.killed_ms - first[-1].ended_ms
    assert in_hand_ms < IN_HAND_MS
    gap_ms = max(gaps_ms)
    told = next(one for one in entries(seat, story.incident_id) if one["seq"] == second[0].seq)
    assert told["unrecorded_seconds"] == pytest.approx(gap_ms / 1000, abs=0.002)
    assert entries(seat, story.incident_id, "recording.missing") == []
    is_seen_again(player, machine, story, first)
    with capsys.disabled():
        accepted = sum(one.copy == "accepted" for one in kept)
        sizes = [len(one.content) >> 10 for one in kept]
        print(
            f"\n{len(kept)} fragments of {min(sizes)} to {max(sizes)} KiB, {accepted} of them copied;",
            end=" ",
        )
        print(f"killed with {in_hand_ms} ms in hand, {gap_ms / 1000:.1f} s not recorded")


def all_kept(seat: StaffClient, incident_id: str) -> list[Kept]:
    """The fragments, or none while one is on its way."""
    kept = fragments(seat, incident_id)
    return kept if len(kept) == len(entries(seat, incident_id)) else []


def within(kept: list[Kept], since_ms: int, until_ms: int) -> Kept:
    """The last fragment that ended in a span of time."""
    return next(one for one in reversed(kept) if since_ms + FRAME_MS < one.ended_ms <= until_ms + FRAME_MS)


def stands_upright(one: Kept) -> None:
    """Fail unless the picture has black to both its sides and none in its middle."""
    picture = pictures_of(one.content)[-1]
    left, middle, right = (colours(picture.crop((x, 100, x + 80, 400)))[BLACK] for x in (20, 280, 540))
    assert left > 0.9
    assert right > 0.9
    assert middle < 0.1
