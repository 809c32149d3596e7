"""What a batch of positions costs, and what the stream makes of it, also when told twice."""

import base64
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.adapters import incidents, tracks
from chalicelib.adapters.tables import NOW, FeedItem, TrackItem, track_part
from chalicelib.domain.incident import Incident
from chalicelib.domain.tracks import TrackPoint, pack, read_batch, unpack
from chalicelib.settings import settings
from chalicelib.workflows.publish_change import publish_change
from chalicelib.workflows.track_caller import (
    far_point,
    keep_step,
    move_card,
    note_check,
    read_track,
    take_positions,
)
from infra.local.watch import calls
from tests.machine import Machine
from tests.within import an_incident, now, stored

KILOBYTE = 1024
ROUNDS = 30

pytestmark = pytest.mark.usefixtures("inside")


def points(count: int = 10, *, ago: float = 0, step_seconds: float = 1.0) -> list[object]:
    """As long as a phone's points can be."""
    at = now() - timedelta(seconds=ago)
    return [
        {
            "lat": 36.5123456 + n / 1000,
            "lng": 118.5412345,
            "crs": "wgs84",
            "accuracy_m": 1234.5,
            "speed_mps": 33.33,
            "at": (at - timedelta(seconds=n * step_seconds)).isoformat(),
        }
        for n in range(count)
    ]


def take(incident: Incident, sent: list[object]) -> Any:
    return take_positions(incident.citizen_id, incident.id, sent, now=now())


def size_of(item: dict[str, Any]) -> int:
    """The bytes DynamoDB counts: names and values; a number of n digits has n/2 + 1, rounded up."""
    total = 0
    for name, typed in item.items():
        ((kind, value),) = typed.items()
        total += len(name) + ((len(value) + 1) // 2 + 1 if kind == "N" else len(value))
    return total


def test_ten_points_cost_one_request_and_one_write_unit(
    inside: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Issue 4, show 6."""
    incident = an_incident()
    take(incident, points())
    tracks.note_check(incident.id, read_batch(points(1), now=now()).newest)
    with calls() as asked:
        for _ in range(ROUNDS):
            take(incident, points())
    size = size_of(stored(inside, incident.id, NOW))
    units = ROUNDS * -(-size // KILOBYTE)
    names = [one.name for one in asked if one.service == "dynamodb"]
    with capsys.disabled():
        print(
            f"\n{ROUNDS} batches of 10 points: {len(names) / ROUNDS / 10} requests a point, "
            f"{units / ROUNDS / 10} write units a point, item of {size} bytes"
        )
    assert names == ["dynamodb:UpdateItem"] * ROUNDS
    assert size <= KILOBYTE


def test_filing_makes_no_request_more_for_the_track() -> None:
    with calls() as asked:
        an_incident()
    assert [one.name for one in asked if one.service == "dynamodb"] == ["dynamodb:TransactWriteItems"]


def test_an_idle_look_is_one_query() -> None:
    incident = an_incident()
    take(incident, points())
    with calls() as asked:
        track = read_track(incident.id, after=1)
    assert [one.name for one in asked if one.service == "dynamodb"] == ["dynamodb:Query"]
    assert track.points == []


def test_an_incident_of_before_tracks_begins_one_with_the_first_batch() -> None:
    incident = an_incident()
    TrackItem(incident.id, NOW).delete()
    assert take(incident, points()).tracking
    assert take(incident, points()).tracking
    assert len(read_track(incident.id, after=0).points) == 20


def test_nothing_in_the_record_of_an_incident_is_a_part_of_its_track() -> None:
    """A record is read from its entries on; a track beside it must not make it dearer."""
    incident = an_incident()
    take(incident, points())
    assert track_part(4) < NOW < "entry#"
    assert incidents.read(incident.id).media == []


def a_step(incident: Incident, inside: Machine, **changed: Any) -> tracks.Step:
    """The step that the machine's stream tells of the newest batch."""
    after = stored(inside, incident.id, NOW)
    in_json = {
        name: {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value
        for name, value in after.items()
    }
    step = tracks.step_of({"NewImage": in_json})
    assert step is not None
    return msgspec.structs.replace(step, **changed)


def test_four_batches_told_twice_are_put_away_once_and_expire_with_the_track(inside: Machine) -> None:
    incident = an_incident()
    for n in range(4):
        take(incident, points(2, ago=10 * n))
    step = a_step(incident, inside)
    for _ in range(2):
        keep_step(step)
    kept = list(TrackItem.query(incident.id, TrackItem.part.startswith("been#0")))
    assert [item.part for item in kept] == [track_part(4)]
    life = timedelta(days=settings().track_life_days)
    assert kept[0].expires_at == int((incident.created_at + life).timestamp())
    assert len(read_track(incident.id, after=0).points) == 8


def test_the_rules_look_again_only_after_a_move(inside: Machine) -> None:
    incident = an_incident()
    take(incident, points(1))
    first = a_step(incident, inside, checked=None)
    here = far_point(first)
    assert isinstance(here, TrackPoint)
    assert far_point(a_step(incident, inside, checked=here)) is None
    far: list[object] = [{"lat": 36.52, "lng": 118.55, "at": now().isoformat(), "accuracy_m": 5}]
    take(incident, far)
    assert far_point(a_step(incident, inside, checked=here)) is not None


def test_a_step_that_was_written_before_the_rules_looked_is_not_believed(inside: Machine) -> None:
    incident = an_incident()
    take(incident, points(1))
    step = a_step(incident, inside, checked=None)
    here = far_point(step)
    assert here is not None
    note_check(incident.id, here)
    assert far_point(step) is None


def test_a_card_moves_once_in_a_stretch_of_time_and_never_back(inside: Machine) -> None:
    incident = an_incident()
    publish_change(incident, now=now())
    take(incident, points(1, ago=5))
    step = a_step(incident, inside, came_ms=100_000, came_before_ms=99_000)
    move_card(step, now=now())
    first = FeedItem.get(incident.id).last_position
    assert first is not None
    older = a_step(incident, inside, batches=(pack(_older(step)), b"", b"", b""), newest=None)
    move_card(older, now=now())
    assert FeedItem.get(incident.id).last_position == first
    soon = a_step(incident, inside, came_ms=101_000, came_before_ms=100_000)
    with calls() as asked:
        move_card(soon, now=now())
    assert [one.name for one in asked] == []


def _older(step: tracks.Step) -> list[TrackPoint]:
    (point,) = unpack(step.batches[0])
    return [msgspec.structs.replace(point, at=point.at - timedelta(minutes=9), lat=36.9)]
