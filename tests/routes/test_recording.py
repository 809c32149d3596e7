"""The recording of a call at the service: each fragment once, as it came, and what is missing asked for."""

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from chalicelib.domain.recording import LIMIT_BYTES
from tests.desk import a_seat, an_answered, refused, work
from tests.machine import HttpClient, Machine, StaffClient, done, eventually
from tests.recording import (
    a_live_call,
    a_piece,
    end,
    entries,
    fragments,
    line_of,
    original,
    put_media_calls,
    put_piece,
    streamed_ms,
)

AT_ONCE = 8


@pytest.fixture
def owner(machine: Machine) -> StaffClient:
    """A call-taker of one test alone."""
    return a_seat(machine)


@pytest.fixture
def incident_id(machine: Machine, owner: StaffClient) -> str:
    """An answered incident that holds no line."""
    return an_answered(machine, owner)


@pytest.fixture
def call(machine: Machine, owner: StaffClient) -> Iterator[str]:
    """An answered live call that holds a line."""
    made = a_live_call(machine, owner)
    yield made
    end(owner, made)


def test_a_fragment_is_kept_as_it_came_and_its_hash_stands_in_the_timeline(
    machine: Machine, owner: StaffClient, incident_id: str
) -> None:
    content, told = a_piece(1)
    sha256 = hashlib.sha256(content).hexdigest()
    answer = done(put_piece(owner, incident_id, 1, content, told))
    assert (answer["seq"], answer["sha256"], answer["copy"]) == (1, sha256, "not_sent")
    assert (answer["recording"]["highest"], answer["recording"]["missing"]) == (1, [])
    (entry,) = entries(owner, incident_id)
    assert (entry["seq"], entry["sha256"], entry["size_bytes"]) == (1, sha256, len(content))
    assert original(machine, incident_id, 1, entry["evidence_version"]) == content
    (kept,) = fragments(owner, incident_id)
    assert (kept.content, kept.duration_ms) == (content, 1000)


def test_the_same_fragment_again_is_answered_as_before(owner: StaffClient, incident_id: str) -> None:
    content, told = a_piece(1)
    first = done(put_piece(owner, incident_id, 1, content, told))
    assert done(put_piece(owner, incident_id, 1, content, told)) == first
    assert len(entries(owner, incident_id)) == 1


def test_other_bytes_under_a_kept_number_are_refused_and_change_nothing(
    owner: StaffClient, incident_id: str
) -> None:
    content, told = a_piece(1)
    done(put_piece(owner, incident_id, 1, content, told))
    problem = refused(put_piece(owner, incident_id, 1, content + b"x", told), 409, "fragment-differs")
    assert problem["seq"] == 1
    assert [one.content for one in fragments(owner, incident_id)] == [content]


@pytest.mark.parametrize("content", [b"", b"RIFF....AVI ", b"\x00\x00\x00\x18ftypmp42"])
def test_what_is_no_matroska_is_refused(owner: StaffClient, incident_id: str, content: bytes) -> None:
    _, told = a_piece(1)
    assert refused(put_piece(owner, incident_id, 1, content, told), 422, "body-invalid")["field"] == "body"
    assert fragments(owner, incident_id) == []


def test_a_fragment_over_the_limit_is_refused(owner: StaffClient, incident_id: str) -> None:
    content, told = a_piece(1)
    large = content.ljust(LIMIT_BYTES + 1, b"\0")
    refused(put_piece(owner, incident_id, 1, large, told), 413, "body-too-large")
    assert fragments(owner, incident_id) == []


@pytest.mark.parametrize("seq", ["0", "1000000", "-1", "one", "1.5", "１"])
def test_fragments_are_numbered_from_one(owner: StaffClient, incident_id: str, seq: str) -> None:
    content, told = a_piece(1)
    answer = put_piece(owner, incident_id, seq, content, told)  # type: ignore[arg-type]
    assert refused(answer, 422, "body-invalid")["field"] == "seq"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("started_at", "yesterday"),
        ("started_at", "2026-11-22T10:00:00"),
        ("duration_ms", 0),
        ("duration_ms", 60_001),
    ],
)
def test_what_is_said_of_a_fragment_must_make_sense(
    owner: StaffClient, incident_id: str, field: str, value: object
) -> None:
    content, told = a_piece(1)
    answer = put_piece(owner, incident_id, 1, content, {**told, field: value})
    assert refused(answer, 422, "body-invalid")["field"] == field


def test_only_who_works_the_incident_records_it(
    machine: Machine, owner: StaffClient, colleague: StaffClient, incident_id: str
) -> None:
    content, told = a_piece(1)
    refused(put_piece(colleague, incident_id, 1, content, told), 409, "not-yours")
    refused(put_piece(a_seat(machine, "admin"), incident_id, 1, content, told), 403, "not-allowed")
    assert put_piece(machine.anyone(), incident_id, 1, content, told).status_code == 401
    refused(put_piece(owner, "a" * 26, 1, content, told), 404, "incident-not-found")
    assert fragments(owner, incident_id) == []


def test_who_handed_it_over_sends_her_last_fragment_and_nothing_else(
    owner: StaffClient, colleague: StaffClient, incident_id: str
) -> None:
    work(colleague, incident_id, "take", {"reason": "换班"})
    content, told = a_piece(1)
    done(put_piece(owner, incident_id, 1, content, told))
    refused(owner.post(f"/console/incidents/{incident_id}/place", {"place": "x"}), 409, "not-yours")
    assert [one.seq for one in fragments(colleague, incident_id)] == [1]


def test_numbers_left_out_are_asked_for_until_they_come_in_any_order(
    owner: StaffClient, incident_id: str
) -> None:
    asked = []
    for seq in (1, 4, 3, 2):
        content, told = a_piece(seq, of=1_795_000_000)
        asked.append(done(put_piece(owner, incident_id, seq, content, told))["recording"]["missing"])
    assert asked == [[], [2, 3], [2], []]
    assert [one.seq for one in fragments(owner, incident_id)] == [1, 2, 3, 4]
    told_of = {one["seq"]: one.get("unrecorded_seconds") for one in entries(owner, incident_id)}
    assert told_of == {1: None, 4: 2.0, 3: None, 2: None}


def test_a_number_too_far_ahead_is_refused(owner: StaffClient, incident_id: str) -> None:
    content, told = a_piece(1)
    refused(put_piece(owner, incident_id, 302, content, told), 409, "step-refused")


def test_what_never_came_is_named_at_the_end_and_kept_when_it_comes_after_all(
    owner: StaffClient, call: str
) -> None:
    pieces = {seq: a_piece(seq, of=1_795_000_000) for seq in (1, 2, 3, 4)}
    for seq in (1, 3):
        done(put_piece(owner, call, seq, *pieces[seq]))
    work(owner, call, "close", {"disposition": "resolved"})
    named = eventually(lambda: entries(owner, call, "recording.missing"), within_seconds=10)
    assert named == [{"seqs": [2]}]
    assert done(put_piece(owner, call, 2, *pieces[2]))["recording"]["given_up"] == []
    assert done(put_piece(owner, call, 4, *pieces[4]))["recording"]["highest"] == 4
    assert [one.content for one in fragments(owner, call)] == [content for content, _ in pieces.values()]
    assert [one["seq"] for one in entries(owner, call)] == [1, 3, 2, 4]


def test_a_number_that_is_skipped_only_after_the_close_is_named_too(owner: StaffClient, call: str) -> None:
    pieces = {seq: a_piece(seq, of=1_795_000_000) for seq in (1, 4)}
    done(put_piece(owner, call, 1, *pieces[1]))
    work(owner, call, "close", {"disposition": "resolved"})
    done(put_piece(owner, call, 4, *pieces[4]))
    named = eventually(lambda: entries(owner, call, "recording.missing"), within_seconds=10)
    assert named == [{"seqs": [2, 3]}]


def test_the_same_fragment_many_times_at_once_is_kept_and_copied_once(
    machine: Machine, owner: StaffClient, call: str
) -> None:
    asked_at_ms = round(time.time() * 1000)
    content, told = a_piece(1)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [pool.submit(put_piece, _again(owner), call, 1, content, told) for _ in range(AT_ONCE)]
        answers = [one.result() for one in sent]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["sha256"] for answer in answers} == {hashlib.sha256(content).hexdigest()}
    (kept,) = fragments(owner, call)
    assert kept.copy in ("accepted", "unknown")
    assert len(entries(owner, call)) == 1
    line = line_of(machine, call)
    # An encoder begins its sound a block early.
    assert streamed_ms(machine, line, since_ms=asked_at_ms) == [pytest.approx(kept.started_ms, abs=50)]
    assert len(put_media_calls(machine, line, since_ms=asked_at_ms)) == 1


def test_of_different_fragments_under_one_number_at_once_one_is_kept_whole(
    machine: Machine, owner: StaffClient, incident_id: str
) -> None:
    content, told = a_piece(1)
    variants = [content + bytes([number]) for number in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [pool.submit(put_piece, _again(owner), incident_id, 1, one, told) for one in variants]
        answers = [one.result() for one in sent]
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (AT_ONCE - 1)
    winner = variants[[answer.status_code for answer in answers].index(200)]
    (entry,) = entries(owner, incident_id)
    assert original(machine, incident_id, 1, entry["evidence_version"]) == winner
    assert [one.content for one in fragments(owner, incident_id)] == [winner]


def test_a_call_is_watched_live_once_there_is_something_to_watch(owner: StaffClient, call: str) -> None:
    path = f"/console/incidents/{call}/recording"
    assert done(owner.get(f"{path}?live=true"))["live_url"] is None
    began = time.time()
    for seq in (1, 2):
        done(put_piece(owner, call, seq, *a_piece(seq, of=began)))
    assert done(owner.get(path))["live_url"] is None
    live = eventually(lambda: done(owner.get(f"{path}?live=true"))["live_url"])
    assert requests.get(live, timeout=5).text.startswith("#EXTM3U")


def test_an_incident_without_a_line_is_not_watched_live(owner: StaffClient, incident_id: str) -> None:
    done(put_piece(owner, incident_id, 1, *a_piece(1)))
    assert done(owner.get(f"/console/incidents/{incident_id}/recording?live=true"))["live_url"] is None


def test_the_list_goes_on_from_a_number(owner: StaffClient, incident_id: str) -> None:
    for seq in (1, 2, 3):
        done(put_piece(owner, incident_id, seq, *a_piece(seq)))
    page = done(owner.get(f"/console/incidents/{incident_id}/recording?after=1"))
    assert ([one["seq"] for one in page["items"]], page["cursor"]) == ([2, 3], None)
    assert page["recording"]["highest"] == 3


def _again(client: StaffClient) -> HttpClient:
    """The same person on another connection."""
    return HttpClient(client.url, dict(client.session.headers))  # type: ignore[arg-type]
