"""The recorder in Chromium against the whole machine: nothing is lost without need, or without a word."""

import os
from collections.abc import Callable, Iterator
from statistics import median

import pytest
from playwright.sync_api import Browser

from tests.browser.recorder_checks import (
    is_as_the_timeline_says,
    opens_alone,
    opens_joined,
    says_that_it_stands_still,
    was_copied_at_most_once,
)
from tests.browser.recorder_desk import RecordingDesk
from tests.browser.recorder_media import decoded
from tests.chromium import PLAYING, launch
from tests.desk import a_seat, work
from tests.machine import Machine, StaffClient, done, eventually
from tests.recording import a_live_call, end, entries, fragments, line_of

SECONDS = int(os.environ.get("INSTANT110_RECORDING_SECONDS", "10"))
"""How long the long call is; a minute of a real call is in test_live_recording.py."""

TONE = 0.3

Record = Callable[..., RecordingDesk]


@pytest.fixture(scope="module")
def chromium(browser: Browser) -> Iterator[Browser]:
    own = launch(browser.browser_type, PLAYING)
    yield own
    own.close()


@pytest.fixture
def seat(machine: Machine) -> StaffClient:
    """A seat of one test alone."""
    return a_seat(machine)


@pytest.fixture
def call(machine: Machine, seat: StaffClient) -> Iterator[str]:
    """A live call that the seat has answered; closed at the end, so that its line is free again."""
    incident_id = a_live_call(machine, seat)
    yield incident_id
    end(seat, incident_id)


@pytest.fixture
def desk(chromium: Browser, machine: Machine, seat: StaffClient, call: str) -> Iterator[Record]:
    """Makes desks that record the call."""
    made: list[RecordingDesk] = []

    def make(*, starts: bool = True, without: str = "", **limits: object) -> RecordingDesk:
        made.append(RecordingDesk(chromium, machine, seat=seat, incident_id=call))
        if without:
            made[-1].context.route(without, lambda route: route.abort())
        return made[-1].start(**limits) if starts else made[-1]

    yield make
    for one in made:
        one.context.close()


def test_a_long_call_with_a_turned_phone_a_stall_and_a_lost_network_is_recorded_whole(
    machine: Machine, seat: StaffClient, call: str, desk: Record
) -> None:
    console = desk()
    console.wait_for("state.kept >= 1")
    console.do("stage.size(480, 640)")
    console.goes_on_for(SECONDS / 10)
    console.do("stage.size(1280, 720)")
    console.goes_on_for(SECONDS / 10)
    console.do("stage.paints = false")
    console.wait_for("state.stalled")
    stalled_ms = console.do("Date.now()")
    console.goes_on_for(5)
    console.do("stage.paints = true")
    console.wait_for("!state.stalled")
    console.context.set_offline(True)
    console.wait_for("state.fault === 'unreachable' && state.waiting > 1")
    console.goes_on_for(SECONDS / 5)
    console.context.set_offline(False)
    console.wait_for("state.waiting <= 1 && state.fault === null")
    console.goes_on_for(max(0.0, SECONDS - 15))
    last = console.stop()

    kept = fragments(seat, call)
    assert not any("unrecorded_seconds" in one for one in entries(seat, call))
    assert last == {**last, "recording": False, "waiting": 0, "missing": [], "lost": 0, "fault": None}
    assert [one.seq for one in kept] == list(range(1, last["kept"] + 1))
    for one in kept:
        opens_alone(one)
    joined = opens_joined(kept)
    assert median(joined.loudness) == pytest.approx(TONE, abs=0.05)
    is_as_the_timeline_says(machine, seat, call, kept)
    was_copied_at_most_once(machine, line_of(machine, call), kept)
    says_that_it_stands_still(next(one for one in kept if one.started_ms > stalled_ms))
    assert max(one.ended_ms for one in kept) - kept[0].started_ms > SECONDS * 1000
    sizes = [len(one.content) for one in kept]
    print(f"\n{len(kept)} fragments of {min(sizes) // 1024} to {max(sizes) // 1024} KiB,")
    print(f"{sum(one.copy == 'accepted' for one in kept)} accepted by Kinesis Video's stand-in")


def test_what_did_not_come_in_time_is_asked_for_and_named_when_the_call_is_closed(
    seat: StaffClient, call: str, desk: Record
) -> None:
    console = desk(heldMs=4500)
    console.wait_for("state.kept >= 1")
    console.context.set_offline(True)
    console.wait_for("state.lost >= 1")
    console.context.set_offline(False)
    console.wait_for("state.missing.length >= 1")
    last = console.stop()
    work(seat, call, "close", {"disposition": "resolved"})

    kept = [one.seq for one in fragments(seat, call)]
    never = sorted(set(range(1, kept[-1] + 1)) - set(kept))
    assert never == last["missing"]
    assert len(never) == last["lost"]
    assert any(one.get("unrecorded_seconds", 0) > 1 for one in entries(seat, call))
    told = eventually(lambda: entries(seat, call, "recording.missing"), within_seconds=10)
    assert [one["seqs"] for one in told] == [never]


def test_where_aac_cannot_be_loaded_the_sound_is_opus_and_nothing_is_missing(
    seat: StaffClient, call: str, desk: Record
) -> None:
    console = desk(without="**/vendor-mediabunny-aac-encoder.*")
    console.wait_for("state.kept >= 2")
    console.stop()
    kept = fragments(seat, call)
    assert {frozenset(decoded(one.content).codecs) for one in kept} == {frozenset({"h264", "opus"})}
    assert {one.copy for one in kept} <= {"accepted", "unknown"}
    assert done(seat.get(f"/console/incidents/{call}/recording?live=true"))["live_url"] is None


def test_a_call_is_watched_live_and_seen_again_afterwards(seat: StaffClient, call: str, desk: Record) -> None:
    console = desk()
    console.wait_for("state.kept >= 2")
    address = eventually(
        lambda: done(seat.get(f"/console/incidents/{call}/recording?live=true"))["live_url"],
        within_seconds=20,
    )
    watching = desk(starts=False)
    watching.watch(address)
    watching.wait_until("seen.video.currentTime > 0 || seen.faults.length > 0")
    shown = watching.do("seen.hls.latestLevelDetails.endSN")
    watching.wait_until(f"seen.hls.latestLevelDetails.endSN > {shown} || seen.faults.length > 0")
    console.stop()
    end(seat, call)
    assert watching.do("seen.faults") == []
    assert watching.do("seen.video.getVideoPlaybackQuality().totalVideoFrames") > 0
    assert watching.do("seen.video.webkitAudioDecodedByteCount") > 0

    kept = fragments(seat, call)
    items = done(seat.get(f"/console/incidents/{call}/recording"))["items"]
    watching.play([one["url"] for one in items], began_ms=kept[0].started_ms)
    watching.wait_until("seen.video.ended || seen.video.error !== null")
    assert watching.do("seen.video.error") is None
    assert watching.do("seen.video.currentTime * 1000") == pytest.approx(kept[-1].ended_ms, abs=100)
    pictures = sum(len(decoded(one.content).pictures_ms) for one in kept)
    assert watching.do("seen.video.getVideoPlaybackQuality().totalVideoFrames") > pictures * 0.9
