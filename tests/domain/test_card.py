"""The card: as much of an incident as the queue may show."""

import msgspec

from chalicelib.domain.card import TEXT_START, Card, card_of
from chalicelib.domain.incident import Contact, DispatchStatus, Status, TextState
from chalicelib.domain.position import Position
from tests.domain.samples import LATER, NOON, incident, owned, sent


def test_a_waiting_incident_rings_with_number_phone_and_time() -> None:
    card = card_of(incident())
    assert card.ringing
    assert (card.number, card.phone, card.rings_at) == ("261122-0000000", "+8613800000000", NOON)
    assert card.call_taker_id is None


def test_an_owned_incident_does_not_ring_and_names_its_owner() -> None:
    card = card_of(owned())
    assert (card.ringing, card.call_taker_id) == (False, "seat1")


def test_the_number_of_who_is_hiding_is_nowhere_on_the_card() -> None:
    card = card_of(incident(contact=Contact.APP_ONLY))
    assert card.contact is Contact.APP_ONLY
    assert b"13800000000" not in msgspec.json.encode(card)


def test_a_long_text_shows_its_start_and_none_shows_nothing() -> None:
    assert card_of(incident(text="火" * 500)).text_start == "火" * TEXT_START
    assert card_of(incident()).text_start is None


def test_units_are_those_still_out_and_not_who_was_called_back() -> None:
    officers = (sent("d1", status=DispatchStatus.REVOKED), sent("d2", unit_name="东城派出所 1 组"))
    assert card_of(owned(Status.DISPATCHED, dispatches=officers)).units == ("东城派出所 1 组",)


def test_an_officers_telephone_is_nowhere_on_the_card() -> None:
    card = card_of(owned(Status.DISPATCHED, dispatches=(sent(),)))
    assert b"13800000001" not in msgspec.json.encode(card)


def test_a_card_is_the_same_after_it_was_stored_in_the_feed() -> None:
    position = Position(lat=36.42, lng=118.5, accuracy_m=12.5, at=NOON)
    card = card_of(owned(position=position, flags=("position-old",), unread=True))
    assert msgspec.json.decode(msgspec.json.encode(card), type=Card) == card


def test_a_card_says_since_when_an_officers_text_has_not_gone_out() -> None:
    gone, back = sent("d1", text=TextState.ACCEPTED), sent("d2", status=DispatchStatus.REVOKED)
    assert card_of(owned(Status.DISPATCHED, dispatches=(gone, back))).text_pending_since is None
    waits = sent("d3", dispatched_at=LATER)
    assert card_of(owned(Status.DISPATCHED, dispatches=(gone, back, waits))).text_pending_since == LATER
