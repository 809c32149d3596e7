"""The rules of the capacity model: worked examples of DynamoDB's own pages, and what follows from them."""

from typing import Any

import pytest

from infra.capacity.items import item_bytes, number_bytes, value_bytes
from infra.capacity.tables import Index, Table, tables_of
from infra.capacity.units import (
    CONSISTENT,
    EVENTUAL,
    TRANSACTION_WRITE,
    TRANSACTIONAL,
    each_read_units,
    index_units,
    read_units,
    write_units,
)

KB = 1024


def of_size(size: int, **attributes: Any) -> dict[str, Any]:
    """An item of exactly so many bytes."""
    item = {"id": {"S": ""}, **attributes}
    return {**item, "id": {"S": "x" * (size - item_bytes(item))}}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "冶源"}, 6),
        ({"B": b"\x00\xff\x00"}, 3),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"L": []}, 3),
        ({"M": {}}, 3),
        ({"L": [{"S": "ab"}, {"N": "1"}]}, 3 + 1 + 2 + 1 + 2),
        ({"M": {"Name": {"S": "ab"}}}, 3 + 1 + 4 + 2),
        ({"SS": ["ab", "c"]}, 3),
        ({"NS": ["12", "345"]}, 2 + 3),
        ({"BS": [b"ab"]}, 2),
    ],
)
def test_a_value_has_the_size_its_type_says(value: dict[str, Any], size: int) -> None:
    assert value_bytes(value) == size


@pytest.mark.parametrize(
    ("number", "size"),
    [
        ("0", 1),
        ("1", 2),
        ("27", 2),
        ("100", 2),
        ("0.0015", 2),
        ("-461", 3),
        ("1764000000123", 8),
        ("1E+20", 2),
    ],
)
def test_a_number_has_a_byte_for_two_significant_digits_and_one_more(number: str, size: int) -> None:
    assert number_bytes(number) == size


def test_an_item_is_its_names_and_its_values() -> None:
    assert item_bytes({"string": {"S": "string"}, "号码": {"N": "27"}, "b": {"B": b"buffer"}}) == 12 + 8 + 7


@pytest.mark.parametrize(
    ("size", "each", "units"),
    [
        (3_500, CONSISTENT, 1),
        (4 * KB, EVENTUAL, 0.5),
        (8 * KB, CONSISTENT, 2),
        (8 * KB, EVENTUAL, 1),
        (8 * KB, TRANSACTIONAL, 4),
        (10 * KB, CONSISTENT, 3),
        (0, EVENTUAL, 0.5),
        (0, CONSISTENT, 1),
    ],
)
def test_a_read_takes_the_units_of_the_guides_examples(size: int, each: float, units: float) -> None:
    assert read_units(size, each) == units


def test_a_batch_rounds_each_item_up_and_a_query_their_sum() -> None:
    """The guide: 1.5 KB and 6.5 KB in a batch are 12 KB; a query over 40.8 KB is one over 44 KB."""
    batch = [of_size(1536), of_size(6656)]
    assert each_read_units(batch, CONSISTENT) == 3
    assert read_units(1536 + 6656, CONSISTENT) == 2
    assert read_units(int(40.8 * KB), CONSISTENT) == 11


@pytest.mark.parametrize(("size", "units"), [(512, 1), (1024, 1), (1025, 2), (3 * KB, 3)])
def test_a_write_takes_a_unit_for_each_kilobyte_begun(size: int, units: float) -> None:
    assert write_units(None, of_size(size)) == units
    assert write_units(None, of_size(size), TRANSACTION_WRITE) == 2 * units


def test_a_write_takes_the_larger_of_before_and_after() -> None:
    large, small = of_size(2 * KB), of_size(600)
    assert write_units(large, small) == write_units(small, large) == 2
    assert write_units(large, None) == 2
    assert write_units(None, None) == 1


INDEXED = Table(
    name="Indexed",
    keys=("id",),
    indexes=(
        Index(name="whole", keys=("state",), included=None),
        Index(name="keys", keys=("state",), included=frozenset(("id", "state"))),
    ),
)


def test_an_index_is_written_as_the_five_cases_of_the_guide_say() -> None:
    bare, waiting, closed = (
        of_size(600),
        of_size(600, state={"S": "waiting"}),
        of_size(600, state={"S": "closed"}),
    )
    assert index_units(INDEXED, None, waiting) == 2
    assert index_units(INDEXED, waiting, closed) == 4
    assert index_units(INDEXED, waiting, bare) == 2
    assert index_units(INDEXED, bare, of_size(700)) == 0
    changed = {**waiting, "note": {"S": "x"}}
    assert index_units(INDEXED, waiting, changed) == 1


def test_an_index_costs_by_its_own_entry_and_not_by_the_item() -> None:
    large = of_size(3 * KB, state={"S": "waiting"})
    assert index_units(INDEXED, None, large) == 3 + 3
    note = {"id": {"S": "a"}, "state": {"S": "waiting"}, "note": {"S": "x" * 3 * KB}}
    assert index_units(INDEXED, None, note) == 4 + 1


def test_the_tables_of_the_template_have_the_keys_and_indexes_it_gives_them() -> None:
    tables = tables_of()
    assert tables["IncidentsTable"].keys == ("incident_id", "part")
    by_citizen, by_owner, by_number = tables["IncidentsTable"].indexes
    own = {"incident_id", "part", "filed_at"}
    assert by_citizen.included == frozenset(own | {"citizen_id", "body"})
    assert by_owner.included == frozenset(own | {"owner_id"})
    assert by_number.included == frozenset({"incident_id", "part", "incident_number"})
    assert [one.included for one in tables["FeedTable"].indexes] == [None, None]
    assert tables["CitizensTable"].indexes == ()
