"""Filing: all that is JSON is taken, what is wrong is flagged, the incident opens as the bureau says."""

import json
import math
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.canonical import canonical
from chalicelib.domain.citizen import Standing
from chalicelib.domain.filing import (
    KEPT_LIMIT,
    PLACE_LIMIT,
    TEXT_LIMIT,
    Caller,
    PriorityRule,
    Report,
    continue_incident,
    first_priority,
    open_incident,
    read_object,
    read_report,
)
from chalicelib.domain.incident import Change, Contact, Disposition, Incident, Mode, Place, Spent, Status
from chalicelib.domain.jurisdiction import Verdict
from chalicelib.domain.position import Position
from chalicelib.domain.refusals import BodyNotJson
from tests.domain.samples import LATER, NOON, owned

COUNTY = Path(__file__).parents[2] / "infra" / "county"
RULES = msgspec.json.decode((COUNTY / "priorities.json").read_bytes(), type=list[PriorityRule])
VERIFIED = Caller(citizen_id="c" * 26, phone="+8613800000000", phone_verified=True)
GOOD: dict[str, object] = {
    "position": {"lat": 36.42, "lng": 118.5, "accuracy_m": 20, "crs": "wgs84", "at": NOON.isoformat()},
    "place": "老龙湾东门",
    "contact_phone": "139 0000 0000",
    "callback_allowed": True,
    "text": "有人落水",
    "tip": False,
    "confirm_outside": False,
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.fixed_dictionaries({}, optional=dict.fromkeys(GOOD, ANYTHING) | {"unheard_of": ANYTHING})


def read(body: dict[str, object], mode: Mode = Mode.PHOTO_TEXT) -> Report:
    return read_report(body, mode=mode, now=NOON)


def opened(
    report: Report,
    *,
    mode: Mode = Mode.PHOTO_TEXT,
    caller: Caller = VERIFIED,
    verdict: Verdict | None = Verdict.INSIDE,
) -> Change:
    return open_incident(
        report,
        incident_id="a" * 26,
        mode=mode,
        caller=caller,
        verdict=verdict,
        rules=RULES,
        request_digest="d" * 64,
        now=NOON,
    )


def test_a_report_with_nothing_wrong_is_read_whole_and_without_a_flag() -> None:
    report = read(GOOD)
    assert report.flags == ()
    assert report.as_sent == {}
    assert report.position == Position(lat=36.42, lng=118.5, accuracy_m=20, at=NOON)
    assert (report.text, report.place, report.contact_phone) == ("有人落水", "老龙湾东门", "+8613900000000")


def test_an_empty_report_is_a_report() -> None:
    report = read({})
    assert report.flags == ("position-missing",)
    assert report.callback_allowed
    assert not report.tip


@given(BODIES)
def test_whatever_a_field_holds_the_report_is_taken_opened_and_can_be_stored(body: dict[str, object]) -> None:
    sent = json.dumps(body).encode()
    change = opened(read(read_object(sent)))
    again = msgspec.json.decode(msgspec.json.encode(change.incident), type=type(change.incident))
    assert again == change.incident
    assert canonical(change.details)
    assert canonical(change.personal)


@given(BODIES)
def test_a_field_of_a_wrong_type_is_flagged_and_kept_as_it_was_sent(body: dict[str, object]) -> None:
    report = read(body)
    for name in ("text", "place"):
        if name in body and not isinstance(body[name], str | None):
            assert f"{name}-invalid" in report.flags
            assert name in report.as_sent
    for name in ("tip", "callback_allowed", "confirm_outside"):
        if name in body and not isinstance(body[name], bool | None):
            assert f"{name.replace('_', '-')}-invalid" in report.flags
            assert name in report.as_sent
    assert all(len(kept) <= KEPT_LIMIT for kept in report.as_sent.values())


@given(st.dictionaries(st.text(max_size=10).filter(lambda name: name not in GOOD), ANYTHING, max_size=4))
def test_fields_nobody_knows_are_ignored(more: dict[str, object]) -> None:
    assert read({**GOOD, **more}) == read(GOOD)


@pytest.mark.parametrize(("name", "limit"), [("text", TEXT_LIMIT), ("place", PLACE_LIMIT)])
def test_a_text_too_long_is_cut_and_flagged_and_one_of_the_limit_is_not(name: str, limit: int) -> None:
    whole, cut = read({**GOOD, name: "火" * limit}), read({**GOOD, name: "火" * (limit + 1)})
    assert getattr(whole, name) == getattr(cut, name) == "火" * limit
    assert whole.flags == ()
    assert cut.flags == (f"{name}-cut",)


@pytest.mark.parametrize("blank", ["", "  ", "\n\t"])
def test_a_blank_text_is_no_text_and_no_fault(blank: str) -> None:
    report = read({**GOOD, "text": blank, "place": blank, "contact_phone": ""})
    assert (report.text, report.place, report.contact_phone, report.flags) == (None, None, None, ())


@pytest.mark.parametrize("phone", ["110", "没有", "1380000", 13800000000, ["13800000000"], True])
def test_a_number_that_is_none_is_flagged_and_kept_for_the_call_taker_to_read(phone: Any) -> None:
    report = read({**GOOD, "contact_phone": phone})
    assert report.contact_phone is None
    assert report.flags == ("contact-phone-invalid",)
    assert report.as_sent["contact_phone"] == (phone if isinstance(phone, str) else json.dumps(phone))


@pytest.mark.parametrize("allowed", ["yes", 1, [], {}])
def test_an_unreadable_word_on_calling_back_is_read_as_no(allowed: Any) -> None:
    """Ringing who is hiding can kill; not ringing who is not costs a message."""
    report = read({**GOOD, "callback_allowed": allowed})
    assert not report.callback_allowed
    assert "callback-allowed-invalid" in report.flags


@pytest.mark.parametrize(
    ("mode", "said", "contact"),
    [
        (Mode.PHOTO_TEXT, None, Contact.ANY),
        (Mode.PHOTO_TEXT, True, Contact.ANY),
        (Mode.PHOTO_TEXT, False, Contact.APP_ONLY),
        (Mode.SILENT, None, Contact.APP_ONLY),
        (Mode.SILENT, True, Contact.APP_ONLY),
        (Mode.VOICE, None, Contact.ANY),
    ],
)
def test_a_silent_report_and_one_that_says_so_are_not_rung_back(
    mode: Mode, said: bool | None, contact: Contact
) -> None:
    change = opened(read({**GOOD, "callback_allowed": said}, mode), mode=mode)
    assert change.incident.contact is contact
    assert change.details["contact"] == contact


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"1",
        b"NaN",
        b"{",
        b'{"text": "a"} x',
        b"\xff\xfe",
        b"text=a",
        b"[" * 70000,
    ],
)
def test_what_is_no_json_object_is_all_that_is_refused(raw: bytes) -> None:
    with pytest.raises(BodyNotJson):
        read_object(raw)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b'{"text": "\xff"}', "�"),
        (b'{"text": "\\ud83d"}', "?"),
        ('{"text": "有刀", "x": NaN, "y": -Infinity}'.encode(), "有刀"),
        (b'{"text": "first", "text": "second"}', "second"),
        (b'{"text": "a", "x": ' + b"9" * 20_000 + b"}", "a"),
        (b'{"text": "a", "x": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", "a"),
        (b'\xef\xbb\xbf{"text": "a"}', "a"),
    ],
    ids=[
        "not utf-8",
        "half an emoji",
        "not finite",
        "twice",
        "huge number",
        "nested deep",
        "byte order mark",
    ],
)
def test_what_careless_clients_send_is_taken_all_the_same(raw: bytes, text: str) -> None:
    assert read(read_object(raw)).text == text


def test_a_position_that_is_none_is_kept_as_it_was_sent() -> None:
    report = read({**GOOD, "position": {"lat": "36.4", "lng": 118.5}})
    assert report.position is None
    assert "position-invalid" in report.flags
    assert json.loads(report.as_sent["position"]) == {"lat": "36.4", "lng": 118.5}


def test_a_position_with_a_number_that_is_none_opens_an_incident_without_one() -> None:
    change = opened(read({**GOOD, "position": {"lat": math.nan, "lng": 118.5}}), verdict=None)
    assert change.incident.position is None
    assert "position" not in change.personal


@pytest.mark.parametrize(
    ("verdict", "flag"),
    [
        (Verdict.INSIDE, None),
        (Verdict.OUTSIDE, "outside-jurisdiction"),
        (Verdict.STRADDLING, "straddling-jurisdiction"),
        (None, None),
    ],
)
def test_the_verdict_on_the_place_is_a_flag_and_an_entrys_detail(
    verdict: Verdict | None, flag: str | None
) -> None:
    change = opened(read(GOOD), verdict=verdict)
    assert [one for one in change.incident.flags if "jurisdiction" in one] == ([flag] if flag else [])
    assert change.details["verdict"] == verdict


@pytest.mark.parametrize(
    ("given_phone", "caller", "phone", "verified", "flag"),
    [
        (None, VERIFIED, "+8613800000000", True, None),
        ("139 0000 0000", VERIFIED, "+8613900000000", False, "phone-unverified"),
        (
            None,
            Caller(citizen_id="c", phone="+8613800000000", phone_verified=False),
            "+8613800000000",
            False,
            "phone-unverified",
        ),
        (None, Caller(citizen_id="c", phone=None, phone_verified=False), None, False, "phone-missing"),
    ],
)
def test_the_number_of_the_report_comes_first_and_only_wechats_is_verified(
    given_phone: str | None, caller: Caller, phone: str | None, verified: bool, flag: str | None
) -> None:
    found = opened(read({**GOOD, "contact_phone": given_phone}), caller=caller).incident
    assert (found.phone, found.phone_verified) == (phone, verified)
    assert [one for one in found.flags if one.startswith("phone")] == ([flag] if flag else [])


@pytest.mark.parametrize(
    ("mode", "tip", "priority"),
    [
        (Mode.SILENT, False, 1),
        (Mode.VIDEO110, False, 1),
        (Mode.VOICE, False, 2),
        (Mode.PHOTO_TEXT, False, 3),
        (Mode.PHOTO_TEXT, True, 4),
        (Mode.FENGQIAO, False, 4),
    ],
)
def test_the_first_priority_follows_the_bureaus_table(mode: Mode, tip: bool, priority: int) -> None:
    assert opened(read({**GOOD, "tip": tip}, mode), mode=mode).incident.priority == priority


def test_a_kind_of_report_that_the_table_forgot_gets_the_highest_priority() -> None:
    assert first_priority([], mode=Mode.PHOTO_TEXT, tip=True) == 1
    assert first_priority(RULES, mode=Mode.SILENT, tip=True) == 1


def test_a_new_incident_waits_and_rings_from_the_moment_it_was_filed() -> None:
    found = opened(read(GOOD)).incident
    assert (found.status, found.created_at, found.rings_at) == (Status.WAITING, NOON, NOON)
    assert found.rings
    assert found.number.startswith("261122-")


def test_the_first_entry_keeps_everything_personal_out_of_its_details() -> None:
    change = opened(read({**GOOD, "tip": "?"}))
    assert change.kind == "report.filed"
    assert set(change.personal) == {"text", "place", "position", "phone", "as_sent"}
    said = msgspec.json.encode(change.details).decode()
    for personal in ("落水", "老龙湾", "1390000", "36.42"):
        assert personal not in said


def test_a_flag_is_said_once() -> None:
    flags = opened(read({**GOOD, "text": 1, "place": 2})).incident.flags
    assert len(flags) == len(set(flags))


def continued(
    closed: Incident, *, incident_id: str = "b" * 26, caller: Caller = VERIFIED, now: datetime = LATER
) -> Change:
    return continue_incident(closed, incident_id=incident_id, caller=caller, priority=3, now=now)


def test_what_comes_after_closing_continues_in_a_waiting_incident_of_the_same_citizen() -> None:
    closed = owned(
        Status.CLOSED,
        contact=Contact.APP_ONLY,
        flags=("position-old",),
        place=Place(words="老龙湾"),
        photos=3,
        disposition=Disposition.RESOLVED,
        type_code="fire",
    )
    change = continued(closed)
    again = change.incident
    assert again.rings
    assert (again.id, again.linked_to, again.continues) == ("b" * 26, closed.id, closed.id)
    assert (again.contact, again.phone, again.place) == (Contact.APP_ONLY, closed.phone, closed.place)
    assert again.flags == ("position-old", "after-closing")
    assert (again.photos, again.disposition, again.type_code) == (0, None, None)
    assert (change.kind, change.details) == ("incident.continued", {"from": closed.id})


def test_a_second_continuation_is_flagged_once() -> None:
    first = continued(owned(Status.CLOSED)).incident
    closed = msgspec.structs.replace(first, status=Status.CLOSED)
    second = continued(closed, incident_id="d" * 26, now=LATER + timedelta(hours=1))
    assert second.incident.flags == ("after-closing",)
    assert second.incident.linked_to == first.id


def test_who_was_barred_meanwhile_continues_as_barred() -> None:
    caller = msgspec.structs.replace(VERIFIED, standing=Standing.BARRED)
    change = continued(owned(Status.CLOSED, mode=Mode.VIDEO110, live_granted=True), caller=caller)
    assert change.incident.withholds_live
    assert change.incident.behind_until == LATER + timedelta(minutes=2)
    assert change.details["standing"] == Standing.BARRED


def test_the_running_minute_of_what_she_wrote_goes_on_in_what_continues() -> None:
    spent = Spent(minute=NOON, in_all=900_000, in_minute=30)
    again = continued(owned(Status.CLOSED, spent=spent)).incident
    assert again.spent == Spent(minute=NOON, in_minute=30)


def test_who_was_forgiven_meanwhile_continues_in_good_standing() -> None:
    change = continued(owned(Status.CLOSED, mode=Mode.VIDEO110, standing=Standing.BARRED))
    assert (change.incident.standing, change.incident.behind_until) == (Standing.GOOD, None)


@pytest.mark.parametrize(
    ("before", "now_known", "phone", "flags"),
    [
        (("+8613900000009", False), ("+8613800000000", True), "+8613800000000", ()),
        (("+8613900000009", True), ("+8613700000001", False), "+8613700000001", ("phone-unverified",)),
        (("+8613900000009", False), (None, False), "+8613900000009", ("phone-unverified",)),
        ((None, False), (None, False), None, ("phone-missing",)),
    ],
)
def test_what_comes_after_closing_has_the_number_that_is_known_now(
    before: tuple[str | None, bool],
    now_known: tuple[str | None, bool],
    phone: str | None,
    flags: tuple[str, ...],
) -> None:
    closed = owned(Status.CLOSED, phone=before[0], phone_verified=before[1], flags=("phone-unverified",))
    caller = Caller(citizen_id="c", phone=now_known[0], phone_verified=now_known[1])
    again = continued(closed, caller=caller).incident
    assert (again.phone, again.flags) == (phone, (*flags, "after-closing"))
