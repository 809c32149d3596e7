"""Telephone numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.phone import read_phone
from chalicelib.domain.refusals import PhoneInvalid


@pytest.mark.parametrize(
    "text",
    [
        "13800000000",
        "138 0000 0000",
        " 138-0000-0000 ",
        "+86 138 0000 0000",
        "+8613800000000",
        "＋86（138）00000000",
        "008613800000000",
        "１３８００００００００",
    ],
)
def test_every_way_to_write_a_number_is_the_same_number(text: str) -> None:
    assert read_phone(text) == "+8613800000000"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0536-3212345", "+865363212345"),
        ("400 800 1234", "+864008001234"),
        ("+44 20 7946 0018", "+442079460018"),
        ("+852 5123 4567", "+85251234567"),
    ],
)
def test_landlines_and_foreign_numbers_are_fine(text: str, number: str) -> None:
    assert read_phone(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "110",
        "12110",
        "1380000000",
        "138000000000",
        "+86 123 4567 8901",
        "1800FLOWERS",
        "+1 800 FLOWERS",
        "打电话13800000000",
        "13800000000 13900000000",
        "13800000000\x00",
        "tel:13800000000",
        "1" * 5000,
        "\ud83d",
    ],
)
def test_what_is_not_one_number_is_refused(text: str) -> None:
    with pytest.raises(PhoneInvalid):
        read_phone(text)


@pytest.mark.parametrize("text", ["1380000000", "+999 1380000000"])
def test_a_refusal_does_not_repeat_the_number(text: str) -> None:
    with pytest.raises(PhoneInvalid) as refused:
        read_phone(text)
    assert "138" not in str(refused.value)
    assert refused.value.__cause__ is None


@given(st.text(st.characters(codec=None)) | st.text("0123456789+-() ", max_size=20))
def test_any_text_is_a_number_that_reads_as_itself_or_is_refused(text: str) -> None:
    try:
        number = read_phone(text)
    except PhoneInvalid:
        return
    assert read_phone(number) == number
