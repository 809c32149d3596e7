"""What officers say through their links, and commanders to whom alerts were texted."""

import re
from collections.abc import Iterator
from typing import Any

from tests.faults.asking import (
    UNIT_PHONE,
    ago,
    alerted,
    by_officer,
    by_staff,
    dispatched,
    officer,
    opened,
    stands,
)
from tests.faults.case import Case, texts
from tests.faults.rounds import Operation
from tests.faults.world import Answer

CODE = re.compile(r"\b(\d{4}) (\d{4})\b")
"""The code to type, as a text shows it."""


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


def _typed(case: Case) -> Answer:
    """The code of the text, typed on a telephone that opened no link."""
    headers = {"X-Device-Key": case.at["device"]}
    body = {"code": case.at["code"], "last_digits": case.at["phone"][-4:]}
    return case.world.ask(None, "POST", "/link/alert/code", body, headers=headers)


def _code_known(case: Case) -> None:
    alerted(case)
    case.at["code"] = "".join(CODE.findall(texts(case.world)[-1]["Message"])[-1])


def _opened_live(case: Case) -> None:
    dispatched("video110")(case)
    case.at["device"] = "d" * 32
    assert officer(case, "POST", "/link/open", {"last_digits": UNIT_PHONE[-4:]}).is_done


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


SENT_OUT = [
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
    Operation(
        name="join the call by the link",
        prepare=_opened_live,
        act=lambda case: officer(case, "POST", "/link/call", {}),
        seconds=5,
    ),
    Operation(
        name="open an alert by its code",
        prepare=_code_known,
        act=_typed,
        expect=stands("alert.opened"),
        seconds=5,
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
]
