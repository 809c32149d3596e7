"""The state directory: documents are replaced whole, and one machine at a time holds it."""

import threading
from pathlib import Path

import pytest

from infra.local.state import State, StateInUse


def test_a_document_is_read_as_it_was_written(tmp_path: Path) -> None:
    state = State(directory=tmp_path)
    state.write("deep/name.json", {"名": [1, None]})
    assert state.read("deep/name.json") == {"名": [1, None]}
    assert state.read("missing.json", default=3) == 3


def test_a_document_with_passwords_is_for_its_owner_alone(tmp_path: Path) -> None:
    State(directory=tmp_path).write("accounts.json", [])
    assert (tmp_path / "accounts.json").stat().st_mode & 0o077 == 0


def test_a_reader_never_sees_half_a_document(tmp_path: Path) -> None:
    state = State(directory=tmp_path)
    long = ["x" * 100] * 2000
    state.write("name.json", long)
    done = threading.Event()

    def write() -> None:
        for _ in range(50):
            state.write("name.json", long)
        done.set()

    threading.Thread(target=write).start()
    while not done.is_set():
        assert state.read("name.json") == long


def test_a_held_directory_is_refused_to_a_second_and_free_afterwards(tmp_path: Path) -> None:
    state = State(directory=tmp_path)
    with state.held(), pytest.raises(StateInUse), state.held(within_seconds=0.1):
        pass
    with state.held(within_seconds=0.1):
        pass


def test_a_list_keeps_what_was_added_but_not_half_an_entry(tmp_path: Path) -> None:
    state = State(directory=tmp_path)
    assert state.lines("codes") == []
    for code in ("first", "second\nwith a break"):
        state.add("codes", code)
    with (tmp_path / "codes").open("a") as out:
        out.write('"third, cut o')
    assert state.lines("codes") == ["first", "second\nwith a break"]
