"""What citizens ask for: signing in, each way to report, and what they add."""

import hashlib
import uuid
from collections.abc import Callable, Iterator

from tests.faults.asking import answered, by_citizen, filed, keyed, somewhere, stands
from tests.faults.case import Case, new_key
from tests.faults.rounds import Operation
from tests.faults.world import Answer


def _nothing(case: Case) -> None:
    case.citizen()


def _sign_in(case: Case) -> Answer:
    """A page takes a new code from WeChat each time it asks."""
    name = case.at.setdefault("name", uuid.uuid4().hex)
    answer = case.world.ask(None, "POST", "/session", {"code": f"login-{name}#{new_key()}"})
    case.at.setdefault("ids", set()).update({answer.body["citizen"]["id"]} if answer.is_done else ())
    return answer


def _is_one_and_counted(case: Case) -> Iterator[str]:
    from chalicelib.adapters.tables import CitizenItem

    if len(case.at["ids"]) != 1:
        yield f"{len(case.at['ids'])} citizens of one WeChat id"
        return
    _sign_in(case)
    (citizen_id,) = case.at["ids"]
    if CitizenItem.get(citizen_id, consistent_read=True).counted_at is None:
        yield "a citizen who signed in twice is not counted"


def _without_phone(case: Case) -> None:
    case.citizen(phone=False)
    citizen = case.citizens[0]
    case.file(citizen, "photo-text", {"text": "有人落水"}, new_key())
    case.world.deliveries.drain()
    case.at["phone"] = f"+86137{uuid.uuid4().int % 10**8:08d}"


def _verify(case: Case) -> Answer:
    code = f"phone-{case.at['phone']}#{new_key()}"
    return case.world.ask(case.citizens[0].token, "POST", "/session/phone", {"code": code})


def _type(case: Case) -> Answer:
    body = {"phone": case.at["phone"]}
    return case.world.ask(case.citizens[0].token, "POST", "/session/phone", body)


def _has_the_number(case: Case) -> Iterator[str]:
    """A number that fails to reach the open report is brought when it is given again; never two entries."""
    if case.kinds().count("phone.given") > 1:
        yield "the number was given twice"
    _type(case)
    case.world.deliveries.drain()
    if case.record()["caller"]["phone"] != case.at["phone"]:
        yield "the report lacks the number"


def _file(mode: str) -> Callable[[Case], Answer]:
    def act(case: Case) -> Answer:
        where = case.at.setdefault("where", somewhere())
        return case.file(case.citizens[0], mode, {"text": "有人落水", "position": where}, case.at["key"])

    return act


def _closed(case: Case) -> None:
    answered()(case)
    case.work("close", {"disposition": "advised"})
    case.world.deliveries.drain()


def _continues_once(case: Case) -> Iterator[str]:
    listed = case.world.ask(case.citizens[0].token, "GET", "/reports").body["items"]
    if len(listed) != 2:
        yield f"{len(listed) - 1} incidents continue a closed one"
    for one in listed:
        messages = case.kinds(one["id"]).count("message.sent")
        if messages != (one["id"] != case.id):
            yield f"{messages} messages in one of the two"


def _write_after_closing(case: Case) -> Answer:
    path = f"/reports/{case.id}/messages"
    return case.world.ask(case.citizens[0].token, "POST", path, {"text": "他又来了"}, key=case.at["key"])


def _point(case: Case) -> object:
    at = case.world.clock.now().isoformat()
    return {"points": [{**somewhere(), "at": at}]}


def _picture(_: Case) -> object:
    content = b"\xff\xd8\xff" + b"\0" * 64
    return {
        "kind": "photo",
        "content_type": "image/jpeg",
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _left(case: Case) -> None:
    filed("video110")(case)
    hangup = case.world.ask(case.citizens[0].token, "POST", f"/reports/{case.id}/hangup", {})
    assert hangup.is_done
    case.world.deliveries.drain()


CITIZENS = [
    Operation(name="sign in", prepare=lambda _: None, act=_sign_in, expect=_is_one_and_counted, seconds=5),
    Operation(name="verify phone", prepare=_without_phone, act=_verify, expect=_has_the_number, seconds=5),
    Operation(name="type phone", prepare=_without_phone, act=_type, expect=_has_the_number, seconds=5),
    by_citizen(
        "profile", "PATCH", "/session/profile", lambda _: {"trade": "taxi"}, prepare=lambda c: c.citizen()
    ),
    *(
        Operation(
            name=f"file {mode}",
            prepare=keyed(_nothing),
            act=_file(mode),
            expect=stands("report.filed"),
            seconds=200 if mode == "photo-text" else 70,
            safe_after="dynamodb:TransactWriteItems",
        )
        for mode in ("photo-text", "video110", "silent", "voice", "fengqiao")
    ),
    by_citizen(
        "message",
        "POST",
        "/reports/{incident_id}/messages",
        lambda _: {"text": "在后门"},
        prepare=filed(),
        kind="message.sent",
        with_key=True,
    ),
    Operation(
        name="message after closing",
        prepare=keyed(_closed),
        act=_write_after_closing,
        expect=_continues_once,
        seconds=30,
    ),
    by_citizen(
        "ask for an upload",
        "POST",
        "/reports/{incident_id}/media",
        _picture,
        prepare=filed(),
        with_key=True,
    ),
    by_citizen(
        "say somebody is hurt",
        "POST",
        "/reports/{incident_id}/same-event",
        lambda _: {"answer": "hurt"},
        prepare=filed(),
        kind="event.answered",
    ),
    by_citizen("positions", "POST", "/reports/{incident_id}/positions", _point, prepare=filed()),
    by_citizen("join", "POST", "/reports/{incident_id}/call", lambda _: {}, prepare=filed("video110")),
    by_citizen(
        "join again",
        "POST",
        "/reports/{incident_id}/call",
        lambda _: {},
        prepare=_left,
        kind="call.resumed",
        # The line it gave back rests a minute, and so do others that were asked for in vain.
        then=("no-line",),
    ),
    by_citizen("keep the line", "PUT", "/reports/{incident_id}/call", prepare=filed("video110")),
    by_citizen(
        "hang up",
        "POST",
        "/reports/{incident_id}/hangup",
        lambda _: {},
        prepare=filed("video110"),
        kind="incident.abandoned",
    ),
    by_citizen(
        "quick exit",
        "POST",
        "/reports/{incident_id}/quick-exit",
        lambda _: {},
        prepare=filed("silent"),
        kind="citizen.exited",
    ),
    by_citizen("read a report", "GET", "/reports/{incident_id}", prepare=filed()),
    by_citizen("list reports", "GET", "/reports", prepare=filed()),
]
