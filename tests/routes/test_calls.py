"""Live reports and their lines through real HTTP: who gets a way in, which one, and for how long it opens."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from infra.local.watch import calls
from tests.desk import kinds, record
from tests.machine import CitizenClient, HttpClient, Machine, OwnMachine, StaffClient, done, eventually
from tests.own_lines import own_lines


@pytest.fixture(scope="module")
def three_lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with three lines."""
    own = OwnMachine(tmp_path_factory.mktemp("three"), environment={"LINES": "3"})
    try:
        yield own.start()
    finally:
        own.stop()


def report(citizen: HttpClient, mode: str = "video110") -> dict[str, Any]:
    answer: dict[str, Any] = done(citizen.post(f"/reports/{mode}", {"text": "需要帮助"}))
    return answer


def opens(url: str) -> bool:
    """Whether a signaling address opens a connection."""
    try:
        with connect(url):
            return True
    except InvalidStatus:
        return False


@contextmanager
def clock_ahead(machine: Machine, *, seconds: float) -> Iterator[None]:
    """Kinesis Video's clock set forward."""
    handle = f"{machine.kvs_endpoint}/_standin/clock"
    requests.post(handle, json={"ahead_seconds": seconds}, timeout=5).raise_for_status()
    try:
        yield
    finally:
        requests.post(handle, json={"ahead_seconds": 0}, timeout=5).raise_for_status()


def with_query(url: str, **changed: str | None) -> str:
    """The address with parameters of its query changed, or taken out."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    query.update({name.replace("_", "-"): value for name, value in changed.items() if value is not None})
    for name, value in changed.items():
        if value is None:
            query.pop(name.replace("_", "-"), None)
    return urlunsplit(parts._replace(query=urlencode(query)))


@pytest.fixture
def answered(machine: Machine) -> tuple[CitizenClient, StaffClient, dict[str, Any], dict[str, Any]]:
    """A citizen and the call-taker who answered her, with both ways in."""
    citizen, seat = machine.citizen("in-a-call"), machine.staff("seat1")
    filed = report(citizen)
    one = f"/console/incidents/{filed['incident']['id']}"
    done(seat.post(f"{one}/answer", {}))
    eventually(lambda: citizen.post(f"/reports/{filed['incident']['id']}/call").ok, within_seconds=70)
    viewer = done(citizen.post(f"/reports/{filed['incident']['id']}/call"))["call"]
    return citizen, seat, viewer, done(seat.post(f"{one}/call"))["call"]


Answered = tuple[CitizenClient, StaffClient, dict[str, Any], dict[str, Any]]


def test_each_side_gets_its_own_way_in_and_no_key_of_aws(answered: Answered) -> None:
    _, _, viewer, master = answered
    assert viewer["role"] == "VIEWER"
    assert viewer["client_id"].endswith(".citizen")
    assert (master["role"], master["client_id"]) == ("MASTER", None)
    assert viewer["channel_arn"] == master["channel_arn"]
    for join in (viewer, master):
        assert "SecretAccessKey" not in str(join)
        assert opens(join["signaling_url"])


def test_who_answers_gets_the_hubs_way_in_with_the_answer(machine: Machine) -> None:
    citizen, seat = machine.citizen("answered-at-once"), machine.staff("seat1")
    filed = report(citizen)
    incident_id = filed["incident"]["id"]
    eventually(lambda: citizen.post(f"/reports/{incident_id}/call").ok, within_seconds=70)
    joined = done(seat.post(f"/console/incidents/{incident_id}/answer", {}))["call"]
    assert (joined["role"], joined["client_id"]) == ("MASTER", None)
    assert opens(joined["signaling_url"])
    # The same again, as a console does that lost the answer.
    assert done(seat.post(f"/console/incidents/{incident_id}/answer", {}))["call"]["role"] == "MASTER"
    done(seat.post(f"/console/incidents/{incident_id}/close", {"disposition": "resolved"}))


def test_an_answer_leases_no_line_for_a_citizen_who_has_left_or_sends_pictures(machine: Machine) -> None:
    citizen, seat = machine.citizen("left-before"), machine.staff("seat1")
    left = report(citizen, "voice")["incident"]["id"]
    done(citizen.post(f"/reports/{left}/hangup"))
    pictures = done(citizen.post("/reports/photo-text", {"text": "门口有人打架"}))["incident"]["id"]
    for incident_id in (left, pictures):
        assert done(seat.post(f"/console/incidents/{incident_id}/answer", {}))["call"] is None


def test_a_viewers_address_opens_nothing_else(answered: Answered) -> None:
    _, _, viewer, master = answered
    url = viewer["signaling_url"]
    assert not opens(with_query(url, X_Amz_ClientId=None))
    assert not opens(with_query(url, X_Amz_ClientId="somebody.else"))
    assert not opens(with_query(url, X_Amz_ChannelARN=viewer["channel_arn"] + "0"))
    assert not opens(with_query(url, X_Amz_Expires="3600"))
    assert not opens(urlunsplit(urlsplit(url)._replace(path=urlsplit(master["signaling_url"]).path)))


def test_a_viewers_address_does_not_open_another_line(machine: Machine, answered: Answered) -> None:
    _, _, viewer, _ = answered
    other = machine.citizen("on-another-line")
    incident_id = report(other, "voice")["incident"]["id"]
    eventually(lambda: other.post(f"/reports/{incident_id}/call").ok, within_seconds=70)
    arn = done(other.post(f"/reports/{incident_id}/call"))["call"]["channel_arn"]
    assert arn != viewer["channel_arn"]
    assert not opens(with_query(viewer["signaling_url"], X_Amz_ChannelARN=arn))
    done(other.post(f"/reports/{incident_id}/hangup"))


@pytest.mark.parametrize("whose", ["viewer", "master"])
def test_an_address_opens_nothing_after_its_minute(machine: Machine, answered: Answered, whose: str) -> None:
    _, _, viewer, master = answered
    join = viewer if whose == "viewer" else master
    lives = datetime.fromisoformat(join["expires_at"]) - datetime.now(UTC)
    assert lives <= timedelta(seconds=60)
    with clock_ahead(machine, seconds=50):
        assert opens(join["signaling_url"])
    with clock_ahead(machine, seconds=60):
        assert not opens(join["signaling_url"])


def test_another_citizen_and_another_seat_get_no_way_in(machine: Machine, answered: Answered) -> None:
    _, _, viewer, _ = answered
    incident_id = viewer["client_id"].partition(".")[0]
    stranger = machine.citizen("not-in-the-call")
    for path in ("call", "hangup", "quick-exit"):
        assert stranger.post(f"/reports/{incident_id}/{path}").json()["type"] == "incident-not-found"
    refused = machine.staff("seat2").post(f"/console/incidents/{incident_id}/call")
    assert (refused.status_code, refused.json()["type"]) == (409, "not-yours")


def test_a_commander_comes_in_as_a_third_and_never_as_the_hub(machine: Machine, answered: Answered) -> None:
    _, _, viewer, _ = answered
    incident_id = viewer["client_id"].partition(".")[0]
    commander = machine.staff("commander1")
    join = done(commander.post(f"/console/incidents/{incident_id}/call"))["call"]
    assert (join["role"], join["client_id"]) == ("VIEWER", f"{incident_id}.commander.commander1")
    done(commander.post(f"/console/incidents/{incident_id}/listen", {"speak": False}))
    record = done(commander.get(f"/console/incidents/{incident_id}"))
    assert "call.listened" in [entry["kind"] for entry in record["timeline"]]


def test_three_lines_serve_three_calls_and_two_wait_with_their_place(three_lines: Machine) -> None:
    citizens = [three_lines.citizen(f"caller-{number}") for number in range(5)]
    filed = [report(citizen) for citizen in citizens]
    assert [one["call"] is not None for one in filed] == [True, True, True, False, False]
    fifth, last = filed[4]["incident"]["id"], citizens[4]
    refused = last.post(f"/reports/{fifth}/call")
    assert (refused.status_code, refused.json()["type"]) == (409, "no-line")
    eventually(lambda: done(last.get(f"/reports/{fifth}"))["ahead"] == 4)
    consult = report(three_lines.citizen("consult"), "fengqiao")
    assert consult["call"] is None
    # The line that is given back rests: no address signed for it may be alive when the next one gets it.
    done(citizens[0].post(f"/reports/{filed[0]['incident']['id']}/hangup"))
    assert last.post(f"/reports/{fifth}/call").json()["type"] == "no-line"


def test_who_leaves_before_an_answer_is_marked_and_stays_in_the_queue(machine: Machine) -> None:
    citizen, seat = machine.citizen("gone"), machine.staff("seat1")
    incident_id = report(citizen, "voice")["incident"]["id"]
    assert done(citizen.post(f"/reports/{incident_id}/hangup"))["incident"]["status"] == "abandoned"
    record = done(seat.get(f"/console/incidents/{incident_id}"))["incident"]
    assert (record["status"], record["ringing"]) == ("abandoned", True)
    assert done(seat.post(f"/console/incidents/{incident_id}/answer", {}))["incident"]["status"] == "answered"


def test_who_comes_back_is_on_the_record_once_and_an_unanswered_one_waits_again(machine: Machine) -> None:
    citizen, seat = machine.citizen("back-again"), machine.staff("seat1")
    incident_id = report(citizen)["incident"]["id"]
    done(citizen.post(f"/reports/{incident_id}/hangup"))
    for _ in range(2):
        citizen.post(f"/reports/{incident_id}/call")
    assert record(seat, incident_id)["incident"]["status"] == "waiting"
    done(seat.post(f"/console/incidents/{incident_id}/answer", {}))
    for _ in range(2):
        done(citizen.post(f"/reports/{incident_id}/hangup"))
    citizen.post(f"/reports/{incident_id}/call")
    comings = [one for one in kinds(seat, incident_id) if one in ("call.ended", "call.resumed")]
    assert comings == ["call.resumed", "call.ended", "call.resumed"]


def test_a_quick_exit_keeps_the_report_and_makes_it_most_urgent(machine: Machine) -> None:
    citizen, seat = machine.citizen("hiding"), machine.staff("seat1")
    incident_id = report(citizen, "silent")["incident"]["id"]
    done(citizen.post(f"/reports/{incident_id}/quick-exit"))
    done(citizen.post(f"/reports/{incident_id}/quick-exit"))
    record = done(seat.get(f"/console/incidents/{incident_id}"))
    assert (record["incident"]["priority"], record["incident"]["exited_quickly"]) == (1, True)
    assert [entry["kind"] for entry in record["timeline"]].count("citizen.exited") == 1


def test_a_silent_report_hides_the_number_and_takes_no_word_for_calling_back(machine: Machine) -> None:
    citizen = machine.citizen("silent", phone="13800000123")
    filed = done(citizen.post("/reports/silent", {"callback_allowed": True}))["incident"]
    assert filed["contact"] == "app_only"
    record = done(machine.staff("seat1").get(f"/console/incidents/{filed['id']}"))
    assert record["incident"]["phone"] is None
    assert "13800000123" not in str(record)


def test_a_picture_report_has_no_call(machine: Machine) -> None:
    citizen = machine.citizen("pictures")
    incident_id = done(citizen.post("/reports/photo-text", {"text": "x"}))["incident"]["id"]
    refused = citizen.post(f"/reports/{incident_id}/call")
    assert (refused.status_code, refused.json()["type"]) == (409, "not-live")


def test_a_closed_call_gives_its_line_back_and_takes_no_still(machine: Machine) -> None:
    citizen, seat = machine.citizen("closed-call"), machine.staff("seat1")
    incident_id = report(citizen)["incident"]["id"]
    done(seat.post(f"/console/incidents/{incident_id}/answer", {}))
    done(seat.post(f"/console/incidents/{incident_id}/close", {"disposition": "advised"}))
    assert citizen.post(f"/reports/{incident_id}/call").json()["type"] == "not-live"
    still = {"kind": "still", "content_type": "image/jpeg", "size_bytes": 1000, "sha256": "0" * 64}
    refused = citizen.post(f"/reports/{incident_id}/media", still)
    assert (refused.status_code, refused.json()["type"]) == (409, "not-live")
    eventually(lambda: citizen.put(f"/reports/{incident_id}/call").status_code == 409)


def test_a_live_report_makes_one_request_more_and_asks_for_ice_servers_alone(inside: Machine) -> None:
    from chalicelib.adapters import lines
    from chalicelib.domain.incident import Mode
    from chalicelib.telemetry import utc_now
    from chalicelib.workflows.file_report import file_live_report, file_report

    citizen_id, line = inside.citizen("counted").citizen["id"], lines.known(now=utc_now())[0]
    with own_lines(inside, [line]):
        lines.known(now=utc_now())
        with calls() as picture:
            file_report(citizen_id, b"{}", mode=Mode.PHOTO_TEXT, key=None, now=utc_now())
        with calls() as live:
            filed = file_live_report(citizen_id, b"{}", mode=Mode.VIDEO110, key=None, now=utc_now())
    assert filed.join is not None
    counted = Counter(one.service for one in live)
    print(f"requests: picture report {len(picture)}, live report {dict(counted)}")
    assert counted["dynamodb"] == len(picture) + 1
    beside = {one.name for one in live if one.service != "dynamodb"}
    assert beside <= {"kinesis-video-signaling:GetIceServerConfig"}


def test_one_citizen_has_one_line_however_many_reports_and_joins_come_at_once(inside: Machine) -> None:
    """Each report is taken all the same, and the lines that are left serve others."""
    from chalicelib.adapters import lines
    from chalicelib.domain.incident import Mode
    from chalicelib.domain.refusals import NoLine
    from chalicelib.telemetry import utc_now
    from chalicelib.workflows.file_report import file_live_report
    from chalicelib.workflows.keep_call import join_as_citizen

    citizen_id, provided = inside.citizen("six-at-once").citizen["id"], lines.known(now=utc_now())

    def file(_: int) -> str:
        filed = file_live_report(citizen_id, b"{}", mode=Mode.VIDEO110, key=None, now=utc_now())
        return filed.incident.id

    def join(incident_id: str) -> bool:
        try:
            join_as_citizen(citizen_id, incident_id, now=utc_now())
        except NoLine:
            return False
        return True

    with own_lines(inside, provided), ThreadPoolExecutor(6) as crowd:
        filed = list(crowd.map(file, range(6)))
        assert len(set(filed)) == 6
        assert sum(one.incident_id is not None for one in lines.leases()) == 1
        joined = list(crowd.map(join, filed * 2))
        assert sum(one.incident_id is not None for one in lines.leases()) == 1
    assert any(joined)
