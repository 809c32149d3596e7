"""What call-takers, commanders and specialists do with an incident, from answering to closing."""

from collections.abc import Iterator
from typing import Any

from tests.faults.asking import (
    answered,
    by_staff,
    dispatched,
    filed,
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


def _is_heard_of(case: Case) -> Iterator[str]:
    """Who asks again listens again: once on the record at least."""
    if "call.listened" not in case.kinds():
        yield "nobody will know that the commander listened"


def _recording(case: Case) -> None:
    answered("video110")(case)
    case.at["at"] = "2026-06-01T01:30:00Z"


def _seat_off(case: Case) -> Answer:
    token = case.world.staff("seat2")
    return case.world.ask(token, "PUT", "/console/seat", {"state": "off"})


def _held_by_seat2(case: Case) -> None:
    filed()(case)
    case.work("answer", who="seat2")
    case.world.deliveries.drain()


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
        lambda case: {"unit_id": case.at["unit"]},
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
        lambda case: case.at["department"],
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
    Operation(
        name="listen in",
        prepare=answered("video110"),
        act=lambda case: case.world.ask(
            case.world.staff("commander1"), "POST", f"/console/incidents/{case.id}/listen", {"speak": False}
        ),
        expect=_is_heard_of,
        seconds=30,
    ),
    by_staff(
        "note a copy of the evidence",
        "evidence/copies",
        lambda _: {"manifest_sha256": "0" * 64, "count": 2},
        prepare=answered(),
        kind="evidence.exported",
        who="commander1",
        with_key=True,
    ),
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
]
