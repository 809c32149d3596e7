"""Looking at evidence is on the record, and what could give a hidden number away stays covered."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.evidence import ON_RECORD_EVERY, export, shown, shown_to_staff, view
from chalicelib.domain.incident import Contact, Incident, Mode, Status
from chalicelib.domain.timeline import Actor, Entry, Personal, Role, seal

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
INCIDENT = Incident(
    id="i",
    number="261122-0000000",
    mode=Mode.SILENT,
    citizen_id="c",
    created_at=NOW,
    rings_at=NOW,
    priority=1,
    version=7,
    head="a" * 64,
)


def test_a_look_says_how_long_the_chain_was_and_which() -> None:
    change = view(INCIDENT, staff_id="seat1", at=NOW)
    assert change is not None
    assert change.kind == "evidence.viewed"
    assert change.details == {"count": 7, "head": "a" * 64}


def test_the_same_person_is_put_on_record_once_an_hour_and_another_at_once() -> None:
    first = view(INCIDENT, staff_id="seat1", at=NOW)
    assert first is not None
    just_before = NOW + ON_RECORD_EVERY - timedelta(seconds=1)
    assert view(first.incident, staff_id="seat1", at=just_before) is None
    assert view(first.incident, staff_id="seat2", at=just_before) is not None
    assert view(first.incident, staff_id="seat1", at=NOW + ON_RECORD_EVERY) is not None


def test_who_looked_long_ago_takes_no_place_on_the_incident() -> None:
    incident = INCIDENT
    for hour in range(20):
        change = view(incident, staff_id="seat1", at=NOW + hour * ON_RECORD_EVERY)
        assert change is not None
        incident = change.incident
    assert len(incident.evidence_seen) == 1


def test_a_copy_is_on_record_by_the_hash_of_its_manifest() -> None:
    change = export(INCIDENT, manifest_sha256="b" * 64, count=7)
    assert change.details == {"manifest_sha256": "b" * 64, "count": 7}


def sealed(kind: str, personal: dict[str, object]) -> tuple[Entry, Personal]:
    actor = Actor(role=Role.CITIZEN, id="c")
    return seal(incident_id="i", previous=None, at=NOW, kind=kind, actor=actor, personal=personal)


def test_a_hidden_number_stays_covered_while_the_incident_is_open() -> None:
    personal: dict[str, object] = {"phone": "+8613900000000", "as_sent": {}, "text": "有人受伤"}
    entry, apart = sealed("report.filed", personal)
    hiding = replace(INCIDENT, contact=Contact.APP_ONLY)
    assert set(shown(hiding, entry, apart)) == {"text"}
    assert set(shown(replace(hiding, status=Status.CLOSED), entry, apart)) == set(personal)
    assert set(shown(INCIDENT, entry, apart)) == set(personal)


def test_the_console_shows_no_number_that_is_hidden_and_what_else_was_sent() -> None:
    sent = {"contact_phone": "一三九", "position": "{}"}
    filed = sealed("report.filed", {"phone": "+8613900000000", "as_sent": sent, "text": "有人受伤"})
    given = sealed("phone.given", {"phone": "+8613900000000"})
    hiding = replace(INCIDENT, contact=Contact.APP_ONLY)
    assert shown_to_staff(hiding, *filed) == {"text": "有人受伤", "as_sent": {"position": "{}"}}
    assert shown_to_staff(hiding, *given) == {}
    overridden = replace(hiding, callback_overridden=True)
    assert shown_to_staff(overridden, *filed)["phone"] == "+8613900000000"
    assert shown_to_staff(overridden, *filed)["as_sent"] == sent
    assert shown_to_staff(INCIDENT, *given) == {"phone": "+8613900000000"}


@pytest.mark.parametrize("kind", ["alert.sending", "alert.folded"])
def test_the_console_never_shows_a_commanders_number(kind: str) -> None:
    told = sealed(kind, {"name": "值班一", "phone": "+8613900000009"})
    assert shown_to_staff(INCIDENT, *told) == {"name": "值班一"}


def test_the_console_shows_the_number_of_an_officer_who_was_sent() -> None:
    sent: dict[str, object] = {"officer_name": "民警一", "phone": "+8613900000008"}
    assert shown_to_staff(INCIDENT, *sealed("officer.dispatched", sent)) == sent
