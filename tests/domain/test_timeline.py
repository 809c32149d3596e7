"""The hash chain of a timeline: whatever is done to it afterwards is found and named."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from itertools import permutations, product
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.canonical import canonical, plain
from chalicelib.domain.position import Position
from chalicelib.domain.timeline import (
    GENESIS,
    Actor,
    Entry,
    EntryUnreadable,
    Fault,
    FaultKind,
    Personal,
    PersonalValue,
    Role,
    check_chain,
    check_personal,
    hash_of,
    read_entry,
    seal,
    write_entry,
)

NOW = datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=UTC)
CALL_TAKER = Actor(role=Role.CALL_TAKER, id="staff-7")
SALT = "00112233445566778899aabbccddeeff"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
DETAILS = st.dictionaries(st.text(), JSON | st.datetimes(timezones=st.just(UTC)), max_size=5)


def chain_of(length: int, incident_id: str = "incident-1") -> list[Entry]:
    entries: list[Entry] = []
    for number in range(length):
        entry, _ = seal(
            incident_id=incident_id,
            previous=entries[-1] if entries else None,
            at=NOW + timedelta(seconds=number),
            kind="incident.noted",
            actor=CALL_TAKER,
            details={"version": number, "away_m": 12.5},
            personal={"text": f"note {number}"},
        )
        entries.append(entry)
    return entries


CHAIN = chain_of(5)
HEAD = CHAIN[-1].hash


def check(entries: list[Entry], *, count: int = 5, head: str = HEAD) -> list[tuple[FaultKind, int]]:
    return [(fault.kind, fault.seq) for fault in check_chain(entries, count=count, head=head)]


def changed(entry: Entry, **fields: object) -> Entry:
    return msgspec.structs.replace(entry, **fields)


def resealed(entry: Entry, **fields: object) -> Entry:
    """A forged entry whose own hash is right."""
    forged = changed(entry, **fields)
    return changed(forged, hash=hash_of(forged))


def test_a_whole_chain_has_no_faults() -> None:
    assert check(CHAIN) == []
    assert [entry.seq for entry in CHAIN] == [1, 2, 3, 4, 5]
    assert CHAIN[0].previous == GENESIS == "0" * 64


def test_an_empty_timeline_is_whole_only_for_an_incident_without_one() -> None:
    assert check([], count=0, head=GENESIS) == []
    assert check([], count=0, head=HEAD) == [(FaultKind.HEAD_DIFFERS, 0)]
    assert check([]) == [(FaultKind.CUT_TAIL, 1)]


def test_a_chain_goes_on_from_the_count_and_head_on_the_incident() -> None:
    arguments: dict[str, Any] = {"incident_id": "incident-1", "at": NOW, "kind": "a.b", "actor": CALL_TAKER}
    from_entry, _ = seal(previous=CHAIN[-1], **arguments)
    from_head, _ = seal(previous=(5, HEAD), **arguments)
    assert from_entry == from_head
    assert check([*CHAIN, from_head], count=6, head=from_head.hash) == []


def test_a_chain_does_not_go_on_for_another_incident() -> None:
    with pytest.raises(ValueError, match="one incident"):
        seal(incident_id="incident-2", previous=CHAIN[-1], at=NOW, kind="a.b", actor=CALL_TAKER)


def test_an_entry_is_in_utc_and_needs_a_zone() -> None:
    arguments: dict[str, Any] = {"incident_id": "1", "previous": None, "kind": "a.b", "actor": CALL_TAKER}
    here, _ = seal(at=NOW.astimezone(timezone(timedelta(hours=8))), **arguments)
    assert here == seal(at=NOW, **arguments)[0]
    with pytest.raises(ValueError, match="zone"):
        seal(at=NOW.replace(tzinfo=None), **arguments)


def test_the_hash_is_that_of_a_known_text() -> None:
    """Fixed for good: a verifier written elsewhere makes it from the same text."""
    entry, _ = seal(
        incident_id="i",
        previous=None,
        at=NOW,
        kind="report.filed",
        actor=Actor(role=Role.CITIZEN, id="c"),
        details={"b": 1.0, "a": "冶源"},
        personal={"phone": "+8613800000000"},
        salt_source=lambda: SALT,
    )
    digest = hmac.digest(bytes.fromhex(SALT), b'"+8613800000000"', "sha256").hex()
    hashed = (
        '{"actor":{"id":"c","role":"citizen"},"at":"2026-11-22T08:00:00.123456Z","details":{"a":"冶源","b":1},'
        f'"digests":{{"phone":"{digest}"}},"incident_id":"i","kind":"report.filed","previous":"{GENESIS}","seq":1}}'
    )
    assert entry.hash == hashlib.sha256(hashed.encode()).hexdigest()
    assert entry.hash == "80e70bbc142c19ffdd27f2fadd02b2b12954788df5048ed60e7abf458fc5f47a"
    assert write_entry(entry).decode() == hashed.replace(
        ',"incident_id"', f',"hash":"{entry.hash}","incident_id"'
    )


@given(DETAILS, st.dictionaries(st.text(), JSON, max_size=3), st.datetimes(timezones=st.just(UTC)))
def test_an_entry_is_the_same_after_being_stored_as_json(
    details: dict[str, Any], personal: dict[str, Any], at: datetime
) -> None:
    entry, apart = seal(
        incident_id="i",
        previous=None,
        at=at,
        kind="a.b",
        actor=CALL_TAKER,
        details=details,
        personal=personal,
    )
    by_another_reader = json.loads(json.dumps(msgspec.to_builtins(entry)))
    for again in (read_entry(write_entry(entry)), msgspec.convert(by_another_reader, Entry)):
        assert again == entry
        assert check_chain([again], count=1, head=entry.hash) == []
    kept = msgspec.json.decode(msgspec.json.encode(apart), type=Personal)
    assert check_personal(entry, kept) == []


@given(DETAILS, DETAILS)
def test_different_details_have_different_hashes(one: dict[str, Any], other: dict[str, Any]) -> None:
    assume(canonical(one) != canonical(other))
    arguments: dict[str, Any] = {
        "incident_id": "i",
        "previous": None,
        "at": NOW,
        "kind": "a",
        "actor": CALL_TAKER,
    }
    assert seal(details=one, **arguments)[0].hash != seal(details=other, **arguments)[0].hash


def test_structs_enums_and_half_characters_become_plain_json() -> None:
    class Colour(StrEnum):
        RED = "red"

    position = Position(lat=36.0, lng=118.5, at=NOW)
    assert plain({"p": position, "c": Colour.RED, "t": "a\ud83d", 1: (2.0, -0.0)}) == {
        "p": {"lat": 36, "lng": 118.5, "accuracy_m": None, "at": "2026-11-22T08:00:00.123456Z"},
        "c": "red",
        "t": "a\ufffd",
        "1": [2, 0],
    }
    assert plain("whole 🙂 \ud83d\ude42") == "whole 🙂 🙂"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_cannot_say_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        plain({"a": [number]})


def test_every_byte_of_every_stored_entry_counts() -> None:
    """Each is flipped, raised, lowered, dropped and doubled: unreadable, or the chain names the entry."""
    for index, entry in enumerate(CHAIN):
        stored = write_entry(entry)
        for at in range(len(stored)):
            byte = stored[at]
            others = {
                byte ^ 1,
                byte ^ 0x20,
                byte ^ 0x80,
                (byte + 1) % 256,
                (byte - 1) % 256,
                ord("0"),
                ord("9"),
            }
            for instead in [bytes([other]) for other in others - {byte}] + [b"", stored[at : at + 1] * 2]:
                tampered = stored[:at] + instead + stored[at + 1 :]
                if tampered == stored:
                    continue
                try:
                    forged = read_entry(tampered)
                except EntryUnreadable:
                    continue
                assert check([*CHAIN[:index], forged, *CHAIN[index + 1 :]]) != []


def test_every_byte_value_at_every_place_of_one_entry_counts() -> None:
    """For any reader of JSON, not only ours: what means something else is found by its hash."""
    stored = write_entry(CHAIN[2])
    found = 0
    for at, byte in product(range(len(stored)), range(256)):
        if byte == stored[at]:
            continue
        tampered = stored[:at] + bytes([byte]) + stored[at + 1 :]
        try:
            forged = msgspec.json.decode(tampered, type=Entry)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        if forged == CHAIN[2]:
            with pytest.raises(EntryUnreadable):
                read_entry(tampered)
        else:
            found += 1
            assert check([*CHAIN[:2], forged, *CHAIN[3:]]) != []
    assert found > 1000  # most of what parses is text and hex: the loop has something to say


@given(st.integers(0, 4), st.binary(min_size=1, max_size=3), st.integers(0, 10_000), st.integers(0, 3))
def test_overwriting_any_stretch_of_an_entry_is_found(index: int, by: bytes, at: int, over: int) -> None:
    stored = write_entry(CHAIN[index])
    at %= len(stored)
    tampered = stored[:at] + by + stored[at + over :]
    assume(tampered != stored)
    try:
        forged = read_entry(tampered)
    except EntryUnreadable:
        return
    assert check([*CHAIN[:index], forged, *CHAIN[index + 1 :]]) != []


@pytest.mark.parametrize(
    "fields",
    [
        {"seq": 9},
        {"at": NOW},
        {"kind": "incident.closed"},
        {"actor": Actor(role=Role.ADMIN, id="staff-7")},
        {"actor": Actor(role=Role.CALL_TAKER, id="staff-8")},
        {"details": {"version": 2, "away_m": 12.6}},
        {"details": {}},
        {"digests": {}},
        {"previous": GENESIS},
        {"hash": GENESIS},
        {"incident_id": "incident-2"},
    ],
)
def test_a_changed_field_is_named_by_its_entry(fields: dict[str, Any]) -> None:
    tampered = [*CHAIN[:2], changed(CHAIN[2], **fields), *CHAIN[3:]]
    assert (FaultKind.CHANGED, fields.get("seq", 3)) in check(tampered)


def test_the_same_entry_in_another_spelling_is_not_read() -> None:
    stored = write_entry(CHAIN[0])
    for tampered in (stored + b" ", stored.replace(b"12.5", b"12.50"), stored.replace(b"T08", b"t08")):
        assert tampered != stored
        with pytest.raises(EntryUnreadable):
            read_entry(tampered)


def test_a_rewritten_entry_with_a_hash_of_its_own_breaks_the_link() -> None:
    forged = resealed(CHAIN[2], details={})
    assert check([*CHAIN[:2], forged, *CHAIN[3:]]) == [(FaultKind.UNLINKED, 4)]


def test_a_rewritten_last_entry_is_not_the_head() -> None:
    forged = resealed(CHAIN[4], details={})
    assert check([*CHAIN[:4], forged]) == [(FaultKind.HEAD_DIFFERS, 5)]


def test_a_chain_rewritten_from_the_middle_on_is_not_the_head() -> None:
    entries = CHAIN[:2]
    for old in CHAIN[2:]:
        entries.append(resealed(old, details={}, previous=entries[-1].hash))
    assert check(entries) == [(FaultKind.HEAD_DIFFERS, 5)]


@pytest.mark.parametrize("seq", [1, 2, 3, 4])
def test_a_dropped_entry_is_missing(seq: int) -> None:
    assert check([entry for entry in CHAIN if entry.seq != seq]) == [(FaultKind.MISSING, seq)]


@pytest.mark.parametrize("kept", [0, 1, 2, 3, 4])
def test_a_cut_tail_is_named_by_where_it_was_cut(kept: int) -> None:
    assert check(CHAIN[:kept]) == [(FaultKind.CUT_TAIL, kept + 1)]


def test_a_cut_tail_is_found_although_the_count_was_lowered_too() -> None:
    assert check(CHAIN[:3], count=3) == [(FaultKind.HEAD_DIFFERS, 3)]


def test_more_entries_than_the_incident_knows_are_a_surplus() -> None:
    assert check(CHAIN, count=4, head=CHAIN[3].hash) == [(FaultKind.SURPLUS, 5)]


def test_every_other_order_is_found() -> None:
    for order in permutations(CHAIN):
        kinds = {kind for kind, _ in check(list(order))}
        assert kinds == (set() if list(order) == CHAIN else {FaultKind.OUT_OF_ORDER})


def test_a_doubled_entry_is_out_of_order() -> None:
    assert check([*CHAIN[:2], CHAIN[1], *CHAIN[2:]]) == [(FaultKind.OUT_OF_ORDER, 2)]


def test_two_entries_that_swap_their_numbers_are_changed() -> None:
    second, third = changed(CHAIN[2], seq=2), changed(CHAIN[1], seq=3)
    faults = check([CHAIN[0], second, third, *CHAIN[3:]])
    assert {(FaultKind.CHANGED, 2), (FaultKind.CHANGED, 3)} <= set(faults)


def test_an_entry_of_another_incident_is_named() -> None:
    other = chain_of(5, "incident-2")
    assert (FaultKind.WRONG_INCIDENT, 3) in check([*CHAIN[:2], other[2], *CHAIN[3:]])


def test_a_whole_chain_of_another_incident_is_wrong_when_the_incident_is_known() -> None:
    other = chain_of(2, "incident-2")
    faults = check_chain(other, count=2, head=other[1].hash, incident_id="incident-1")
    assert [fault.kind for fault in faults] == [FaultKind.WRONG_INCIDENT] * 2


@given(st.lists(st.sampled_from([*CHAIN, *chain_of(5, "incident-2")]), max_size=7))
def test_only_the_chain_itself_is_without_fault(entries: list[Entry]) -> None:
    assert (check(entries) == []) == (entries == CHAIN)


def filed(**personal: object) -> tuple[Entry, Personal]:
    return seal(
        incident_id="i", previous=None, at=NOW, kind="report.filed", actor=CALL_TAKER, personal=personal
    )


def test_personal_values_stand_apart_from_their_entry() -> None:
    entry, personal = filed(phone="+8613800000000", text="救命")
    assert {name: value.value for name, value in personal.items()} == {
        "phone": "+8613800000000",
        "text": "救命",
    }
    assert b"13800000000" not in write_entry(entry)
    assert "救命".encode() not in write_entry(entry)
    assert check_personal(entry, personal) == []


def test_an_erased_value_leaves_the_chain_whole() -> None:
    entry, personal = filed(phone="+8613800000000", text="救命")
    del personal["phone"]
    assert check_personal(entry, personal) == []
    assert check_personal(entry, {}) == []
    assert check_chain([entry], count=1, head=entry.hash) == []


@pytest.mark.parametrize("instead", ["+8613800000001", "", None, 8613800000000, ["+8613800000000"]])
def test_a_changed_personal_value_is_named(instead: object) -> None:
    entry, personal = filed(phone="+8613800000000", text="救命")
    personal["phone"] = PersonalValue(value=instead, salt=personal["phone"].salt)
    assert check_personal(entry, personal) == [
        Fault(kind=FaultKind.PERSONAL_CHANGED, seq=1, name="phone"),
    ]


@pytest.mark.parametrize("salt", ["", SALT[:-1] + "e", SALT.upper(), SALT + "00", "zz" * 16])
def test_a_changed_salt_is_named(salt: str) -> None:
    entry, _ = seal(
        incident_id="i",
        previous=None,
        at=NOW,
        kind="report.filed",
        actor=CALL_TAKER,
        personal={"phone": "+8613800000000"},
        salt_source=lambda: SALT,
    )
    kept = {"phone": PersonalValue(value="+8613800000000", salt=SALT)}
    assert check_personal(entry, kept) == []
    kept["phone"] = PersonalValue(value="+8613800000000", salt=salt)
    assert [fault.kind for fault in check_personal(entry, kept)] == [FaultKind.PERSONAL_CHANGED]


def test_two_values_that_change_places_are_named() -> None:
    entry, personal = filed(caller="+8613800000000", contact="+8613900000000")
    swapped = {"caller": personal["contact"], "contact": personal["caller"]}
    assert [fault.name for fault in check_personal(entry, swapped)] == ["caller", "contact"]


def test_a_value_that_the_entry_knows_nothing_of_is_named() -> None:
    entry, personal = filed(phone="+8613800000000")
    personal["text"] = personal["phone"]
    assert check_personal(entry, personal) == [Fault(kind=FaultKind.PERSONAL_UNKNOWN, seq=1, name="text")]


def test_equal_values_have_different_digests() -> None:
    """Or anybody could find a phone number by digesting all of them."""
    entry, personal = filed(one="+8613800000000", other="+8613800000000")
    assert entry.digests["one"] != entry.digests["other"]
    assert len({value.salt for value in personal.values()}) == 2
    assert filed(one="+8613800000000")[0].digests["one"] != entry.digests["one"]
