"""How much a citizen may write to one report, and how fast."""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.domain import handling
from chalicelib.domain.allowance import EACH, IN_A_MINUTE, IN_ALL, carried_over, spend
from chalicelib.domain.clusters import answer_event
from chalicelib.domain.incident import EventAnswer, EventAsked, Incident, Spent
from chalicelib.domain.refusals import ReportFull, TooManyMessages
from tests.domain.samples import NOON, incident

LONGEST = "警" * 2000
WORST = "\x01" * 2000
"""A letter that JSON writes as six."""


def filled(text: str, one: Incident | None = None) -> tuple[Incident, int]:
    """A report written to with the same text until it takes no more, and how often that was."""
    one, number = one or incident(), 0
    while True:
        try:
            one = handling.hear_from_citizen(one, text=text, at=NOON + timedelta(seconds=3 * number)).incident
        except ReportFull:
            return one, number
        number += 1


def test_thirty_messages_fit_into_a_minute_and_the_next_waits_for_the_minute_to_end() -> None:
    one = incident()
    for second in range(IN_A_MINUTE):
        one = spend(one, "在", at=NOON + timedelta(seconds=second))
    with pytest.raises(TooManyMessages) as refused:
        spend(one, "在", at=NOON + timedelta(seconds=45))
    assert refused.value.facts == {"retry_after_seconds": 15}
    with pytest.raises(TooManyMessages) as refused:
        spend(one, "在", at=NOON + timedelta(seconds=59.9))
    assert refused.value.facts == {"retry_after_seconds": 1}
    again = spend(one, "在", at=NOON + timedelta(seconds=60))
    assert again.spent is not None
    assert (again.spent.in_minute, again.spent.minute) == (1, NOON + timedelta(seconds=60))


@pytest.mark.parametrize("text", [LONGEST, WORST, "好"])
def test_whatever_she_writes_her_words_stay_far_below_what_can_be_answered(text: str) -> None:
    _, number = filled(text)
    in_json = len(msgspec.json.encode(text)) + EACH
    assert number * in_json <= IN_ALL < (number + 1) * in_json


def test_a_hundred_longest_messages_and_a_thousand_short_ones_are_taken() -> None:
    assert filled(LONGEST)[1] > 100
    assert filled("他往东边走了，穿黑色外套")[1] > 1000


def test_a_word_on_an_event_counts_too_but_never_that_somebody_is_hurt() -> None:
    asked = EventAsked(event_id="e", event="fire", name="起火", asked_at=NOON)
    full = incident(event_asked=asked, spent=Spent(minute=NOON, in_all=IN_ALL))
    with pytest.raises(ReportFull):
        answer_event(full, answer=EventAnswer.SAME, at=NOON)
    hurt = answer_event(full, answer=EventAnswer.HURT, at=NOON)
    assert hurt is not None
    assert hurt.incident.hurt


def test_what_continues_a_closed_report_begins_empty_within_the_same_minute() -> None:
    spent = Spent(minute=NOON, in_all=IN_ALL, in_minute=IN_A_MINUTE)
    again = replace(incident(), spent=carried_over(spent))
    with pytest.raises(TooManyMessages):
        spend(again, "还有", at=NOON + timedelta(seconds=30))
    assert spend(again, "还有", at=NOON + timedelta(seconds=61)).spent is not None
    assert carried_over(None) is None
