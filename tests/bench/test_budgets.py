"""The budgets of what is done most, counted by the capacity model on the real code."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
from pynamodb.exceptions import PutError, UpdateError

from chalicelib.adapters import incidents, lines
from chalicelib.adapters.tables import IncidentItem
from chalicelib.domain import handling
from chalicelib.domain.asked import new_id
from chalicelib.domain.incident import Mode
from chalicelib.domain.link import Holder
from chalicelib.domain.timeline import Actor, Role
from chalicelib.workflows.file_report import file_live_report, file_report
from chalicelib.workflows.follow_feed import follow_feed
from chalicelib.workflows.track_caller import read_track, take_positions
from chalicelib.workflows.work_by_link import read_by_link
from infra.capacity.meter import Cost, Meter
from tests.desk import INSIDE, a_citizen, a_seat, an_answered, dispatched
from tests.machine import Machine, done, eventually
from tests.own_lines import own_lines
from tests.within import a_call_taker, now

TEXT = "路口有人受伤，需要救护车"
BODY = json.dumps({"text": TEXT, "position": INSIDE}).encode()
FEW, MANY, PAGE = 10, 100, 20

Measure = Callable[[Callable[[], Any]], Cost]


@pytest.fixture
def cost_of(inside: Machine) -> Measure:
    """What one call consumes."""
    meter = Meter()

    def measure(call: Callable[[], Any]) -> Cost:
        with meter.metering() as cost:
            call()
        return cost

    return measure


@pytest.fixture
def citizen_id(inside: Machine) -> str:
    return str(a_citizen(inside).citizen["id"])


def file(citizen_id: str, *, key: str | None = None, text: str = TEXT) -> Any:
    body = json.dumps({"text": text, "position": INSIDE}).encode()
    return file_report(citizen_id, body, mode=Mode.PHOTO_TEXT, key=key, now=now())


def points(count: int = 10) -> list[object]:
    at = now()
    return [
        {"lat": 36.5123456 + n / 1000, "lng": 118.5412345, "crs": "wgs84", "accuracy_m": 1234.5}
        | {"speed_mps": 33.33, "at": (at - timedelta(seconds=n)).isoformat()}
        for n in range(count)
    ]


def test_filing_takes_as_many_requests_and_units_after_many_reports_as_after_few(
    citizen_id: str, cost_of: Measure, capsys: pytest.CaptureFixture[str]
) -> None:
    """At most three requests and nothing written for the feed."""
    file(citizen_id, key=new_id())
    costs = []
    for before in (FEW, MANY - FEW):
        for _ in range(before):
            file(citizen_id)
        costs.append(cost_of(lambda: file(citizen_id, key=new_id())))
    few, many = costs
    with capsys.disabled():
        print(f"\nfiling: {many.requests()}, {many.read_units} read, {many.write_units} write units")
    assert few.requests() == many.requests() == ["dynamodb:GetItem", "dynamodb:TransactWriteItems"]
    assert (few.read_units, few.write_units) == (many.read_units, many.write_units)
    assert {table for one in many.consumed for table in one.tables} == {"IncidentsTable"}


def test_filing_again_with_the_same_key_takes_a_third_request_and_no_fourth(
    citizen_id: str, cost_of: Measure
) -> None:
    key = new_id()
    file(citizen_id, key=key)
    assert len(cost_of(lambda: file(citizen_id, key=key)).requests("dynamodb")) == 3


def test_ten_points_take_one_request_and_one_write_unit(citizen_id: str, cost_of: Measure) -> None:
    incident = file(citizen_id)
    for _ in range(6):
        cost = cost_of(lambda: take_positions(citizen_id, incident.id, points(), now=now()))
        assert cost.requests() == ["dynamodb:UpdateItem"]
        assert (cost.read_units, cost.write_units) == (0, 1)


def test_a_look_at_a_track_to_which_nothing_came_takes_half_a_unit(citizen_id: str, cost_of: Measure) -> None:
    incident = file(citizen_id)
    take_positions(citizen_id, incident.id, points(), now=now())
    cost = cost_of(lambda: read_track(incident.id, after=1))
    assert (cost.requests(), cost.read_units, cost.write_units) == (["dynamodb:Query"], 0.5, 0)


def test_a_look_at_ones_own_report_takes_no_more_after_a_hundred_entries_that_are_not_shown(
    inside: Machine, cost_of: Measure
) -> None:
    """As those of fragments in a recorded call are not: `count` passes over them."""
    citizen, seat = a_citizen(inside), inside.staff("seat1")
    incident = file(str(citizen.citizen["id"]))
    path, seen, costs = f"/reports/{incident.id}", 0, []
    for notes in (1, MANY):
        for number in range(notes):
            sent = {"text": f"{number} {TEXT * 10}"}
            assert seat.post(f"/console/incidents/{incident.id}/notes", sent).status_code < 300
        seen = citizen.get(path, params={"after": seen}).json()["count"]
        costs.append(cost_of(lambda: incidents.read(incident.id, after=seen)))  # noqa: B023
        assert citizen.get(path, params={"after": seen}).json()["timeline"] == []
    assert [cost.read_units for cost in costs] == [1, 1]


def test_an_officers_look_takes_as_much_after_many_entries_as_after_few(
    inside: Machine, cost_of: Measure
) -> None:
    seat = a_seat(inside)
    incident_id = an_answered(inside, seat)
    _, officer = dispatched(inside, seat, incident_id)
    done(officer.open())
    holder = Holder(token=officer.token, device_key=str(officer.session.headers["X-Device-Key"]))
    looks, whole = [], []
    for before in (FEW, MANY - FEW):
        for _ in range(before):
            note = partial(handling.note, text=TEXT)
            incidents.change(incident_id, note, actor=Actor(role=Role.SYSTEM, id="test"), at=now())
        known = read_by_link(holder, after=0).read_up_to
        assert known == incidents.get(incident_id).version
        looks.append(cost_of(partial(read_by_link, holder, after=known)))
        whole.append(cost_of(partial(read_by_link, holder, after=0)))
    assert [look.read_units for look in looks] == [looks[0].read_units] * 2
    assert whole[1].read_units > whole[0].read_units + MANY // FEW


def test_an_idle_poll_takes_one_request_half_a_unit_and_300_bytes_whatever_is_open(
    citizen_id: str, cost_of: Measure
) -> None:
    for _ in range(FEW):
        file(citizen_id)
    staff, later = a_call_taker(), now() + timedelta(minutes=5)
    reply = follow_feed(staff, None, now=later)
    while reply.more:
        reply = follow_feed(staff, reply.cursor, now=later)
    reply = follow_feed(staff, reply.cursor, now=later)
    cost = cost_of(lambda: follow_feed(staff, reply.cursor, now=later + timedelta(seconds=1)))
    assert (cost.requests(), cost.read_units, cost.write_units) == (["dynamodb:Query"], 0.5, 0)
    assert len(msgspec.json.encode(reply)) <= 300


def test_a_page_of_own_reports_is_one_request_however_many_there_are(
    citizen_id: str, cost_of: Measure
) -> None:
    pages = []
    for _ in range(2):
        for _ in range(25):
            file(citizen_id)
        pages.append(cost_of(lambda: incidents.filed_by(citizen_id, cursor=None, limit=PAGE)))
    assert [page.requests() for page in pages] == [["dynamodb:Query"]] * 2
    assert pages[0].read_units == pages[-1].read_units


def test_finding_by_number_is_one_request_and_half_a_unit_however_many_there_are(
    citizen_id: str, cost_of: Measure
) -> None:
    incident = file(citizen_id)
    eventually(lambda: incidents.numbered(incident.number) == [incident.id])
    for _ in range(2):
        cost = cost_of(lambda: incidents.numbered(incident.number))
        assert (cost.requests(), cost.read_units) == (["dynamodb:Query"], 0.5)
        for _ in range(FEW):
            file(citizen_id)


def test_filing_a_live_report_takes_one_write_more_for_a_free_line(
    inside: Machine, citizen_id: str, cost_of: Measure
) -> None:
    with own_lines(inside, lines.known(now=now())[:1]):
        lines.known(now=now())
        cost = cost_of(lambda: file_live_report(citizen_id, BODY, mode=Mode.VIDEO110, key=None, now=now()))
    filed, leased = ["dynamodb:GetItem", "dynamodb:TransactWriteItems"], ["dynamodb:TransactWriteItems"]
    assert cost.requests("dynamodb") == filed + leased
    # The line and whose it is, and a transaction doubles both.
    assert cost.consumed[-1 - len(cost.requests("kinesis"))].write_units == 4


def test_the_meter_counts_what_was_passed_over_and_not_only_what_came(
    citizen_id: str, cost_of: Measure
) -> None:
    """A count gives back no item, and is as dear as the items it counted."""
    for _ in range(FEW):
        file(citizen_id)
    whole = cost_of(lambda: list(IncidentItem.by_citizen.query(citizen_id)))
    counted = cost_of(lambda: IncidentItem.by_citizen.count(citizen_id))
    assert counted.read_units == whole.read_units > 0.5


def test_a_refused_write_costs_what_it_would_have_replaced(citizen_id: str, cost_of: Measure) -> None:
    """The guide: a write whose condition is false takes units all the same, by what stands there."""
    incident = file(citizen_id, text="伤" * 300)

    def refused() -> None:
        with pytest.raises(UpdateError):
            IncidentItem(incident.id, "incident").update(
                actions=[IncidentItem.version.set(1)], condition=IncidentItem.version == 0
            )

    cost = cost_of(refused)
    assert (cost.requests(), cost.write_units) == (["dynamodb:UpdateItem"], 3)


def test_a_refused_put_costs_what_it_would_have_put_and_nothing_of_an_index(
    citizen_id: str, cost_of: Measure
) -> None:
    incident = file(citizen_id)
    larger = msgspec.structs.replace(incident, text="伤" * 1000)
    item = IncidentItem(
        incident.id, "incident", citizen_id=citizen_id, filed_at="2026", version=1, body=larger
    )

    def refused() -> None:
        with pytest.raises(PutError):
            item.save(IncidentItem.version.does_not_exist())

    cost = cost_of(refused)
    assert (cost.requests(), cost.write_units) == (["dynamodb:PutItem"], 5)
