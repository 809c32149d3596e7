"""Alerts: why a commander 指挥长 is texted, what became of it, and the words of the text."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec


class ReasonCode(StrEnum):
    """Why: one of the rules of a sensitive incident, or a step that is overdue."""

    KEY_PERSON = "key_person"
    KEY_PLACE = "key_place"
    REPEAT = "repeat"
    UNANSWERED = "unanswered"
    UNDISPATCHED = "undispatched"
    UNOPENED = "unopened"


IN_A_TEXT = {
    ReasonCode.KEY_PERSON: "重点警情",
    ReasonCode.KEY_PLACE: "重点警情",
    ReasonCode.REPEAT: "重复报警",
    ReasonCode.UNANSWERED: "无人接警",
    ReasonCode.UNDISPATCHED: "接警后未派警",
    ReasonCode.UNOPENED: "民警未查看派警",
}
"""The words of a text. It can be read on a locked telephone by anyone beside it, so it tells neither that
a person is on a list nor which place is."""


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason; `of` tells it from others of its kind: the hit, the dispatch, or since when it rings."""

    code: ReasonCode
    of: str = ""


class AlertState(StrEnum):
    """What became of an alert: `accepted` is SNS's word and not the telephone's.

    `sending` is reserved and on its way, `unsent` waits for SNS to take texts again, `failed` was refused
    for good or given up, `folded` was counted and not sent.
    """

    SENDING = "sending"
    UNSENT = "unsent"
    ACCEPTED = "accepted"
    FAILED = "failed"
    FOLDED = "folded"


UNSETTLED = (AlertState.SENDING, AlertState.UNSENT)


class Failure(StrEnum):
    """Why an alert failed: what of the ladder it still stands for hangs on that.

    `moot` was given up before SNS took it, because nobody needed it any more; `unknown` may have gone out;
    `refused` is SNS's last word on that number.
    """

    MOOT = "moot"
    UNKNOWN = "unknown"
    REFUSED = "refused"


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One recipient told of one incident.

    `ticket` is the reservation under which it is being sent, `attempts` how many there were.
    `acknowledged` are the reasons the recipient saw when he acknowledged. Once revoked, link and code are
    dead and an acknowledgement made with them counts no more. `failure` is why it failed; one that was
    revoked on its way has none.
    """

    id: str
    name: str
    phone: str
    fallback: bool = False
    reasons: tuple[Reason, ...]
    reserved_at: datetime
    ticket: str
    state: AlertState = AlertState.SENDING
    failure: Failure | None = None
    attempts: int = 1
    settled_at: datetime | None = None
    message_id: str | None = None
    opened_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged: tuple[Reason, ...] = ()
    revoked_at: datetime | None = None

    @property
    def is_acknowledged(self) -> bool:
        """Whether the recipient's word stands."""
        return self.acknowledged_at is not None and self.revoked_at is None

    @property
    def uses_up_its_recipient(self) -> bool:
        """Whether nobody tells him again of this incident: he was told, may have been, or cannot be.

        Not so one that was counted, or given up as moot, unless he opened its page: then it had gone out.
        """
        is_moot = self.failure is Failure.MOOT and self.opened_at is None
        return self.state is not AlertState.FOLDED and not is_moot

    @property
    def covers(self) -> tuple[Reason, ...]:
        """The reasons nobody need be told of again: acknowledged, or folded into a count."""
        if self.revoked_at is not None:
            return ()
        return self.reasons if self.state is AlertState.FOLDED else self.acknowledged


def folds(reasons: Iterable[Reason], *, flood: bool = False) -> bool:
    """Whether an alert may be counted instead of sent: repeat reports alone, never anything beside them.

    In a flood of one citizen, whose earlier reports are told of, so may be that nobody answers this one too.
    """
    may = {ReasonCode.REPEAT, ReasonCode.UNANSWERED} if flood else {ReasonCode.REPEAT}
    return {reason.code for reason in reasons} <= may


def mark(alerts: Sequence[Alert]) -> str | None:
    """How far the alerts of an incident are, in one word: `acknowledged`, or the state of the last."""
    if any(alert.is_acknowledged for alert in alerts):
        return "acknowledged"
    return alerts[-1].state.value if alerts else None


def text_of(*, number: str, reasons: Iterable[Reason], code: str, link: str | None, folded: int) -> str:
    """The text: incident number, reasons, the code for the known page. Nothing about the citizen.

    `folded` is how many repeat reports were counted and not sent to this recipient before.
    """
    why = "、".join(dict.fromkeys(IN_A_TEXT[reason.code] for reason in reasons))
    more = f"另有{folded}起重复报警未单独发送。" if folded else ""
    way = f"，或打开：{link}" if link else "。"
    return f"【即时报警】警情 {number}：{why}。{more}请在确认页面输入 {code[:4]} {code[4:]}{way}"
