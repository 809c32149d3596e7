"""What a commander's text says, and what it never does."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.alerts import Alert, AlertState, Reason, ReasonCode, folds, mark, text_of

AT = datetime(2026, 11, 22, tzinfo=UTC)


def reasons(*codes: ReasonCode) -> tuple[Reason, ...]:
    return tuple(Reason(code=code, of=str(n)) for n, code in enumerate(codes))


def an_alert(**fields: object) -> Alert:
    base = Alert(id="a", name="值班指挥长", phone="+8613900000000", reasons=(), reserved_at=AT, ticket="a")
    return Alert(**{**{name: getattr(base, name) for name in base.__struct_fields__}, **fields})


@pytest.mark.parametrize("code", ReasonCode)
def test_a_text_has_the_number_the_reason_and_the_code_and_fits_two_segments(code: ReasonCode) -> None:
    text = text_of(number="261122-7K3M9QT", reasons=reasons(code), code="48217730", link=None, folded=0)
    assert "261122-7K3M9QT" in text
    assert "4821 7730" in text
    assert "/ack" not in text
    # A segment of a long text holds 67 characters of Chinese.
    assert len(text) <= 2 * 67


def test_no_text_says_that_a_person_or_which_place_is_on_a_list() -> None:
    every = text_of(number="n", reasons=reasons(*ReasonCode), code="48217730", link=None, folded=3)
    for word in ("重点人", "重点部位", "信誉", "拉黑"):
        assert word not in every


def test_a_reason_is_said_once_however_many_hits_it_has() -> None:
    twice = reasons(ReasonCode.KEY_PERSON, ReasonCode.KEY_PLACE, ReasonCode.KEY_PERSON)
    text = text_of(number="n", reasons=twice, code="48217730", link=None, folded=0)
    assert text.count("重点警情") == 1


def test_what_was_folded_is_said_in_the_next_text_and_a_link_where_there_is_one() -> None:
    text = text_of(
        number="n", reasons=reasons(ReasonCode.REPEAT), code="48217730", link="https://a/ack#x", folded=7
    )
    assert "另有7起重复报警" in text
    assert text.endswith("https://a/ack#x")


def test_only_repeat_reports_alone_fold() -> None:
    assert folds(reasons(ReasonCode.REPEAT, ReasonCode.REPEAT))
    for code in ReasonCode:
        assert folds(reasons(ReasonCode.REPEAT, code)) == (code is ReasonCode.REPEAT)


def test_the_mark_is_the_last_state_until_somebody_acknowledged() -> None:
    failed = an_alert(state=AlertState.FAILED)
    accepted = an_alert(state=AlertState.ACCEPTED)
    assert mark(()) is None
    assert mark((failed, accepted)) == "accepted"
    assert mark((an_alert(acknowledged_at=AT), failed)) == "acknowledged"


def test_a_folded_alert_covers_its_reasons_and_a_text_only_what_was_acknowledged() -> None:
    why, more = reasons(ReasonCode.REPEAT), reasons(ReasonCode.UNANSWERED)
    assert an_alert(state=AlertState.FOLDED, reasons=why).covers == why
    assert an_alert(state=AlertState.ACCEPTED, reasons=why).covers == ()
    assert an_alert(state=AlertState.ACCEPTED, reasons=why, acknowledged=why + more).covers == why + more
