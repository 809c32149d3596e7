"""What staff, officers and commanders ask for, from answering to closing, and the lists they keep."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.faults.asking import (
    UNIT_PHONE,
    ago,
    alerted,
    answered,
    by_officer,
    by_staff,
    dispatched,
    filed,
    keyed,
    officer,
    opened,
    somewhere,
    stands,
    unit_id,
)
from tests.faults.case import Case
from tests.faults.rounds import Operation
from tests.faults.world import Answer

MATROSKA = b"\x1aE\xdf\xa3" + b"\0" * 400


def _other(case: Case) -> None:
    answered()(case)
    case.at["other"] = case.report()
    case.world.deliveries.drain()


def _both_say_so(case: Case) -> Iterator[str]:
    first, other = case.filed[0].incident_id, case.at["other"]
    said = (case.kinds(first).count("incident.linked"), case.kinds(other).count("incident.linked"))
    if said != (1, 1):
        yield f"of two that are linked {said} say so"


def _marked(case: Case) -> None:
    answered()(case)
    case.work("false-report", {"kind": "false_report", "reason": "查无此事"})
    case.at["incident"] = case.id
    case.world.deliveries.drain()


def _decision(case: Case) -> Any:
    return {
        "citizen_id": case.citizens[0].id,
        "grade": "restricted",
        "reason": "多次虚假报警",
        "incident_id": case.id,
    }


def _restricted(case: Case) -> None:
    filed()(case)
    made = case.must("commander1", "POST", "/console/standing", _decision(case))
    case.at["standing"] = made["id"]
    case.world.deliveries.drain()


def _withheld(case: Case) -> None:
    _restricted(case)
    answer = case.file(case.citizens[0], "video110", {"text": "有人撬门"}, "second")
    assert answer.is_done
    case.filed.reverse()
    case.work("answer")
    case.world.deliveries.drain()


def _hit(case: Case) -> None:
    case.at["where"] = somewhere()
    centre = {name: case.at["where"][name] for name in ("lat", "lng")}
    place = {"name": "实验小学", "centre": centre, "radius_m": 100, "reason": "学校"}
    case.must("commander1", "POST", "/console/watch/places", place)
    answered(position=case.at["where"])(case)
    case.at["hit"] = case.record()["hits"][0]["id"]


def _department(case: Case) -> Any:
    departments = case.must("seat1", "GET", "/console/departments")["items"]
    return {"department_id": departments[0]["id"]}


def _transferred(case: Case) -> None:
    answered("fengqiao")(case)
    case.work("transfer", _department(case))
    case.world.deliveries.drain()


def _snapshot(_: Case) -> Any:
    return {"content_type": "image/jpeg", "size_bytes": 9000, "sha256": "0" * 64}


def _record(case: Case) -> Answer:
    path = f"/console/incidents/{case.id}/recording/1?started_at={case.at['at']}&duration_ms=1000"
    headers = {"Content-Type": "video/x-matroska"}
    return case.world.ask(case.world.staff("seat1"), "PUT", path, MATROSKA, headers=headers)


def _recording(case: Case) -> None:
    answered("video110")(case)
    case.at["at"] = "2026-06-01T01:30:00Z"


def _feedback(case: Case) -> Any:
    if "feedback" not in case.at:
        case.at["feedback"] = {
            "arrived_at": ago(case, 2),
            "ended_at": ago(case, 1),
            "result": "双方已调解",
            "people_helped": 2,
        }
    return case.at["feedback"]


def _by_code(case: Case) -> Answer:
    headers = {"X-Link-Token": case.at["token"], "X-Device-Key": case.at["device"]}
    body = {"last_digits": case.at["phone"][-4:]}
    return case.world.ask(None, "POST", "/link/alert", body, headers=headers)


def _alert_opened(case: Case) -> None:
    alerted(case)
    assert _by_code(case).is_done


def _alert_known(case: Case) -> None:
    alerted(case)
    case.at["alert"] = case.record()["alerts"][0]["id"]


def _acknowledge(case: Case) -> Answer:
    return officer(case, "POST", "/link/ack", {})


def _only_one_was_texted(case: Case) -> Iterator[str]:
    yield from stands("alert.acknowledged")(case)
    if case.kinds().count("alert.sending") != 1:
        yield "the next commander was texted though the first one knows"


def _seat_off(case: Case) -> Answer:
    token = case.world.staff("seat2")
    return case.world.ask(token, "PUT", "/console/seat", {"state": "off"})


def _held_by_seat2(case: Case) -> None:
    filed()(case)
    case.work("answer", who="seat2")
    case.world.deliveries.drain()


def _ends(case: Case) -> str:
    return (case.world.clock.now() + timedelta(hours=3)).isoformat()


def _once_on(path: str, field: str) -> Any:
    def expect(case: Case) -> Iterator[str]:
        listed = case.must("commander1", "GET", path)["items"]
        found = sum(one[field] == case.at["name"] for one in listed)
        if found != 1:
            yield f"{found} entries on the list"

    return expect


def _listed(name: str, path: str, field: str, body: Any) -> Operation:
    def prepare(case: Case) -> None:
        case.at["name"] = f"{field}-{case.at['key']}"
        case.at["where"] = {key: value for key, value in somewhere().items() if key in ("lat", "lng")}

    def act(case: Case) -> Answer:
        sent = case.at.setdefault("sent", body(case))
        return case.world.ask(case.world.staff("commander1"), "POST", path, sent, key=case.at["key"])

    def first_the_key(case: Case) -> None:
        keyed(lambda _: None)(case)
        prepare(case)

    return Operation(name=name, prepare=first_the_key, act=act, expect=_once_on(path, field), seconds=1)


AT_WORK = [
    by_staff("answer", "answer", prepare=filed("video110"), kind="incident.answered", seconds=15),
    by_staff("release", "release", prepare=answered(), kind="incident.released", then=("not-yours",)),
    by_staff(
        "take",
        "take",
        lambda _: {"reason": "换班"},
        prepare=answered(),
        kind="incident.taken",
        who="seat2",
        seconds=10,
    ),
    by_staff(
        "classify",
        "classify",
        lambda _: {"priority": 2, "type_code": "traffic"},
        prepare=answered(),
        kind="incident.classified",
    ),
    by_staff(
        "place",
        "place",
        lambda _: {"place": "中心小学门口", "point": {"lat": 36.4, "lng": 118.5}},
        prepare=answered(),
        kind="place.confirmed",
    ),
    by_staff(
        "note", "notes", lambda _: {"text": "内部"}, prepare=answered(), kind="note.written", with_key=True
    ),
    by_staff(
        "write to the citizen",
        "messages",
        lambda _: {"text": "已派警"},
        prepare=answered(),
        kind="message.sent",
        with_key=True,
    ),
    by_staff(
        "write to the officers",
        "messages",
        lambda _: {"text": "走南门", "to": "officers"},
        prepare=dispatched(),
        kind="officer.message",
        with_key=True,
    ),
    by_staff(
        "dispatch",
        "dispatch",
        lambda case: {"unit_id": case.at.setdefault("unit", unit_id(case))},
        prepare=lambda case: (answered()(case), case.at.update(unit=unit_id(case))),
        kind="officer.dispatched",
        with_key=True,
        seconds=190,
    ),
    by_staff("send the link again", "dispatches/{dispatch}/resend", prepare=dispatched()),
    by_staff(
        "call the officer back",
        "dispatches/{dispatch}/revoke",
        lambda _: {"reason": "误派"},
        prepare=dispatched(),
        kind="dispatch.revoked",
        then=("dispatch-not-found",),
    ),
    by_staff("call back", "callback", lambda _: {"result": "reached"}, prepare=answered()),
    Operation(
        name="link",
        prepare=_other,
        act=lambda case: case.world.ask(
            case.world.staff("seat1"),
            "POST",
            f"/console/incidents/{case.filed[0].incident_id}/link",
            {"to": case.at["other"]},
        ),
        expect=_both_say_so,
        seconds=5,
    ),
    by_staff(
        "close",
        "close",
        lambda _: {"disposition": "resolved"},
        prepare=answered("video110"),
        kind="incident.closed",
        then=("step-refused",),
    ),
    by_staff(
        "mark as false",
        "false-report",
        lambda _: {"kind": "false_report", "reason": "查无此事"},
        prepare=answered(),
        kind="report.marked_false",
    ),
    by_staff(
        "decide a standing",
        "/console/standing",
        _decision,
        prepare=_marked,
        kind="standing.changed",
        who="commander1",
        with_key=True,
    ),
    by_staff(
        "lift a standing",
        "/console/standing/{standing}?reason=ok",
        lambda _: None,
        prepare=_restricted,
        kind="standing.lifted",
        who="commander1",
        method="DELETE",
    ),
    by_staff(
        "dismiss a review",
        "/console/reviews/{incident}/dismiss",
        lambda _: {"reason": "属实"},
        prepare=_marked,
        kind="review.dismissed",
        who="commander1",
        then=("review-not-found",),
    ),
    by_staff("grant a live call", "grant-live", prepare=_withheld, kind="live.granted"),
    by_staff(
        "judge a hit",
        "verdict",
        lambda case: {"hit": case.at["hit"], "verdict": "confirmed"},
        prepare=_hit,
        kind="hit.judged",
    ),
    by_staff(
        "transfer",
        "transfer",
        lambda case: case.at.setdefault("department", _department(case)),
        prepare=lambda case: (answered("fengqiao")(case), case.at.update(department=_department(case))),
        kind="transfer.asked",
        seconds=50,
    ),
    by_staff(
        "take a transfer",
        "transfer/take",
        prepare=_transferred,
        kind="transfer.taken",
        who="specialist1",
    ),
    by_staff("escalate", "escalate", prepare=answered("fengqiao"), kind="incident.escalated"),
    by_staff("open the hub", "call", prepare=answered("video110")),
    by_staff("take a snapshot", "snapshots", _snapshot, prepare=answered("video110"), with_key=True),
    Operation(
        name="record a fragment",
        prepare=_recording,
        act=_record,
        expect=stands("recording.kept"),
        seconds=5,
    ),
    by_staff("read the evidence", "evidence", lambda _: None, prepare=answered(), method="GET"),
    by_staff("read the feed", "/console/feed", lambda _: None, prepare=answered(), method="GET"),
    Operation(
        name="leave the seat",
        prepare=_held_by_seat2,
        act=_seat_off,
        expect=stands("incident.released"),
        seconds=10,
    ),
    by_officer(
        "open the link",
        "/link/open",
        lambda _: {"last_digits": UNIT_PHONE[-4:]},
        prepare=dispatched(),
        kind="link.opened",
    ),
    by_officer(
        "on the way",
        "/link/status",
        lambda _: {"status": "en_route"},
        prepare=opened,
        kind="officer.en_route",
    ),
    by_officer("report back", "/link/feedback", _feedback, prepare=opened, kind="officer.handled"),
    by_officer(
        "officer's word",
        "/link/messages",
        lambda _: {"text": "到了"},
        prepare=opened,
        kind="officer.message",
        with_key=True,
    ),
    Operation(name="open an alert", prepare=alerted, act=_by_code, expect=stands("alert.opened"), seconds=5),
    Operation(
        name="acknowledge",
        prepare=_alert_opened,
        act=_acknowledge,
        expect=_only_one_was_texted,
        seconds=140,
    ),
    by_staff(
        "revoke an alert",
        "alerts/{alert}/revoke",
        lambda _: {"reason": "手机丢失"},
        prepare=_alert_known,
        kind="alert.revoked",
        who="commander1",
    ),
    _listed(
        "add a unit",
        "/console/units",
        "name",
        lambda case: {"name": case.at["name"], "officer_name": "值班民警", "phone": "+8613800000009"},
    ),
    _listed("add a department", "/console/departments", "name", lambda case: {"name": case.at["name"]}),
    _listed(
        "watch a person",
        "/console/watch/persons",
        "reason",
        lambda case: {"openid": f"openid-{case.at['key']}", "reason": case.at["name"]},
    ),
    _listed(
        "watch a place",
        "/console/watch/places",
        "name",
        lambda case: {
            "name": case.at["name"],
            "centre": case.at["where"],
            "radius_m": 100,
            "reason": "学校",
        },
    ),
    _listed(
        "put a shift",
        "/console/duty",
        "name",
        lambda case: {
            "name": case.at["name"],
            "phone": "+8613800000013",
            "from": (case.world.clock.now() + timedelta(days=300)).isoformat(),
            "to": (case.world.clock.now() + timedelta(days=300, hours=3)).isoformat(),
        },
    ),
]
