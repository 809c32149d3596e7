"""Positions over HTTP: any order, repeats and wrong ones, whose they are, and when they end."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from tests.desk import a_citizen, a_report, kinds, refused, work
from tests.machine import CitizenClient, Machine, StaffClient, done
from tests.machine import eventually as within
from tests.reporting import close

START = {"lat": 36.51, "lng": 118.54}


eventually = partial(within, within_seconds=30)
"""On a loaded machine the stream is some seconds behind."""


def at(seconds_ago: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds_ago)).isoformat()


def points(*seconds_ago: float, **changed: Any) -> list[dict[str, Any]]:
    """A point for each age, each a little further north the younger it is."""
    return [
        {
            "lat": START["lat"] - ago / 10_000,
            "lng": START["lng"],
            "crs": "wgs84",
            "accuracy_m": 8,
            "at": at(ago),
        }
        | changed
        for ago in seconds_ago
    ]


def send(citizen: CitizenClient, incident_id: str, sent: Any) -> Any:
    return citizen.post(f"/reports/{incident_id}/positions", {"points": sent})


def track(seat: StaffClient, incident_id: str, after: int = 0) -> Any:
    return done(seat.get(f"/console/incidents/{incident_id}/positions", params={"after": after}))


def latitudes(track: Any) -> list[float]:
    return [point["lat"] for point in track["items"]]


def test_batches_out_of_order_repeated_and_old_are_one_track_in_order_of_time(
    machine: Machine, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    late, early = points(3, 5, 1), points(5000, 60, 90)
    for batch in (late, early, late, [*early, late[0]]):
        answer = done(send(citizen, incident_id, batch))
        assert answer == {"taken": len(batch), "dropped": 0, "tracking": True}
    seen = track(seat, incident_id)
    assert latitudes(seen) == pytest.approx(sorted(point["lat"] for point in [*late, *early]))
    assert seen["latest"]["lat"] == pytest.approx(late[2]["lat"])
    assert (seen["cursor"], seen["tracking"]) == (None, True)
    again = track(seat, incident_id, seen["seen"])
    assert (again["items"], again["seen"], again["latest"]) == ([], seen["seen"], seen["latest"])


def test_a_wrong_point_is_counted_and_only_a_batch_of_nothing_is_refused(
    machine: Machine, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    good = points(4, 2)
    answer = done(send(citizen, incident_id, [None, good[0], {"lat": 99, "lng": 1, "at": at(1)}, good[1]]))
    assert answer == {"taken": 2, "dropped": 2, "tracking": True}
    assert len(track(seat, incident_id)["items"]) == 2
    for nothing in ([], [{"lat": "north"}], points(*range(11)), "points"):
        refused(send(citizen, incident_id, nothing), 422, "body-invalid")


def test_a_long_track_is_whole_whatever_was_put_away_and_from_wherever_one_asks(
    machine: Machine, seat: StaffClient
) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    batches = [points(*range(start, start - 10, -1)) for start in range(500, 300, -10)]
    read: dict[str, float] = {}
    seen = 0
    for number, batch in enumerate(batches):
        done(send(citizen, incident_id, batch))
        if number % 3 == 0:
            page = track(seat, incident_id, seen)
            seen = page["seen"]
            read |= {point["at"]: point["lat"] for point in page["items"]}

    def caught_up() -> bool:
        nonlocal seen
        page = track(seat, incident_id, seen)
        seen = page["seen"]
        read.update({point["at"]: point["lat"] for point in page["items"]})
        return bool(seen == len(batches))

    eventually(caught_up)
    # From the beginning one sees all only when the stream has put away what moved out.
    whole = eventually(lambda: (one := track(seat, incident_id))["seen"] == len(batches) and one)
    assert len(whole["items"]) == 200 == len(read)
    assert latitudes(whole) == sorted(latitudes(whole))
    assert [read[key] for key in sorted(read)] == latitudes(whole)


def test_a_stranger_adds_nothing_and_is_told_of_no_such_incident(machine: Machine, seat: StaffClient) -> None:
    incident_id = a_report(a_citizen(machine))
    refused(send(a_citizen(machine), incident_id, points(1)), 404, "incident-not-found")
    refused(send(a_citizen(machine), "a" * 26, points(1)), 404, "incident-not-found")
    assert track(seat, incident_id)["items"] == []
    refused(seat.get(f"/console/incidents/{'a' * 26}/positions"), 404, "incident-not-found")


def test_tracking_ends_with_the_incident_and_the_answer_says_so(machine: Machine, seat: StaffClient) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    assert done(send(citizen, incident_id, points(2)))["tracking"]
    close(seat, incident_id)
    eventually(lambda: not done(send(citizen, incident_id, points(1)))["tracking"])
    answer = done(send(citizen, incident_id, points(1)))
    assert (answer["taken"], answer["tracking"]) == (0, False)
    assert not track(seat, incident_id)["tracking"]


def test_the_speed_is_the_phones_or_else_told_by_the_way(machine: Machine, seat: StaffClient) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    done(send(citizen, incident_id, points(10, 0)))
    assert track(seat, incident_id)["latest"]["speed_mps"] == pytest.approx(11.1, abs=0.5)
    done(send(citizen, incident_id, points(-1, speed_mps=14.2)))
    assert track(seat, incident_id)["latest"]["speed_mps"] == pytest.approx(14.2)


def test_the_queues_card_moves_too_without_a_new_version(machine: Machine, seat: StaffClient) -> None:
    citizen = a_citizen(machine)
    incident_id = a_report(citizen)
    work(seat, incident_id, "answer")

    def card() -> Any:
        answer = {"more": True, "cursor": ""}
        found = []
        while answer["more"]:
            answer = done(
                seat.get("/console/feed", params={"cursor": answer["cursor"]} if answer["cursor"] else {})
            )
            found += [one for one in answer["incidents"] if one["id"] == incident_id]
        return found[-1]

    before = eventually(lambda: (one := card())["call_taker_id"] and one)
    assert before["last_position"] is None
    sent = points(0)
    done(send(citizen, incident_id, sent))
    moved = eventually(lambda: (one := card())["last_position"] and one)
    assert moved["last_position"]["lat"] == pytest.approx(sent[0]["lat"])
    assert not [kind for kind in kinds(seat, incident_id) if "position" in kind or "moved" in kind]
    work(seat, incident_id, "notes", {"text": "已看到移动"})
    newer = eventually(lambda: (one := card())["version"] > before["version"] and one)
    assert newer["last_position"] == moved["last_position"]
