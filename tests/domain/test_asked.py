"""Ids, digests and numbers that make a retry safe."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.asked import (
    CROCKFORD,
    derived_id,
    incident_number,
    new_id,
    read_number,
    request_digest,
)

SECRET = b"a secret of the stage"
ID = re.compile(r"[a-z2-7]{26}")
WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x1f"), max_size=12)
PARTS = st.lists(WORDS, max_size=4)


@given(PARTS)
def test_the_same_parts_give_the_same_id(parts: list[str]) -> None:
    made = derived_id(SECRET, *parts)
    assert ID.fullmatch(made)
    assert made == derived_id(SECRET, *parts)


def test_ids_differ_by_secret_by_part_and_by_where_the_parts_divide() -> None:
    made = {
        derived_id(SECRET, "report", "c1", "k1"),
        derived_id(SECRET, "report", "c1", "k2"),
        derived_id(SECRET, "report", "c2", "k1"),
        derived_id(SECRET, "media", "c1", "k1"),
        derived_id(SECRET, "report", "c1k", "1"),
        derived_id(SECRET, "reportc1", "k1"),
        derived_id(b"another secret", "report", "c1", "k1"),
    }
    assert len(made) == 7


def test_a_new_id_looks_like_a_derived_one_and_never_comes_twice() -> None:
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(ID.fullmatch(one) for one in made)


@given(PARTS, PARTS)
def test_a_digest_tells_requests_apart_by_each_of_their_parts(one: list[str], other: list[str]) -> None:
    assert (request_digest(*one) == request_digest(*other)) == (one == other)


def test_a_digest_does_not_mind_whether_a_part_came_as_text_or_as_bytes() -> None:
    assert request_digest("photo_text", "{}") == request_digest(b"photo_text", b"{}")


def test_a_number_is_the_day_in_beijing_and_seven_letters_nobody_confuses() -> None:
    number = incident_number("a" * 26, datetime(2026, 11, 22, 4, 0, tzinfo=UTC))
    assert re.fullmatch(rf"261122-[{CROCKFORD}]{{7}}", number)
    assert not set("ILOU") & set(CROCKFORD)


def test_the_day_of_a_number_changes_at_midnight_in_beijing() -> None:
    before = incident_number("a" * 26, datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC))
    after = incident_number("a" * 26, datetime(2026, 11, 22, 16, 0, tzinfo=UTC))
    assert (before[:6], after[:6]) == ("261122", "261123")
    assert before[7:] == after[7:]


def test_numbers_of_one_day_are_told_apart() -> None:
    noon = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    numbers = {incident_number(f"incident-{n}", noon) for n in range(5000)}
    assert len(numbers) == 5000


@given(st.text(min_size=1, max_size=40), st.datetimes(timezones=st.just(UTC)))
def test_every_number_is_read_as_it_was_made(incident_id: str, at: datetime) -> None:
    number = incident_number(incident_id, at)
    assert read_number(number) == number


@pytest.mark.parametrize(
    "said",
    [
        "261122-7K30QTV",
        " 261122 7k30qtv ",
        "2611227K30QTV",
        "２６１１２２－７Ｋ３０ＱＴＶ",
        "警情编号：261122—7K30QTV。",
        "26 11 22 / 7 K 3 0 Q T V",
        "261122-7K3OQTV",
        "26ii22-7k3oqtv",
    ],
)
def test_a_number_is_read_however_it_was_typed_or_heard(said: str) -> None:
    assert read_number(said) == "261122-7K30QTV"


@pytest.mark.parametrize(
    "said", ["", "7K30QTV", "261122", "261122-7K30QTVX", "261122-7K30QTU", "x" * 64, "٢٦١١٢٢-7K30QTV"]
)
def test_what_cannot_be_a_number_is_none(said: str) -> None:
    assert read_number(said) is None
